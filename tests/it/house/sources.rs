//! Shape of the source files: names, first lines, lengths, forbidden words, paths of a machine.

use crate::checkout::{self, File};

/// Names that say nothing about what a crate or module holds.
const BANNED_NAMES: [&str; 9] =
    ["shared", "common", "core", "utils", "helpers", "types", "models", "service", "manager"];

/// Words of unfinished or silenced code, split so that this file does not contain them.
const BANNED_WORDS: [&str; 6] = [
    concat!("#[al", "low("),
    concat!("#![al", "low("),
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
];

/// Longest source file, in lines.
const MOST_LINES: usize = 500;

/// Crates whose time is an argument (habit 6).
const WITHOUT_CLOCK: [&str; 9] = [
    "shared/values/",
    "shared/ports/",
    "shared/metrics/",
    "shared/authorization/",
    "shared/data-consent/",
    "shared/catalog/",
    "shared/fapi/",
    "shared/records/",
    "shared/edge/",
];

/// Every crate and module a path names: the file stem and the folders below the package.
fn names_of(path: &str) -> impl Iterator<Item = &str> {
    let inside = path.strip_prefix("shared/").unwrap_or(path);
    inside.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part))
}

fn shape_faults(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    if !file.text.starts_with("//! ") {
        faults.push("does not begin by saying what it is (`//! ..`)".to_owned());
    }
    let lines = file.text.lines().count();
    if lines > MOST_LINES {
        faults.push(format!("has {lines} lines, {MOST_LINES} at most"));
    }
    faults.extend(
        names_of(&file.path).filter(|name| BANNED_NAMES.contains(name)).map(|n| format!("is called {n}")),
    );
    let words = BANNED_WORDS.iter().filter(|word| file.text.contains(**word));
    faults.extend(words.map(|word| format!("contains {word}")));
    let inline = file.text.lines().filter_map(|line| {
        let declared = line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        declared.strip_prefix("mod ")?.split([' ', ';', '{']).next()
    });
    faults
        .extend(inline.filter(|name| BANNED_NAMES.contains(name)).map(|n| format!("declares a module {n}")));
    let clock = file.text.contains(concat!("now_", "utc("));
    if clock && WITHOUT_CLOCK.iter().any(|folder| file.path.starts_with(folder)) {
        faults.push("reads the clock".to_owned());
    }
    faults
}

#[test]
fn every_source_file_has_the_shape_of_the_house() {
    let faults: Vec<String> = checkout::files()
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(|file| shape_faults(file).into_iter().map(|fault| format!("{} {fault}", file.path)))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn shape_check_finds_each_fault() {
    let file = |path: &str, text: String| File { path: path.to_owned(), text };
    let found = |path: &str, text: &str| shape_faults(&file(path, text.to_owned())).len();
    assert_eq!(found("shared/edge/src/call.rs", "//! A call.\n"), 0);
    assert_eq!(found("shared/edge/src/call.rs", "use std::fmt;\n"), 1);
    assert_eq!(found("shared/edge/src/utils.rs", "//! Odds and ends.\n"), 1);
    assert_eq!(found("shared/core/src/lib.rs", "//! Odds and ends.\n"), 1);
    assert_eq!(found("shared/edge/src/call.rs", "//! A call.\npub(crate) mod helpers {\n}\n"), 1);
    assert_eq!(found("shared/edge/src/call.rs", "//! A call.\nlet now = OffsetDateTime::now_utc();\n"), 1);
    for word in BANNED_WORDS {
        assert_eq!(found("shared/edge/src/call.rs", &format!("//! A call.\n{word}\n")), 1, "{word}");
    }
    let long = "//! A call.\n".to_owned() + &"\n".repeat(MOST_LINES);
    assert_eq!(shape_faults(&file("shared/edge/src/call.rs", long)).len(), 1);
}

/// Beginnings of absolute paths that only exist on somebody's machine, split so that this file contains none.
const MACHINE_PATHS: [&str; 4] =
    [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("C:\\", "Users")];

/// Whether `text` has `path` where a path begins: after a character that cannot belong to a longer path or URL.
fn has_path(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '*' | '~'))
    })
}

#[test]
fn no_file_names_a_path_of_a_machine() {
    let root = checkout::root();
    let checkout = root.to_string_lossy();
    let faults: Vec<String> = checkout::files()
        .iter()
        .flat_map(|file| {
            let own = has_path(&file.text, &checkout).then(|| format!("{} names this checkout", file.path));
            let paths = MACHINE_PATHS.iter().filter(|path| has_path(&file.text, path));
            own.into_iter()
                .chain(paths.map(|path| format!("{} names {path}..", file.path)))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn machine_paths_are_told_from_urls() {
    for path in MACHINE_PATHS {
        assert!(has_path(&format!("cd {path}someone"), path), "{path}");
    }
    assert!(!has_path(concat!("https://bank.example/ho", "me/x"), MACHINE_PATHS[0]));
}
