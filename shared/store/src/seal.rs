//! Seals: SHA-256 of stored bodies, which audit rows carry so that a changed body is noticed.

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use ponte_ports::audit::AuditEntry;
use serde::Serialize;

use crate::item::{Item, text};

/// SHA-256 of a stored body, hexadecimal.
pub(crate) fn of(stored: &Item) -> Option<String> {
    text(stored, "body").map(|body| hex(digest(&SHA256, body.as_bytes()).as_ref()))
}

/// A digest, hexadecimal.
pub(crate) fn hex(digest: &[u8]) -> String {
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a text does not fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The seals of a subject before and after a change.
pub(crate) struct Seals {
    pub(crate) subject: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// An audit row with the seals of its subject.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sealed<'a> {
    #[serde(flatten)]
    entry: &'a AuditEntry,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_sha256: Option<&'a str>,
}

impl<'a> Sealed<'a> {
    pub(crate) fn of(entry: &'a AuditEntry, seals: &'a [Seals]) -> Self {
        let seals = seals.iter().find(|seals| seals.subject == entry.subject);
        Self {
            entry,
            before_sha256: seals.and_then(|seals| seals.before.as_deref()),
            after_sha256: seals.and_then(|seals| seals.after.as_deref()),
        }
    }
}
