//! The import table: which crate may import which, read from `cargo metadata` and from the sources of the functions
//! (docs/architecture.md).
//!
//! A crate imports lower floors and nothing of its own. Functions, `tests` and what puts all together in `infra` have their
//! floor by their folder, so that a new one needs no row.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::checkout;

/// Floors of the crates in `shared` and of those outside that others outside build on. A new one of `shared` needs a row
/// here: deciding it is the point.
const FLOORS: &[(&str, u8)] = &[
    ("ponte-values", 1),
    ("ponte-ports", 2),
    ("ponte-fapi", 2),
    ("ponte-records", 2),
    ("ponte-catalog", 3),
    ("ponte-metrics", 3),
    ("ponte-authorization", 3),
    ("ponte-data-consent", 4),
    ("ponte-payment", 4),
    ("ponte-refusals", 5),
    ("ponte-cloud", 5),
    ("ponte-store", 6),
    ("ponte-outbound", 6),
    ("ponte-edge", 6),
    ("ponte-machine", 8),
    ("ponte-pki", 9),
    ("ponte-web", 10),
    ("ponte-directory", 11),
    ("ponte-bank", 11),
    ("ponte-metrics-platform", 11),
    ("ponte-participant", 12),
    ("ponte-payment-core", 12),
    ("ponte-layer-check", 12),
    ("ponte-connector-check", 13),
    ("ponte-world", 13),
    ("ponte-local", 14),
    ("ponte-demo", 14),
    (KIT, 5),
];
/// Floor of everything in `functions`.
const FUNCTIONS: u8 = 7;
/// Floor of everything else in `infra`, which puts functions, cloud and world together.
const COMPOSITION: u8 = 15;
/// Floor of the tests of the whole project.
const TESTS: u8 = 16;
/// Test doubles, which crates of any floor may use in their tests.
const KIT: &str = "ponte-kit";

/// Async runtimes, AWS and HTTP: what no crate up to the nouns may depend on, by the beginning of its name. `tokio` is
/// let in to `ports` for its locks alone.
const WORLD: &[&str] = &[
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
/// The highest floor of a noun.
const NOUNS: u8 = 4;
const LAMBDA: &[&str] = &["aws_lambda_events", "lambda_http", "lambda_runtime"];
const SDKS: &[&str] = &["aws-config", "aws-credential", "aws-sdk", "aws-smithy", "reqwest"];

/// Crates whose own tests use the kit: if it imported them, they would be in those tests twice.
const UNDER_TEST: &[&str] = &["ponte-cloud", "ponte-store", "ponte-outbound", "ponte-edge"];

/// Further imports that are forbidden to a crate: its name, and beginnings of names.
const NEVER: &[(&str, &[&str])] = &[
    ("ponte-values", &["async", "aws", "futures", "rustls"]),
    ("ponte-edge", SDKS),
    ("ponte-edge", &["ponte-cloud"]),
    // A noun reaches the guard by its `Authority`; refusals are the one crate that names them all.
    (
        "ponte-edge",
        &["ponte-data-consent", "ponte-payment", "ponte-recurring", "ponte-enrollment", "ponte-receiver"],
    ),
    ("ponte-cloud", LAMBDA),
    ("ponte-cloud", &["ponte-catalog", "reqwest"]),
    ("ponte-store", LAMBDA),
    ("ponte-store", &["ponte-catalog", "reqwest"]),
    ("ponte-outbound", LAMBDA),
    ("ponte-outbound", &["ponte-catalog"]),
    (KIT, UNDER_TEST),
    // The world stands for other people's software: it knows the wire and nothing of how we answer.
    ("ponte-machine", THE_HOUSE_INSIDE),
    ("ponte-pki", THE_HOUSE_INSIDE),
    ("ponte-web", THE_HOUSE_INSIDE),
    ("ponte-directory", THE_HOUSE_INSIDE),
    ("ponte-bank", THE_HOUSE_INSIDE),
    ("ponte-metrics-platform", THE_HOUSE_INSIDE),
    ("ponte-participant", THE_HOUSE_INSIDE),
    ("ponte-payment-core", THE_HOUSE_INSIDE),
    ("ponte-world", THE_HOUSE_INSIDE),
    // It judges what others wrote, over a transport of its caller's.
    ("ponte-layer-check", THE_HOUSE_INSIDE),
    ("ponte-layer-check", &["hyper", "reqwest"]),
    ("ponte-connector-check", &["hyper", "reqwest"]),
];
/// Knows no function: it starts what the template names.
const LOCAL_CLOUD: &str = "ponte-local";
/// Crates of ours that no part of the sandbox imports.
const THE_HOUSE_INSIDE: &[&str] = &[
    "ponte-authorization",
    "ponte-cloud",
    "ponte-data-consent",
    "ponte-edge",
    "ponte-outbound",
    "ponte-payment",
    "ponte-refusals",
    "ponte-store",
    "aws-sdk",
    "lambda_runtime",
];
/// Functions reach the world through ports; `main.rs` reaches it through `cloud`, `store` and `outbound`.
const NOT_IN_A_FUNCTION: &[&str] =
    &["aws-config", "aws-credential", "aws-sdk", "aws-smithy", "hyper", "reqwest"];

/// A package of the workspace, as far as the rules look at it.
#[derive(Clone, Copy)]
struct Room<'a> {
    name: &'a str,
    floor: u8,
}

/// The floor of a package; none if it has no row.
fn room<'a>(name: &'a str, folder: &str) -> Option<Room<'a>> {
    let floor = match folder.split('/').next() {
        Some("functions") => FUNCTIONS,
        Some("tests") if name != KIT => TESTS,
        Some(outermost) => {
            let row = FLOORS.iter().find(|(known, _)| *known == name).map(|(_, floor)| *floor);
            row.or((outermost == "infra").then_some(COMPOSITION))?
        }
        None => return None,
    };
    Some(Room { name, floor })
}

/// The fault of one of our packages depending on another one.
fn fault(package: Room<'_>, dependency: Room<'_>, kind: Kind) -> Option<String> {
    let as_kit = dependency.name == KIT && kind == Kind::Tests;
    let started = package.name == LOCAL_CLOUD && dependency.floor == FUNCTIONS;
    let below = dependency.floor < package.floor && !started;
    let allowed = if dependency.name == KIT { as_kit || package.floor == TESTS } else { below };
    (!allowed).then(|| {
        format!(
            "{} (floor {}) must not import {} (floor {})",
            package.name, package.floor, dependency.name, dependency.floor
        )
    })
}

/// The fault of a package depending on a crate of this name, ours or foreign.
fn banned(package: Room<'_>, dependency: &str, kind: Kind) -> Option<String> {
    // Crates of ours stand there by their whole names: one may begin as another does.
    let is = |name: &str| dependency == name || !name.starts_with("ponte-") && dependency.starts_with(name);
    let begins = |names: &[&str]| names.iter().any(|name| is(name));
    let listed = NEVER.iter().any(|(name, names)| *name == package.name && begins(names));
    let world =
        package.floor <= NOUNS && begins(WORLD) && (package.name, dependency) != ("ponte-ports", "tokio");
    let function = package.floor == FUNCTIONS && begins(NOT_IN_A_FUNCTION);
    let foreign = kind != Kind::Tests && (listed || world || function);
    foreign.then(|| format!("{} must stay free of {dependency}", package.name))
}

/// The workspace as `cargo metadata` describes it.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    workspace_root: String,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Kind,
}

/// Whether the finished crate needs a dependency, or its tests alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(from = "Option<String>")]
enum Kind {
    Finished,
    Tests,
}

impl From<Option<String>> for Kind {
    fn from(kind: Option<String>) -> Self {
        if kind.as_deref() == Some("dev") { Self::Tests } else { Self::Finished }
    }
}

fn metadata() -> Metadata {
    let json = checkout::cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    serde_json::from_str(&json).expect("cargo metadata is JSON")
}

/// Folder of a package below the root.
fn folder(metadata: &Metadata, package: &Package) -> String {
    let manifest = Path::new(&package.manifest_path);
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(&metadata.workspace_root).ok());
    folder.expect("a package lies in the workspace").to_string_lossy().replace('\\', "/")
}

#[test]
fn import_table_is_held() {
    let metadata = metadata();
    let packages = &metadata.packages;
    let folders: BTreeMap<&str, String> =
        packages.iter().map(|package| (package.name.as_str(), folder(&metadata, package))).collect();
    let rooms: BTreeMap<&str, Option<Room<'_>>> =
        folders.iter().map(|(name, folder)| (*name, room(name, folder))).collect();
    let mut faults = Vec::new();
    for package in packages {
        let Some(own) = rooms[package.name.as_str()] else {
            faults.push(format!("{} has no floor in the import table", package.name));
            continue;
        };
        for dependency in &package.dependencies {
            faults.extend(banned(own, &dependency.name, dependency.kind));
            let other = rooms.get(dependency.name.as_str()).copied().flatten();
            faults.extend(other.and_then(|other| fault(own, other, dependency.kind)));
        }
    }
    let missing = FLOORS.iter().filter(|(name, _)| !rooms.contains_key(name));
    faults.extend(missing.map(|(name, _)| format!("{name} is in the table but not in the workspace")));
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn import_table_refuses_every_forbidden_direction() {
    let room = |name: &'static str, folder| room(name, folder).expect("a known package");
    let shared = |name| room(name, "shared/x");
    let data = room("ponte-data", "functions/data");
    let oauth = room("ponte-oauth", "functions/oauth");
    let world = room("ponte-world", "infra/sandbox/world");
    let forbidden = [
        (shared("ponte-values"), shared("ponte-ports")),
        (shared("ponte-ports"), shared("ponte-fapi")),
        (shared("ponte-metrics"), shared("ponte-authorization")),
        (shared("ponte-authorization"), shared("ponte-data-consent")),
        (shared("ponte-catalog"), shared("ponte-metrics")),
        (shared("ponte-fapi"), shared("ponte-edge")),
        (shared("ponte-edge"), shared("ponte-store")),
        (shared("ponte-store"), shared("ponte-edge")),
        (shared("ponte-store"), shared("ponte-outbound")),
        (shared("ponte-cloud"), shared("ponte-store")),
        (data, oauth),
        (data, world),
        (shared("ponte-fapi"), world),
        (room("ponte-bank", "infra/sandbox/bank"), room("ponte-directory", "infra/sandbox/directory")),
        (room("ponte-local", "infra/local"), room("ponte-cli", "infra/cli")),
        (room("ponte-local", "infra/local"), data),
        (shared("ponte-store"), room(KIT, "tests/kit")),
        (data, room(KIT, "tests/kit")),
        (room("ponte-local", "infra/local"), room("ponte-to-come", "functions/to-come")),
    ];
    for (package, dependency) in forbidden {
        let fault = fault(package, dependency, Kind::Finished);
        assert!(fault.is_some(), "{} → {}", package.name, dependency.name);
    }
    assert_eq!(fault(data, shared("ponte-edge"), Kind::Finished), None);
    assert_eq!(fault(room("ponte-cli", "infra/cli"), data, Kind::Finished), None);
    let names = [
        (shared("ponte-values"), "tokio"),
        (shared("ponte-ports"), "http"),
        (shared("ponte-data-consent"), "aws-sdk-sqs"),
        (shared("ponte-fapi"), "reqwest"),
        (shared("ponte-edge"), "aws-sdk-dynamodb"),
        (shared("ponte-edge"), "ponte-data-consent"),
        (shared("ponte-edge"), "ponte-cloud"),
        (shared("ponte-outbound"), "ponte-catalog"),
        (shared("ponte-store"), "reqwest"),
        (shared("ponte-cloud"), "reqwest"),
        (shared("ponte-cloud"), "lambda_runtime"),
        (data, "aws-sdk-dynamodb"),
        (oauth, "reqwest"),
        (room(KIT, "tests/kit"), "ponte-edge"),
        (world, "ponte-edge"),
    ];
    for (package, dependency) in names {
        assert!(banned(package, dependency, Kind::Finished).is_some(), "{} → {dependency}", package.name);
    }
    assert_eq!(banned(shared("ponte-ports"), "tokio", Kind::Finished), None);
}

/// Names that a line of a function's library must not contain.
const LIBRARY_NEVER_NAMES: [&str; 9] = [
    "ponte_cloud",
    "ponte_store",
    "ponte_outbound",
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
    assert_eq!(named("use ponte_store::Dynamo;").collect::<Vec<_>>(), ["ponte_store"]);
}
