//! Answers made from a table: valid ones, as JSON text.

use proptest::prelude::*;
use proptest::string::string_regex;

use super::forms::{FORMS, Form};
use crate::field::{Kind, Object, Precision, Text};
use crate::pattern::Pattern;

/// Values of a kind. `whole`: every optional property is there and every list has an item, in the order of the table; else
/// properties come and go and change places.
pub(super) fn json(kind: &Kind, whole: bool) -> BoxedStrategy<String> {
    match kind {
        Kind::Text(text) => texts(*text).prop_map(|text| serde_json::to_string(&text).unwrap()).boxed(),
        Kind::OneOf(words) => prop::sample::select(*words).prop_map(|word| format!("\"{word}\"")).boxed(),
        Kind::Date => r#""[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])""#.boxed(),
        Kind::Moment(precision) => {
            let end = if *precision == Precision::Seconds { "Z" } else { "\\.[0-9]{3}Z" };
            let moment = format!("\"20[0-9]{{2}}-0[1-9]-[12][0-8]T[01][0-9]:[0-5][0-9]:[0-5][0-9]{end}\"");
            string_regex(&moment).unwrap().boxed()
        }
        Kind::Number(number) => {
            let range = number.least.max(-1_000)..=number.most.min(1_000_000);
            let fraction = if number.whole { r"(\.0|e0)?" } else { r"(\.0|E\+0)?" };
            (range, fraction).prop_map(|(number, fraction)| format!("{number}{fraction}")).boxed()
        }
        Kind::Boolean => any::<bool>().prop_map(|is| is.to_string()).boxed(),
        Kind::Object(object) => properties(object, whole),
        Kind::List(list) => {
            let least = usize::try_from(list.least).unwrap().max(usize::from(whole));
            let most = usize::try_from(list.most).unwrap_or(usize::MAX).clamp(least, least + 2);
            let most = if whole { least } else { most };
            let items = prop::collection::vec(json(&list.item, whole), least..=most);
            items
                .prop_map(|items| format!("[{}]", items.join(if items.len() > 1 { " ,\n" } else { "," })))
                .boxed()
        }
    }
}

fn properties(object: &Object, whole: bool) -> BoxedStrategy<String> {
    let fields: Vec<BoxedStrategy<Option<String>>> = object
        .fields
        .iter()
        .map(|field| {
            let property = json(&field.kind, whole).prop_map(|value| format!("\"{}\":{value}", field.name));
            let always = field.required || whole;
            if always { property.prop_map(Some).boxed() } else { prop::option::of(property).boxed() }
        })
        .collect();
    let written = |fields: Vec<Option<String>>| {
        format!("{{{}}}", fields.into_iter().flatten().collect::<Vec<_>>().join(" , "))
    };
    if whole {
        return fields.prop_map(written).boxed();
    }
    prop_oneof![fields.clone().prop_map(written), fields.prop_shuffle().prop_map(written)].boxed()
}

fn texts(text: Text) -> BoxedStrategy<String> {
    let (least, most) = (text.least as usize, text.most as usize);
    let any = |least: usize| {
        let character = prop_oneof![8 => "[a-z0-9 ]", 1 => "[éçãΩ🏦\"\\\\/\n\t]"];
        prop::collection::vec(character, least..=most.min(least + 20)).prop_map(|parts| parts.concat())
    };
    let Some(pattern) = text.pattern else { return any(least).boxed() };
    if pattern == Pattern::Email {
        return "[a-z.]{1,12}@[a-z]{1,12}\\.br".boxed();
    }
    let of = |form: &Form| matches!(form, Form::Text(of) if *of == pattern);
    let (expression, _) = FORMS.iter().find(|(_, form)| of(form)).expect("an expression of the files");
    let plain = expression
        .replace(r"[\w\W\s]*", "[a-zé ]{3,20}")
        .replace(r"[\s\S]*", "[a-zé ]{0,20}")
        .replace(".*", "[a-zé ]{0,20}")
        .replace(r"[^\s]", "[a-zé]")
        .replace(r"\S", "[a-zé]")
        .replace(r"\d", "[0-9]")
        .replace(r"\w", "[A-Za-z0-9_]")
        .replace(['^', '$'], "");
    string_regex(&plain)
        .unwrap()
        .prop_filter("a length that fits", move |text| (least..=most).contains(&text.chars().count()))
        .boxed()
}
