//! A client that was removed: what is kept of it, so that its end can be told again and nothing comes back by itself.

use std::time::Duration;

use ponte_values::{ClientId, Moment, OrganisationId};
use serde::{Deserialize, Serialize};

use ponte_ports::audit::{Actor, AuditEntry, OperatorReason};

use crate::block_list::{BLOCK_MEMORY, Block, Blocked};
use crate::client::{Client, ClientRegistration};
use crate::registration_answer::REPEATABLE;

/// How long after a removal its consents are looked for at the earliest: until then a guard that has not heard of it may
/// still let a call create one (T60).
pub const SETTLED: Duration = Duration::from_secs(90);

/// Who removed a client.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RemovedBy {
    /// The client itself, by `DELETE`: its software statement may register anew at once.
    Client,
    /// An operator, at once or after it had gone by itself: its software statement stays taken until they reset it.
    Operator,
}

/// A removed client, under its `client_id`, which is never given out again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RemovedClient {
    /// The client as it was.
    pub client: Client,
    /// SHA-256 of its `registration_access_token`, base64url.
    pub token_hash: String,
    /// Version of the registration that was removed.
    pub version: u64,
    /// When it was removed.
    pub at: Moment,
    /// By whom.
    pub by: RemovedBy,
}

impl RemovedClient {
    /// What is kept of a registration at its removal.
    #[must_use]
    pub fn of(gone: &ClientRegistration, by: RemovedBy, now: Moment) -> Self {
        let (client, token_hash) = (gone.client.clone(), gone.token_hash.clone());
        Self { client, token_hash, version: gone.version, at: now, by }
    }

    /// Whether the answer to its own `DELETE` can be asked for again at `now` (T61).
    #[must_use]
    pub fn repeats(&self, now: Moment) -> bool {
        self.by == RemovedBy::Client && now <= self.at.plus(REPEATABLE)
    }

    /// The entry of the block list that shuts out the access tokens it still has.
    #[must_use]
    pub fn block(&self) -> Block {
        let until = Some(self.at.plus(BLOCK_MEMORY));
        Block { blocked: Blocked::Client(self.client.id.clone()), until }
    }

    /// The client as an operator's: from now on its software statement is taken.
    #[must_use]
    pub fn withheld(self) -> Self {
        Self { by: RemovedBy::Operator, ..self }
    }

    /// The audit row of an operator who takes its software statement, which was free.
    #[must_use]
    pub fn audit_of_withholding(&self, now: Moment, reason: &OperatorReason) -> AuditEntry {
        self.entry("client.withheld", now, reason)
    }

    /// The audit row of an operator who lets its software statement register anew.
    #[must_use]
    pub fn audit_of_reset(&self, now: Moment, reason: &OperatorReason) -> AuditEntry {
        self.entry("client.reset", now, reason)
    }

    fn entry(&self, action: &'static str, now: Moment, reason: &OperatorReason) -> AuditEntry {
        AuditEntry {
            at: now,
            actor: Actor::Operator,
            subject: self.client.id.to_string(),
            action,
            before: Some("REMOVED"),
            after: "REMOVED",
            reason: Some(reason.as_str().to_owned().into()),
            interaction: None,
            operator: None,
        }
    }
}

/// A removed client whose consents are still to be ended.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Removal {
    /// The client.
    pub client: ClientId,
    /// When it was removed.
    pub at: Moment,
    /// Whose it was; releases before this one did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// By whom; releases before this one did not note it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<RemovedBy>,
}

impl Removal {
    /// Word of the removal of a client.
    #[must_use]
    pub fn of(gone: &RemovedClient) -> Self {
        let (client, organisation) = (gone.client.id.clone(), Some(gone.client.organisation.clone()));
        Self { client, at: gone.at, organisation, by: Some(gone.by) }
    }
}

#[cfg(test)]
mod tests {
    use ponte_values::SoftwareStatementId;

    use super::*;
    use crate::block_list::BlockList;

    fn removed(by: RemovedBy, at: Moment) -> RemovedClient {
        let uuid = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
        let client = Client {
            id: ClientId::parse("a").unwrap(),
            organisation: OrganisationId::parse(uuid).unwrap(),
            software: SoftwareStatementId::parse(uuid).unwrap(),
            name: "Receptora Inventada".to_owned(),
            jwks_uri: "https://keystore.example/jwks".to_owned(),
            redirect_uris: Vec::new(),
            scopes: Vec::new(),
            webhook_uris: Vec::new(),
            grant_types: None,
            response_types: None,
            blocked_at: None,
            unused: false,
        };
        let registration = ClientRegistration::new(client, "hash".to_owned(), "{}".to_owned(), at);
        RemovedClient::of(&registration, by, at)
    }

    #[test]
    fn t61_a_client_that_removed_itself_hears_so_again_for_a_minute_and_one_that_was_removed_does_not() {
        let at = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let minute = at.plus(Duration::from_mins(1));
        let late = minute.plus(Duration::from_millis(1));
        for (by, now, repeats) in [
            (RemovedBy::Client, at, true),
            (RemovedBy::Client, minute, true),
            (RemovedBy::Client, late, false),
            (RemovedBy::Operator, at, false),
            (RemovedBy::Operator, late, false),
        ] {
            assert_eq!(removed(by, at).repeats(now), repeats, "{by:?} at {now}");
        }
    }

    #[test]
    fn t60_a_client_whose_software_statement_an_operator_takes_is_as_one_that_they_removed() {
        let at = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        assert_eq!(removed(RemovedBy::Client, at).withheld(), removed(RemovedBy::Operator, at));
    }

    #[test]
    fn t60_the_tokens_of_a_removed_client_open_nothing_until_the_last_one_has_expired() {
        let at = Moment::parse("2026-03-01T12:00:00Z").unwrap();
        let removed = removed(RemovedBy::Client, at);
        let list: BlockList = [removed.block()].into_iter().collect();
        let end = at.plus(BLOCK_MEMORY);
        assert!(list.holds_client(&removed.client.id, end.minus(Duration::from_millis(1))));
        assert!(!list.holds_client(&removed.client.id, end));
        let word = Removal::of(&removed);
        assert_eq!((&word.client, word.at, word.by), (&removed.client.id, at, Some(RemovedBy::Client)));
        assert_eq!(word.organisation, Some(removed.client.organisation));
    }
}
