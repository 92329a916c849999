//! An answer of the institution, `{"data": .., "meta": {"totalRecords": ..}}`, read once.

use crate::field::{Kind, Schema};
use crate::finding::{Findings, Rule};
use crate::gate::Gate;
use crate::ids::{Ids, IsOwn};
use crate::path::Path;
use crate::scan::Scanner;
use crate::unreadable::Unreadable;

/// What passed.
#[derive(Debug)]
pub struct Passed {
    /// `data` as it leaves, JSON.
    pub data: String,
    /// `meta.totalRecords`, where it was there.
    pub total_records: Option<u64>,
    /// Records of the outermost list, those left out included; none where `data` is an object.
    pub records: u64,
    /// Records left out because they are not under the consent, or named no product.
    pub left_out: u64,
    /// What the records that leave, and what was left out of them, break.
    pub findings: Findings,
}

impl Passed {
    /// Holds the answer to its page of at most so many records, where it has pages, and to its own total.
    #[must_use]
    pub fn held_to(mut self, page: Option<u32>) -> Self {
        let too_many = |most: u64| self.records > most;
        if page.map(u64::from).is_some_and(too_many) || self.total_records.is_some_and(too_many) {
            self.findings.note(&Path::DATA, Rule::Items);
        }
        self
    }
}

/// Reads an answer whose `data` is to be what `schema` says. Properties that the table does not name are left out; so are
/// objects and lists where it has neither.
pub fn pass(body: &[u8], schema: &Schema, ids: Ids<'_>) -> Result<Passed, Unreadable> {
    pass_about(body, schema, ids, &|_| Ok(true))
}

/// The same of an answer about one product. A record need not name the institution's key of it, but if it does, `is_own` knows
/// that key.
pub fn pass_about<'i>(
    body: &[u8],
    schema: &Schema,
    ids: Ids<'i>,
    is_own: IsOwn<'i>,
) -> Result<Passed, Unreadable> {
    let text = str::from_utf8(body).map_err(|_| Unreadable::Utf8)?;
    let mut scan = Scanner::new(text);
    let (mut passed, mut total_records) = (None, None);
    scan.members(b'{', |scan| {
        let at = scan.at();
        match scan.name()?.text().as_ref() {
            "data" => once(&mut passed, data(scan, text, schema, (ids, is_own))?, at),
            "meta" => once(&mut total_records, meta(scan)?, at),
            _ => scan.skip(),
        }
    })?;
    scan.end()?;
    let passed = passed.ok_or(Unreadable::NoData)?;
    Ok(Passed { total_records: total_records.flatten(), ..passed })
}

fn data<'a, 'i>(
    scan: &mut Scanner<'a>,
    text: &'a str,
    schema: &Schema,
    (ids, is_own): (Ids<'i>, IsOwn<'i>),
) -> Result<Passed, Unreadable> {
    let start = scan.next_at();
    match (schema, scan.peek()) {
        (Kind::Object(_), b'{') | (Kind::List(_), b'[') => {}
        _ => return scan.skip().and(Err(Unreadable::Data)),
    }
    let mut gate = Gate::new(scan, text, start, (ids, is_own));
    let records = gate.data(schema)?;
    let (data, left_out, findings) = gate.finish();
    Ok(Passed { data, total_records: None, records, left_out, findings })
}

/// The records in all pages, if `meta` says so.
fn meta(scan: &mut Scanner<'_>) -> Result<Option<u64>, Unreadable> {
    match scan.peek() {
        b'{' => {}
        b'n' => return scan.word("null").map(|()| None),
        _ => return scan.skip().and(Err(Unreadable::Meta)),
    }
    let mut total = None;
    scan.members(b'{', |scan| {
        let at = scan.at();
        if scan.name()?.text() != "totalRecords" {
            return scan.skip();
        }
        let number = match scan.peek() {
            b'n' => scan.word("null").map(|()| None)?,
            b'-' | b'0'..=b'9' => Some(scan.number()?.parse().map_err(|_| Unreadable::Meta)?),
            _ => return scan.skip().and(Err(Unreadable::Meta)),
        };
        once(&mut total, number, at)
    })?;
    Ok(total.flatten())
}

/// Notes a value, unless there is one.
fn once<T>(slot: &mut Option<T>, value: T, at: usize) -> Result<(), Unreadable> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Unreadable::Twice(at)),
    }
}
