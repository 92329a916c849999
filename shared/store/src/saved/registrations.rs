//! Saved clients and API keys.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, KeyStatus};
use ponte_authorization::block_list::{BLOCK_MEMORY, Block, Blocked};
use ponte_authorization::client::{Client, ClientRegistration, RegistrationChange};
use ponte_authorization::ports::RegisterFault;
use ponte_authorization::ports::{ApiKeys as _, Blocks as _, CertificateStatuses as _, Clients as _};
use ponte_authorization::registration_answer::RegistrationAnswer;
use ponte_authorization::removed_client::{RemovedBy, RemovedClient};
use ponte_authorization::revocation::StatusRecord;
use ponte_authorization::target::Target;
use ponte_fapi::revocation::CertificateStatus;
use ponte_kit::contract::certificates::record;
use ponte_kit::examples::now;
use ponte_ports::StoredForm;
use ponte_values::{ClientId, Moment, OrganisationId, SoftwareStatementId};

use super::rows::Saved;
use super::{DAY, consent_id, minute};
use crate::api_keys::ApiKeyTable;
use crate::block_list::BlockListTable;
use crate::certificates::CertificateTable;
use crate::clients::{ClientTable, ClientTables};
use crate::item::n;
use crate::keys::hash;

const CLIENTS: [&str; 2] = ["client-1", "client-2"];

pub(super) fn client_table(saved: &Saved) -> ClientTable {
    let name = |name: &str| name.to_owned();
    let tables = ClientTables {
        clients: name("clients"),
        grants: name("grants"),
        block_list: name("block-list"),
        outbox: name("outbox"),
        audit: name("audit"),
    };
    ClientTable::new(&saved.database.dynamo, tables)
}

pub(super) fn software_of(number: &str) -> SoftwareStatementId {
    SoftwareStatementId::parse(&format!("0b2bd2c1-8f5d-4c0e-9a3d-0a1b2c3d4e0{number}")).unwrap()
}

/// A client as it was saved; its id ends with the number that its software statement ends with.
pub(super) fn client(id: &str) -> Client {
    Client {
        id: ClientId::parse(id).unwrap(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        software: software_of(id.trim_start_matches("client-")),
        name: if id == "client-2" { "Outra Inventada" } else { "Receptora Inventada" }.to_owned(),
        jwks_uri: "https://keystore.example/jwks".to_owned(),
        redirect_uris: vec!["https://receptora.example/cb".to_owned()],
        scopes: vec!["openid".to_owned(), "accounts".to_owned()],
        webhook_uris: vec!["https://receptora.example/webhook".to_owned()],
        grant_types: None,
        response_types: None,
        blocked_at: None,
        unused: false,
    }
}

pub(super) async fn clients(saved: &Saved) {
    assert_eq!(saved.of("client").len(), CLIENTS.len());
    for id in CLIENTS {
        let found = client_table(saved).find(&ClientId::parse(id).unwrap()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&client(id)));
        saved.kept("client", id, &found);
    }
}

pub(super) async fn registrations(saved: &Saved) {
    assert_eq!(saved.of("registration of a client").len(), CLIENTS.len());
    let first = r#"{"client_id":"client-1","scope":"openid accounts"}"#;
    for (id, version, metadata) in [("client-1", 1, first), ("client-2", 2, r#"{"client_id":"client-2"}"#)] {
        let found = client_table(saved).registration(&ClientId::parse(id).unwrap()).await.unwrap().unwrap();
        let expected = ClientRegistration {
            client: client(id),
            token_hash: hash("an invented registration token"),
            issued_at: now(),
            version,
            metadata: metadata.to_owned(),
            reset_at: None,
            stored: StoredForm::default(),
        };
        assert_eq!(found, expected);
        saved.kept("registration of a client", id, &found);
    }
}

/// An answer to the registration of a client.
fn answer(id: &str) -> RegistrationAnswer {
    RegistrationAnswer {
        key: hash(id),
        client: ClientId::parse(id).unwrap(),
        version: 1,
        sealed_token: "an invented encrypted token".to_owned(),
        at: now(),
    }
}

pub(super) async fn answers(saved: &Saved) {
    assert_eq!(saved.of("answer to a registration").len(), 1);
    let found = client_table(saved).answer(&hash("client-1")).await.unwrap();
    assert_eq!(found.as_ref(), Some(&answer("client-1")));
    saved.kept("answer to a registration", &hash("client-1"), &found);
}

/// Clients that were removed: the first by itself, the second by an operator.
pub(super) fn gone(id: &str) -> RemovedClient {
    let by = if id == "client-8" { RemovedBy::Client } else { RemovedBy::Operator };
    let registration = ClientRegistration::new(client(id), hash("x"), String::new(), now());
    RemovedClient::of(&registration, by, minute(2))
}

pub(super) async fn removed(saved: &Saved) {
    assert_eq!(saved.of("removed client").len(), 2);
    for id in ["client-8", "client-9"] {
        let found = client_table(saved).removed(&ClientId::parse(id).unwrap()).await.unwrap();
        assert_eq!(found.as_ref(), Some(&gone(id)));
        saved.kept("removed client", id, &found);
    }
}

pub(super) async fn block_list(saved: &Saved) {
    let list = BlockListTable::new(&saved.database.dynamo, "block-list").all(now()).await.unwrap();
    let client = |id| Blocked::Client(ClientId::parse(id).unwrap());
    let grant = Blocked::Grant(Target::consent(consent_id("live")));
    let expected = [
        Block { blocked: grant, until: Some(minute(19)) },
        Block { blocked: client("client-8"), until: Some(minute(2).plus(BLOCK_MEMORY)) },
        Block { blocked: client("client-2"), until: None },
        Block { blocked: client("client-7"), until: Some(minute(20)) },
    ];
    assert_eq!(list, expected, "what lies under a name before what lies under its end");
}

pub(super) async fn windows(saved: &Saved) {
    let [row] = saved.of("registrations of an organisation in an hour")[..] else { panic!("one is saved") };
    let counted = async || saved.rewritten("grants", row, &[]).await["registrations"].clone();
    assert_eq!(counted().await, n(99));
    register_at(saved, "client-5", "5", minute(1)).await.unwrap();
    assert_eq!(counted().await, n(100), "counted on");
    let more = register_at(saved, "client-6", "6", minute(1)).await;
    assert!(matches!(more, Err(RegisterFault::TooMany)), "{more:?}");
}

/// Removes the client that [`register`] makes, so that a row of each kind is written.
pub(super) async fn remove(saved: &Saved) {
    let id = ClientId::parse("client-3").unwrap();
    let stored = client_table(saved).registration(&id).await.unwrap().unwrap();
    let audit = stored.audit(RegistrationChange::Removed, minute(9), "interaction".to_owned());
    client_table(saved)
        .remove(&RemovedClient::of(&stored, RemovedBy::Operator, minute(9)), &audit)
        .await
        .unwrap();
}

/// Registers one more client, for the software statement with this number.
pub(super) async fn register(saved: &Saved, number: &str) -> Result<(), RegisterFault> {
    register_at(saved, "client-3", number, minute(2 * 60)).await
}

async fn register_at(saved: &Saved, id: &str, number: &str, at: Moment) -> Result<(), RegisterFault> {
    let client = Client { software: software_of(number), ..client(id) };
    let new = ClientRegistration::new(client, hash("x"), "{}".to_owned(), minute(9));
    let audit = new.audit(RegistrationChange::Registered, minute(9), "interaction".to_owned());
    let answer = RegistrationAnswer { at, ..answer("client-3") };
    client_table(saved).register(&new, &answer, &audit).await
}

pub(super) async fn software(saved: &Saved) {
    assert_eq!(saved.of("registered software statement").len(), CLIENTS.len());
    for number in ["1", "2"] {
        assert!(matches!(register(saved, number).await, Err(RegisterFault::Taken)), "{number}");
    }
}

pub(super) fn key_table(saved: &Saved) -> ApiKeyTable {
    ApiKeyTable::committing(&saved.database.dynamo, "api-keys", "audit")
}

pub(super) async fn api_key(saved: &Saved, number: u8) -> ApiKey {
    let id = ApiKeyId::parse(&format!("{number:016x}")).unwrap();
    key_table(saved).find(&id).await.unwrap().unwrap()
}

pub(super) async fn api_keys(saved: &Saved) {
    let keys = key_table(saved).list().await.unwrap();
    assert_eq!((saved.of("API key").len(), keys.len()), (3, 3));
    for (number, key) in (1..).zip(&keys) {
        assert_eq!(api_key(saved, number).await, *key);
        saved.kept("API key", key.id.as_str(), key);
        assert_eq!((key.caller.as_str(), key.created_at), ("banco-app", now()));
    }
    let [all, rotated, revoked] = &keys[..] else { panic!("{keys:?}") };
    // Some scopes came later, and a key has what it was issued with.
    let later = [ApiScope::OperationsRead, ApiScope::QualityRead, ApiScope::PaymentsWrite];
    let then = ApiScope::ALL.into_iter().filter(|scope| !later.contains(scope));
    assert_eq!(all.scopes, then.collect::<BTreeSet<_>>());
    assert_eq!((all.expires_at, all.version), (Some(minute(365 * DAY)), 1));
    assert_eq!((rotated.rotated_at, rotated.version), (Some(minute(1)), 2));
    assert_eq!(rotated.former_until(minute(2)), Some(minute(7 * DAY + 1)));
    assert_eq!((revoked.revoked_at, revoked.version), (Some(minute(2)), 2));
    let at = keys.iter().map(|key| key.at(minute(3)));
    assert_eq!(at.collect::<Vec<_>>(), [KeyStatus::Active, KeyStatus::Active, KeyStatus::Revoked]);
    for secret in ["an invented secret", "another invented secret"] {
        let admitted = rotated.admits(&hash(secret), "banco-app", &[ApiScope::ConsentsRead], minute(3));
        assert_eq!(admitted, Ok(()), "{secret}");
    }
}

pub(super) fn certificate_table(saved: &Saved) -> CertificateTable {
    CertificateTable::new(&saved.database.dynamo, "certificates")
}

pub(super) async fn certificates(saved: &Saved) {
    let table = certificate_table(saved);
    for (id, expected) in [
        ("good", record(CertificateStatus::Good, 0)),
        ("revoked", record(CertificateStatus::Revoked, 5)),
        ("silent", StatusRecord::after(None, None, now())),
    ] {
        let found = table.find(id).await.unwrap().unwrap();
        assert_eq!(found, StatusRecord { version: 0, ..expected }, "{id}");
        saved.kept("status of a certificate", id, &found);
        // The release that wrote it did not count its changes: the first change that does follows it.
        let claimed = StatusRecord::claimed(Some(&found), now());
        assert!(table.replace(id, &claimed).await.unwrap() && !table.replace(id, &claimed).await.unwrap());
        assert_eq!(table.find(id).await.unwrap(), Some(claimed), "{id}");
    }
}
