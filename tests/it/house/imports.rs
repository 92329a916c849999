//! Who may import whom, read from `cargo metadata` and from the sources of the functions (house.md, section 1).

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::checkout;

/// One row of the import table. A new crate of the house needs a row here: deciding it is the point.
struct Rule {
    package: &'static str,
    /// Crates of the house that the finished crate may use; tests of the crate obey the same list.
    may: &'static [&'static str],
    /// Beginnings of foreign crate names that it must not use.
    never: &'static [&'static str],
}

/// Async runtimes, AWS and HTTP.
const CLOUD: &[&str] = &[
    "aws-config",
    "aws-credential",
    "aws-sdk",
    "aws-smithy",
    "aws_lambda_events",
    "axum",
    "http",
    "hyper",
    "lambda_http",
    "lambda_runtime",
    "reqwest",
    "tokio",
    "tower",
];
const AWS: &[&str] = &[
    "aws-config",
    "aws-credential",
    "aws-sdk",
    "aws-smithy",
    "aws_lambda_events",
    "lambda_http",
    "lambda_runtime",
];
const FLOORS_1_TO_3: &[&str] =
    &["ponte-adapters", "ponte-catalog", "ponte-domain", "ponte-edge", "ponte-fapi", "ponte-values"];
/// Functions reach the world through ports; `main.rs` reaches it through adapters.
const NOT_IN_A_FUNCTION: &[&str] =
    &["aws-config", "aws-credential", "aws-sdk", "aws-smithy", "aws_lambda_events", "hyper", "reqwest"];
const EVERYTHING: &[&str] = &[
    "ponte-adapters",
    "ponte-bank",
    "ponte-catalog",
    "ponte-cli",
    "ponte-consents",
    "ponte-data",
    "ponte-demo",
    "ponte-directory",
    "ponte-domain",
    "ponte-edge",
    "ponte-fapi",
    "ponte-local",
    "ponte-machine",
    "ponte-metrics-platform",
    "ponte-oauth",
    "ponte-participant",
    "ponte-pcm",
    "ponte-pki",
    "ponte-stock",
    "ponte-values",
    "ponte-web",
    "ponte-world",
];
/// Below the sandbox's servers: their own keys, their own HTTP.
const UNDER_A_SERVER: &[&str] =
    &["ponte-catalog", "ponte-fapi", "ponte-machine", "ponte-pki", "ponte-values", "ponte-web"];
/// Its tests judge the reports that the house builds.
const METRICS_PLATFORM: &[&str] = &[
    "ponte-catalog",
    "ponte-domain",
    "ponte-fapi",
    "ponte-machine",
    "ponte-pki",
    "ponte-values",
    "ponte-web",
];
/// It asks the directory for its software statement.
const PARTICIPANT: &[&str] =
    &["ponte-directory", "ponte-fapi", "ponte-machine", "ponte-pki", "ponte-values", "ponte-web"];
/// It puts the servers together.
const WORLD: &[&str] = &[
    "ponte-bank",
    "ponte-directory",
    "ponte-fapi",
    "ponte-machine",
    "ponte-metrics-platform",
    "ponte-participant",
    "ponte-pki",
    "ponte-values",
    "ponte-web",
];
/// Knows no function: it starts what the template names. Its tests read secrets through the real adapter.
const LOCAL: &[&str] = &["ponte-adapters", "ponte-domain", "ponte-machine", "ponte-values", "ponte-world"];
/// Knows the stack by `endpoints.json` alone.
const DEMO: &[&str] = &[
    "ponte-adapters",
    "ponte-bank",
    "ponte-domain",
    "ponte-machine",
    "ponte-metrics-platform",
    "ponte-participant",
    "ponte-values",
    "ponte-web",
];

const fn function(package: &'static str) -> Rule {
    Rule { package, may: FLOORS_1_TO_3, never: NOT_IN_A_FUNCTION }
}

const TABLE: [Rule; 23] = [
    Rule {
        package: "ponte-values",
        may: &[],
        never: &[
            "async", "aws", "axum", "futures", "http", "hyper", "lambda", "reqwest", "rustls", "tokio",
            "tower",
        ],
    },
    Rule { package: "ponte-domain", may: &["ponte-values"], never: CLOUD },
    Rule { package: "ponte-catalog", may: &["ponte-values"], never: CLOUD },
    Rule { package: "ponte-fapi", may: &["ponte-values"], never: CLOUD },
    Rule {
        package: "ponte-edge",
        may: &["ponte-catalog", "ponte-domain", "ponte-fapi", "ponte-values"],
        never: &["aws-config", "aws-credential", "aws-sdk", "aws-smithy", "reqwest"],
    },
    Rule {
        package: "ponte-adapters",
        may: &["ponte-domain", "ponte-fapi", "ponte-values"],
        never: &["aws_lambda_events", "lambda_http", "lambda_runtime"],
    },
    function("ponte-oauth"),
    function("ponte-consents"),
    function("ponte-data"),
    function("ponte-pcm"),
    function("ponte-stock"),
    Rule { package: "ponte-machine", may: &["ponte-values"], never: CLOUD },
    Rule { package: "ponte-pki", may: &["ponte-fapi", "ponte-machine", "ponte-values"], never: CLOUD },
    Rule { package: "ponte-web", may: &["ponte-machine", "ponte-pki", "ponte-values"], never: AWS },
    Rule { package: "ponte-directory", may: UNDER_A_SERVER, never: AWS },
    Rule { package: "ponte-bank", may: UNDER_A_SERVER, never: AWS },
    Rule { package: "ponte-metrics-platform", may: METRICS_PLATFORM, never: AWS },
    Rule { package: "ponte-participant", may: PARTICIPANT, never: AWS },
    Rule { package: "ponte-world", may: WORLD, never: AWS },
    Rule { package: "ponte-local", may: LOCAL, never: &[] },
    Rule { package: "ponte-demo", may: DEMO, never: &[] },
    Rule { package: "ponte-cli", may: EVERYTHING, never: &[] },
    Rule { package: "ponte-tests", may: EVERYTHING, never: &[] },
];

/// What only tests, the local cloud and the sandbox may depend on.
const TOP: [&str; 12] = [
    "ponte-bank",
    "ponte-cli",
    "ponte-demo",
    "ponte-directory",
    "ponte-local",
    "ponte-machine",
    "ponte-metrics-platform",
    "ponte-participant",
    "ponte-pki",
    "ponte-tests",
    "ponte-web",
    "ponte-world",
];

/// What `cargo metadata` says of the house.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "Option<String>")]
enum Kind {
    /// Of the finished crate or its build script.
    Finished,
    /// Of its tests alone.
    Tests,
}

impl From<Option<String>> for Kind {
    fn from(kind: Option<String>) -> Self {
        if kind.as_deref() == Some("dev") { Self::Tests } else { Self::Finished }
    }
}

/// What is wrong with `package` depending on `dependency`.
fn fault(rule: &Rule, dependency: &str, kind: Kind) -> Option<String> {
    let package = rule.package;
    if dependency.starts_with("ponte-") && !rule.may.contains(&dependency) {
        return Some(format!("{package} must not import {dependency}"));
    }
    if TOP.contains(&dependency) && !TOP.contains(&package) {
        return Some(format!("nothing but {TOP:?} imports {dependency}, {package} does"));
    }
    let foreign = kind == Kind::Finished && rule.never.iter().any(|never| dependency.starts_with(never));
    foreign.then(|| format!("{package} must stay free of {dependency}"))
}

#[test]
fn import_table_is_held() {
    let metadata = checkout::cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Metadata = serde_json::from_str(&metadata).expect("cargo metadata answers in JSON");
    let table: BTreeMap<&str, &Rule> = TABLE.iter().map(|rule| (rule.package, rule)).collect();
    let mut faults = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let Some(rule) = table.get(name) else {
            faults.push(format!("{name} has no row in the import table"));
            continue;
        };
        faults.extend(package.dependencies.iter().filter_map(|d| fault(rule, &d.name, d.kind)));
    }
    let missing = TABLE.iter().filter(|rule| !metadata.packages.iter().any(|p| p.name == rule.package));
    faults.extend(missing.map(|rule| format!("{} is in the table but not in the workspace", rule.package)));
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn import_table_refuses_every_forbidden_direction() {
    let table: BTreeMap<&str, &Rule> = TABLE.iter().map(|rule| (rule.package, rule)).collect();
    let forbidden = [
        ("ponte-values", "ponte-domain"),
        ("ponte-values", "tokio"),
        ("ponte-values", "aws-lc-rs"),
        ("ponte-domain", "ponte-catalog"),
        ("ponte-domain", "http"),
        ("ponte-domain", "aws-sdk-sqs"),
        ("ponte-catalog", "ponte-domain"),
        ("ponte-fapi", "ponte-edge"),
        ("ponte-fapi", "reqwest"),
        ("ponte-edge", "ponte-adapters"),
        ("ponte-edge", "aws-sdk-dynamodb"),
        ("ponte-adapters", "ponte-edge"),
        ("ponte-adapters", "ponte-catalog"),
        ("ponte-data", "ponte-oauth"),
        ("ponte-data", "ponte-bank"),
        ("ponte-bank", "ponte-world"),
        ("ponte-bank", "ponte-edge"),
        ("ponte-metrics-platform", "ponte-participant"),
        ("ponte-world", "ponte-local"),
        ("ponte-local", "ponte-oauth"),
        ("ponte-demo", "ponte-local"),
        ("ponte-data", "aws-sdk-dynamodb"),
        ("ponte-oauth", "reqwest"),
        ("ponte-fapi", "ponte-tests"),
    ];
    for (package, dependency) in forbidden {
        assert!(fault(table[package], dependency, Kind::Finished).is_some(), "{package} → {dependency}");
    }
    assert_eq!(fault(table["ponte-data"], "ponte-edge", Kind::Finished), None);
    assert!(fault(table["ponte-values"], "ponte-pki", Kind::Tests).is_some());
}

/// Names that a line of a function's library must not contain.
const LIBRARY_NEVER_NAMES: [&str; 7] = [
    "ponte_adapters",
    "aws_sdk",
    "aws_smithy",
    "aws_config",
    "aws_lambda_events",
    "lambda_runtime",
    "reqwest",
];

fn named(text: &str) -> impl Iterator<Item = &'static str> {
    LIBRARY_NEVER_NAMES.into_iter().filter(|name| text.contains(name))
}

#[test]
fn libraries_of_functions_know_ports_only() {
    let faults: Vec<String> = checkout::files()
        .iter()
        .filter(|file| {
            file.path.starts_with("functions/") && file.is_rust() && !file.path.ends_with("/src/main.rs")
        })
        .flat_map(|file| named(&file.text).map(|name| format!("{} names {name}", file.path)))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(named("use ponte_adapters::dynamo;").collect::<Vec<_>>(), ["ponte_adapters"]);
}
