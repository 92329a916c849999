//! `cargo build` and then `cargo test --workspace` build every foreign crate once: both ask for the same features.

use std::collections::{BTreeMap, BTreeSet};

use crate::checkout;

/// Foreign crates by name and version, each with the sets of features it is built with.
fn features(packages: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    // `NAME vVERSION FEATURES`; of ours the folder stands in the line.
    for line in packages.lines().filter(|line| !line.contains(" (/")) {
        let line = line.trim_end_matches(" (*)");
        let (package, features) = line.split_once(" | ").unwrap_or((line, ""));
        found.entry(package).or_default().insert(features);
    }
    found
}

/// Crates that a test build builds again because it asks for other features.
fn faults(build: &str, tests: &str) -> Vec<String> {
    let (build, tests) = (features(build), features(tests));
    let again = build.iter().filter_map(|(package, features)| Some((package, features, tests.get(package)?)));
    let again = again.filter(|(_, features, tested)| features != tested);
    again.map(|(package, features, tested)| format!("{package}: {features:?}, by tests {tested:?}")).collect()
}

#[test]
fn tests_build_no_foreign_crate_again() {
    let tree = |arguments: &[&str]| {
        let common = ["tree", "--prefix", "none", "--format", "{p} | {f}", "--edges"];
        checkout::cargo(&[&common, arguments].concat())
    };
    let (build, tests) = (tree(&["normal,build"]), tree(&["normal,build,dev", "--workspace"]));
    assert!(features(&build).len() > 200, "cargo tree lists the dependencies");
    assert_eq!(
        faults(&build, &tests),
        Vec::<String>::new(),
        "name the features in infra/cli/Cargo.toml, or do without what turns them on"
    );
}

#[test]
fn a_feature_of_tests_alone_is_found() {
    let build = "a v1.0.0 | std\nb v1.0.0 | \nponte-edge v0.1.0 (/x) | \n";
    assert_eq!(faults(build, "a v1.0.0 | std (*)\nb v1.0.0 | \nc v1.0.0 | \n"), Vec::<String>::new());
    assert_eq!(faults(build, "a v1.0.0 | derive,std\nb v1.0.0 | \n").len(), 1);
}
