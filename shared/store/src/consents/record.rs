//! A consent as an item: its body, and the attributes of its indexes.

use ponte_data_consent::consent::{Consent, Lifetime};
use ponte_ports::PortError;
use ponte_ports::outbox::shard_of;

use super::table::WHAT;
use crate::body::{self, body_over};
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, n, s};
use crate::keys::META;
use crate::seal;

/// The item of a consent, written by the commit `owner`.
pub(super) fn item_of(dynamo: &Dynamo, consent: &Consent, owner: &str) -> Result<Item, PortError> {
    // The status as of the change; a reader asks the consent itself for the status now.
    let status = consent.at(consent.status_updated_at).status().as_str();
    let keys = &dynamo.keys;
    let place = place(consent);
    let mut stored = item(
        key(keys.consent(&consent.id), META),
        [
            ("version", n(consent.version)),
            ("status", s(status)),
            ("owner", s(owner)),
            ("body", body_over(WHAT, consent, &consent.stored)?),
            ("gsi1pk", s(keys.customer(&consent.search.person))),
            ("gsi1sk", s(&place)),
            ("gsi3pk", s(keys.created(consent.created_at.date_utc(), shard_of(consent.client.as_str())))),
            ("gsi3sk", s(&place)),
        ],
    );
    if let Some(company) = &consent.search.company {
        stored = item(stored, [("gsi2pk", s(keys.customer(company))), ("gsi2sk", s(&place))]);
    }
    if let Some(due) = consent.next_due() {
        let shard = keys.due(shard_of(consent.id.as_str()));
        stored = item(stored, [("duepk", s(shard)), ("due", s(due.with_millis()))]);
    }
    if let Some(from) = consent.discard_at() {
        stored.insert("expires_at".to_owned(), n(from.seconds()));
    }
    // Attributes for the count of a day, which does not read bodies (M50).
    if let Some(Lifetime { from, until }) = consent.lifetime() {
        let receiver = consent.organisation.as_str();
        stored = item(stored, [("organisation", s(receiver)), ("authorised_at", s(from.with_millis()))]);
        stored.extend(until.map(|end| ("ends_at".to_owned(), s(end.with_millis()))));
    }
    Ok(stored)
}

/// The consent of an item, with the seal of what was read and its form.
pub(super) fn read(stored: &Item) -> Result<Consent, PortError> {
    let mut consent: Consent = body::read(WHAT, stored)?;
    consent.seal = seal::of(stored);
    consent.stored = body::form_of(stored);
    Ok(consent)
}

/// Sort key of a consent among those of its customer: by creation.
pub(super) fn place(consent: &Consent) -> String {
    format!("{}#{}", consent.created_at.with_millis(), consent.id)
}

#[cfg(test)]
mod tests;
