//! Calls that are made of the official OpenAPI files by a program of somebody else (`tests/schemathesis`), over real mTLS; every answer
//! is judged by the file. Opt-in: `PONTE_SCHEMATHESIS=1`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use serde_json::Value;

use super::steps::{World, want};
use crate::checkout;
use crate::stack::Stack;

/// Name, OpenAPI file, and where it is served on the mTLS host.
const APIS: [(&str, &str, &str); 4] = [
    ("consents", "consents-3.3.1.yml", "/open-banking/consents/v3"),
    ("resources", "resources-3.1.0.yml", "/open-banking/resources/v3"),
    ("accounts", "accounts-2.5.1.yml", "/open-banking/accounts/v2"),
    ("registration", "dcr-dcm-2.0.1.yml", "/auth"),
];

/// The same calls in every run, as far as its time goes.
const SEED: &str = "20260301";

/// A finding that is known, with its reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Conflict {
    api: String,
    /// The tool's code of the finding.
    code: String,
    /// As the tool writes them: `GET /consents/{consentId}`.
    operations: Vec<String>,
    reason: String,
}

#[derive(Deserialize)]
struct Report {
    test_cases: Cases,
    operations: Operations,
    failures: Vec<Failure>,
    errors: Vec<Value>,
}

#[derive(Deserialize)]
struct Cases {
    generated: u64,
}

#[derive(Deserialize)]
struct Operations {
    selected: u64,
    tested: u64,
}

#[derive(Deserialize)]
struct Failure {
    code: String,
    title: String,
    operations: Vec<String>,
}

/// The program and the folder of OpenAPI files; `None` after saying on stderr what is missing.
fn ready() -> Option<(PathBuf, PathBuf)> {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let program = checkout::root().join(".venv/schemathesis/bin/schemathesis");
    let specs = std::env::var_os("PONTE_SPECS")
        .map_or_else(|| checkout::root().join("../shared/specs"), PathBuf::from);
    let asked = variable("PONTE_SCHEMATHESIS") == "1";
    let missing = if !asked {
        "PONTE_SCHEMATHESIS=1 runs it".to_owned()
    } else if !program.is_file() {
        assert!(variable("CI") != "true", "{} is missing", program.display());
        format!("{} is missing, tests/schemathesis/README.md says how to install it", program.display())
    } else if !specs.is_dir() {
        "the OpenAPI files are absent, PONTE_SPECS names their folder".to_owned()
    } else {
        return Some((program, specs));
    };
    // Not println!, which nobody sees of a test that passes.
    let _ = writeln!(std::io::stderr(), "skipped: schemathesis: {missing}");
    None
}

/// What the configuration of an API names.
async fn variables(stack: &Stack, world: &World) -> Vec<(&'static str, String)> {
    let own = world.client_token().await;
    let consent = world.create_consent(&own).await;
    let tokens = world.agree(&world.log_in(&consent).await).await;
    let accounts = want(200, "accounts", world.accounts(&tokens.access, &consent).await).json();
    let account = accounts["data"][0]["accountId"].as_str().expect("the customer has an account");
    vec![
        ("PONTE_CA", stack.text("/ca_file").to_owned()),
        ("PONTE_CLIENT_TOKEN", own.clone()),
        ("PONTE_CUSTOMER_TOKEN", tokens.access),
        ("PONTE_CONSENT", consent),
        ("PONTE_OTHER_CONSENT", world.create_consent(&own).await),
        ("PONTE_ACCOUNT", account.to_owned()),
        ("PONTE_REGISTRATION_TOKEN", stack.text("/clients/1/registration_access_token").to_owned()),
        ("PONTE_CLIENT", stack.text("/clients/1/client_id").to_owned()),
    ]
}

#[tokio::test]
async fn schemathesis_finds_nothing_in_consents_resources_accounts_and_registration() {
    let Some((program, specs)) = ready() else { return };
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let variables = variables(&stack, &world).await;
    let known = conflicts();
    let mut unknown = Vec::new();
    for (api, file, path) in APIS {
        // Registration belongs to a client of its own, so that the other one keeps its tokens.
        let client = usize::from(api == "registration");
        let text = |name: &str| stack.text(&format!("/clients/{client}/{name}")).to_owned();
        let mut command = Command::new(&program);
        command
            .arg("--config-file")
            .arg(checkout::root().join(format!("tests/schemathesis/{api}.toml")))
            .arg("run")
            .arg(specs.join(file))
            .args(["--no-color", "--generation-database", "none", "--seed", SEED, "--report", "json"])
            .arg("--report-json-path")
            .arg(folder.path().join(format!("{api}.json")))
            .envs(variables.iter().map(|(name, value)| (*name, value.as_str())))
            .env("SCHEMATHESIS_HOOKS", checkout::root().join("tests/schemathesis/hooks.py"))
            .env("PONTE_BASE", format!("{}{path}", stack.text("/hosts/mtls")))
            .env("PONTE_CERTIFICATE", text("transport_cert"))
            .env("PONTE_PRIVATE_KEY", text("transport_key"))
            .current_dir(folder.path())
            .stdin(Stdio::null());
        let output = command.output().expect("the program starts");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let report = report(&folder.path().join(format!("{api}.json")))
            .unwrap_or_else(|| panic!("{api}: no report: {said}{}", String::from_utf8_lossy(&output.stderr)));
        assert!(report.errors.is_empty(), "{api}: {:?}\n{said}", report.errors);
        assert_eq!(report.operations.tested, report.operations.selected, "{api}");
        println!("{api}: {} calls, {} findings", report.test_cases.generated, report.failures.len());
        assert!(report.test_cases.generated > 50, "{api}: {} calls are too few", report.test_cases.generated);
        let found: Vec<String> =
            report.failures.iter().flat_map(|failure| unlisted(api, failure, &known)).collect();
        if !found.is_empty() {
            unknown.push(format!("{}\n{said}", found.join("\n")));
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
}

fn report(path: &Path) -> Option<Report> {
    serde_json::from_slice(&std::fs::read(path).ok()?).ok()
}

fn conflicts() -> Vec<Conflict> {
    let path = checkout::root().join("tests/schemathesis/conflicts.yaml");
    let text = std::fs::read_to_string(path).expect("the list of conflicts can be read");
    serde_yaml_ng::from_str(&text).expect("the list of conflicts has its form")
}

/// A line for each operation of a finding that no conflict names.
fn unlisted(api: &str, failure: &Failure, known: &[Conflict]) -> Vec<String> {
    let listed = |operation: &String| {
        known.iter().any(|conflict| {
            (conflict.api.as_str(), &conflict.code) == (api, &failure.code)
                && conflict.operations.contains(operation)
        })
    };
    let unlisted = failure.operations.iter().filter(|operation| !listed(operation));
    unlisted.map(|operation| format!("{api}: {} {} {operation}", failure.code, failure.title)).collect()
}

#[test]
fn every_conflict_has_its_reason_and_is_about_an_api_that_is_called() {
    for conflict in conflicts() {
        assert!(APIS.iter().any(|(api, ..)| *api == conflict.api), "{conflict:?}");
        assert!(!conflict.operations.is_empty() && conflict.reason.len() > 20, "{conflict:?}");
    }
}

#[test]
fn what_no_conflict_names_is_told() {
    let known: Vec<Conflict> = serde_json::from_value(serde_json::json!([
        { "api": "accounts", "code": "ST204", "operations": ["TRACE /a"], "reason": "a reason" }
    ]))
    .expect("a list");
    let failure = |code: &str| Failure {
        code: code.to_owned(),
        title: "Wrong".to_owned(),
        operations: vec!["TRACE /a".to_owned(), "GET /b".to_owned()],
    };
    assert_eq!(unlisted("accounts", &failure("ST204"), &known), ["accounts: ST204 Wrong GET /b"]);
    assert_eq!(unlisted("accounts", &failure("ST100"), &known).len(), 2);
    assert_eq!(unlisted("consents", &failure("ST204"), &known).len(), 2);
}
