//! The variables that the template gives to functions are those that the functions read.

use std::collections::BTreeSet;

use super::functions::folder;
use super::read::{self, Template};
use crate::checkout::{self, File};

/// Names of the public constants of type `Var` in a source text.
fn constants(source: &str) -> impl Iterator<Item = &str> {
    source.lines().filter_map(|line| {
        let (name, kind) = line.strip_prefix("pub const ")?.split_once(": ")?;
        kind.starts_with("Var<").then_some(name)
    })
}

/// The structs of `settings!` in a source text: their names, and what each field is read from; of a group that is read only where a
/// variable is given, the group.
fn structs(source: &str) -> impl Iterator<Item = (&str, Vec<&str>)> {
    source.split("settings! {\n").skip(1).filter_map(|rest| {
        let block = rest.split("\n    }\n").next()?;
        let mut lines = block.lines().map(str::trim).filter(|line| !line.starts_with("//"));
        let name = lines.next()?.strip_suffix(" {")?.split(' ').next_back()?;
        let fields = lines
            .filter_map(|line| Some(line.strip_suffix(',')?.split(' ').next_back()?.trim_end_matches(')')));
        Some((name, fields.collect()))
    })
}

/// The variables that a function reads: those of `Env`, and of the structs that it names. One binary can be two functions:
/// `Env` then reads which, and each has a struct of its own (`PublicEnv` where the value of a variable is `public`).
fn variables_read<'a>(main: &'a str, shared: &'a [File], values: &[&str]) -> BTreeSet<&'a str> {
    let known: Vec<(&str, Vec<&str>)> =
        structs(main).chain(shared.iter().flat_map(|file| structs(&file.text))).collect();
    let mut wanted: Vec<String> = values.iter().map(|value| format!("{}Env", capitalised(value))).collect();
    wanted.push("Env".to_owned());
    let mut read = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        for field in known.iter().filter(|(known, _)| *known == name).flat_map(|(_, fields)| fields) {
            match field.strip_suffix("::SETTING") {
                Some(group) => wanted.push(group.to_owned()),
                None => read.extend(field.split("::").last()),
            }
        }
    }
    read
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn shared() -> Vec<File> {
    let mut files = checkout::files();
    files.retain(|file| file.path.starts_with("shared/") && file.is_rust());
    files
}

#[test]
fn the_template_and_the_constants_name_the_same_variables() {
    let template = Template::read(&read::text());
    let named = template.functions().flat_map(|function| function.environment().map(|(name, _)| name));
    let files = shared();
    let read = files.iter().flat_map(|file| constants(&file.text));
    assert_eq!(named.collect::<BTreeSet<_>>(), read.collect::<BTreeSet<_>>());
}

#[test]
fn functions_read_exactly_the_variables_the_template_gives_them() {
    let template = Template::read(&read::text());
    let shared = shared();
    for function in template.functions() {
        let main = checkout::root().join(format!("functions/{}/src/main.rs", folder(function)));
        let text = std::fs::read_to_string(main).expect("a function has a main.rs");
        let values: Vec<&str> = function.environment().filter_map(|(_, value)| value.as_str()).collect();
        let read = variables_read(&text, &shared, &values);
        let given: BTreeSet<&str> = function.environment().map(|(name, _)| name).collect();
        let missing: Vec<_> = read.difference(&given).collect();
        assert!(missing.is_empty(), "{} reads {missing:?}, the template does not set them", function.id);
        let own: BTreeSet<&str> = template.own_variables(function.id).collect();
        let idle: Vec<_> = own.difference(&read).collect();
        assert!(idle.is_empty(), "the template sets {idle:?}, {} does not read them", function.id);
    }
}

#[test]
fn variables_are_found_in_structs_and_in_the_structs_they_name() {
    let main = "settings! {\n    /// What it needs.\n    struct Env {\n        aws: Aws = Aws::SETTING,\n        \
                outbox: String = env::OUTBOX_TABLE,\n        limits: Limits = Limits::SETTING,\n    }\n}\n";
    let limits = "crate::settings! {\n    impl Limits {\n        days: TERM_DAYS,\n    }\n}\n";
    let file = File { path: "shared/x/src/limits.rs".to_owned(), text: limits.to_owned() };
    let read = variables_read(main, std::slice::from_ref(&file), &[]);
    assert_eq!(read, BTreeSet::from(["OUTBOX_TABLE", "TERM_DAYS"]));
    let optional = main.replace("Limits::SETTING,", "env::given(env::OUTBOX_TABLE, Limits::SETTING),");
    assert_eq!(variables_read(&optional, std::slice::from_ref(&file), &[]), read);
    let two = "settings! {\n    struct Env {\n        serves_public: bool = env::HOST,\n    }\n}\nsettings! {\n    \
               struct PublicEnv {\n        page: String = env::PAGE,\n    }\n}\n";
    let of = |value| variables_read(two, std::slice::from_ref(&file), &[value]);
    assert_eq!((of("public"), of("mtls")), (BTreeSet::from(["HOST", "PAGE"]), BTreeSet::from(["HOST"])));
}
