//! Links and totals of answers (C51, C52, C56).

use ponte_catalog::{FilterKind, Meta, Reach, Row};
use ponte_refusals::Refusal;
use serde_json::{Value, json};

use super::*;
use crate::answer::Answer;
use crate::sample;

const PATH: &str = "https://mtls.example/open-banking/things/v1/things/1";
const FILTERS: &[Filter] = &[
    Filter { name: "kind", kind: FilterKind::OneOf(&["ONE"]) },
    Filter { name: "from", kind: FilterKind::From("to") },
    Filter { name: "to", kind: FilterKind::To("from") },
];
static TOTALS: Row = sample::row(Meta::Totals, FILTERS, Reach::None);
static TIME: Row = sample::row(Meta::Time, FILTERS, Reach::None);

fn body(answer: &Answer) -> Value {
    serde_json::from_str(answer.body()).unwrap()
}

/// A page of a list of so many records.
fn page(query: &str, records: u64) -> Result<Value, u16> {
    let call = sample::call(Some(&TOTALS), query);
    let answer = call.paged("[]", call.page().unwrap(), records);
    answer.map(|answer| body(&answer)).map_err(|refusal: Refusal| refusal.status())
}

#[test]
fn c52_a_page_links_to_its_neighbours_and_to_both_ends_but_not_beyond() {
    let link = |number: u64| format!("{PATH}?kind=ONE&page={number}&page-size=25");
    for (number, records, others) in [
        (1, 0, &[][..]),
        (1, 25, &[]),
        (1, 51, &[("next", 2), ("last", 3)]),
        (2, 51, &[("first", 1), ("prev", 1), ("next", 3), ("last", 3)]),
        (3, 51, &[("first", 1), ("prev", 2)]),
    ] {
        let mut links = json!({ "self": link(number) });
        for (name, other) in others {
            links[*name] = link(*other).into();
        }
        let told = page(&format!("kind=ONE&page={number}"), records).unwrap();
        assert_eq!(told["links"], links, "page {number} of {records}");
        assert_eq!(
            (&told["meta"]["totalRecords"], &told["meta"]["totalPages"]),
            (&json!(records), &json!(records.div_ceil(25)))
        );
    }
}

#[test]
fn c51_a_list_that_has_no_totals_names_no_last_page() {
    for (query, names) in [("page=1", &["next", "self"][..]), ("page=2", &["first", "next", "prev", "self"])]
    {
        let call = sample::call(Some(&TIME), query);
        let told = body(&call.paged("[]", call.page().unwrap(), 51).unwrap());
        let mut links: Vec<&str> = told["links"].as_object().unwrap().keys().map(String::as_str).collect();
        links.sort_unstable();
        assert_eq!(links, names, "{query}");
    }
}

#[test]
fn c52_a_page_that_is_not_there_is_not_found_and_the_first_always_is() {
    assert!(page("page=1", 0).is_ok() && page("page=2", 26).is_ok());
    for (number, records) in [(2, 0), (2, 25), (3, 26)] {
        assert_eq!(page(&format!("page={number}"), records), Err(422), "page {number} of {records}");
    }
}

#[test]
fn c51_one_object_links_to_itself_as_it_was_asked_for() {
    let told = |query| body(&sample::call(Some(&TIME), query).object(200, r#"{"a":1}"#));
    assert_eq!(told("")["links"], json!({ "self": PATH }));
    assert_eq!(told("kind=ONE&other=1")["links"], json!({ "self": format!("{PATH}?kind=ONE") }));
    assert_eq!(told("")["data"], json!({"a": 1}));
    assert_eq!(
        told("")["meta"],
        json!({"requestDateTime": "2026-03-02T00:30:00Z"}),
        "a row with the time alone"
    );
    let of_totals = body(&sample::call(Some(&TOTALS), "").object(200, "{}"));
    assert_eq!(
        (&of_totals["meta"]["totalRecords"], &of_totals["meta"]["totalPages"]),
        (&json!(1), &json!(1))
    );
}

#[test]
fn c51_a_link_repeats_the_filters_of_its_row_once_and_escaped_and_nothing_else() {
    let own =
        |query: &str| body(&sample::call(Some(&TIME), query).object(200, "{}"))["links"]["self"].clone();
    for (query, link) in [
        ("cpf=12345678909&x=<script>", PATH.to_owned()),
        ("kind=ONE&kind=TWO&a=1&from=2026-01-01&page=7", format!("{PATH}?kind=ONE&from=2026-01-01")),
        ("kind=%22%3C%20%C3%A9%26", format!("{PATH}?kind=%22%3C%20%C3%A9%26")),
        ("kind=a+b#c", format!("{PATH}?kind=a%20b%23c")),
        ("Kind=ONE&=&&", PATH.to_owned()),
    ] {
        assert_eq!(own(query), link.as_str(), "{query}");
    }
    let paged = page("pagination-key=1&x=2&kind=ONE&kind=ONE&page=1", 51).unwrap();
    assert_eq!(paged["links"]["next"], format!("{PATH}?kind=ONE&page=2&page-size=25"));
    let open = body(&sample::call(None, "kind=ONE").object(200, "{}"));
    assert_eq!(open["links"]["self"], PATH, "a route without a row has no filters");
}

#[test]
fn c51_no_link_is_longer_than_the_files_allow_whatever_was_sent() {
    let much = "é".repeat(3_000);
    let once = format!("kind=ONE&x={much}");
    let often = "kind=ONE&".repeat(900);
    for (query, next) in [
        (once.as_str(), format!("{PATH}?kind=ONE&page=2&page-size=25")),
        (often.as_str(), format!("{PATH}?kind=ONE&page=2&page-size=25")),
        (format!("kind={much}").as_str(), PATH.to_owned()),
    ] {
        let told = page(query, 51).unwrap();
        assert_eq!(told["links"]["next"], next.as_str());
        for link in told["links"].as_object().unwrap().values() {
            assert!(link.as_str().unwrap().len() <= 3_000);
        }
    }
    let long = |row, bytes: usize| {
        let ids = vec![("thingId", "a".repeat(bytes))];
        let call = sample::call(row, "");
        let call = Call { request: sample::request("", &json!({}), "").with_ids(ids), ..call };
        body(&call.object(200, "{}"))["links"]["self"].as_str().unwrap().to_owned()
    };
    for (row, longest) in [(Some(&TIME), 3_000), (None, LONGEST)] {
        let fits = longest - (PATH.len() - 1);
        assert_eq!((long(row, fits).len(), long(row, fits + 1).as_str()), (longest, "https://mtls.example"));
    }
}

#[test]
fn a_value_is_answered_with_its_status() {
    let answer = sample::call(None, "").value(201, &["a"]).unwrap();
    assert_eq!((answer.status(), &body(&answer)["data"]), (201, &json!(["a"])));
}

#[test]
fn c56_a_page_by_a_cursor_links_by_its_own_parameters_alone() {
    let query = |value: &str| vec![("cursor", value.to_owned()), ("limit", "10".to_owned())];
    let call = sample::call(None, "cpf=12345678909");
    let whole = CursorPage { own: query("a&b"), prev: Some(Vec::new()), next: Some(query("c")) };
    let told = body(&call.cursor_page(200, &json!([]), &whole, Some((21, 3))).unwrap());
    let links = json!({
        "self": format!("{PATH}?cursor=a%26b&limit=10"), "prev": PATH, "next": format!("{PATH}?cursor=c&limit=10"),
    });
    assert_eq!((&told["links"], &told["meta"]["totalRecords"]), (&links, &json!(21)));
    assert_eq!(told["meta"]["totalPages"], 3);
    let last = body(&call.cursor_page(200, &json!([]), &CursorPage::default(), None).unwrap());
    assert_eq!(last["links"], json!({ "self": PATH }));
    assert!(last["meta"].get("totalRecords").is_none(), "nobody counted");
}
