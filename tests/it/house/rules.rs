//! Every rule of the rule book that this project claims to hold is in the name of a test: `s84_…`, `…_s84_…`.

use std::collections::BTreeSet;

use crate::checkout;

/// Rules of a letter, first to last number of each run, as the rule book counts them.
const HELD: [(char, &[(u8, u8)]); 3] = [
    ('c', &[(1, 11), (20, 25), (30, 34), (40, 41), (50, 59), (60, 62)]),
    ('m', &[(1, 3), (10, 16), (20, 22), (30, 42), (50, 52), (60, 60)]),
    ('s', &[(1, 22), (30, 32), (40, 42), (50, 51), (60, 65), (70, 72), (80, 91), (95, 98)]),
];

/// Rules that no code here can hold yet, each with the reason.
const NOT_YET: [(&str, &str); 4] = [
    ("s41", "deleting tokens of a consent that ended is the receiver's, who is not built yet"),
    ("s65", "a client that cannot verify an answer tells its holder: the receiver's, who is not built yet"),
    ("c53", "pagination-key is about the operational limits, which are not counted yet"),
    ("c62", "driving the calls from the resources is the receiver's, who is not built yet"),
];

/// Rules named by the function names of a file: any part of a name that is a letter and two digits.
fn named_in(text: &str) -> impl Iterator<Item = String> {
    let names =
        text.lines().filter_map(|line| line.trim_start().split("fn ").nth(1)?.split(['(', '<']).next());
    names.flat_map(|name| name.split('_')).filter(|part| is_rule(part)).map(str::to_owned)
}

fn is_rule(part: &str) -> bool {
    let mut bytes = part.bytes();
    part.len() == 3
        && bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_digit())
}

#[test]
fn every_rule_has_a_named_test() {
    let named: BTreeSet<String> = checkout::files()
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(|file| named_in(&file.text))
        .collect();
    let held = HELD.iter().flat_map(|(letter, runs)| {
        runs.iter().flat_map(move |(first, last)| (*first..=*last).map(move |n| format!("{letter}{n:02}")))
    });
    let waived = |rule: &String| NOT_YET.iter().any(|(name, _)| name == rule);
    let missing: Vec<String> = held.filter(|rule| !named.contains(rule) && !waived(rule)).collect();
    assert!(missing.is_empty(), "no test is named after {}", missing.join(", "));
    let needless: Vec<&str> =
        NOT_YET.iter().map(|(rule, _)| *rule).filter(|rule| named.contains(*rule)).collect();
    assert!(needless.is_empty(), "has a test by now: {}", needless.join(", "));
}

#[test]
fn a_rule_is_read_out_of_a_test_name() {
    let text = "    fn s84_s98_every_spelling() {\n    async fn bad_s0x_t35(a: u8)\n    let s01 = 1;\n";
    let found: Vec<String> = named_in(text).collect();
    assert_eq!(found, ["s84", "s98", "t35"]);
}
