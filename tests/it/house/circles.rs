//! No circles inside a crate: files that import each other, and parents that define what their children import.
//!
//! A module is not a wall in Rust, so nothing but this test keeps a file below those that build on it. Declarations and
//! re-exports of a parent are no imports; its tests, and what it declares for tests alone, are left out.

mod graph;
mod source;

use std::collections::BTreeMap;

use crate::checkout;
use graph::Graph;
use source::Source;

/// The sources of every crate: what comes before `/src/` in the paths of its files.
fn crates() -> BTreeMap<String, Vec<Source>> {
    let mut crates: BTreeMap<String, Vec<Source>> = BTreeMap::new();
    for file in checkout::files().into_iter().filter(checkout::File::is_rust) {
        let Some((folder, path)) = file.path.split_once("/src/") else { continue };
        let is_crate = ["shared/", "functions/", "infra/"].iter().any(|root| folder.starts_with(root));
        // The entry of a binary imports its library by the library's name.
        if is_crate && path != "main.rs" && path != "bin.rs" {
            crates.entry(folder.to_owned()).or_default().push(Source::read(path, &file.text));
        }
    }
    for sources in crates.values_mut() {
        source::drop_tests(sources);
    }
    crates
}

#[test]
fn no_files_of_a_crate_import_each_other() {
    let crates = crates();
    let arrows: usize = crates.values().map(|sources| Graph::of(sources).arrows()).sum();
    assert!(arrows > 500, "the imports are read: {arrows}");
    let circles: Vec<String> = crates
        .iter()
        .flat_map(|(name, sources)| {
            Graph::of(sources)
                .circles()
                .into_iter()
                .map(move |files| format!("{name}: {}", files.join(" ↔ ")))
        })
        .collect();
    assert_eq!(circles, Vec::<String>::new());
}

#[test]
fn no_parent_defines_what_its_children_import() {
    let faults: Vec<String> = crates()
        .iter()
        .flat_map(|(name, sources)| {
            Graph::of(sources).facades().into_iter().map(move |fault| format!("{name}: {fault}"))
        })
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

fn sources(files: &[(&str, &str)]) -> Vec<Source> {
    let mut sources = files.iter().map(|(path, text)| Source::read(path, text)).collect();
    source::drop_tests(&mut sources);
    sources
}

#[test]
fn a_circle_is_found_through_a_re_export() {
    let sources = sources(&[
        ("lib.rs", "//! ..\nmod a;\nmod b;\npub use a::One;\npub use b::Other;\n"),
        ("a.rs", "use crate::Other;\npub struct One(Other);\n"),
        ("b.rs", "use super::One;\npub struct Other(Box<One>);\n"),
    ]);
    assert_eq!(Graph::of(&sources).circles(), [["a.rs", "b.rs"]]);
    assert!(Graph::of(&sources).facades().is_empty());
}

#[test]
fn imports_that_run_one_way_are_no_circle() {
    let sources = sources(&[
        ("lib.rs", "mod a;\nmod b;\npub use a::{One, two};\n"),
        ("a.rs", "mod inner;\nuse crate::b;\npub use inner::two;\npub struct One(b::Third);\n"),
        ("a/inner.rs", "use crate::b::Third;\npub fn two(_: Third) {}\n"),
        ("b.rs", "pub struct Third;\n#[cfg(test)]\nmod tests {\n    use crate::One;\n}\n"),
    ]);
    assert!(Graph::of(&sources).circles().is_empty());
    assert!(Graph::of(&sources).facades().is_empty());
    assert_eq!(Graph::of(&sources).arrows(), 2);
}

#[test]
fn a_parent_that_children_import_from_is_found() {
    let sources = sources(&[
        ("lib.rs", "mod a;\n/// ..\npub(crate) const LIMIT: u8 = 1;\n"),
        ("a.rs", "fn f() -> u8 { crate::LIMIT }\n"),
    ]);
    assert_eq!(Graph::of(&sources).facades(), ["a.rs imports LIMIT of its parent lib.rs"]);
}

#[test]
fn what_is_for_tests_alone_is_left_out() {
    let sources = sources(&[
        ("lib.rs", "mod a;\n#[cfg(test)]\nmod testing;\npub const LIMIT: u8 = 1;\n"),
        ("a.rs", "#[cfg(test)]\nmod tests;\n"),
        ("a/tests.rs", "use crate::LIMIT;\n"),
        ("testing.rs", "use crate::LIMIT;\n"),
    ]);
    assert!(Graph::of(&sources).facades().is_empty());
}
