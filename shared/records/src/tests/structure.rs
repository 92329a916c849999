//! What is JSON and what is none, beside a parser that is not ours; and answers that are odd as a whole.

use proptest::prelude::*;
use serde_json::Value;

use crate::accounts::{BALANCES, LIST, OVERDRAFT_LIMITS, RESERVED_BALANCES, TRANSACTIONS};
use crate::field::{Field, Kind, Object};
use crate::finding::MOST_KINDS;
use crate::{Ids, NotAKey, Passed, Product, Rule, Unreadable, pass, pass_about};

const NO_IDS: Ids<'_> = Ids::None { product: Some("accountId") };

/// An answer with this JSON where nobody looks closely.
fn with(json: &[u8]) -> Result<Passed, Unreadable> {
    let body = [b"{\"data\":{\"x\":", json, b"}}"].concat();
    pass(&body, &OVERDRAFT_LIMITS, NO_IDS)
}

/// Whether two objects of a text have a name twice, or it is deeper than we read; `serde_json` minds neither.
fn is_read(json: &[u8]) -> bool {
    serde_json::from_slice::<Value>(json).is_ok()
}

#[test]
fn what_json_is_one_parser_and_the_other_agree() {
    let odd = [
        "1",
        "-1",
        "-",
        "01",
        "-01",
        "0",
        "-0",
        "1.",
        ".1",
        "1.0",
        "1e5",
        "1E+5",
        "1e-5",
        "1e",
        "1e+",
        "1e999",
        "-1e999",
        "1e-999",
        "+1",
        "0x1",
        "NaN",
        "Infinity",
        "-Infinity",
        "nan",
        "true",
        "tru",
        "truee",
        "True",
        "false",
        "null",
        "nul",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\udc00\"",
        "\"\\ud800\\ud800\"",
        "\"\\ud800x\"",
        "\"\\ud83d\\ude00 \\u00e9\"",
        "\"\t\"",
        "\"\n\"",
        "\"\u{7f}\"",
        "\"é🏦\"",
        "[]",
        "[ ]",
        "[,]",
        "[1,]",
        "[1 2]",
        "[1",
        "[[[]]]",
        "{}",
        "{ }",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "[}",
        "{]",
        "",
        " ",
        "//",
        "/**/1",
        "\u{feff}1",
        "1,",
        "\u{a0}1",
        "\u{c}1",
    ];
    for json in odd {
        assert_eq!(with(json.as_bytes()).is_ok(), is_read(json.as_bytes()), "{json:?}");
    }
    let long = "9".repeat(400);
    for json in
        [long.clone(), format!("-{long}"), format!("0.{long}"), format!("{long}e-399"), "1e308".to_owned()]
    {
        assert_eq!(with(json.as_bytes()).is_ok(), is_read(json.as_bytes()), "{json:?}");
    }
    assert_eq!(with(b"1e999").unwrap_err(), Unreadable::Number(13));
    for bytes in [&b"\"\xff\""[..], b"\"\xc3\"", b"\"\xed\xa0\x80\"", b"\"\xc0\x80\""] {
        assert_eq!((with(bytes).unwrap_err(), is_read(bytes)), (Unreadable::Utf8, false));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn texts_that_are_nearly_json_are_read_by_both_or_by_neither(
        parts in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\"", "\"\\u00e9\"", "1", "-", "0", ".5", "e3", "true", "null",
            " ", "\n", "\\", "é", "{\"c\":[1,2]}", "[]", "\u{1}",
        ]), 0..10)
    ) {
        let json = parts.concat();
        prop_assert_eq!(with(json.as_bytes()).is_ok(), is_read(json.as_bytes()), "{:?}", json);
    }

    #[test]
    fn no_bytes_make_the_gate_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = pass(&bytes, &TRANSACTIONS, NO_IDS);
        let _ = with(&bytes);
    }
}

#[test]
fn the_envelope_is_read_in_any_order_and_must_be_whole() {
    let passed =
        |body: &str| pass(body.as_bytes(), &OVERDRAFT_LIMITS, NO_IDS).map(|passed| passed.total_records);
    assert_eq!(
        passed(r#" { "meta" : { "x":[1] , "totalRecords" : 7 } , "links":{} , "data" : {} } "#),
        Ok(Some(7))
    );
    assert_eq!(passed(r#"{"data":{}}"#), Ok(None));
    assert_eq!(passed(r#"{"data":{},"meta":null}"#), Ok(None));
    assert_eq!(passed(r#"{"data":{},"meta":{"totalRecords":null}}"#), Ok(None));
    assert_eq!(passed(r#"{"data":{},"meta":{"totalRecords":18446744073709551615}}"#), Ok(Some(u64::MAX)));
    for total in ["-1", "1.5", "1e3", "\"1\"", "[]", "18446744073709551616", "true"] {
        assert_eq!(
            passed(&format!(r#"{{"data":{{}},"meta":{{"totalRecords":{total}}}}}"#)),
            Err(Unreadable::Meta),
            "{total}"
        );
    }
    for (body, fault) in [
        (r#"{"meta":{}}"#, Unreadable::NoData),
        ("{}", Unreadable::NoData),
        (r#"{"data":[]}"#, Unreadable::Data),
        (r#"{"data":null}"#, Unreadable::Data),
        (r#"{"data":"x"}"#, Unreadable::Data),
        (r#"{"data":{},"meta":[]}"#, Unreadable::Meta),
        (r#"{"data":{},"data":{}}"#, Unreadable::Twice(11)),
        (r#"{"data":{},"\u0064ata":{}}"#, Unreadable::Twice(11)),
        (r#"{"data":{},"meta":{},"meta":{}}"#, Unreadable::Twice(21)),
        (r#"{"data":{},"meta":{"totalRecords":1,"totalRecords":2}}"#, Unreadable::Twice(36)),
        (r#"{"data":{}} {}"#, Unreadable::Json(12)),
        ("{\"data\":{}}\0", Unreadable::Json(11)),
        (r#"[{"data":{}}]"#, Unreadable::Json(0)),
        ("", Unreadable::Json(0)),
    ] {
        assert_eq!(passed(body), Err(fault), "{body}");
    }
    assert_eq!(pass(br#"{"data":{}}"#, &LIST, NO_IDS).unwrap_err(), Unreadable::Data);
}

#[test]
fn a_name_twice_is_unreadable_however_it_is_spelled() {
    let data = |properties: &str| {
        let body = format!(r#"{{"data":{{{properties}}}}}"#);
        pass(body.as_bytes(), &BALANCES, NO_IDS).map(drop)
    };
    for twice in [
        r#""hasReservedBalance":true,"hasReservedBalance":true"#,
        r#""hasReservedBalance":true,"\u0068asReservedBalance":false"#,
        r#""x":1,"x":1"#,
        r#""x":1,"y":2,"\u0078":1"#,
        r#""accountId":1,"accountId":1"#,
        r#""resourceLegacyId":[],"resourceLegacyId":[]"#,
        r#""blockedAmount":{"amount":"1.00","amount":"2.00"}"#,
    ] {
        assert!(matches!(data(twice), Err(Unreadable::Twice(_))), "{twice}");
    }
    assert_eq!(data(r#""x":1,"blockedAmount":{"x":1}"#), Ok(()), "each object has its own names");
}

#[test]
fn depth_and_length_have_no_way_in() {
    for (levels, read) in [(124, true), (125, true), (126, false), (1_000_000, false)] {
        let deep = ["[".repeat(levels), "]".repeat(levels)].concat();
        assert_eq!(with(deep.as_bytes()).is_ok(), read, "{levels}");
        let deep = ["{\"a\":".repeat(levels), "1".to_owned(), "}".repeat(levels)].concat();
        assert_eq!(with(deep.as_bytes()).is_ok(), read, "{levels}");
    }
    assert_eq!(with("[".repeat(1_000_000).as_bytes()).unwrap_err(), Unreadable::Depth);
    // 50 MB: one text, and as many numbers.
    let text = format!("\"{}\"", "a".repeat(50_000_000));
    assert_eq!(with(text.as_bytes()).unwrap().data, "{}");
    let numbers = format!("[{}1]", "1,".repeat(25_000_000));
    assert_eq!(with(numbers.as_bytes()).unwrap().data, "{}");
}

#[test]
fn findings_are_bounded_and_never_show_a_value() {
    let body = br#"{"data":[{"a":1,"Maria":{"b":1}},{"MariaSilva":1}],"meta":{}}"#;
    let findings = pass(body, &TRANSACTIONS, NO_IDS).unwrap().findings.to_string();
    assert!(findings.contains("data[].? unknown 3") && !findings.contains("Maria"), "{findings}");

    // One kind more than are kept breaks the standard all the same.
    let name = |number: usize| &*Box::leak(format!("field{number:02}").into_boxed_str());
    let required =
        |number| Field { name: name(number), required: true, nullable: false, kind: Kind::Boolean };
    let fields = Box::leak((0..40).map(required).collect::<Box<[Field]>>());
    let schema = Kind::Object(Box::leak(Box::new(Object { fields, closed: false })));
    let findings = pass(br#"{"data":{"x":1}}"#, &schema, NO_IDS).unwrap().findings;
    assert_eq!((findings.kinds().len(), findings.others()), (MOST_KINDS, 9));
    assert!(findings.break_the_standard());
    assert!(findings.to_string().ends_with(", and 9 more") && findings.to_string().len() < 5_000);

    let body = r#"{"data":[{"transactionId":"segredo do cliente","12345678909":1,"nome.do.cliente":1,"type":"SEGREDO","transactionAmount":{"amount":1}}]}"#;
    let findings = pass(body.as_bytes(), &TRANSACTIONS, NO_IDS).unwrap().findings.to_string();
    assert!(!findings.to_lowercase().contains("segredo") && !findings.contains("cliente"), "{findings}");
    for found in [
        "data[].transactionId pattern 1",
        "data[].? unknown 2",
        "data[].type enum 1",
        "data[].transactionAmount.amount type 1",
    ] {
        assert!(findings.contains(found), "{found}: {findings}");
    }
}

#[test]
fn names_that_no_file_has_refuse_nobody_and_hide_no_breach() {
    let names: Vec<String> = (0..1_000).map(|number| format!("\"x{number}\":1")).collect();
    let read = |last: &str| {
        let body = format!(r#"{{"data":{{{},"overdraftContractedLimit":{last}}}}}"#, names.join(","));
        pass(body.as_bytes(), &OVERDRAFT_LIMITS, NO_IDS).unwrap().findings
    };
    let limit = r#"{"amount":"1.00","currency":"BRL"}"#;
    let findings = read(limit);
    assert!(findings.to_string().starts_with("data.? unknown 1000"), "{findings}");
    assert!(read("7").to_string().contains("data.overdraftContractedLimit type 1"));
    let only_names = format!(r#"{{"data":{{{}}}}}"#, names.join(","));
    let schema = Kind::Object(&Object { fields: &[], closed: false });
    assert!(!pass(only_names.as_bytes(), &schema, NO_IDS).unwrap().findings.break_the_standard());
}

#[test]
fn c51_more_records_than_the_page_or_the_total_has_are_found() {
    let found = |records: usize, page: Option<u32>, total: &str| {
        let body = format!(r#"{{"data":[{}],"meta":{{{total}}}}}"#, vec!["{}"; records].join(","));
        let passed = pass(body.as_bytes(), &RESERVED_BALANCES, NO_IDS).unwrap().held_to(page);
        passed.findings.kinds().iter().any(|kind| (kind.path.as_str(), kind.rule) == ("data", Rule::Items))
    };
    for (records, page, total, finding) in [
        (2, Some(2), r#""totalRecords":2"#, false),
        (3, Some(2), r#""totalRecords":9"#, true),
        (2, Some(2), r#""totalRecords":1"#, true),
        (2, None, r#""totalRecords":0"#, true),
        (2, None, "", false),
        (1, Some(25), r#""totalRecords":51"#, false),
    ] {
        assert_eq!(found(records, page, total), finding, "{records} {page:?} {total}");
    }
}

#[test]
fn c56_a_record_that_says_it_is_of_another_product_makes_the_answer_unreadable() {
    let is_own = |own: &str| if own == "7" { Err(NotAKey) } else { Ok(own == "[1]") };
    let read = |data: &str, schema| {
        let body = format!(r#"{{"data":{data}}}"#);
        pass_about(body.as_bytes(), schema, Ids::None { product: None }, &is_own)
    };
    assert_eq!(read(r#"{"resourceLegacyId":[1]}"#, &BALANCES).unwrap().data, "{}");
    assert!(matches!(read(r#"{"resourceLegacyId":[2]}"#, &BALANCES), Err(Unreadable::OtherProduct(_))));
    let list = r#"[{"resourceLegacyId":[1]},{"resourceLegacyId":[2]}]"#;
    assert!(matches!(read(list, &TRANSACTIONS), Err(Unreadable::OtherProduct(_))));
    let odd = read(r#"[{"resourceLegacyId":7}]"#, &TRANSACTIONS).unwrap().findings.to_string();
    assert!(odd.contains("data[].resourceLegacyId type 1"), "{odd}");
    // Within a record it may be anything's.
    assert!(read(r#"[{"transactionAmount":{"resourceLegacyId":[2]}}]"#, &TRANSACTIONS).is_ok());
}

#[test]
fn what_has_the_wrong_type_leaves_only_if_nothing_can_hide_in_it() {
    let data = |value: &str| {
        let body = format!(r#"{{"data":{{"updateDateTime":{value},"hasReservedBalance":{value}}}}}"#);
        pass(body.as_bytes(), &BALANCES, NO_IDS).unwrap().data
    };
    assert_eq!(data("1"), r#"{"updateDateTime":1,"hasReservedBalance":1}"#);
    assert_eq!(data("null"), r#"{"updateDateTime":null,"hasReservedBalance":null}"#);
    assert_eq!(data(r#"{"resourceLegacyId":[]}"#), "{}");
    assert_eq!(data(r#"["own"]"#), "{}");
    let items =
        r#"{"data":[{"availableAmount":[[],{"amount":"1.00","currency":"BRL"},{},["own"]]},[1],"x"]}"#;
    let passed = pass(items.as_bytes(), &RESERVED_BALANCES, NO_IDS).unwrap();
    assert_eq!(passed.data, r#"[{"availableAmount":[{"amount":"1.00","currency":"BRL"},{}]},"x"]"#);
}

/// Every order of two records, of names that are there once, twice, never, unknown or spelled in another way: the second is judged
/// as if it stood alone.
#[test]
fn a_record_is_judged_alike_whatever_stood_before_it() {
    let records = [
        r#"{"type":"CONTA_POUPANCA","brandName":"B","companyCnpj":"11444777000161","compeCode":"1","number":"00012345"}"#,
        r#"{"brandName":"B","companyCnpj":"1144477700016a","branchCode":"0001","type":"x","compeCode":"001"}"#,
        r#"{"checkDigit":"6","number":"1","resourceLegacyId":[],"branchCode":null,"x":{"brandName":1},"brandName":"B"}"#,
        r#"{"resourceLegacyId":[],"br\u0061ndName":"B","type ":1,"typ":1,"companyCnpj":"11444777000161","type":1}"#,
        "{}",
        r#"{"brandName":"B","brandName":"B"}"#,
        r#"{"resourceLegacyId":[],"brandName":"B","resourceLegacyId":[]}"#,
        r#"{"number":"1","branchCode":"0001","number":"2"}"#,
    ];
    let judged = |records: &[&str]| {
        let body = format!(r#"{{"data":[{}]}}"#, records.join(","));
        pass(body.as_bytes(), &LIST, NO_IDS).map(|passed| {
            let kinds = passed.findings.kinds().iter();
            let mut kinds: Vec<_> =
                kinds.map(|kind| (kind.path.clone(), kind.rule.as_str(), kind.count)).collect();
            kinds.sort();
            (passed.data, kinds)
        })
    };
    for first in records {
        for second in records {
            let together = judged(&[first, second, second]);
            let (Ok((one, one_found)), Ok((other, other_found))) = (judged(&[first]), judged(&[second]))
            else {
                assert!(matches!(together, Err(Unreadable::Twice(_))), "{first} {second}");
                continue;
            };
            let (data, found) = together.unwrap();
            let inner = |list: &str| list[1..list.len() - 1].to_owned();
            assert_eq!(data, format!("[{},{},{}]", inner(&one), inner(&other), inner(&other)));
            let mut sum = std::collections::BTreeMap::new();
            for (path, rule, count) in one_found.into_iter().chain(other_found.clone()).chain(other_found) {
                *sum.entry((path, rule)).or_insert(0) += count;
            }
            let sum: Vec<_> = sum.into_iter().map(|((path, rule), count)| (path, rule, count)).collect();
            assert_eq!(found, sum, "{first} {second}");
        }
    }
}

#[test]
fn c56_a_product_has_its_public_id_wherever_in_the_list_it_stands() {
    let keys: Vec<String> = (0..5).map(|number| format!(r#"[{{"key":"a","value":"{number}"}}]"#)).collect();
    let public: Vec<String> = (0..5).map(|number| format!("public-{number}")).collect();
    let products: Vec<_> = keys.iter().zip(&public).map(|(key, public)| Product { key, public }).collect();
    let place = |own: &str| {
        let own = own.replace(' ', "");
        Ok(keys.iter().position(|key| *key == own))
    };
    let ids = Ids::Products { name: "accountId", products: &products, place: &place };
    for order in
        [vec![0, 1, 2, 3, 4], vec![3, 4], vec![4, 3, 2, 1, 0], vec![1, 1, 2, 0, 9, 1, 4], vec![9, 9, 0]]
    {
        for space in ["", " "] {
            let record = |number: &usize| {
                format!(r#"{{"resourceLegacyId":[{space}{{"key":"a","value":"{number}"}}]}}"#)
            };
            let records: Vec<String> = order.iter().map(record).collect();
            let body = format!(r#"{{"data":[{}]}}"#, records.join(","));
            let passed = pass(body.as_bytes(), &LIST, ids).unwrap();
            let shown: Vec<String> = order
                .iter()
                .filter(|number| **number < 5)
                .map(|number| format!(r#"{{"accountId":"public-{number}"}}"#))
                .collect();
            assert_eq!(passed.data, format!("[{}]", shown.join(",")));
        }
    }
    // A key is one JSON value, and nothing stands beside it.
    for wrong in
        [r#"[{"key":"a","value":"0"}][]"#, r#"[{"key":"a","value":"0"}]1"#, r#"[{"key":"a","value":"0"}"#]
    {
        let body = format!(r#"{{"data":[{{"resourceLegacyId":{wrong}}}]}}"#);
        assert!(matches!(pass(body.as_bytes(), &LIST, ids), Err(Unreadable::Json(_))), "{wrong}");
    }
}

#[test]
fn c56_the_public_id_stands_where_the_key_of_the_institution_stood() {
    let products = [
        Product { key: r#"[{"key":"a","value":"1"}]"#, public: "public-1" },
        Product { key: "[2]", public: "a\"\\\n" },
    ];
    let place = |own: &str| match own {
        r#"[{"key":"a","value":"1"}]"# => Ok(Some(0)),
        "[ 2 ]" => Ok(Some(1)),
        "[]" => Ok(None),
        _ => Err(NotAKey),
    };
    let ids = Ids::Products { name: "accountId", products: &products, place: &place };
    let list = |records: &str| {
        let passed = pass(format!(r#"{{"data":{records}}}"#).as_bytes(), &LIST, ids).unwrap();
        let unusual = passed.findings.kinds().iter().filter(|kind| kind.path.contains("Legacy"));
        let unusual: Vec<Rule> = unusual.map(|kind| kind.rule).collect();
        (passed.data, passed.left_out, unusual)
    };
    let one = r#"{"resourceLegacyId":[{"key":"a","value":"1"}],"brandName":"B"}"#;
    assert_eq!(list("[]"), ("[]".to_owned(), 0, vec![]));
    assert_eq!(
        list(&format!("[{one}]")),
        (r#"[{"accountId":"public-1","brandName":"B"}]"#.to_owned(), 0, vec![])
    );
    let late = r#"[ {"accountId":"own", "brandName":"\u00e9", "x":1, "resourceLegacyId" : [ 2 ] } ]"#;
    assert_eq!(
        list(late),
        (r#"[ { "brandName":"\u00e9", "accountId":"a\"\\\u000a" } ]"#.to_owned(), 0, vec![])
    );
    let others = format!(
        r#"[{{"resourceLegacyId":[]}} , {one},{{"resourceLegacyId":[],"type":1}},{one} , {{"resourceLegacyId":[]}}]"#
    );
    let shown = r#"[{"accountId":"public-1","brandName":"B"},{"accountId":"public-1","brandName":"B"}]"#;
    let (data, left_out, unusual) = list(&others);
    assert_eq!((data.replace(' ', ""), left_out, unusual), (shown.to_owned(), 3, vec![]));
    assert_eq!(list(r#"[{"brandName":"B"}, 1, [], {}]"#), ("[]".to_owned(), 4, vec![Rule::Missing]));
    assert_eq!(list(r#"[{"resourceLegacyId":"own"}]"#), ("[]".to_owned(), 1, vec![Rule::Type]));
    // What is wrong with a record that nobody gets is nobody's business; the id is none of the fields that may be missing.
    let passed = pass(br#"{"data":[{"resourceLegacyId":[],"type":1,"x":1}]}"#, &LIST, ids).unwrap();
    assert_eq!(passed.findings.to_string(), "data[] foreign 1");
    assert!(!passed.findings.break_the_standard());
    let passed = pass(format!(r#"{{"data":[{one}]}}"#).as_bytes(), &LIST, ids).unwrap();
    assert!(!passed.findings.to_string().contains("accountId"), "{}", passed.findings);
}

#[test]
fn c56_the_id_of_a_record_is_replaced_and_never_leaves() {
    let public =
        |own: &str| if own.starts_with('"') { Ok(format!("public-{}", own.len())) } else { Err(NotAKey) };
    let ids = Ids::Records { name: "reservedIdentification", product: Some("accountId"), public: &public };
    let list = |records: &str| {
        let passed = pass(format!(r#"{{"data":{records}}}"#).as_bytes(), &RESERVED_BALANCES, ids).unwrap();
        let of_id = passed.findings.kinds().iter().find(|kind| kind.path == "data[].reservedIdentification");
        (passed.data, of_id.map(|kind| kind.rule))
    };
    let record = r#"[{"reservedName":"Férias","reservedIdentification": "own","accountId":"own"}]"#;
    let shown = r#"[{"reservedName":"Férias","reservedIdentification": "public-5"}]"#;
    assert_eq!(list(record), (shown.to_owned(), None));
    assert_eq!(list(r#"[{"reservedIdentification":7}]"#), ("[{}]".to_owned(), Some(Rule::Type)));
    assert_eq!(list(r#"[{"reservedIdentification":null}]"#), ("[{}]".to_owned(), Some(Rule::Type)));
    assert_eq!(list("[{}]"), ("[{}]".to_owned(), Some(Rule::Missing)));
}
