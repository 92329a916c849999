//! What parameters, headers and bodies are taken, and what is refused (C32, C52, C57).

use ponte_catalog::{Filter, Meta, Row};
use serde_json::json;

use super::*;
use crate::sample;

static FILTERS: &[Filter] = &[
    Filter { name: "kind", kind: FilterKind::OneOf(&["ONE", "TWO"]) },
    Filter { name: "fromDate", kind: FilterKind::From("toDate") },
    Filter { name: "toDate", kind: FilterKind::To("fromDate") },
];
static NUMBER: Row = sample::row(
    Meta::Time,
    &[Filter { name: "number", kind: FilterKind::Whole { most: 9_999 } }],
    Reach::None,
);
static OPEN: Row = sample::row(Meta::Time, FILTERS, Reach::Open);
static ANY: Row = sample::row(Meta::Time, FILTERS, Reach::All);
static YEAR: Row = sample::row(Meta::Time, FILTERS, Reach::Year);
static PAST_YEAR: Row = sample::row(Meta::Time, FILTERS, Reach::PastYear);
static CURRENT: Row = sample::row(Meta::Time, FILTERS, Reach::Current);
static PAST_WEEK: Row = sample::row(Meta::Time, FILTERS, Reach::PastWeek);

/// The filters of a call, or the parameter that it is refused for and why.
fn filters(row: &'static Row, query: &str) -> Result<Vec<(&'static str, String)>, String> {
    sample::call(Some(row), query).filters().map_err(|refusal| told(&refusal))
}

fn told(refusal: &Refusal) -> String {
    let body: serde_json::Value = serde_json::from_str(&refusal.body(sample::now())).unwrap();
    format!("{} {}", refusal.status(), body["errors"][0]["detail"].as_str().unwrap())
}

/// What a fault of a parameter tells.
fn refused(name: &str, fault: ParameterFault) -> String {
    told(&Refusal::invalid_parameter(name, fault))
}

fn pairs(pairs: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

#[test]
fn c57_a_call_without_dates_is_about_today_in_brasilia() {
    let today = [("fromDate", "2026-03-01"), ("toDate", "2026-03-01")];
    for row in [&YEAR, &PAST_YEAR, &CURRENT, &PAST_WEEK] {
        assert_eq!(filters(row, ""), Ok(pairs(&today)), "{:?}", row.reach);
    }
    let with_kind = [("kind", "TWO"), today[0], today[1]];
    assert_eq!(filters(&CURRENT, "kind=TWO&page=2&other=x"), Ok(pairs(&with_kind)));
    assert_eq!(
        sample::call(None, "kind=NINE").filters().unwrap(),
        pairs(&[]),
        "a route without a row has none"
    );
}

#[test]
fn c57_a_filter_that_makes_no_sense_is_refused_by_its_name() {
    for (query, name, fault) in [
        ("kind=one", "kind", ParameterFault::UnknownValue),
        ("kind=", "kind", ParameterFault::UnknownValue),
        ("fromDate=2026-03-01", "toDate", ParameterFault::RangeIncomplete),
        ("toDate=2026-03-01", "fromDate", ParameterFault::RangeIncomplete),
        ("fromDate=01/03/2026&toDate=2026-03-01", "fromDate", ParameterFault::Date),
        ("fromDate=2026-03-01&toDate=2026-02-30", "toDate", ParameterFault::Date),
        ("fromDate=2026-03-01&toDate=2026-02-28", "toDate", ParameterFault::RangeReversed),
    ] {
        assert_eq!(filters(&ANY, query), Err(refused(name, fault)), "{query}");
        let alone = fault == ParameterFault::RangeIncomplete;
        assert_eq!(filters(&OPEN, query).is_ok(), alone, "{query}: one end may stand alone");
    }
}

#[test]
fn c57_what_reaches_to_any_day_is_about_everything_without_dates() {
    assert_eq!(filters(&ANY, ""), Ok(pairs(&[])));
    assert_eq!(filters(&OPEN, "kind=ONE"), Ok(pairs(&[("kind", "ONE")])));
    assert_eq!(filters(&OPEN, "fromDate=2020-01-31"), Ok(pairs(&[("fromDate", "2020-01-31")])));
    assert_eq!(filters(&OPEN, "toDate=2030-01-31"), Ok(pairs(&[("toDate", "2030-01-31")])));
    assert_eq!(filters(&OPEN, "toDate=31"), Err(refused("toDate", ParameterFault::Date)));
}

#[test]
fn c57_a_number_is_whole_in_digits_and_within_its_bound() {
    for (given, number) in [("0", "0"), ("5411", "5411"), ("9999", "9999"), ("0742", "742")] {
        assert_eq!(filters(&NUMBER, &format!("number={given}")), Ok(pairs(&[("number", number)])), "{given}");
    }
    assert_eq!(filters(&NUMBER, ""), Ok(pairs(&[])));
    for wrong in ["", "10000", "-1", "%2B1", "1.0", "1e3", "00001", "x", "%D9%A1", "99999999999"] {
        let told = Err(refused("number", ParameterFault::Whole(9_999)));
        assert_eq!(filters(&NUMBER, &format!("number={wrong}")), told, "{wrong}");
    }
}

/// Today is 1 March 2026.
#[test]
fn c57_a_range_reaches_as_far_as_its_row_says_and_not_a_day_further() {
    for (row, from, to, within) in [
        (&YEAR, "2025-02-28", "2026-03-01", true),
        (&YEAR, "2025-02-27", "2026-03-01", false),
        (&YEAR, "2026-03-01", "2027-03-02", true),
        (&YEAR, "2026-03-01", "2027-03-03", false),
        (&CURRENT, "2026-02-23", "2026-03-01", true),
        (&CURRENT, "2026-02-22", "2026-03-01", false),
        (&CURRENT, "2026-03-01", "2027-03-02", true),
        (&CURRENT, "2026-03-01", "2027-03-03", false),
        (&PAST_YEAR, "2025-02-28", "2026-03-01", true),
        (&PAST_YEAR, "2025-02-27", "2026-03-01", false),
        (&PAST_YEAR, "2026-03-01", "2026-03-02", false),
        (&PAST_WEEK, "2026-02-23", "2026-03-01", true),
        (&PAST_WEEK, "2026-02-22", "2026-03-01", false),
        (&PAST_WEEK, "2026-03-01", "2026-03-02", false),
        (&ANY, "1990-01-01", "2090-01-01", true),
        (&OPEN, "1990-01-01", "2090-01-01", true),
        (&YEAR, "2026-03-01", "2026-03-01", true),
    ] {
        let expected = if within {
            Ok(pairs(&[("fromDate", from), ("toDate", to)]))
        } else {
            Err(refused("fromDate", ParameterFault::RangeTooFar))
        };
        assert_eq!(filters(row, &format!("fromDate={from}&toDate={to}")), expected);
    }
}

/// Today is 1 March 2026. Of each endpoint of the standard: a wrong value, half a pair, a reversed pair, and a day too far.
#[test]
fn c57_every_endpoint_refuses_what_its_filters_do_not_take() {
    use ParameterFault::{Date, RangeIncomplete, RangeReversed, RangeTooFar, UnknownValue, Whole};
    let mut ranges = 0;
    for row in ponte_catalog::ALL.iter().flat_map(|rows| rows.iter().copied()) {
        let refuses = |query: String, name: &str, fault| {
            assert_eq!(filters(row, &query), Err(refused(name, fault)), "{} {query}", row.operation);
        };
        for filter in row.filters {
            let name = filter.name;
            match filter.kind {
                FilterKind::OneOf(_) => refuses(format!("{name}=X"), name, UnknownValue),
                FilterKind::Whole { most } => refuses(format!("{name}={}", most + 1), name, Whole(most)),
                FilterKind::To(_) => {}
                FilterKind::From(to) => {
                    ranges += 1;
                    let today = "2026-03-01";
                    refuses(format!("{name}={today}&{to}=01/03/2026"), to, Date);
                    refuses(format!("{name}={today}&{to}=2026-02-28"), to, RangeReversed);
                    if row.reach == Reach::Open {
                        assert!(filters(row, &format!("{name}={today}")).is_ok(), "{}", row.operation);
                    } else {
                        refuses(format!("{name}={today}"), to, RangeIncomplete);
                        refuses(format!("{to}={today}"), name, RangeIncomplete);
                    }
                    let (oldest, newest) = match row.reach {
                        Reach::None | Reach::Open | Reach::All => continue,
                        Reach::Year => ("2025-02-28", "2027-03-02"),
                        Reach::PastYear => ("2025-02-28", today),
                        Reach::Current => ("2026-02-23", "2027-03-02"),
                        Reach::PastWeek => ("2026-02-23", today),
                    };
                    assert!(filters(row, &format!("{name}={oldest}&{to}={newest}")).is_ok());
                    let day = |text, days| ponte_values::Date::parse(text).unwrap().plus_days(days);
                    refuses(format!("{name}={}&{to}={newest}", day(oldest, -1)), name, RangeTooFar);
                    refuses(format!("{name}={oldest}&{to}={}", day(newest, 1)), name, RangeTooFar);
                }
            }
        }
    }
    assert_eq!(ranges, 17, "accounts 2, cards 4, investments 10, payments 1");
}

#[test]
fn c52_the_page_is_read_from_the_query() {
    let page = sample::call(None, "page=3&page-size=100").page().unwrap();
    assert_eq!((page.number(), page.size()), (3, 100));
    let page = sample::call(None, "").page().unwrap();
    assert_eq!((page.number(), page.size()), (1, 25));
    assert!(sample::call(None, "page=0").page().is_err());
    assert!(sample::call(None, "page-size=1001").page().is_err());
}

#[test]
fn c32_the_customer_s_address_and_browser_are_there_whole_and_not_endless() {
    let (address, browser) = ("x-fapi-customer-ip-address", "x-customer-user-agent");
    let read = |ip: &str, agent: &str| {
        let call = sample::of(None, sample::request("", &json!({ address: ip, browser: agent }), ""));
        call.customer().map(|(ip, agent)| (ip.to_owned(), agent.to_owned())).map_err(|refusal| told(&refusal))
    };
    let missing = |name| Err(told(&MalformedRequest::Header(name).into()));
    assert_eq!(read("203.0.113.7", "Mozilla/5.0"), Ok(("203.0.113.7".to_owned(), "Mozilla/5.0".to_owned())));
    for (most, wrong) in [(100, address), (255, browser)] {
        let fits = |value: &str| if wrong == address { read(value, "b") } else { read("1", value) };
        assert!(fits(&"a".repeat(most)).is_ok(), "{wrong}");
        for bad in ["", " ", " a", "a ", &"a".repeat(most + 1)] {
            assert_eq!(fits(bad), missing(wrong), "{bad}");
        }
    }
    let nothing = sample::call(None, "");
    assert_eq!(told(&nothing.customer().unwrap_err()), missing(address).unwrap_err());
}

#[derive(serde::Deserialize, PartialEq, Debug)]
#[serde(deny_unknown_fields)]
struct Thing {
    name: String,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(serde::Deserialize, PartialEq, Debug)]
struct Part {
    id: Option<u8>,
}

#[test]
fn c50_a_body_is_read_or_its_member_and_its_place_are_told_where_it_is_wrong() {
    let read = |body: &str| {
        sample::of(None, sample::request("", &json!({}), body))
            .json::<Thing>()
            .map_err(|refusal| told(&refusal))
    };
    let told = |fault: MalformedRequest| Err(told(&fault.into()));
    let member = |name: &str, fault, column| {
        told(MalformedRequest::Member { name: name.to_owned(), fault, line: 1, column })
    };
    let named = |parts| Thing { name: "a".to_owned(), parts };
    assert_eq!(read(r#"{"name":"a"}"#), Ok(named(Vec::new())));
    assert_eq!(
        read(r#"{"name":"a","parts":[{"id":null,"segredo":[1]}]}"#),
        Ok(named(vec![Part { id: None }]))
    );
    for (body, name, fault, column) in [
        (r#"{"name":7}"#, "name", MemberFault::Invalid, 9),
        (r#"{"name":null}"#, "name", MemberFault::Invalid, 12),
        ("{}", "name", MemberFault::Missing, 2),
        (r#"{"name":"a","name":"b"}"#, "name", MemberFault::Repeated, 18),
        (r#"{"name":"a","parts":[{},{"id":"segredo"}]}"#, "parts[1].id", MemberFault::Invalid, 39),
        (r#"{"name":"a","parts":[{"id":1,"id":2}]}"#, "parts[0].id", MemberFault::Repeated, 33),
        (r#"{"name":"a","segredo":1}"#, "", MemberFault::Unknown, 21),
        ("7", "", MemberFault::Invalid, 1),
        // A list of the members in their order is no object, whatever is in it.
        (r#"["a"]"#, "", MemberFault::Invalid, 0),
        (r#" ["a",[]]"#, "", MemberFault::Invalid, 1),
        (r#"{"name":"a","parts":[{},[1]]}"#, "parts[1]", MemberFault::Invalid, 24),
    ] {
        assert_eq!(read(body), member(name, fault, column), "{body}");
    }
    assert_eq!(read(r#"{"name" 7}"#), told(MalformedRequest::Json { line: 1, column: 9 }));
    assert_eq!(read(r#"{"name":"#), told(MalformedRequest::Json { line: 1, column: 8 }), "it breaks off");
    assert_eq!(read(r#"{"name":"a"} {}"#), told(MalformedRequest::Json { line: 1, column: 14 }));
}

#[test]
fn lb07_a_body_above_a_quarter_of_a_mebibyte_is_not_read() {
    let of_bytes = |bytes: usize| {
        let body = format!(r#"{{"name":"{}"}}"#, "a".repeat(bytes - r#"{"name":""}"#.len()));
        assert_eq!(body.len(), bytes);
        sample::of(None, sample::request("", &json!({}), &body))
            .json::<Thing>()
            .map_err(|refusal| told(&refusal))
    };
    assert!(of_bytes(262_144).is_ok());
    assert_eq!(of_bytes(262_145), Err(told(&MalformedRequest::BodyTooLarge.into())));
}
