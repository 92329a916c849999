//! A client: another participant's software statement registered at this authorization server.

use ponte_values::{ClientId, Moment, OrganisationId, SoftwareStatementId};
use serde::{Deserialize, Serialize};

use ponte_ports::StoredForm;
use ponte_ports::audit::{Actor, AuditEntry};

/// A registered client, with the part of its registration that every call needs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// `client_id` issued here.
    pub id: ClientId,
    /// Organisation that owns the software statement.
    pub organisation: OrganisationId,
    /// Software statement the client was registered for.
    pub software: SoftwareStatementId,
    /// Name shown to the customer.
    pub name: String,
    /// Where the directory publishes the client's keys (S82).
    pub jwks_uri: String,
    /// Exact redirect URIs (S83).
    pub redirect_uris: Vec<String>,
    /// Scopes the client's roles allow (S85).
    pub scopes: Vec<String>,
    /// Base addresses of the client's webhooks; empty turns them off (S87).
    pub webhook_uris: Vec<String>,
}

impl Client {
    /// Whether `uri` is registered, compared character by character (RFC 9126, FAPI 1.0).
    #[must_use]
    pub fn may_redirect_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| registered == uri)
    }

    /// Whether the client's roles allow the static scope `scope` (S85).
    #[must_use]
    pub fn may_ask_for(&self, scope: &str) -> bool {
        self.scopes.iter().any(|allowed| allowed == scope)
    }
}

/// A registration with the data of its management (S89, RFC 7592). A software statement has one at most (S88).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientRegistration {
    /// The client.
    pub client: Client,
    /// SHA-256 of the `registration_access_token`, base64url; it is never rotated (S89).
    pub token_hash: String,
    /// When the `client_id` was issued.
    pub issued_at: Moment,
    /// 1 at first, one more with each change.
    pub version: u64,
    /// The registered metadata, a JSON object as it is answered (RFC 7591 section 3.2.1).
    pub metadata: String,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

impl ClientRegistration {
    /// The first registration of a client.
    #[must_use]
    pub fn new(client: Client, token_hash: String, metadata: String, now: Moment) -> Self {
        Self { client, token_hash, issued_at: now, version: 1, metadata, stored: StoredForm::default() }
    }

    /// The registration after a change. `client_id` and token stay the same, so that consents and tokens stay valid
    /// (S89, S91).
    #[must_use]
    pub fn replaced(self, client: Client, metadata: String) -> Self {
        let client = Client { id: self.client.id, ..client };
        Self { client, metadata, version: self.version + 1, ..self }
    }

    /// The audit row of a change: of this registration after it, or before it at a removal.
    #[must_use]
    pub fn audit(&self, change: RegistrationChange, now: Moment, interaction: String) -> AuditEntry {
        const REGISTERED: &str = "REGISTERED";
        let (action, before, after) = match change {
            RegistrationChange::Registered => ("client.registered", None, REGISTERED),
            RegistrationChange::Replaced => ("client.replaced", Some(REGISTERED), REGISTERED),
            RegistrationChange::Removed => ("client.removed", Some(REGISTERED), "REMOVED"),
        };
        let id = self.client.id.to_string();
        AuditEntry {
            at: now,
            actor: Actor::Client(id.clone()),
            subject: id,
            action,
            before,
            after,
            reason: None,
            interaction: Some(interaction),
        }
    }
}

/// A change of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RegistrationChange {
    /// Dynamic registration of a client.
    Registered,
    /// Its metadata were replaced.
    Replaced,
    /// The client was removed.
    Removed,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Moment {
        Moment::parse("2026-03-01T12:00:00Z").unwrap()
    }

    fn client(id: &str) -> Client {
        let uuid = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
        Client {
            id: ClientId::parse(id).unwrap(),
            organisation: OrganisationId::parse(uuid).unwrap(),
            software: SoftwareStatementId::parse(uuid).unwrap(),
            name: "Receptora Inventada".to_owned(),
            jwks_uri: "https://keystore.example/jwks".to_owned(),
            redirect_uris: vec!["https://receptora.example/cb".to_owned()],
            scopes: vec!["openid".to_owned()],
            webhook_uris: Vec::new(),
        }
    }

    #[test]
    fn s83_s85_redirect_uris_and_scopes_are_compared_exactly() {
        let client = client("a");
        assert!(client.may_redirect_to("https://receptora.example/cb"));
        assert!(!client.may_redirect_to("https://receptora.example/cb/"));
        assert!(client.may_ask_for("openid") && !client.may_ask_for("accounts"));
    }

    #[test]
    fn s89_s91_a_change_keeps_client_id_token_and_time() {
        let first = ClientRegistration::new(client("a"), "hash".to_owned(), "{}".to_owned(), now());
        let renamed = Client { name: "Outra Inventada".to_owned(), ..client("b") };
        let second = first.clone().replaced(renamed, r#"{"a":1}"#.to_owned());
        assert_eq!((&second.client.id, &second.token_hash), (&first.client.id, &first.token_hash));
        assert_eq!((second.issued_at, second.version), (first.issued_at, 2));
        assert_eq!(
            (second.client.name.as_str(), second.metadata.as_str()),
            ("Outra Inventada", r#"{"a":1}"#)
        );
    }

    #[test]
    fn every_change_leaves_an_audit_row() {
        let registration = ClientRegistration::new(client("a"), String::new(), String::new(), now());
        let row = |change| registration.audit(change, now(), "i".to_owned());
        let came = row(RegistrationChange::Registered);
        assert_eq!((came.action, came.before, came.after), ("client.registered", None, "REGISTERED"));
        assert_eq!((came.subject.as_str(), &came.actor), ("a", &Actor::Client("a".to_owned())));
        assert_eq!(row(RegistrationChange::Replaced).before, Some("REGISTERED"));
        assert_eq!(row(RegistrationChange::Removed).after, "REMOVED");
    }
}
