//! Every table: what keeps to it passes as it came, and what does not is found.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::generated;
use crate::field::{Field, Kind, Object, Schema};
use crate::{ALL, Finding, Ids, Rule, pass};

const NO_IDS: Ids<'_> = Ids::None { product: None };

fn each_table(check: impl Fn(&str, &'static Schema)) {
    for tables in ALL {
        for (path, schema) in tables.paths {
            check(&format!("{} {path}", tables.api), schema);
        }
    }
}

fn answer(data: &str) -> Vec<u8> {
    format!(r#"{{"data":{data},"meta":{{"totalRecords":1}}}}"#).into_bytes()
}

/// A valid answer with every property there is.
fn whole(schema: &Schema) -> Value {
    let text = generated::json(schema, true).new_tree(&mut TestRunner::deterministic()).unwrap().current();
    serde_json::from_str(&text).unwrap()
}

fn found(data: &Value, schema: &Schema) -> Vec<(String, Rule)> {
    let passed = pass(&answer(&data.to_string()), schema, NO_IDS).unwrap();
    let found = passed.findings.kinds().iter();
    found.map(|Finding { path, rule, .. }| (path.clone(), *rule)).collect()
}

/// Every property of a table: its path, where it lies in a whole answer, and what it is.
fn fields(kind: &Kind, path: &str, pointer: &str, out: &mut Vec<(String, String, &'static Field)>) {
    match kind {
        Kind::Object(Object { fields: of, .. }) => {
            for field in *of {
                let (path, pointer) = (format!("{path}.{}", field.name), format!("{pointer}/{}", field.name));
                fields(&field.kind, &path, &pointer, out);
                out.push((path, pointer, field));
            }
        }
        Kind::List(list) => fields(&list.item, &format!("{path}[]"), &format!("{pointer}/0"), out),
        _ => {}
    }
}

/// Values that a field of this kind may not have, and the rule that each breaks.
fn lies(kind: &Kind) -> Vec<(Value, Rule)> {
    let long = |most: u32| json!("é".repeat(most as usize + 1));
    match kind {
        Kind::Text(text) => {
            let bounded = text.most < 10_000;
            let too_long = bounded.then(|| (long(text.most), Rule::Length));
            let too_short =
                (text.least > 0).then(|| (json!("é".repeat(text.least as usize - 1)), Rule::Length));
            let (least, most) = (text.least.max(1), text.most.min(40));
            let formless = " ".repeat(least.midpoint(most) as usize);
            let other_form = text.pattern.map(|_| (json!(formless), Rule::Pattern));
            let types = [(json!(1), Rule::Type), (json!({}), Rule::Type), (json!(true), Rule::Type)];
            too_long.into_iter().chain(too_short).chain(other_form).chain(types).collect()
        }
        Kind::OneOf(words) => {
            let other = format!("{} ", words[0]);
            vec![(json!(other), Rule::Enum), (json!(""), Rule::Enum), (json!(["A"]), Rule::Type)]
        }
        Kind::Date => vec![
            (json!("2026-02-30"), Rule::Date),
            (json!("2026-2-03"), Rule::Date),
            (json!("2026-02-03T00:00:00Z"), Rule::Date),
            (json!(20_260_203), Rule::Type),
        ],
        Kind::Moment(_) => vec![
            (json!("2026-02-30T00:00:00Z"), Rule::Date),
            (json!("2026-02-30T00:00:00.000Z"), Rule::Date),
            (json!("2026-02-03T24:00:00Z"), Rule::Date),
            (json!("2026-02-03T00:00:00-03:00"), Rule::Date),
            (json!("2026-02-03"), Rule::Date),
            (json!(1_760_000_000), Rule::Type),
        ],
        Kind::Number(number) => {
            let mut lies = vec![(json!("1"), Rule::Type), (json!([1]), Rule::Type)];
            lies.extend((number.most < i64::MAX).then(|| (json!(number.most + 1), Rule::Range)));
            lies.extend((number.least > i64::MIN).then(|| (json!(number.least - 1), Rule::Range)));
            lies.extend(number.whole.then(|| (json!(1.5), Rule::Range)));
            lies
        }
        Kind::Boolean => vec![(json!("true"), Rule::Type), (json!(0), Rule::Type)],
        Kind::Object(_) => vec![(json!("a"), Rule::Type), (json!([]), Rule::Type), (json!(1), Rule::Type)],
        Kind::List(list) => {
            let mut lies = vec![(json!("a"), Rule::Type), (json!({}), Rule::Type)];
            lies.extend((list.least > 0).then(|| (json!([]), Rule::Items)));
            lies
        }
    }
}

#[test]
fn what_keeps_to_its_table_passes_as_it_came() {
    each_table(|name, schema| {
        let mut runner = TestRunner::new(Config::with_cases(30));
        let outcome = runner.run(&generated::json(schema, false), |data| {
            let passed = pass(&answer(&data), schema, NO_IDS).unwrap();
            prop_assert!(passed.findings.is_empty(), "{} in {data}", passed.findings);
            prop_assert_eq!((passed.data, passed.total_records, passed.left_out), (data, Some(1), 0));
            Ok(())
        });
        assert_eq!(outcome, Ok(()), "{name}");
    });
}

#[test]
fn a_lie_in_any_field_is_found_where_it_is_and_by_its_rule() {
    each_table(|name, schema| {
        let whole = whole(schema);
        assert_eq!(found(&whole, schema), [], "{name}");
        let mut all = Vec::new();
        fields(schema, "data", "", &mut all);
        for (path, pointer, field) in all {
            let null = (!field.nullable).then_some((Value::Null, Rule::Null));
            for (lie, rule) in lies(&field.kind).into_iter().chain(null) {
                let mut data = whole.clone();
                *data.pointer_mut(&pointer).unwrap() = lie.clone();
                assert_eq!(found(&data, schema), [(path.clone(), rule)], "{name} {lie}");
            }
            let (parent, property) = pointer.rsplit_once('/').unwrap();
            let mut data = whole.clone();
            data.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(property).unwrap();
            let missing = if field.required { vec![(path.clone(), Rule::Missing)] } else { Vec::new() };
            assert_eq!(found(&data, schema), missing, "{name} without {path}");
        }
    });
}

#[test]
fn c56_what_a_file_does_not_name_never_leaves() {
    each_table(|name, schema| {
        let whole = whole(schema);
        let text = whole.to_string();
        // A property more in every object of the answer.
        for more in
            [r#""segredo":{"a":[1,{"b":"x"}]},"#, r#""\u0073egredo" : "x" , "#, r#""resourceLegacyId":[],"#]
        {
            let with_more = text.replace("{\"", &format!("{{{more}\""));
            let passed = pass(&answer(&with_more), schema, NO_IDS).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&passed.data).unwrap(), whole, "{name}");
            let rules: Vec<Rule> = passed.findings.kinds().iter().map(|kind| kind.rule).collect();
            assert!(rules.iter().all(|rule| *rule == Rule::Unknown), "{}", passed.findings);
            assert_eq!(rules.is_empty(), more.contains("Legacy"), "our own key is expected everywhere");
            assert!(!passed.findings.break_the_standard());
        }
        // And behind the others.
        let behind = text.replace('}', ",\"segredo\" : 1 }").replace("{,", "{");
        let passed = pass(&answer(&behind), schema, NO_IDS).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&passed.data).unwrap(), whole, "{name}");
    });
}

#[test]
fn an_answer_cut_off_anywhere_is_unreadable_and_nothing_makes_the_gate_panic() {
    each_table(|name, schema| {
        let body = answer(&whole(schema).to_string());
        for end in 0..body.len() {
            assert!(pass(&body[..end], schema, NO_IDS).is_err(), "{name} {end}");
        }
        let mut runner = TestRunner::new(Config::with_cases(200));
        let bytes = prop::collection::vec(any::<(prop::sample::Index, u8)>(), 1..6);
        let outcome = runner.run(&bytes, |changes| {
            let mut body = body.clone();
            for (at, byte) in changes {
                let at = at.index(body.len());
                body[at] = byte;
            }
            if let Ok(passed) = pass(&body, schema, NO_IDS) {
                prop_assert!(serde_json::from_str::<Value>(&passed.data).is_ok(), "{}", passed.data);
            }
            Ok(())
        });
        assert!(outcome.is_ok(), "{name}: {outcome:?}");
    });
}
