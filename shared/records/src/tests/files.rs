//! Every table against the official file. The files are not part of the project; where they are absent the comparison
//! is skipped and says so.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::PathBuf;

use serde_yaml_ng::Value;

use super::forms::{FORMS, Form};
use crate::field::{Kind, List, Number, Object, Precision, Text, UNBOUNDED};
use crate::pattern::Pattern;
use crate::{ALL, Tables};

/// Differences that are right: where, which, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "accounts /accounts/{accountId}/reserved-balances data[].availableAmount",
    "minLength has no table",
    "a list has no characters, so the bound says nothing",
)];

/// What a schema of a file may say that a table repeats or that says nothing of a value.
const KNOWN: &[&str] = &["type", "description", "example", "title", "nullable"];

fn file(tables: &Tables) -> Option<Value> {
    let folder = std::env::var_os("PONTE_SPECS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs"),
        PathBuf::from,
    );
    let name = format!("{}-{}.yml", tables.api, tables.version);
    let Ok(text) = std::fs::read_to_string(folder.join(&name)) else {
        // Straight to the stream: the test harness would swallow a print of a test that passes.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: the fields of {name} not compared, the file is absent (set PONTE_SPECS to the folder of files)"
        );
        return None;
    };
    Some(serde_yaml_ng::from_str(text.trim_start_matches('\u{feff}')).unwrap())
}

/// Follows `$ref` to what it names.
fn resolve<'a>(file: &'a Value, mut value: &'a Value) -> &'a Value {
    while let Some(reference) = value["$ref"].as_str() {
        value = reference.split('/').skip(1).fold(file, |value, name| &value[name]);
        assert!(!value.is_null(), "dangling {reference}");
    }
    value
}

fn words(value: &Value) -> Vec<&str> {
    value.as_sequence().into_iter().flatten().map(|word| word.as_str().unwrap()).collect()
}

/// A walk through a schema and its table, which notes what differs.
struct Walk<'a> {
    file: &'a Value,
    differences: Vec<(String, String)>,
}

impl<'a> Walk<'a> {
    fn note(&mut self, path: &str, difference: impl Into<String>) {
        self.differences.push((path.to_owned(), difference.into()));
    }

    #[expect(clippy::needless_pass_by_value, reason = "both are made where they are compared")]
    fn same<T: PartialEq + std::fmt::Debug>(&mut self, path: &str, what: &str, file: T, table: T) {
        if file != table {
            self.note(path, format!("{what}: {file:?} in the file, {table:?} in the table"));
        }
    }

    /// What the schema says besides these is a difference, so that nothing of a file goes unread.
    fn only(&mut self, path: &str, schema: &Value, read: &[&str]) {
        for key in schema.as_mapping().unwrap().keys().map(|key| key.as_str().unwrap()) {
            if !KNOWN.contains(&key) && !read.contains(&key) && !key.starts_with("x-") {
                self.note(path, format!("{key} has no table"));
            }
        }
    }

    fn value(&mut self, path: &str, schema: &'a Value, nullable: bool, kind: &Kind) {
        let schema = resolve(self.file, schema);
        self.same(path, "nullable", schema["nullable"].as_bool().unwrap_or(false), nullable);
        let of_text = ["pattern", "format", "minLength", "maxLength"];
        let (types, read): (&[&str], &[&str]) = match kind {
            Kind::Text(_) | Kind::Date | Kind::Moment(_) => (&["string"], &of_text),
            Kind::OneOf(_) => (&["string"], &["enum"]),
            Kind::Number(_) => (&["number", "integer"], &["minimum", "maximum", "format"]),
            Kind::Boolean => (&["boolean"], &[]),
            Kind::Object(_) => (&["object"], &["properties", "required", "additionalProperties"]),
            Kind::List(_) => (&["array"], &["items", "minItems", "maxItems"]),
        };
        let of_file = schema["type"].as_str().unwrap_or("nothing");
        if !types.contains(&of_file) {
            return self.note(path, format!("{of_file} in the file, {types:?} in the table"));
        }
        self.only(path, schema, read);
        match kind {
            Kind::Text(text) => self.text(path, schema, *text),
            Kind::OneOf(known) => self.same(path, "words", words(&schema["enum"]), known.to_vec()),
            Kind::Date => self.date(path, schema),
            Kind::Moment(precision) => self.moment(path, schema, *precision),
            Kind::Number(number) => self.number(path, schema, *number),
            Kind::Boolean => {}
            Kind::Object(object) => self.object(path, schema, object),
            Kind::List(list) => self.list(path, schema, list),
        }
    }

    /// The form that the file gives a text.
    fn form(&mut self, path: &str, schema: &Value) -> Option<Form> {
        let pattern = schema["pattern"].as_str()?;
        let form = FORMS.iter().find(|(expression, _)| *expression == pattern).map(|(_, form)| *form);
        if form.is_none() {
            self.note(path, format!("the pattern {pattern} is not known"));
        }
        form
    }

    fn text(&mut self, path: &str, schema: &Value, text: Text) {
        let form = self.form(path, schema);
        let (pattern, least, most) = match form {
            Some(Form::Text(pattern)) => (Some(pattern), 0, UNBOUNDED),
            Some(Form::Length(least, most)) => (None, least, most),
            Some(Form::Date | Form::Moment(_)) => {
                return self.note(path, "a date in the file, a text in the table");
            }
            None => (None, 0, UNBOUNDED),
        };
        let format = schema["format"].as_str();
        let pattern = match (format, pattern) {
            (None, pattern) | (Some("uuid"), pattern @ Some(Pattern::Uuid)) => pattern,
            (Some("email"), None) => Some(Pattern::Email),
            (Some("double"), Some(Pattern::Decimal(_) | Pattern::EndsInDecimal | Pattern::Share)) => pattern,
            (Some(format), _) => {
                return self.note(path, format!("the format {format} with {pattern:?} has no table"));
            }
        };
        self.same(path, "pattern", pattern, text.pattern);
        self.same(path, "minLength", bound(schema, "minLength").unwrap_or(0).max(least), text.least);
        self.same(path, "maxLength", bound(schema, "maxLength").unwrap_or(UNBOUNDED).min(most), text.most);
    }

    fn date(&mut self, path: &str, schema: &Value) {
        let form = self.form(path, schema);
        self.same(path, "format", schema["format"].as_str(), Some("date"));
        if !matches!(form, Some(Form::Date) | None) {
            self.note(path, "the pattern is not that of a day");
        }
        self.admits(path, schema, 10);
    }

    fn moment(&mut self, path: &str, schema: &Value, precision: Precision) {
        let length = if precision == Precision::Seconds { 20 } else { 24 };
        match (self.form(path, schema), schema["format"].as_str()) {
            (Some(Form::Moment(of_file)), Some("date-time") | None) => {
                self.same(path, "precision", of_file, precision);
            }
            // Of this many characters at most there is one form in UTC.
            (None, Some("date-time")) => {
                self.same(path, "maxLength", bound(schema, "maxLength"), Some(length));
            }
            (form, format) => {
                self.note(path, format!("{form:?} and {format:?} in the file, a moment in the table"));
            }
        }
        self.admits(path, schema, length);
    }

    /// The lengths of the file must let the one form through.
    fn admits(&mut self, path: &str, schema: &Value, length: u32) {
        let least = bound(schema, "minLength").unwrap_or(0);
        let most = bound(schema, "maxLength").unwrap_or(UNBOUNDED);
        if !(least..=most).contains(&length) {
            self.note(path, format!("{least} to {most} characters in the file, {length} in the table"));
        }
    }

    fn number(&mut self, path: &str, schema: &Value, number: Number) {
        let whole =
            schema["type"].as_str() == Some("integer") || schema["format"].as_str() == Some("integer");
        self.same(path, "whole", whole, number.whole);
        if !matches!(schema["format"].as_str(), None | Some("integer")) {
            self.note(path, "a format of numbers that has no table");
        }
        self.same(path, "minimum", schema["minimum"].as_i64().unwrap_or(i64::MIN), number.least);
        self.same(path, "maximum", schema["maximum"].as_i64().unwrap_or(i64::MAX), number.most);
    }

    fn object(&mut self, path: &str, schema: &'a Value, object: &Object) {
        self.same(path, "closed", schema["additionalProperties"].as_bool() == Some(false), object.closed);
        let of_file: BTreeMap<&str, &Value> = schema["properties"]
            .as_mapping()
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str().unwrap(), schema))
            .collect();
        let in_table: BTreeSet<&str> = object.fields.iter().map(|field| field.name).collect();
        assert!(
            in_table.len() == object.fields.len() && in_table.len() <= 64,
            "{path}: names are unique and few"
        );
        self.same(path, "names", of_file.keys().copied().collect(), in_table);
        let needed: BTreeSet<&str> = words(&schema["required"]).into_iter().collect();
        let required = object.fields.iter().filter(|field| field.required).map(|field| field.name);
        self.same(path, "required", needed, required.collect());
        for field in object.fields {
            if let Some(schema) = of_file.get(field.name) {
                self.value(&format!("{path}.{}", field.name), schema, field.nullable, &field.kind);
            }
        }
    }

    fn list(&mut self, path: &str, schema: &'a Value, list: &List) {
        self.same(path, "minItems", bound(schema, "minItems").unwrap_or(0), list.least);
        self.same(path, "maxItems", bound(schema, "maxItems").unwrap_or(UNBOUNDED), list.most);
        self.value(&format!("{path}[]"), &schema["items"], false, &list.item);
    }
}

fn bound(schema: &Value, name: &str) -> Option<u32> {
    schema[name].as_u64().map(|bound| u32::try_from(bound).unwrap())
}

/// The schema of `data` of a path.
fn data<'a>(file: &'a Value, path: &str) -> &'a Value {
    let response = resolve(file, &file["paths"][path]["get"]["responses"]["200"]);
    let body = resolve(file, &response["content"]["application/json"]["schema"]);
    assert!(words(&body["required"]).contains(&"data"), "{path}");
    &body["properties"]["data"]
}

#[test]
fn every_table_says_what_its_file_says() {
    let mut differences = Vec::new();
    let mut compared = 0;
    for tables in ALL {
        let Some(file) = file(tables) else { continue };
        assert_eq!(file["info"]["version"].as_str(), Some(tables.version), "{}", tables.api);
        compared += 1;
        for (path, schema) in tables.paths {
            let mut walk = Walk { file: &file, differences: Vec::new() };
            walk.value("data", data(&file, path), false, schema);
            let at = |(place, what)| (format!("{} {path} {place}", tables.api), what);
            differences.extend(walk.differences.into_iter().map(at));
        }
    }
    let excepted = |(place, what): &(String, String)| {
        EXCEPTIONS.iter().position(|(at, which, _)| at == place && which == what)
    };
    let used: BTreeSet<usize> = differences.iter().filter_map(excepted).collect();
    differences.retain(|difference| excepted(difference).is_none());
    assert_eq!(differences, Vec::new());
    if compared == ALL.len() {
        assert_eq!(used, (0..EXCEPTIONS.len()).collect(), "exceptions that no file needs");
    }
}

#[test]
fn every_endpoint_of_a_file_has_its_table() {
    for tables in ALL {
        let Some(file) = file(tables) else { continue };
        let paths = file["paths"].as_mapping().unwrap();
        let read = paths.iter().filter(|(_, methods)| !methods["get"].is_null());
        let of_file: BTreeSet<&str> = read.map(|(path, _)| path.as_str().unwrap()).collect();
        let in_tables: BTreeSet<&str> = tables.paths.iter().map(|(path, _)| *path).collect();
        assert_eq!((of_file, in_tables.len()), (in_tables, tables.paths.len()), "{}", tables.api);
    }
}

#[test]
fn a_walk_finds_what_a_table_gets_wrong() {
    use crate::field::{optional, required, text};
    static RIGHT: Object = Object {
        fields: &[
            required("a", text(0, 3)),
            optional("b", Kind::OneOf(&["X", "Y"])),
            optional("c", Kind::Number(Number { least: 1, most: 9, whole: false })),
        ],
        closed: true,
    };
    static OTHERS: [Object; 4] = [
        Object { fields: &[optional("a", text(0, 3))], closed: true },
        Object { fields: &[required("a", text(0, 3)), optional("b", Kind::OneOf(&["X"]))], closed: true },
        Object { fields: &[required("a", text(0, 3)), optional("d", Kind::Boolean)], closed: true },
        Object { fields: &[], closed: true },
    ];
    let schema = |a: &str, rest: &str| {
        let text = format!(
            "type: object\nrequired: [a]\n{rest}\nproperties:\n  a: {{{a}}}\n  b: {{type: string, enum: [X, Y]}}\n  \
             c: {{type: number, minimum: 1, maximum: 9}}\n"
        );
        serde_yaml_ng::from_str::<Value>(&text).unwrap()
    };
    let closed = "additionalProperties: false";
    let found = |file: &Value, object: &'static Object| {
        let mut walk = Walk { file, differences: Vec::new() };
        walk.value("data", file, false, &Kind::Object(object));
        walk.differences.len()
    };
    assert_eq!(found(&schema("type: string, maxLength: 3", closed), &RIGHT), 0);
    let wrong = [
        ("type: string, maxLength: 4", closed),
        ("type: string, maxLength: 3, minLength: 1", closed),
        ("type: string, maxLength: 3, nullable: true", closed),
        ("type: string, maxLength: 3, enum: [A]", closed),
        ("type: string, maxLength: 3, format: date", closed),
        (r"type: string, maxLength: 3, pattern: '^\d{3}$'", closed),
        ("type: string, maxLength: 3, pattern: '^[QX]$'", closed),
        ("type: number", closed),
        ("type: string, maxLength: 3", ""),
        ("type: string, maxLength: 3", "additionalProperties: false\nminProperties: 2"),
    ];
    for (a, rest) in wrong {
        assert_ne!(found(&schema(a, rest), &RIGHT), 0, "{a} {rest}");
    }
    for other in &OTHERS {
        assert_ne!(found(&schema("type: string, maxLength: 3", closed), other), 0, "{other:?}");
    }
}
