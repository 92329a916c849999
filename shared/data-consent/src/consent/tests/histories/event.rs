//! What can happen to a consent, sense or nonsense.

use proptest::prelude::*;

/// One event. Spans are milliseconds from the moment it happens.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// Time passes.
    Pass(Span),
    /// A client asks for a consent.
    Create {
        /// For a company.
        company: bool,
        /// In an optimised journey.
        linked: bool,
        /// Whether the institution serves such journeys.
        served: bool,
        /// Its end.
        ends_in: Option<i64>,
    },
    /// The customer says yes to products, each with the approvers it needs (by number).
    Authorise(Vec<Vec<usize>>),
    /// The customer says no.
    Refuse,
    /// The customer ends it, on the side of USER, ASPSP or TPP.
    Revoke(usize),
    /// The institution ends it, for security or not.
    Withdraw(bool),
    /// Its primary ends.
    PrimaryEnds,
    /// A client renews it.
    Extend {
        /// Whether the person is the one who created it.
        same_person: bool,
        /// The company named: none, the same, another.
        company: Option<bool>,
        /// The new end.
        ends_in: Option<i64>,
    },
    /// An approver (by number; 3 is a stranger) answers for one product (by number) or for all.
    ApproverAnswer(usize, Option<usize>, bool),
    /// The institution completes the approvals.
    Settle(bool),
    /// The institution says what became of a product (by number), by the number of a status.
    Became(usize, usize),
    /// Somebody looks whether time did anything.
    Sweep,
}

/// How much time passes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Span {
    /// So many milliseconds.
    Millis(i64),
    /// Until the next deadline exactly.
    ToTheDeadline,
    /// Until the millisecond before it.
    JustBefore,
}

pub(super) const SECOND: i64 = 1_000;
pub(super) const HOUR: i64 = 3_600 * SECOND;
pub(super) const DAY: i64 = 24 * HOUR;

impl Event {
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Create { .. } => "create",
            Self::Authorise(_) => "authorise",
            Self::Refuse => "refuse",
            Self::Revoke(_) => "revoke",
            Self::Withdraw(_) => "withdraw",
            Self::PrimaryEnds => "primary",
            Self::Extend { .. } => "extend",
            Self::ApproverAnswer(..) => "answer",
            Self::Settle(_) => "settle",
            Self::Became(..) => "became",
            Self::Sweep => "sweep",
        }
    }
}

pub(super) fn creation() -> BoxedStrategy<Event> {
    let ends_in = prop_oneof![
        2 => Just(None),
        1 => Just(Some(0)),
        1 => Just(Some(-DAY)),
        1 => Just(Some(366 * DAY)),
        1 => Just(Some(366 * DAY + 1)),
        1 => Just(Some(30 * 60 * SECOND)),
        1 => Just(Some(HOUR)),
        2 => Just(Some(2 * HOUR)),
        4 => (1..30_i64).prop_map(|days| Some(days * DAY)),
    ];
    (any::<bool>(), prop::bool::weighted(0.3), prop::bool::weighted(0.8), ends_in)
        .prop_map(|(company, linked, served, ends_in)| Event::Create { company, linked, served, ends_in })
        .boxed()
}

pub(super) fn event() -> BoxedStrategy<Event> {
    let approvers = prop::collection::vec(0..4_usize, 0..4);
    let products = prop::collection::vec(approvers, 0..4);
    let new_end = prop_oneof![
        1 => Just(None),
        1 => Just(Some(0)),
        1 => Just(Some(-1)),
        1 => Just(Some(2 * HOUR)),
        3 => (1..60_i64).prop_map(|days| Some(days * DAY)),
        1 => Just(Some(1_000 * DAY)),
    ];
    let company = prop_oneof![3 => Just(None), 3 => Just(Some(true)), 1 => Just(Some(false))];
    let extension = (prop::bool::weighted(0.8), company, new_end)
        .prop_map(|(same_person, company, ends_in)| Event::Extend { same_person, company, ends_in });
    let answer = (0..4_usize, prop::option::of(0..4_usize), prop::bool::weighted(0.8))
        .prop_map(|(who, product, yes)| Event::ApproverAnswer(who, product, yes));
    prop_oneof![
        6 => span().prop_map(Event::Pass),
        6 => products.prop_map(Event::Authorise),
        1 => Just(Event::Refuse),
        1 => (0..3_usize).prop_map(Event::Revoke),
        1 => any::<bool>().prop_map(Event::Withdraw),
        1 => Just(Event::PrimaryEnds),
        4 => extension,
        6 => answer,
        1 => any::<bool>().prop_map(Event::Settle),
        2 => (0..4_usize, 0..4_usize).prop_map(|(product, status)| Event::Became(product, status)),
        3 => Just(Event::Sweep),
    ]
    .boxed()
}

fn span() -> impl Strategy<Value = Span> {
    prop_oneof![
        1 => Just(Span::Millis(1)),
        3 => (1..60 * 60_i64).prop_map(|seconds| Span::Millis(seconds * SECOND)),
        2 => (1..6_i64).prop_map(|days| Span::Millis(days * DAY)),
        2 => Just(Span::ToTheDeadline),
        2 => Just(Span::JustBefore),
    ]
}
