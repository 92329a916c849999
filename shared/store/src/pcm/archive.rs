//! A part of the archive: rows of one day with their verdicts, compressed, at most what one item holds.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use ponte_metrics::ledger::shard_leases::ArchivePartKey;
use ponte_metrics::ledger::{ARCHIVE_KEPT, Counts, LineKey, SettledRow};
use ponte_metrics::outbox::day_of;
use ponte_metrics::ports::ArchivePart;
use ponte_ports::PortError;
use ponte_values::{Date, Moment};
use serde_json::value::RawValue;

use super::table::{WHAT, expires};
use crate::body::{SCHEMA, unreadable};
use crate::dynamo::Dynamo;
use crate::item::{Item, item, key, n, s, text};
use ponte_cloud::failure;

/// Most compressed bytes of a part; an item holds 400 KB.
const BYTES: usize = 390_000;
/// Most bytes a part unpacks to; ten times what a request to the platform may have.
const UNPACKED: usize = 100_000_000;
/// Reports are alike: a low level is nearly as small as a high one and takes a third of its time.
const LEVEL: u8 = 4;

/// A part ready to be written.
pub(super) struct Packed {
    pub(super) key: ArchivePartKey,
    pub(super) counts: BTreeMap<LineKey, Counts>,
    items: Vec<SettledRow>,
    blob: Vec<u8>,
}

/// Packs items, a day apart from another, each into as few parts as their size allows. `mark` sets the keys of the parts
/// apart from those without it.
pub(super) fn pack_days(
    items: &[SettledRow],
    now: Moment,
    mark: Option<&str>,
) -> Result<Vec<Packed>, PortError> {
    let mut days: BTreeMap<Date, Vec<&SettledRow>> = BTreeMap::new();
    for item in items {
        let day = day_of(&item.row.sort_key).unwrap_or_else(|| Moment::from_millis(0).date_brasilia());
        days.entry(day).or_default().push(item);
    }
    let mut parts = Vec::new();
    for (day, items) in days {
        pack((day, now), &items, mark, &mut parts)?;
    }
    Ok(parts)
}

fn pack(
    (day, now): (Date, Moment),
    items: &[&SettledRow],
    mark: Option<&str>,
    parts: &mut Vec<Packed>,
) -> Result<(), PortError> {
    let (Some(first), Some(last)) = (items.first(), items.last()) else { return Ok(()) };
    let text = serde_json::to_vec(items).map_err(|error| failure::json(WHAT, &error))?;
    let blob = compress_to_vec_zlib(&text, LEVEL);
    if blob.len() > BYTES && items.len() > 1 {
        let (one, other) = items.split_at(items.len() / 2);
        pack((day, now), one, mark, parts)?;
        return pack((day, now), other, mark, parts);
    }
    let mut counts: BTreeMap<LineKey, Counts> = BTreeMap::new();
    for item in items {
        *counts.entry(LineKey::of(&item.row)).or_default() += item.counts(day, now);
    }
    let mut key = format!("{}!{}", first.row.sort_key, last.row.sort_key);
    if let Some(mark) = mark {
        key = format!("{key}!{mark}");
    }
    let key = ArchivePartKey { day: day.to_string(), key };
    parts.push(Packed { key, counts, items: items.iter().copied().cloned().collect(), blob });
    Ok(())
}

/// Whether an item that stood in the way is a part of the archive.
pub(super) fn is_part(item: &Item) -> bool {
    item.contains_key("reports")
}

impl Packed {
    /// Its items, as such that the platform had before.
    pub(super) fn as_repeats(&self) -> Vec<SettledRow> {
        let mut items = self.items.clone();
        for item in &mut items {
            item.row.repeat = true;
        }
        items
    }

    pub(super) fn item(&self, dynamo: &Dynamo, at: Moment, owner: &str) -> Item {
        let attributes = [
            ("schema", n(SCHEMA)),
            ("settled_at", s(at.with_millis())),
            ("reports", AttributeValue::B(Blob::new(self.blob.clone()))),
            ("owner", s(owner)),
            ("expires_at", expires(at, ARCHIVE_KEPT)),
        ];
        item(key(dynamo.keys.archive(&self.key.day), &self.key.key), attributes)
    }
}

/// Reads a part back.
pub(super) fn unpack(day: &str, item: &Item) -> Result<ArchivePart, PortError> {
    let broken = || unreadable(WHAT, item, "no part of the archive");
    let blob = item.get("reports").and_then(|value| value.as_b().ok()).ok_or_else(broken)?;
    let bytes = decompress_to_vec_zlib_with_limit(blob.as_ref(), UNPACKED).map_err(|_| broken())?;
    let rows = serde_json::from_slice::<Vec<&RawValue>>(&bytes).map_err(|_| broken())?;
    let items =
        rows.iter().filter_map(|row| serde_json::from_str(row.get()).ok()).collect::<Vec<SettledRow>>();
    if items.len() < rows.len() {
        // The others of the part are told without them.
        drop(unreadable(WHAT, item, "rows that this release does not know"));
    }
    let at = text(item, "settled_at").and_then(|at| Moment::parse(at).ok()).ok_or_else(broken)?;
    let key = text(item, "sk").ok_or_else(broken)?.to_owned();
    Ok(ArchivePart { key: ArchivePartKey { day: day.to_owned(), key }, at, items })
}
