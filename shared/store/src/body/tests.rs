//! What bodies say, what stays of them, and what the log says of a row that cannot be read.

use std::collections::BTreeSet;

use ponte_kit::lines::Lines;
use serde_json::json;

use super::*;
use crate::item::{item, key, s};

#[derive(Serialize, Deserialize)]
struct Thing {
    word: Word,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    words: BTreeSet<String>,
}

#[derive(Serialize, Deserialize, PartialEq, Eq, Debug)]
enum Word {
    One,
    Two,
}

fn row(pk: &str, body: &str) -> Item {
    item(key(pk.to_owned(), "META"), [("body", s(body))])
}

fn rewritten(stored: &str, word: Word) -> Value {
    let thing = Thing { word, ..serde_json::from_str(stored).unwrap() };
    let body = body_over("things", &thing, &StoredForm::of(stored)).unwrap();
    serde_json::from_str(body.as_s().unwrap()).unwrap()
}

#[test]
fn d8_bodies_carry_a_schema_number_which_is_never_taken_back() {
    let thing = Thing { word: Word::One, words: BTreeSet::new() };
    let new = body("things", &thing).unwrap();
    assert_eq!(new.as_s().unwrap(), r#"{"schema":1,"word":"One"}"#);
    // Rows without a number are of the first schema.
    assert_eq!(rewritten(r#"{"word":"One"}"#, Word::Two), json!({"schema": 1, "word": "Two"}));
    let next = rewritten(r#"{"schema":2,"word":"One","next":{"word":"Three"}}"#, Word::Two);
    assert_eq!(next, json!({"schema": 2, "word": "Two", "next": {"word": "Three"}}));
}

#[test]
fn d8_a_form_that_is_known_is_written_as_it_is() {
    let thing = Thing { word: Word::Two, words: BTreeSet::new() };
    for stored in [r#"{"word":"One"}"#, r#"{"schema":1,"word":"One"}"#, r#"{"words":["b","a"],"word":"One"}"#]
    {
        let over = body_over("things", &thing, &StoredForm::of(stored)).unwrap();
        assert_eq!(over.as_s().unwrap(), r#"{"schema":1,"word":"Two"}"#, "{stored}");
    }
}

/// What is written to the log while `work` runs.
fn logged(work: impl FnOnce()) -> Vec<Value> {
    let lines = Lines::default();
    let listening = lines.listen();
    work();
    drop(listening);
    lines.read()
}

#[test]
fn d8_a_row_that_cannot_be_read_is_named_and_the_others_are_read() {
    let person = "12345678909";
    let rows = [
        row("I#banco#C#urn:banco:1", r#"{"word":"One"}"#),
        row("I#banco#C#urn:banco:2", &format!(r#"{{"word":"{person}"}}"#)),
        item(key("I#banco#C#urn:banco:3".to_owned(), "META"), []),
        row("I#banco#C#urn:banco:4", r#"{"word":"Two"}"#),
    ];
    let mut words = Vec::new();
    let lines =
        logged(|| words = readable::<Thing>("things", &rows).into_iter().map(|thing| thing.word).collect());
    assert_eq!(words, [Word::One, Word::Two]);
    let named = lines.iter().map(|line| (line["level"].as_str(), line["fields"]["unreadable"].as_str()));
    let error = Some("ERROR");
    let expected = [(error, Some("I#banco#C#urn:banco:2 META")), (error, Some("I#banco#C#urn:banco:3 META"))];
    assert_eq!(named.collect::<Vec<_>>(), expected);
    assert!(!format!("{lines:?}").contains(person));
}

#[test]
fn d8_a_single_row_that_cannot_be_read_is_an_error_of_its_own() {
    let mut fault = None;
    let lines = logged(|| {
        fault = read::<Thing>("things", &row("I#banco#N#0b8f9d1e-0000-4000-8000-000000000000", "{}")).err();
    });
    assert!(fault.unwrap().is_unreadable());
    // The id of an interaction is a secret of its customer.
    assert_eq!(lines[0]["fields"]["unreadable"], "I#banco#N#0b8f9d1e.. META");
}
