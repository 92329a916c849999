//! A consent as an item: its body, what indexes find it by, and the seals that audit rows carry.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use ponte_data_consent::consent::{Consent, Lifetime};
use ponte_ports::PortError;
use ponte_ports::audit::AuditEntry;
use ponte_ports::outbox::shard_of;
use serde::Serialize;

use super::table::WHAT;
use crate::dynamo::Dynamo;
use crate::item::{self, Item, body, item, key, n, s, text};
use crate::keys::META;

/// The item of a consent, written by the commit `owner`.
pub(super) fn item_of(dynamo: &Dynamo, consent: &Consent, owner: &str) -> Result<Item, PortError> {
    // The status as of the change; whoever reads asks the consent itself what it is worth now.
    let status = consent.at(consent.status_updated_at).status().as_str();
    let keys = &dynamo.keys;
    let place = place(consent);
    let mut stored = item(
        key(keys.consent(&consent.id), META),
        [
            ("version", n(consent.version)),
            ("status", s(status)),
            ("owner", s(owner)),
            ("body", body(WHAT, consent)?),
            ("gsi1pk", s(keys.holder(&consent.search.person))),
            ("gsi1sk", s(&place)),
        ],
    );
    if let Some(company) = &consent.search.company {
        stored = item(stored, [("gsi2pk", s(keys.holder(company))), ("gsi2sk", s(&place))]);
    }
    if let Some(due) = consent.next_due() {
        let shard = keys.due(shard_of(consent.id.as_str()));
        stored = item(stored, [("duepk", s(shard)), ("due", s(due.with_millis()))]);
    }
    // What the count of a day looks at, so that it need not read the body (M50).
    if let Some(Lifetime { from, until }) = consent.lifetime() {
        let receiver = consent.organisation.as_str();
        stored = item(stored, [("organisation", s(receiver)), ("authorised_at", s(from.with_millis()))]);
        stored.extend(until.map(|end| ("ends_at".to_owned(), s(end.with_millis()))));
    }
    Ok(stored)
}

/// The consent of an item, with the seal of what was read.
pub(super) fn read(stored: &Item) -> Result<Consent, PortError> {
    let mut consent: Consent = item::read(WHAT, stored)?;
    consent.seal = seal(stored);
    Ok(consent)
}

/// Where a consent stands among those of its customer: by creation.
pub(super) fn place(consent: &Consent) -> String {
    format!("{}#{}", consent.created_at.with_millis(), consent.id)
}

/// SHA-256 of a stored body, hexadecimal.
fn seal(stored: &Item) -> Option<String> {
    let body = text(stored, "body")?;
    let mut hex = String::with_capacity(64);
    for byte in digest(&SHA256, body.as_bytes()).as_ref() {
        write!(hex, "{byte:02x}").ok()?;
    }
    Some(hex)
}

/// The seals of a consent before and after a change.
pub(super) struct Seals {
    subject: String,
    before: Option<String>,
    after: Option<String>,
}

impl Seals {
    pub(super) fn of(consent: &Consent, after: &Item) -> Self {
        Self { subject: consent.id.to_string(), before: consent.seal.clone(), after: seal(after) }
    }
}

/// An audit row with the seals of its subject, so that a stored body can be held against it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sealed<'a> {
    #[serde(flatten)]
    entry: &'a AuditEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_sha256: Option<&'a str>,
}

impl<'a> Sealed<'a> {
    pub(super) fn of(entry: &'a AuditEntry, seals: Option<&'a Seals>) -> Self {
        let seals = seals.filter(|seals| seals.subject == entry.subject);
        Self {
            entry,
            before_sha256: seals.and_then(|seals| seals.before.as_deref()),
            after_sha256: seals.and_then(|seals| seals.after.as_deref()),
        }
    }
}
