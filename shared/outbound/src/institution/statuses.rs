//! What a status of the layer means: one table, from which `docs/integration-layer.md` is printed.

use std::ops::RangeInclusive;

use ponte_ports::Limit;

/// What a status means to Ponte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Means {
    /// The body is the answer.
    Answer,
    /// There will be an answer later: a discovery that takes long. From any other operation it is [`Means::Fault`].
    NotReady,
    /// The layer does not know the token, the product or the operation.
    Unknown,
    /// A rule of the institution, by its code; without a code it is [`Means::Fault`].
    Refused,
    /// A limit that the institution counts is used up.
    Limited(Limit),
    /// More is asked for than the institution can do now.
    Overloaded,
    /// Something between had no answer of the institution in time: the same as silence.
    Silence,
    /// Our call is wrong, or the layer is in trouble.
    Fault,
}

/// Statuses that mean the same.
pub struct StatusRow {
    /// The statuses.
    pub statuses: RangeInclusive<u16>,
    /// What they mean.
    pub means: Means,
    /// When the layer answers so; nothing where it has no reason to.
    pub when: Option<&'static str>,
}

/// Every status that HTTP can carry, once and in order.
pub static STATUSES: &[StatusRow] = &[
    other(100..=199),
    row(200..=200, Means::Answer, "the answer"),
    other(201..=201),
    row(202..=202, Means::NotReady, "the products are being looked for; discovery alone"),
    other(203..=299),
    row(300..=399, Means::Fault, "redirects are not followed: a credential would go with them"),
    row(400..=400, Means::Fault, "the request is not the JSON of this page"),
    row(
        401..=401,
        Means::Fault,
        "the Bearer credential is missing or wrong, also after its secret was read again",
    ),
    other(402..=402),
    row(403..=403, Means::Refused, "the resource does not belong to the customer of the consent"),
    row(404..=404, Means::Unknown, "unknown resource or operation"),
    row(405..=405, Means::Fault, "not `POST`"),
    row(406..=406, Means::Fault, "the layer cannot answer in JSON"),
    other(407..=407),
    row(408..=408, Means::Silence, "a proxy waited too long"),
    other(409..=414),
    row(
        415..=415,
        Means::Fault,
        "the body is not `application/json`, or compressed although the layer did not offer it",
    ),
    other(416..=421),
    row(422..=422, Means::Refused, "a rule of the institution; `TOKEN_INVALIDO` at a login"),
    row(
        423..=423,
        Means::Limited(Limit::Operational),
        "the calls of a month about this customer and product are used up (L06)",
    ),
    other(424..=428),
    row(
        429..=429,
        Means::Limited(Limit::Traffic),
        "the calls of a minute are used up (L03); with `Retry-After`",
    ),
    other(430..=499),
    row(500..=502, Means::Fault, "the institution is in trouble; counts against its availability"),
    row(
        503..=503,
        Means::Overloaded,
        "more is asked for than the institution can do now; with `Retry-After`",
    ),
    row(504..=504, Means::Silence, "a proxy had no answer of the institution in time"),
    row(505..=528, Means::Fault, "the institution is in trouble; counts against its availability"),
    row(
        529..=529,
        Means::Overloaded,
        "more is asked for than the institution can do now; with `Retry-After`",
    ),
    other(530..=999),
];

const fn row(statuses: RangeInclusive<u16>, means: Means, when: &'static str) -> StatusRow {
    StatusRow { statuses, means, when: Some(when) }
}

/// Statuses that are no answer of the contract.
const fn other(statuses: RangeInclusive<u16>) -> StatusRow {
    StatusRow { statuses, means: Means::Fault, when: None }
}

/// What a status means; one that is none is a fault.
pub(super) fn meaning(status: u16) -> Means {
    let row = STATUSES.iter().find(|row| row.statuses.contains(&status));
    row.map_or(Means::Fault, |row| row.means)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_one_meaning() {
        let mut next = 100;
        for row in STATUSES {
            assert_eq!(*row.statuses.start(), next, "no status is left out or twice");
            next = row.statuses.end() + 1;
        }
        assert_eq!(next, 1000);
        for (status, means) in
            [(0, Means::Fault), (200, Means::Answer), (504, Means::Silence), (1000, Means::Fault)]
        {
            assert_eq!(meaning(status), means, "{status}");
        }
    }
}
