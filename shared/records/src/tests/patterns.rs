//! Each matcher against the expressions it stands for, on texts that nearly match them.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use regex_lite::Regex;

use super::forms::{FORMS, Form};
use crate::calendar::{is_date, is_moment};

/// Spaces of ECMAScript, by which its `\s` differs from that of other languages.
const SPACES: &str =
    r"\t\n\x0b\f\r \u{a0}\u{1680}\u{2000}-\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

/// An expression of ECMAScript in the words of the crate that runs it here.
fn translated(expression: &str) -> Regex {
    let text = expression
        .replace(r"[\w\W\s]", "(?s:.)")
        .replace(r"[\w\W-]", "(?s:.)")
        .replace(r"[\w\W]", "(?s:.)")
        .replace(r"[\s\S]", "(?s:.)")
        .replace(r"[^\s]", &format!("[^{SPACES}]"))
        .replace(r"\S", &format!("[^{SPACES}]"))
        .replace(".*", r"[^\n\r\u{2028}\u{2029}]*");
    Regex::new(&text).unwrap()
}

/// Texts made of the parts that the expressions distinguish.
fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => "[0-9]{1,4}",
        2 => "[0-9]{5,18}",
        2 => r"\.",
        1 => "-",
        2 => "[A-Z]{1,4}",
        1 => "[a-z]{1,3}",
        1 => "[A-Za-z0-9-]{1,40}",
        1 => "[ _@:TZé+/]",
        1 => prop::sample::select(vec!["\n", "\r", "\u{2028}", "\u{a0}", "\u{feff}", "\u{85}", "\u{3000}", "٣", "\u{0}"])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

/// A text that the expression matches, or one that misses it in one place.
fn near(expression: &'static str) -> impl Strategy<Value = String> {
    let plain = expression
        .replace(r"[\w\W\s]", "[a-z é\n]")
        .replace(r"[\w\W-]", "[a-z é\n]")
        .replace(r"[\w\W]", "[a-z é\n]")
        .replace(r"[\s\S]", "[a-z é\n]")
        .replace(r"[^\s]", "[a-zé]")
        .replace(r"\S", "[a-zé]")
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[A-Za-z0-9_]")
        .replace(['^', '$'], "");
    let matching = proptest::string::string_regex(&plain).unwrap();
    (matching, any::<prop::sample::Index>(), 0..5, "[0-9A-Za-z.\\- \n]").prop_map(|(text, at, how, other)| {
        let mut characters: Vec<char> = text.chars().collect();
        let at = at.index(characters.len() + 1);
        let other = other.chars().next();
        match how {
            0 => characters.splice(at..at, other).for_each(drop),
            1 if at < characters.len() => drop(characters.remove(at)),
            2 if at < characters.len() => characters.splice(at..=at, other).for_each(drop),
            _ => {}
        }
        characters.into_iter().collect()
    })
}

/// Whether the form admits the text; a form of a length says nothing of it.
fn admits(form: Form, text: &str) -> bool {
    match form {
        Form::Text(pattern) => pattern.matches(text),
        Form::Length(least, most) => {
            u32::try_from(text.chars().count()).is_ok_and(|length| (least..=most).contains(&length))
        }
        Form::Date => is_date(text.as_bytes()),
        Form::Moment(precision) => is_moment(text.as_bytes(), precision),
    }
}

#[test]
fn every_matcher_agrees_with_the_expressions_it_stands_for() {
    for (expression, form) in FORMS {
        let regex = translated(expression);
        let (mut yes, mut no) = (0, 0);
        let texts = prop_oneof![texts(), near(expression)];
        let mut runner = TestRunner::new(Config::with_cases(400));
        let outcome = runner.run(&texts, |text| {
            // A day and a point in time must exist besides, and have two digits each.
            let exists = match form {
                Form::Date | Form::Moment(_) => admits(*form, &text),
                _ => true,
            };
            prop_assert_eq!(
                admits(*form, &text),
                regex.is_match(&text) && exists,
                "{} {:?}",
                expression,
                text
            );
            Ok(())
        });
        assert_eq!(outcome, Ok(()), "{expression}");
        let mut runner = TestRunner::deterministic();
        for _ in 0..500 {
            let text = texts.new_tree(&mut runner).unwrap().current();
            *(if regex.is_match(&text) { &mut yes } else { &mut no }) += 1;
        }
        let all_match = matches!(form, Form::Length(0, crate::field::UNBOUNDED));
        assert!(yes > 20 && (all_match || no > 20), "{expression}: {yes} texts match, {no} do not");
    }
}

#[test]
fn digits_are_digits_at_every_place_of_a_text_of_any_length() {
    for length in 1..=19 {
        let matches = |text: &str| crate::Pattern::Digits(1, 20).matches(text);
        assert!(matches(&"5".repeat(length)) && !matches(""));
        for (at, other) in (0..length).flat_map(|at| (0..0x80_u8).map(move |other| (at, char::from(other)))) {
            let text = format!("{}{other}{}", "09".repeat(10).split_at(at).0, "9".repeat(length - at - 1));
            assert_eq!(matches(&text), other.is_ascii_digit(), "{text:?}");
        }
        assert!(!matches(&format!("{}é", "1".repeat(length - 1))), "{length}");
    }
}
