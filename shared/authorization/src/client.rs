//! A client: another participant's software statement registered at this authorization server.

use std::fmt;

use ponte_values::{ClientId, Moment, OrganisationId, SoftwareStatementId};
use serde::{Deserialize, Serialize};

use ponte_ports::StoredForm;
use ponte_ports::audit::{Actor, AuditEntry, OperatorReason};

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
    /// Grant types that it registered (RFC 7591 section 2); `None` is a registration of a release that did not keep them
    /// here: it may use every one, until it is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<String>>,
    /// Response types that it registered; `None` as for the grant types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_types: Option<Vec<String>>,
    /// When an operator shut it out; `None` while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_at: Option<Moment>,
    /// Whether it has never been given a token, and so can have created no consent either; the store says so. False for
    /// a client of which nobody knows.
    #[serde(skip)]
    pub unused: bool,
}

impl Client {
    /// The client, unless it is blocked: then it is treated like one that does not exist.
    #[must_use]
    pub fn open(self) -> Option<Self> {
        self.blocked_at.is_none().then_some(self)
    }

    /// Whether `uri` is registered, compared character by character (RFC 9126, FAPI 1.0).
    #[must_use]
    pub fn may_redirect_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| registered == uri)
    }

    /// Whether the client registered this grant type.
    #[must_use]
    pub fn may_use(&self, grant_type: &str) -> bool {
        registered(self.grant_types.as_deref(), grant_type)
    }

    /// Whether the client registered this response type and the grant type that comes with it (RFC 7591 section 2.1).
    #[must_use]
    pub fn may_request(&self, response_type: &str) -> bool {
        registered(self.response_types.as_deref(), response_type) && self.may_use("authorization_code")
    }

    /// Whether the client's roles allow the static scope `scope` (S85).
    #[must_use]
    pub fn may_ask_for(&self, scope: &str) -> bool {
        self.scopes.iter().any(|allowed| allowed == scope)
    }
}

fn registered(values: Option<&[String]>, value: &str) -> bool {
    values.is_none_or(|values| values.iter().any(|registered| registered == value))
}

/// A registration with the data of its management (S89, RFC 7592). A software statement has one at most (S88).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClientRegistration {
    /// The client.
    pub client: Client,
    /// SHA-256 of the `registration_access_token`, base64url; it is never rotated (S89). Empty after a reset, which no
    /// token hashes to.
    pub token_hash: String,
    /// When the `client_id` was issued.
    pub issued_at: Moment,
    /// 1 at first, one more with each change.
    pub version: u64,
    /// The registered metadata, a JSON object as it is answered (RFC 7591 section 3.2.1).
    pub metadata: String,
    /// When an operator let the software statement register once more; `None` again after it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset_at: Option<Moment>,
    /// The stored form this value was read from; the store fills it in, and keeps what only a later release knows (D8).
    #[serde(skip)]
    pub stored: StoredForm,
}

/// Why an operator's change of a client is not made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClientFault {
    /// It is blocked already.
    Blocked,
    /// It is not blocked.
    Open,
    /// It was reset and has not registered since.
    Reset,
}

impl fmt::Display for ClientFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blocked => "the client is blocked already",
            Self::Open => "the client is not blocked",
            Self::Reset => "the client was reset already and has not registered since",
        })
    }
}

impl std::error::Error for ClientFault {}

impl ClientRegistration {
    /// The first registration of a client.
    #[must_use]
    pub fn new(client: Client, token_hash: String, metadata: String, now: Moment) -> Self {
        let stored = StoredForm::default();
        Self { client, token_hash, issued_at: now, version: 1, metadata, reset_at: None, stored }
    }

    /// The registration after a change. `client_id` and token stay the same, so that consents and tokens stay valid
    /// (S89, S91).
    #[must_use]
    pub fn replaced(self, client: Client, metadata: String) -> Self {
        let client = Client { id: self.client.id, blocked_at: self.client.blocked_at, ..client };
        Self { client, metadata, version: self.version + 1, ..self }
    }

    /// The registration shut out: its client gets no tokens and opens nothing, its consents stay as they are (T60).
    ///
    /// # Errors
    /// When it is blocked already.
    pub fn blocked(self, now: Moment) -> Result<Self, ClientFault> {
        match self.client.blocked_at {
            Some(_) => Err(ClientFault::Blocked),
            None => Ok(self.blocked_since(Some(now))),
        }
    }

    /// The registration opened again.
    ///
    /// # Errors
    /// When it is not blocked.
    pub fn unblocked(self) -> Result<Self, ClientFault> {
        match self.client.blocked_at {
            Some(_) => Ok(self.blocked_since(None)),
            None => Err(ClientFault::Open),
        }
    }

    fn blocked_since(self, blocked_at: Option<Moment>) -> Self {
        let client = Client { blocked_at, ..self.client };
        Self { client, version: self.version + 1, ..self }
    }

    /// The registration without its token: the software statement registers once more, as the same client (T60).
    ///
    /// # Errors
    /// When it was reset and has not registered since.
    pub fn reset(self, now: Moment) -> Result<Self, ClientFault> {
        if self.reset_at.is_some() {
            return Err(ClientFault::Reset);
        }
        let (token_hash, reset_at) = (String::new(), Some(now));
        Ok(Self { token_hash, reset_at, version: self.version + 1, ..self })
    }

    /// The registration after a reset, with the metadata and the token of a new one; `None` if it was not reset, or is
    /// blocked. `client_id` stays, and with it consents and tokens.
    #[must_use]
    pub fn registered_again(self, client: Client, token_hash: String, metadata: String) -> Option<Self> {
        if self.reset_at.is_none() || self.client.blocked_at.is_some() {
            return None;
        }
        Some(Self { token_hash, reset_at: None, ..self.replaced(client, metadata) })
    }

    /// The status of the registration, for operators and audit rows.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match (self.client.blocked_at, self.reset_at) {
            (Some(_), _) => "BLOCKED",
            (None, Some(_)) => "RESET",
            (None, None) => "REGISTERED",
        }
    }

    /// The audit row of a change by the client itself: of this registration after it, or before it at a removal.
    #[must_use]
    pub fn audit(&self, change: RegistrationChange, now: Moment, interaction: String) -> AuditEntry {
        let actor = Actor::Client(self.client.id.to_string());
        AuditEntry { interaction: Some(interaction), ..self.entry(change, actor, now) }
    }

    /// The audit row of a change by an operator, with their reason.
    #[must_use]
    pub fn audit_by_operator(
        &self,
        change: RegistrationChange,
        now: Moment,
        reason: &OperatorReason,
    ) -> AuditEntry {
        let reason = Some(reason.as_str().to_owned().into());
        AuditEntry { reason, ..self.entry(change, Actor::Operator, now) }
    }

    fn entry(&self, change: RegistrationChange, actor: Actor, now: Moment) -> AuditEntry {
        const REGISTERED: &str = "REGISTERED";
        let (action, before, after) = match change {
            RegistrationChange::Registered => ("client.registered", None, REGISTERED),
            RegistrationChange::RegisteredAgain => ("client.registered", Some("RESET"), REGISTERED),
            RegistrationChange::Replaced => ("client.replaced", Some(self.status()), self.status()),
            RegistrationChange::Removed => ("client.removed", Some(self.status()), "REMOVED"),
            RegistrationChange::Blocked => ("client.blocked", None, "BLOCKED"),
            RegistrationChange::Unblocked => ("client.unblocked", Some("BLOCKED"), self.status()),
            RegistrationChange::Reset => ("client.reset", None, self.status()),
        };
        let (subject, reason, interaction, operator) = (self.client.id.to_string(), None, None, None);
        AuditEntry { at: now, actor, subject, action, before, after, reason, interaction, operator }
    }
}

/// A change of a registration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RegistrationChange {
    /// Dynamic registration of a client.
    Registered,
    /// The registration of a client that was reset.
    RegisteredAgain,
    /// Its metadata were replaced.
    Replaced,
    /// The client was removed.
    Removed,
    /// An operator shut it out.
    Blocked,
    /// An operator opened it again.
    Unblocked,
    /// An operator let its software statement register once more.
    Reset,
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
            grant_types: None,
            response_types: None,
            blocked_at: None,
            unused: false,
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
    fn rfc7591_2_what_was_registered_is_allowed_and_to_an_older_registration_everything() {
        let of = |grants: &[&str], responses: &[&str]| {
            let texts = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
            Client { grant_types: texts(grants), response_types: texts(responses), ..client("a") }
        };
        let whole = of(&["authorization_code", "refresh_token"], &["code id_token"]);
        assert!(whole.may_use("refresh_token") && !whole.may_use("client_credentials"));
        assert!(whole.may_request("code id_token") && !whole.may_request("code"));
        assert!(!of(&["client_credentials"], &["code id_token"]).may_request("code id_token"));
        assert!(!of(&["authorization_code"], &[]).may_request("code id_token"));
        let older = client("a");
        assert!(older.may_use("client_credentials") && older.may_request("code id_token"));
        let stored = serde_json::to_string(&older).unwrap();
        assert!(!stored.contains("grantTypes") && !stored.contains("responseTypes"), "{stored}");
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
        assert_eq!(came.interaction.as_deref(), Some("i"), "S31: a call is found again by its id");
        assert_eq!(row(RegistrationChange::Replaced).before, Some("REGISTERED"));
        assert_eq!(row(RegistrationChange::Removed).after, "REMOVED");
    }

    fn registration() -> ClientRegistration {
        ClientRegistration::new(client("a"), "hash".to_owned(), "{}".to_owned(), now())
    }

    #[test]
    fn t60_a_block_is_put_on_once_taken_off_once_and_survives_a_replacement() {
        let open = registration();
        assert_eq!(open.clone().unblocked(), Err(ClientFault::Open));
        let blocked = open.clone().blocked(now()).unwrap();
        assert_eq!((blocked.version, blocked.client.blocked_at), (2, Some(now())));
        assert_eq!(blocked.clone().blocked(now()), Err(ClientFault::Blocked));
        assert_eq!(blocked.client.clone().open(), None);
        let replaced = blocked.clone().replaced(client("b"), "{}".to_owned());
        assert_eq!(replaced.client.blocked_at, Some(now()), "no client takes its own block off");
        let again = blocked.unblocked().unwrap();
        assert_eq!(
            (again.version, &again.client, again.client.clone().open().is_some()),
            (3, &open.client, true)
        );
    }

    #[test]
    fn t60_a_reset_keeps_the_client_and_ends_its_token() {
        let stored = registration();
        let again =
            |of: ClientRegistration| of.registered_again(client("b"), "new".to_owned(), "[]".to_owned());
        assert_eq!(again(stored.clone()), None, "S88: nobody let it");
        let reset = stored.clone().reset(now()).unwrap();
        assert_eq!((reset.version, reset.token_hash.as_str(), &reset.client), (2, "", &stored.client));
        assert_eq!(reset.clone().reset(now()), Err(ClientFault::Reset));
        assert_eq!(
            again(reset.clone().blocked(now()).unwrap()),
            None,
            "whoever is shut out does not register"
        );
        let new = again(reset).unwrap();
        assert_eq!((new.client.id.as_str(), new.token_hash.as_str(), new.version), ("a", "new", 3));
        assert_eq!((new.reset_at, new.issued_at), (None, now()));
        assert_eq!(again(new), None, "once");
    }

    #[test]
    fn t60_the_row_of_an_operator_has_the_reason() {
        let reason = OperatorReason::parse("chave vazada, chamado 4711").unwrap();
        let blocked = registration().blocked(now()).unwrap();
        let row = blocked.audit_by_operator(RegistrationChange::Blocked, now(), &reason);
        assert_eq!((row.action, row.after, &row.actor), ("client.blocked", "BLOCKED", &Actor::Operator));
        assert_eq!(row.reason.as_deref(), Some("chave vazada, chamado 4711"));
        assert_eq!((row.subject.as_str(), row.interaction), ("a", None));
        let open = blocked.unblocked().unwrap();
        let row = open.audit_by_operator(RegistrationChange::Unblocked, now(), &reason);
        assert_eq!((row.before, row.after), (Some("BLOCKED"), "REGISTERED"));
    }

    #[test]
    fn t60_an_operator_reads_why_a_change_was_not_made() {
        let blocked = registration().blocked(now()).unwrap();
        let reset = registration().reset(now()).unwrap();
        let refusals =
            [blocked.blocked(now()), registration().unblocked(), reset.reset(now())].map(Result::unwrap_err);
        for (refusal, told) in refusals.iter().zip(["blocked already", "not blocked", "not registered since"])
        {
            assert!(refusal.to_string().contains(told), "{refusal}");
        }
    }

    #[test]
    fn d8_a_client_of_another_release_is_open_and_one_of_ours_is_stored_as_before() {
        let stored = serde_json::to_value(registration()).unwrap();
        assert!(stored.get("resetAt").is_none() && stored["client"].get("blockedAt").is_none());
        assert_eq!(serde_json::from_value::<ClientRegistration>(stored).unwrap(), registration());
    }
}
