//! Saved clients and API keys.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, KeyStatus};
use ponte_authorization::client::{Client, ClientRegistration, RegistrationChange};
use ponte_authorization::ports::{ApiKeys as _, Clients as _};
use ponte_kit::examples::now;
use ponte_ports::{CommitFault, StoredForm};
use ponte_values::{ClientId, OrganisationId, SoftwareStatementId};

use super::rows::Saved;
use super::{DAY, minute};
use crate::api_keys::ApiKeyTable;
use crate::clients::ClientTable;
use crate::keys::hash;

const CLIENTS: [&str; 2] = ["client-1", "client-2"];

pub(super) fn client_table(saved: &Saved) -> ClientTable {
    ClientTable::new(&saved.database.dynamo, "clients", "audit")
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
            stored: StoredForm::default(),
        };
        assert_eq!(found, expected);
        saved.kept("registration of a client", id, &found);
    }
}

/// Registers one more client, for the software statement with this number.
pub(super) async fn register(saved: &Saved, number: &str) -> Result<(), CommitFault> {
    let client = Client { software: software_of(number), ..client("client-3") };
    let new = ClientRegistration::new(client, hash("x"), "{}".to_owned(), minute(9));
    let audit = new.audit(RegistrationChange::Registered, minute(9), "interaction".to_owned());
    client_table(saved).register(&new, &audit).await
}

pub(super) async fn software(saved: &Saved) {
    assert_eq!(saved.of("registered software statement").len(), CLIENTS.len());
    for number in ["1", "2"] {
        assert!(matches!(register(saved, number).await, Err(CommitFault::Conflict)), "{number}");
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
    assert_eq!(all.scopes, BTreeSet::from(ApiScope::ALL));
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
