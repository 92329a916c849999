//! What a key is good for, and for whom (C53).

use ponte_catalog::{Filter, FilterKind, Meta, Reach};
use ponte_values::{ClientId, OrganisationId};
use serde_json::json;

use super::*;
use crate::sample;

const FILTERS: &[Filter] = &[
    Filter { name: "kind", kind: FilterKind::OneOf(&["ONE"]) },
    Filter { name: "from", kind: FilterKind::From("to") },
    Filter { name: "to", kind: FilterKind::To("from") },
];
static ROW: Row = Row { pagination_key: true, ..sample::row(Meta::Time, FILTERS, Reach::Year) };

/// What a call is about, and the query that it comes with.
#[derive(Clone, Copy)]
struct Asked<'a> {
    client: &'a str,
    target: &'a str,
    path: &'a str,
    query: &'a str,
}

const OWN: Asked<'_> =
    Asked { client: "client-1", target: "urn:banco:1", path: "/things/1", query: "kind=ONE" };

fn key(keys: &PaginationKeys, asked: Asked<'_>, given: &str, now: Moment) -> PaginationKey {
    let organisation = OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap();
    let client = Client { id: ClientId::parse(asked.client).unwrap(), organisation };
    let query = format!("{}&page=2&page-size=10&pagination-key={given}", asked.query);
    let mut request = sample::request(&query, &json!({}), "");
    asked.path.clone_into(&mut request.path);
    let target = &ConsentId::parse(asked.target).unwrap();
    keys.of(&List { row: &ROW, client: &client, target, request: &request }, now)
}

fn keys() -> PaginationKeys {
    PaginationKeys::new(&[7; 32])
}

#[test]
fn c53_a_key_is_good_for_an_hour_and_then_a_new_one_is_made() {
    let made = key(&keys(), OWN, "", sample::now());
    assert!(!made.is_given && made.made_at == sample::now() && made.text.len() <= 2_048, "{made:?}");
    let after = |span: Duration| key(&keys(), OWN, &made.text, sample::now().plus(span));
    for minutes in [0, 1, 59] {
        let found = after(Duration::from_mins(minutes));
        assert_eq!(found, PaginationKey { is_given: true, ..made.clone() }, "the same key, and no younger");
    }
    assert!(after(Duration::from_millis(3_599_999)).is_given);
    let over = after(LIFE);
    assert!(!over.is_given && over.text != made.text, "{over:?}");
    assert_eq!(over.made_at, sample::now().plus(LIFE));
}

#[test]
fn c53_a_key_of_another_client_consent_path_filter_or_institution_is_as_good_as_none() {
    let made = key(&keys(), OWN, "", sample::now()).text;
    for other in [
        Asked { client: "client-2", ..OWN },
        Asked { target: "urn:banco:2", ..OWN },
        Asked { path: "/things/2", ..OWN },
        Asked { path: "/things/1/parts", ..OWN },
        Asked { query: "kind=TWO", ..OWN },
        Asked { query: "kind=", ..OWN },
        Asked { query: "", ..OWN },
        Asked { query: "kind=ONE&from=2026-01-01&to=2026-01-31", ..OWN },
    ] {
        assert!(!key(&keys(), other, &made, sample::now()).is_given, "{}", other.query);
        let own = key(&keys(), other, "", sample::now()).text;
        assert!(key(&keys(), other, &own, sample::now()).is_given);
    }
    assert!(!key(&PaginationKeys::new(&[8; 32]), OWN, &made, sample::now()).is_given);
    // What a row does not know says nothing of its list.
    assert!(key(&keys(), Asked { query: "x=1&kind=ONE", ..OWN }, &made, sample::now()).is_given);
}

#[test]
fn c53_an_invented_key_is_as_good_as_none() {
    let made = key(&keys(), OWN, "", sample::now()).text;
    let bytes = URL_SAFE_NO_PAD.decode(&made).unwrap();
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 1;
        let forged = URL_SAFE_NO_PAD.encode(forged);
        assert!(!key(&keys(), OWN, &forged, sample::now()).is_given, "byte {at}");
    }
    let cut = URL_SAFE_NO_PAD.encode(&bytes[..TIME]);
    let short = URL_SAFE_NO_PAD.encode(&bytes[..bytes.len() - 1]);
    for bad in ["", "x", "%00", "AAAA", &cut, &short, &format!("{made}AAAA"), &made[1..], &"A".repeat(5_000)]
    {
        assert!(!key(&keys(), OWN, bad, sample::now()).is_given, "{bad}");
    }
}

#[test]
fn lb04_a_key_of_a_clock_that_was_ahead_is_not_good_for_ever() {
    let made = key(&keys(), OWN, "", sample::now().plus(Duration::from_hours(24 * 365))).text;
    assert!(!key(&keys(), OWN, &made, sample::now()).is_given);
    let made = key(&keys(), OWN, "", sample::now().plus(Duration::from_secs(2))).text;
    assert!(key(&keys(), OWN, &made, sample::now()).is_given, "clocks differ a little");
}

#[test]
fn c53_what_a_log_shows_of_the_keys_is_no_secret() {
    assert_eq!(format!("{:?}", keys()), "PaginationKeys { .. }");
}
