//! Every rule of the rule book that this project claims to hold is in the name of a test: `s84_…`, `…_s84_…`; and every rule
//! that a test is named after is reached in the product, or listed with what will reach it.

use std::collections::BTreeSet;

use crate::checkout;
use crate::checkout::File;

/// Rules of a letter, first to last number of each run, as the rule book counts them.
const HELD: [(char, &[(u8, u8)]); 3] = [
    ('c', &[(1, 11), (20, 25), (30, 34), (40, 41), (50, 59), (60, 62)]),
    ('m', &[(1, 3), (10, 16), (20, 22), (30, 42), (50, 52), (60, 60)]),
    ('s', &[(1, 22), (30, 32), (40, 42), (50, 51), (60, 65), (70, 72), (80, 91), (95, 98)]),
];

/// Rules that no code here can hold yet, each with the reason.
const NOT_YET: [(&str, &str); 2] = [
    ("s41", "deleting tokens of a consent that ended is the receiver's, who is not built yet"),
    ("s65", "a client that cannot verify an answer tells its holder: the receiver's, who is not built yet"),
];

/// Rules that a crate holds and the product does not reach: what will reach them, or why nothing can.
const NOT_REACHED: [(&str, &str); 20] = [
    ("c41", "automatic payments and enrolments, whose consents are the primary ones"),
    ("m11", "the receiver, who reports the calls that it makes"),
    ("m14", "the receiver: who gave up is the client"),
    ("m30", "the receiver: a server says nothing of what is to be paid (M12)"),
    ("m31", "the receiver: a server says nothing of a payment in its report (M12)"),
    ("m32", "enrolments"),
    ("m33", "automatic payments"),
    ("m34", "the receiver: a server says nothing of a consent in its report (M12)"),
    ("m36", "the receiver: the token is told by the client alone (M12)"),
    ("m37", "the receiver: the error is told by the client alone (M12)"),
    ("m39", "the receiver: a server has one fact to tell, and that is a text (M38)"),
    ("m51", "payments, whose states are told day by day"),
    ("m52", "open data"),
    ("s40", "the receiver, who pushes the requests"),
    ("s64", "payments"),
    ("s71", "nothing we know of: a domain of API Gateway has no such setting; the local gateway holds it"),
    ("t00", "nothing: it judges the embedded services before tests believe them, and those are not shipped"),
    (
        "t22",
        "nothing we know of: no worker of the product panics; the batch that all of them run in holds it",
    ),
    ("t28", "the receiver, whose calls go where others say; the client that every call leaves by holds it"),
    ("t46", "the fuzz targets of the parsers; of their inputs those of T35 go through `oauth`"),
];

/// Sections of the functional certification that the functions of today can show, and the last line of each.
const CERTIFIED: [(&str, u8); 13] = [
    ("com", 6),
    ("con", 18),
    ("res", 6),
    ("cus", 11),
    ("acc", 15),
    ("crd", 9),
    ("cre", 8),
    ("inv", 11),
    ("exc", 7),
    ("dcr", 6),
    ("cnp", 10),
    ("pay", 66),
    ("pv4", 8),
];

/// Where the lines are listed that no journey shows, with the reason.
const LISTED: &str = "docs/certification.md";

/// Whether the tests of a file reach the product: those of a function, which call its handlers as its router does, in folders and
/// files of their own (`tests`, `.._tests`), not beside a part of its code; and this package, over the running stack and the template.
fn reaches(path: &str) -> bool {
    let of_tests = |part: &str| part.trim_end_matches(".rs").split('_').next_back() == Some("tests");
    path.starts_with("tests/it/") || (path.starts_with("functions/") && path.split('/').any(of_tests))
}

/// Rules named by the names of the tests of a file: any part of a name that is `c`, `m`, `s` or `t` and two digits, or
/// `lb` and two digits.
fn named_in(text: &str) -> impl Iterator<Item = String> {
    test_names(text).flat_map(|name| name.split('_')).filter(|part| is_rule(part)).map(str::to_owned)
}

/// Names of the tests of a file.
fn test_names(text: &str) -> impl Iterator<Item = &str> {
    let mut is_test = false;
    text.lines().filter_map(move |line| {
        let line = line.trim_start();
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        }
        let name = line.split("fn ").nth(1)?.split(['(', '<']).next()?;
        std::mem::take(&mut is_test).then_some(name)
    })
}

/// Lines of the functional certification that the names of tests have: `z_acc_06`, as `Z-ACC-06`.
fn lines_in(text: &str) -> impl Iterator<Item = String> {
    let parts: Vec<String> =
        test_names(text).flat_map(|name| name.split('_').chain([""])).map(str::to_owned).collect();
    let line = |parts: &[String]| match parts {
        [z, section, number] if z == "z" => Some(format!("Z-{section}-{number}").to_uppercase()),
        _ => None,
    };
    parts.windows(3).filter_map(line).collect::<Vec<_>>().into_iter()
}

fn is_rule(part: &str) -> bool {
    let number = part.strip_prefix("lb").or_else(|| part.strip_prefix(['c', 'm', 's', 't']));
    number.is_some_and(|number| number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit()))
}

/// Rules that the tests of these files are named after.
fn named<'a>(files: impl Iterator<Item = &'a File>) -> BTreeSet<String> {
    files.filter(|file| file.is_rust()).flat_map(|file| named_in(&file.text)).collect()
}

/// Rules of a list that are among these.
fn listed_among<'a>(list: &[(&'a str, &str)], rules: &BTreeSet<String>) -> Vec<&'a str> {
    list.iter().map(|(rule, _)| *rule).filter(|rule| rules.contains(*rule)).collect()
}

#[test]
fn every_rule_has_a_named_test() {
    let named = named(checkout::files().iter());
    let held = HELD.iter().flat_map(|(letter, runs)| {
        runs.iter().flat_map(move |(first, last)| (*first..=*last).map(move |n| format!("{letter}{n:02}")))
    });
    let waived = |rule: &String| NOT_YET.iter().any(|(name, _)| name == rule);
    let missing: Vec<String> = held.filter(|rule| !named.contains(rule) && !waived(rule)).collect();
    assert!(missing.is_empty(), "no test is named after {}", missing.join(", "));
    let needless = listed_among(&NOT_YET, &named);
    assert!(needless.is_empty(), "has a test by now: {}", needless.join(", "));
}

#[test]
fn every_rule_that_a_test_is_named_after_is_reached_in_the_product() {
    let files = checkout::files();
    let reached = named(files.iter().filter(|file| reaches(&file.path)));
    let waived = |rule: &String| NOT_REACHED.iter().any(|(name, _)| name == rule);
    let claimed = named(files.iter());
    let missing: Vec<String> =
        claimed.iter().filter(|rule| !reached.contains(*rule) && !waived(rule)).cloned().collect();
    assert!(
        missing.is_empty(),
        "no test of a function or of the stack is named after {}",
        missing.join(", ")
    );
    let needless = listed_among(&NOT_REACHED, &reached);
    assert!(needless.is_empty(), "is reached by now: {}", needless.join(", "));
    let gone: Vec<_> = NOT_REACHED.iter().filter(|(rule, _)| !claimed.contains(*rule)).collect();
    assert!(gone.is_empty(), "no test is named after these at all: {gone:?}");
}

#[test]
fn every_line_of_the_functional_certification_is_a_journey_or_listed() {
    let files = checkout::files();
    let reaching = files.iter().filter(|file| reaches(&file.path));
    let shown: BTreeSet<String> =
        reaching.filter(|file| file.is_rust()).flat_map(|file| lines_in(&file.text)).collect();
    let listed =
        files.iter().find(|file| file.path == LISTED).expect("the lines without a journey are listed");
    let listed = |line: &String| listed.text.contains(&format!("| {line} |"));
    let line = |section: &str, n: u8| format!("Z-{section}-{n:02}").to_uppercase();
    let all = CERTIFIED.iter().flat_map(|(section, last)| (1..=*last).map(move |n| line(section, n)));
    let lines: BTreeSet<String> = all.collect();
    let missing: Vec<&String> = lines.iter().filter(|line| !shown.contains(*line) && !listed(line)).collect();
    assert!(missing.is_empty(), "neither a journey nor in {LISTED}: {missing:?}");
    let needless: Vec<&String> = shown.iter().filter(|line| listed(line)).collect();
    assert!(needless.is_empty(), "a journey by now: {needless:?}");
    let unknown: Vec<&String> = shown.iter().filter(|line| !lines.contains(*line)).collect();
    assert!(unknown.is_empty(), "no such line: {unknown:?}");
}

#[test]
fn a_rule_is_read_out_of_the_name_of_a_test_alone() {
    let text = "    #[test]\n    fn s84_s98_every_spelling() {\n    fn s06_a_helper() {\n\
                #[tokio::test(start_paused = true)]\n    async fn bad_s0x_t35_lb7_lb07(a: u8)\n    let s01 = 1;\n";
    let found: Vec<String> = named_in(text).collect();
    assert_eq!(found, ["s84", "s98", "t35", "lb07"]);
    let text = "#[test]\nfn c59_z_acc_15_z_com_02_a_line()\nfn z_acc_01()\n";
    assert_eq!(lines_in(text).collect::<Vec<_>>(), ["Z-ACC-15", "Z-COM-02"]);
}
