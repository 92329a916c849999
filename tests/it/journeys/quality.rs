//! The gate of the data APIs over a running stack: a record that breaks the standard does not leave, and operators and the back
//! office are told of the field and the rule that it broke, never of what it said.

use std::path::Path;

use ponte_machine::clock;
use ponte_participant::DataRequest;
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use super::steps::{ACCOUNTS, World, want};
use super::systems::{System, issue};
use crate::stack::{self, Stack};

const FINDINGS: &str = "/open-banking/oob-quality/v1/findings?api=accounts";
/// What the bank says in the place of an amount: nobody but the receiver of a tolerant institution ever reads it.
const BAD: &str = "segredo-76109277673";

/// A customer who shares her accounts, and the balances of one of them.
struct Shared {
    world: World,
    token: String,
    consent: String,
    balances: String,
}

impl Shared {
    async fn with(stack: &Stack) -> Self {
        let world = World::around(stack).await;
        let own = world.client_token().await;
        let consent = world.create_consent(&own).await;
        let token = world.agree(&world.log_in(&consent).await).await.access;
        let listed = want(200, "accounts", world.accounts(&token, &consent).await).json();
        let account = listed["data"][0]["accountId"].as_str().expect("an account");
        let balances = format!("{ACCOUNTS}/{account}/balances");
        Self { world, token, consent, balances }
    }

    async fn balances(&self) -> Reply {
        let (path, token, consent) = (self.balances.as_str(), self.token.as_str(), self.consent.as_str());
        let asked = DataRequest { path, template: ACCOUNTS, token, consent, without_interaction: false };
        self.world.receiver.get(&asked).await.expect("the data API answers")
    }

    /// The balances once more, of which the bank tells one as text that is no amount.
    async fn bad_balances(&self) -> Reply {
        let mut told = want(200, "good balances", self.balances().await).json();
        told["data"]["availableAmount"]["amount"] = BAD.into();
        let body = json!({ "data": told["data"], "meta": told["meta"] }).to_string();
        let bad = json!({ "kind": "body", "body": body, "path": "/accounts/balances", "times": 1 });
        self.world.order("/bank_core", &bad).await;
        self.balances().await
    }
}

/// `ponte quality --json`.
fn counted(folder: &Path) -> Value {
    let output = stack::run(folder, &["quality", "--json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON and nothing else")
}

/// What was counted of so many bad balances.
fn expected(calls: u64) -> Value {
    json!([{
        "day": clock::now().date_brasilia().to_string(),
        "api": "accounts",
        "endpoint": "/accounts/{accountId}/balances",
        "calls": calls,
        "findings": [{ "path": "data.availableAmount.amount", "rule": "pattern", "count": calls }],
    }])
}

/// Lines of the data function about what its gate found.
fn lines_of_the_gate(folder: &Path) -> Vec<String> {
    let log = std::fs::read_to_string(folder.join("logs/data.log")).expect("the log can be read");
    assert!(!log.contains(BAD), "a value is in the log");
    let about = |line: &&str| line.contains("records of the institution break the standard");
    log.lines().filter(about).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_record_is_kept_in_or_counted_and_its_field_and_rule_are_told_to_operators_and_the_back_office()
{
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let strict = Shared::with(&stack).await;
    assert_eq!(counted(folder.path()), json!([]));

    let refused = want(500, "a strict institution", strict.bad_balances().await);
    let body = refused.json();
    assert_eq!(body["errors"][0]["code"], "ERRO_INTERNO", "{body}");
    for name in ["title", "detail"] {
        assert!(body["errors"][0][name].as_str().is_some_and(|text| !text.is_empty()), "{name}: {body}");
    }
    assert!(body["meta"]["requestDateTime"].is_string() && body.get("data").is_none(), "{body}");
    assert!(!body.to_string().contains(BAD), "{body}");
    want(200, "the next call", strict.balances().await);

    assert_eq!(counted(folder.path()), expected(1));
    let lines = lines_of_the_gate(folder.path());
    assert!(lines.len() == 1 && lines[0].contains("data.availableAmount.amount"), "{lines:?}");
    let office = System::named(&stack, "backoffice");
    let (_, key) = issue(&stack, &strict.world.plain, "backoffice", &["quality:read"]).await;
    let listed = want(200, "findings", office.with_key(&key).get(FINDINGS, &[]).await).json();
    assert_eq!(listed["data"], expected(1));
    let (_, other) = issue(&stack, &strict.world.plain, "backoffice", &["pcm:read"]).await;
    want(403, "a key without the scope", office.with_key(&other).get(FINDINGS, &[]).await);

    // The same institution passes on and counts on, beside what was counted before.
    stack.kill();
    let stack = Stack::up_with(folder.path(), &["DataQuality=tolerant"]);
    let tolerant = Shared::with(&stack).await;
    let passed = want(200, "a tolerant institution", tolerant.bad_balances().await).json();
    assert_eq!(passed["data"]["availableAmount"]["amount"], BAD);
    assert_eq!(counted(folder.path()), expected(2));
    let listed =
        want(200, "findings", System::named(&stack, "backoffice").with_key(&key).get(FINDINGS, &[]).await);
    assert_eq!(listed.json()["data"], expected(2));
    lines_of_the_gate(folder.path());
}
