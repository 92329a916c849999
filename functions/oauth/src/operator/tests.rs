//! The commands as an operator sends them: what they answer, what they refuse, and that nothing secret is kept or told.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use ponte_authorization::api_key::{ApiKeyFault, ApiScope, KeyMismatch, KeyStatus, parse};
use ponte_edge::Operator as _;
use ponte_fapi::secret;
use ponte_kit::api_keys::ApiKeysInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::port_failures::is_of_a_port;
use ponte_ports::Clock as _;
use ponte_ports::audit::{OperatorAction, OperatorIdentity, OperatorReason};
use serde_json::{Value, json};

use super::fault::COMMANDS;
use super::*;
use crate::commands::{Command, KeyList, KeyView};
use crate::testing::{Memory, after, now};

const APP: &str = "app.banco.example";

struct Office {
    kept: Arc<ApiKeysInMemory>,
    clock: Arc<ManualClock>,
    operator: OperatorPorts,
    action: OperatorAction,
}

impl Office {
    fn new() -> Self {
        let (kept, clock) = (Arc::new(ApiKeysInMemory::default()), Arc::new(ManualClock::at(now())));
        let operator = OperatorPorts {
            keys: kept.clone(),
            clients: Arc::<Memory>::default(),
            clock: clock.clone(),
            ids: clock.clone(),
            pauses: clock.clone(),
        };
        let action = OperatorAction {
            by: Some(OperatorIdentity::stated("ana").unwrap()),
            reason: Some(OperatorReason::parse("new app").unwrap()),
            ..OperatorAction::default()
        };
        Self { kept, clock, operator, action }
    }

    async fn try_run(&self, command: &Value) -> Result<Value, String> {
        let raw = serde_json::value::to_raw_value(command).unwrap();
        self.operator.run(&raw, &self.action).await.map_err(|error| error.to_string())
    }

    async fn run(&self, command: Value) -> Value {
        self.try_run(&command).await.unwrap()
    }

    async fn refused(&self, command: Value) -> String {
        self.try_run(&command).await.unwrap_err()
    }

    async fn issue(&self) -> Value {
        self.run(
            json!({"operator": "api-key.issue", "caller": APP, "scopes": ["oob_consents:read", "pcm:read"]}),
        )
        .await
    }

    /// Whether the text of a key opens something at this moment.
    fn opens(&self, text: &str) -> Result<(), ApiKeyFault> {
        let (id, secret) = parse(text).unwrap();
        let key = self.kept.keys.lock().unwrap()[&id].clone();
        key.admits(&secret::hash(secret), APP, &[ApiScope::ConsentsRead], self.clock.now())
    }
}

#[tokio::test]
async fn a_key_is_issued_rotated_and_revoked() {
    let office = Office::new();
    let issued = office.issue().await;
    let first = issued["key"].as_str().unwrap();
    assert_eq!(issued["scopes"], json!(["oob_consents:read", "pcm:read"]));
    assert_eq!((&issued["caller"], &issued["status"]), (&json!(APP), &json!("ACTIVE")));
    assert!(first.starts_with(&format!("ponte_{}_", issued["id"].as_str().unwrap())), "{first}");
    assert_eq!(office.opens(first), Ok(()));

    let id = &issued["id"];
    let rotated = office.run(json!({"operator": "api-key.rotate", "id": id, "graceSeconds": 60})).await;
    let second = rotated["key"].as_str().unwrap();
    assert_eq!(rotated["formerSecretUntil"], "2026-06-01T12:01:00.000Z");
    assert_ne!(first, second);
    assert_eq!((office.opens(first), office.opens(second)), (Ok(()), Ok(())));
    office.clock.set(after(60));
    let over = Err(ApiKeyFault::Unauthenticated(KeyMismatch::Secret));
    assert_eq!((office.opens(first), office.opens(second)), (over, Ok(())));

    let revoked = office.run(json!({"operator": "api-key.revoke", "id": id})).await;
    assert_eq!((&revoked["status"], revoked.get("key")), (&json!("REVOKED"), None));
    assert_eq!(office.opens(second), Err(ApiKeyFault::Unauthenticated(KeyMismatch::Revoked)));
    let actions: Vec<_> =
        office.kept.changes.lock().unwrap().iter().map(|(change, _)| change.audit.action).collect();
    assert_eq!(actions, ["api-key.issued", "api-key.rotated", "api-key.revoked"]);
    assert!(office.kept.changes.lock().unwrap().iter().all(|(_, id)| id.len() == 36), "a fresh UUID each");
}

#[tokio::test]
async fn a_rotation_that_names_no_grace_leaves_a_day() {
    let office = Office::new();
    let id = office.issue().await["id"].clone();
    let rotated = office.run(json!({"operator": "api-key.rotate", "id": id})).await;
    assert_eq!(rotated["formerSecretUntil"], "2026-06-02T12:00:00.000Z");
    let rotated = office.run(json!({"operator": "api-key.rotate", "id": id, "graceSeconds": 0})).await;
    assert_eq!(rotated.get("formerSecretUntil"), None);
    assert!(
        office
            .try_run(&json!({"operator": "api-key.rotate", "id": id, "graceSeconds": 604_800}))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn the_list_shows_every_key_and_neither_secrets_nor_hashes() {
    let office = Office::new();
    assert_eq!(office.run(json!({"operator": "api-key.list"})).await, json!({"keys": []}));
    let first = office.issue().await;
    let id = &first["id"];
    let second = office.run(json!({"operator": "api-key.rotate", "id": id})).await;
    let brief = json!({"operator": "api-key.issue", "caller": "Escritório", "scopes": ["oob_customer"],
        "expiresAt": "2026-06-01T09:00:01-03:00"});
    office.run(brief).await;
    office.clock.set(after(1));
    let listed = office.run(json!({"operator": "api-key.list"})).await;
    let status: Vec<_> = listed["keys"].as_array().unwrap().iter().map(|key| key["status"].clone()).collect();
    assert_eq!(status, ["ACTIVE", "EXPIRED"]);
    assert_eq!(listed["keys"][1]["expiresAt"], "2026-06-01T12:00:01.000Z");
    let everything = format!("{listed} {:?}", office.kept.changes.lock().unwrap());
    for shown in [&first, &second] {
        let (_, secret) = parse(shown["key"].as_str().unwrap()).unwrap();
        assert!(!everything.contains(secret) && !everything.contains(&secret::hash(secret)));
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_clearly_and_changes_nothing() {
    let office = Office::new();
    let good = json!({"operator": "api-key.issue", "caller": APP, "scopes": ["pcm:read"]});
    let with = |name: &str, value: Value| {
        let mut command = good.clone();
        command[name] = value;
        command
    };
    for (command, words) in [
        (with("caller", json!("")), "caller: 1 to 64"),
        (with("caller", json!("a".repeat(65))), "caller: 1 to 64"),
        (with("caller", json!("a\nb")), "caller: 1 to 64"),
        (with("caller", json!(" a")), "caller: 1 to 64"),
        (with("scopes", json!([])), "scopes: at least one"),
        (with("scopes", json!(["pcm:read", "admin"])), "there are oob_consents:read, oob_consents:write,"),
        (with("expiresAt", json!("2026-06-01T12:00:00Z")), "expiresAt: a date-time"),
        (with("expiresAt", json!("tomorrow")), "expiresAt: a date-time"),
        (with("scope", json!("pcm:read")), "api-key.issue: a member is missing, unknown"),
        (with("caller", json!(1)), "api-key.issue: a member is missing, unknown"),
        (json!({"operator": "api-key.issue"}), "it takes caller, scopes (a list)"),
        (json!({"operator": "api-key.list", "id": "x"}), "api-key.list: a member"),
    ] {
        let refusal = office.refused(command.clone()).await;
        assert!(refusal.contains(words), "{command}: {refusal}");
    }
    assert!(office.kept.changes.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_key_that_is_not_there_or_is_over_does_not_change() {
    let office = Office::new();
    let id = office.issue().await["id"].clone();
    for (grace, words) in
        [(json!(604_801), "0 to 604800"), (json!(-1), "a member"), (json!("60"), "a member")]
    {
        let refusal =
            office.refused(json!({"operator": "api-key.rotate", "id": id, "graceSeconds": grace})).await;
        assert!(refusal.contains(words), "{refusal}");
    }
    let unknown = json!({"operator": "api-key.revoke", "id": "0123456789abcdef"});
    assert_eq!(office.refused(unknown).await, "id: there is no such API key");
    office.kept.faster.store(true, Ordering::Relaxed);
    let late = office.refused(json!({"operator": "api-key.revoke", "id": id})).await;
    assert!(late.contains("by another command meanwhile"), "{late}");
    office.kept.faster.store(false, Ordering::Relaxed);
    office.run(json!({"operator": "api-key.revoke", "id": id})).await;
    assert_eq!(office.refused(json!({"operator": "api-key.rotate", "id": id})).await, "the key is revoked");
    let keys = office.kept.keys.lock().unwrap();
    assert!(keys.values().all(|key| key.at(now()) == KeyStatus::Revoked && key.version == 2));
}

#[tokio::test]
async fn an_unknown_command_is_answered_with_those_there_are() {
    let office = Office::new();
    for command in [json!({"operator": "api-key.show"}), json!({"operator": 1}), json!({"operator": null})] {
        let refusal = office.refused(command).await;
        assert!(
            refusal.ends_with(
                "api-key.issue, api-key.rotate, api-key.revoke, api-key.list, client.block, client.unblock, \
                 client.remove, client.reset"
            ),
            "{refusal}"
        );
    }
}

#[tokio::test]
async fn the_text_of_a_key_in_the_wrong_place_is_not_repeated() {
    let office = Office::new();
    let text = office.issue().await["key"].as_str().unwrap().to_owned();
    let (_, secret) = parse(&text).unwrap();
    for command in [
        json!({"operator": "api-key.revoke", "id": text}),
        json!({"operator": "api-key.revoke", "id": [text]}),
        json!({"operator": "api-key.rotate", "id": "x", "graceSeconds": text}),
        json!({"operator": "api-key.revoke", "id": "x", text.clone(): true}),
        json!({"operator": text}),
    ] {
        let refusal = office.refused(command).await;
        assert!(!refusal.contains(secret), "{refusal}");
    }
}

#[tokio::test]
async fn events_and_answers_are_those_of_the_types() {
    let office = Office::new();
    for name in ["api-key-issue", "api-key-list"] {
        let path = format!("{}/../../events/{name}.json", env!("CARGO_MANIFEST_DIR"));
        let mut event: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        // Who orders it and why is read before the command is.
        event.as_object_mut().unwrap().remove("by");
        let command: Command = serde_json::from_value(event.clone()).unwrap();
        assert_eq!(serde_json::to_value(command).unwrap(), event, "what is absent stays absent");
        office.run(event).await;
    }
    let issued = office.issue().await;
    let view: KeyView = serde_json::from_value(issued.clone()).unwrap();
    let rotate = Command::Rotate { id: view.id.to_string(), grace_seconds: None };
    assert_eq!(serde_json::to_value(view).unwrap(), issued);
    let rotated = office.run(serde_json::to_value(rotate).unwrap()).await;
    let view: KeyView = serde_json::from_value(rotated.clone()).unwrap();
    assert_eq!(serde_json::to_value(view).unwrap(), rotated);
    let listed = office.run(serde_json::to_value(Command::List {}).unwrap()).await;
    let list: KeyList = serde_json::from_value(listed.clone()).unwrap();
    assert_eq!((list.keys.len(), serde_json::to_value(list).unwrap()), (2, listed));
}

#[test]
fn the_list_of_commands_is_whole() {
    let commands = [
        Command::Issue { caller: APP.to_owned(), scopes: Vec::new(), expires_at: None },
        Command::Rotate { id: String::new(), grace_seconds: None },
        Command::Revoke { id: String::new() },
        Command::List {},
        Command::BlockClient { id: String::new(), reason: Some(String::new()) },
        Command::UnblockClient { id: String::new(), reason: Some(String::new()) },
        Command::RemoveClient { id: String::new(), reason: Some(String::new()) },
        Command::ResetClient { id: String::new(), reason: Some(String::new()) },
    ];
    let names = commands.map(|command| serde_json::to_value(command).unwrap()["operator"].clone());
    assert_eq!(names.to_vec(), fault::COMMANDS.map(|(name, _)| json!(name)).to_vec());
}

#[test]
fn every_command_that_can_be_read_is_in_the_list_of_commands() {
    let unknown = serde_json::from_value::<Command>(json!({ "operator": "?" }));
    let unknown = unknown.err().unwrap().to_string();
    // "unknown variant `?`, expected one of `api-key.issue`, .."
    let known: Vec<&str> = unknown.split('`').skip(3).step_by(2).collect();
    assert_eq!(known, COMMANDS.map(|(name, _)| name), "{unknown}");
}

#[test]
fn t47_a_queue_learns_which_commands_change_something_and_which_answer_a_secret() {
    let office = Office::new();
    for (name, _) in COMMANDS {
        let (secret, looks) = (matches!(name, "api-key.issue" | "api-key.rotate"), name == "api-key.list");
        let command = match name {
            "api-key.issue" => json!({"operator": name, "caller": APP, "scopes": []}),
            "api-key.list" => json!({"operator": name}),
            _ => json!({"operator": name, "id": "0123456789abcdef"}),
        };
        let kind = office.operator.kind(&serde_json::value::to_raw_value(&command).unwrap());
        let kind = kind.unwrap_or_else(|| panic!("{name}"));
        assert_eq!((kind.answers_secret, kind.changes, kind.goes_on), (secret, !looks, false), "{name}");
    }
    let other = serde_json::value::to_raw_value(&json!({"operator": "client.block"})).unwrap();
    assert_eq!(office.operator.kind(&other), None, "its id is missing");
}

#[tokio::test]
async fn t47_every_change_of_a_key_names_the_operator_and_the_reason() {
    let office = Office::new();
    let issued = office
        .run(json!({"operator": "api-key.issue", "caller": APP, "scopes": ["oob_consents:read"]}))
        .await;
    let id = issued["id"].clone();
    office.run(json!({"operator": "api-key.rotate", "id": id})).await;
    office.run(json!({"operator": "api-key.revoke", "id": id})).await;
    let changes = office.kept.changes.lock().unwrap();
    assert_eq!(changes.len(), 3);
    for row in changes.iter().map(|(change, _)| &change.audit) {
        assert_eq!(row.operator.as_ref(), Some(&office.action), "{}", row.action);
        let stored = serde_json::to_value(row).unwrap();
        let expected = json!({"name": "ana", "proven": false, "reason": "new app"});
        assert_eq!(stored["operator"], expected);
    }
}

#[tokio::test]
async fn t47_no_key_changes_without_a_name_and_a_reason_and_the_list_needs_none() {
    let mut office = Office::new();
    let id = office.issue().await["id"].clone();
    let whole = office.action.clone();
    for incomplete in [
        OperatorAction::default(),
        OperatorAction { reason: None, ..whole.clone() },
        OperatorAction { by: None, ..whole.clone() },
    ] {
        office.action = incomplete;
        for command in [
            json!({"operator": "api-key.issue", "caller": APP, "scopes": ["pcm:read"]}),
            json!({"operator": "api-key.rotate", "id": id}),
            json!({"operator": "api-key.revoke", "id": id}),
        ] {
            let refusal = office.refused(command.clone()).await;
            assert_eq!(refusal, "by.name and by.reason: who orders this, and why", "{command}");
        }
        assert_eq!(office.run(json!({"operator": "api-key.list"})).await["keys"][0]["id"], id);
    }
    assert_eq!(office.kept.changes.lock().unwrap().len(), 1, "the key that was issued");
}

#[tokio::test]
async fn t23_a_store_that_fails_is_told_from_a_refusal_so_that_the_queue_tries_again() {
    let office = Office::new();
    let id = office.issue().await["id"].clone();
    office.kept.fails.store(true, Ordering::Relaxed);
    for (id, tried_again) in [(id, true), (json!("x"), false)] {
        let command = json!({"operator": "api-key.revoke", "id": id});
        let command = serde_json::value::to_raw_value(&command).unwrap();
        let error = office.operator.run(&command, &office.action).await.unwrap_err();
        assert_eq!(is_of_a_port(error.as_ref()), tried_again, "{error}");
    }
}

#[tokio::test]
async fn t47_a_command_with_the_text_of_a_key_or_another_value_of_the_wrong_form_is_none_that_a_queue_records()
 {
    let office = Office::new();
    let issued = office.issue().await;
    let (key, id) = (&issued["key"], &issued["id"]);
    let kind = |command: &Value| office.operator.kind(&serde_json::value::to_raw_value(command).unwrap());
    let with = |name: &str, member: &str, value: Value| {
        let mut command = match name {
            "api-key.issue" => json!({"operator": name, "caller": APP, "scopes": ["pcm:read"]}),
            _ => json!({"operator": name, "id": id}),
        };
        assert!(kind(&command).is_some(), "{command}");
        command[member] = value;
        command
    };
    let longer = format!("{}A", key.as_str().unwrap());
    for command in [
        with("api-key.revoke", "id", key.clone()),
        with("api-key.revoke", "id", json!(longer)),
        with("api-key.revoke", "id", json!("x")),
        with("api-key.rotate", "id", key.clone()),
        with("api-key.issue", "caller", key.clone()),
        with("api-key.issue", "caller", json!("ponte_0123456789abcdef_")),
        with("api-key.issue", "scopes", json!([key])),
        with("api-key.issue", "expiresAt", key.clone()),
        with("client.block", "id", key.clone()),
        with("client.unblock", "id", json!(longer)),
        with("client.remove", "id", json!("a client")),
        with("client.reset", "reason", json!(format!("the key {} leaked", key.as_str().unwrap()))),
        with("client.reset", "reason", json!("two\nlines")),
    ] {
        assert_eq!(kind(&command), None, "{command}");
    }
}

#[tokio::test]
async fn t23_a_revocation_given_again_answers_since_when_and_changes_nothing() {
    let office = Office::new();
    let id = office.issue().await["id"].clone();
    let revoke = json!({"operator": "api-key.revoke", "id": id});
    let first = office.run(revoke.clone()).await;
    office.clock.set(after(60));
    assert_eq!(office.run(revoke).await, first);
    assert_eq!(office.kept.changes.lock().unwrap().len(), 2, "issued and revoked");
}
