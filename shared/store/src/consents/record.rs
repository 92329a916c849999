//! A consent as an item: its body, and the attributes of its indexes.

use aws_sdk_dynamodb::types::AttributeValue;
use ponte_authorization::search_keys::SearchKeys;
use ponte_ports::outbox::shard_of;
use ponte_ports::{PortError, StoredForm};
use ponte_values::{ClientId, ConsentId, Moment, TargetKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::body::{self, body_over};
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, n, s};
use crate::keys::META;
use crate::place;
use crate::seal::{self, Seals};

/// A kind of consent as the store keeps it.
pub trait StoredConsent: Serialize + DeserializeOwned + Send + Sync {
    /// Name of the table in errors.
    const WHAT: &'static str;
    /// Its kind, which its key tells.
    const KIND: TargetKind;

    /// What its item says besides the body.
    fn facts(&self) -> Facts<'_>;

    /// Takes the seal and the form of what it was read from.
    fn keep(&mut self, seal: Option<String>, form: StoredForm);

    /// Attributes of this kind alone.
    fn more(&self) -> Vec<(&'static str, AttributeValue)> {
        Vec::new()
    }
}

/// What the item of a consent says besides its body.
pub struct Facts<'a> {
    /// Its id.
    pub id: &'a ConsentId,
    /// The client that created it.
    pub client: &'a ClientId,
    /// Its customers, in the indexes.
    pub search: &'a SearchKeys,
    /// When it was created.
    pub created_at: Moment,
    /// Number of changes so far.
    pub version: u64,
    /// The status as of its last change; a reader asks the consent itself for the status now.
    pub status: &'static str,
    /// When time changes it next.
    pub next_due: Option<Moment>,
    /// From when on the table may clean it away.
    pub discard_at: Option<Moment>,
    /// Seal of what it was read from.
    pub seal: Option<&'a str>,
    /// Form of what it was read from.
    pub stored: &'a StoredForm,
}

/// The item of a consent, written by the commit `owner`.
pub(crate) fn item_of<C: StoredConsent>(
    dynamo: &Dynamo,
    consent: &C,
    owner: &str,
) -> Result<Item, PortError> {
    let keys = &dynamo.keys;
    let facts = consent.facts();
    let place = place(consent);
    let mut stored = item(
        key(keys.of_kind(C::KIND, facts.id), META),
        [
            ("version", n(facts.version)),
            ("status", s(facts.status)),
            ("owner", s(owner)),
            ("body", body_over(C::WHAT, consent, facts.stored)?),
            ("gsi1pk", s(keys.customer(&facts.search.person))),
            ("gsi1sk", s(&place)),
            ("gsi3pk", s(keys.created(facts.created_at.date_utc(), shard_of(facts.client.as_str())))),
            ("gsi3sk", s(&place)),
        ],
    );
    if let Some(company) = &facts.search.company {
        stored = item(stored, [("gsi2pk", s(keys.customer(company))), ("gsi2sk", s(&place))]);
    }
    if let Some(due) = facts.next_due {
        let shard = keys.due(shard_of(facts.id.as_str()));
        stored = item(stored, [("duepk", s(shard)), ("due", s(due.with_millis()))]);
    }
    if let Some(from) = facts.discard_at {
        stored.insert("expires_at".to_owned(), n(from.seconds()));
    }
    stored.extend(consent.more().into_iter().map(|(name, value)| (name.to_owned(), value)));
    Ok(stored)
}

/// The consent of an item, with the seal of what was read and its form.
pub(super) fn read<C: StoredConsent>(stored: &Item) -> Result<C, PortError> {
    let mut consent: C = body::read(C::WHAT, stored)?;
    consent.keep(seal::of(stored), body::form_of(stored));
    Ok(consent)
}

/// The seals of a consent before a change, and after it in this item.
pub(crate) fn seals<C: StoredConsent>(consent: &C, item: &Item) -> Seals {
    let Facts { id, seal, .. } = consent.facts();
    Seals { subject: id.to_string(), before: seal.map(str::to_owned), after: seal::of(item) }
}

/// Sort key of a consent among those of its customer: by creation.
pub(super) fn place<C: StoredConsent>(consent: &C) -> String {
    let Facts { id, created_at, .. } = consent.facts();
    place::place(created_at, id)
}

#[cfg(test)]
mod tests;
