//! The audit rows as the chain sees them, and its seals, in a table of their own: who writes rows may not write seals.

use std::collections::BTreeMap;

use async_trait::async_trait;
use aws_lc_rs::digest::{Context, SHA256};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use ponte_cloud::environment::SystemIds;
use ponte_cloud::failure;
use ponte_ports::audit_chain::{
    Appended, AuditChain, AuditPart, AuditSeal, ChainHead, ProofPlace, RowDigest, Standing,
};
use ponte_ports::{Ids as _, PortError};
use ponte_values::Date;
use serde::{Deserialize, Serialize};

use crate::body::{body, read};
use crate::dynamo::Dynamo;
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::pages;
use crate::seal::hex;
use crate::transaction::{Outcome, Transaction};

const WHAT: &str = "audit chain";
/// The list of a seal is alike in every line but for its digests, which no level makes smaller.
const LEVEL: u8 = 4;
/// Most bytes a list unpacks to, ten times those of a full seal.
const UNPACKED: usize = 4_000_000;
/// Sort key of where the proof of the nights stands, beside the ends of the chains.
const STANDING: &str = "PROOF";
/// The first sort key that DynamoDB takes; a bound cannot be empty.
const FIRST: &str = "\u{0}";
/// The highest number whose text sorts like it. Whatever lies in the place of a seal without being one gets it: behind
/// it there is none.
const LAST: u64 = 999_999_999_999;

/// The audit rows of an institution and the chain over them.
pub struct AuditChainTable {
    dynamo: Dynamo,
    audit: String,
    seals: String,
}

impl AuditChainTable {
    /// The rows in the table `audit`, their seals in the table `seals`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, audit: &str, seals: &str) -> Self {
        Self { dynamo: dynamo.clone(), audit: audit.to_owned(), seals: seals.to_owned() }
    }

    fn seal_item(&self, seal: &AuditSeal, owner: &str) -> Result<Item, PortError> {
        let rows = serde_json::to_vec(&seal.rows).map_err(|error| failure::json(WHAT, &error))?;
        let stored = StoredSeal {
            before: seal.before.clone(),
            before_day: seal.before_day.map(|day| day.to_string()),
            after: seal.after.clone(),
            digest: seal.digest.clone(),
        };
        let attributes = [
            ("owner", s(owner)),
            ("body", body(WHAT, &stored)?),
            ("rows", AttributeValue::B(Blob::new(compress_to_vec_zlib(&rows, LEVEL)))),
        ];
        let pk = self.dynamo.keys.audit_seals(seal.day, seal.shard);
        Ok(item(key(pk, place_of(seal.number)), attributes))
    }

    fn head_item(&self, head: &ChainHead, owner: &str) -> Result<Item, PortError> {
        let stored = StoredHead {
            day: head.day.to_string(),
            upto: head.upto.clone(),
            number: head.number,
            digest: head.digest.clone(),
            sealed_day: head.sealed_day.map(|day| day.to_string()),
            since: head.since.to_string(),
            version: head.version,
        };
        let attributes = [("version", n(head.version)), ("owner", s(owner)), ("body", body(WHAT, &stored)?)];
        Ok(item(key(self.dynamo.keys.audit_heads(), head.shard.to_string()), attributes))
    }

    fn standing_item(&self, standing: &Standing, owner: &str) -> Result<Item, PortError> {
        let stored = StoredStanding {
            night: standing.night.to_string(),
            day: standing.day.map(|day| day.to_string()),
            place: standing.place.clone(),
            since: standing.since.to_string(),
            version: standing.version,
        };
        let attributes =
            [("version", n(standing.version)), ("owner", s(owner)), ("body", body(WHAT, &stored)?)];
        Ok(item(key(self.dynamo.keys.audit_heads(), STANDING), attributes))
    }
}

/// A seal as its item holds it, besides its key and its list.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredSeal {
    before: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_day: Option<String>,
    after: String,
    digest: String,
}

/// The end of a chain as its item holds it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredHead {
    day: String,
    upto: String,
    number: u64,
    digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sealed_day: Option<String>,
    since: String,
    version: u64,
}

/// Where the proof of the nights stands, as its item holds it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredStanding {
    night: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<ProofPlace>,
    since: String,
    version: u64,
}

fn date(text: &str) -> Result<Date, PortError> {
    Date::parse(text).map_err(|error| PortError::unreadable(WHAT, error))
}

/// The sort key of a seal.
fn place_of(number: u64) -> String {
    format!("{number:012}")
}

/// What cannot be read of a seal is missing, so that its digest is not what it says: a proof names it and goes on.
fn seal_of(day: Date, shard: u8, item: &Item) -> AuditSeal {
    let place = text(item, "sk").unwrap_or_default();
    let number = place.parse().ok().filter(|number| *number <= LAST && place_of(*number) == place);
    let stored: Option<StoredSeal> = read(WHAT, item).ok();
    let list = item.get("rows").and_then(|value| value.as_b().ok());
    let list = list.and_then(|blob| decompress_to_vec_zlib_with_limit(blob.as_ref(), UNPACKED).ok());
    let rows = list.and_then(|list| serde_json::from_slice(&list).ok()).unwrap_or_default();
    let unread = AuditSeal {
        day,
        shard,
        number: number.unwrap_or(LAST),
        before: String::new(),
        before_day: None,
        after: String::new(),
        rows,
        digest: String::new(),
    };
    let Some(StoredSeal { before, before_day, after, digest }) = stored else { return unread };
    match before_day.as_deref().map(date).transpose() {
        Ok(before_day) => AuditSeal { before, before_day, after, digest, ..unread },
        Err(_) => unread,
    }
}

/// SHA-256 over everything stored of a row, by the names of its attributes.
fn digest_of(row: &Item) -> RowDigest {
    let attributes = row.iter().collect::<BTreeMap<_, _>>();
    let mut context = Context::new(&SHA256);
    let mut add = |text: &str| {
        context.update(&u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(text.as_bytes());
    };
    for (name, value) in attributes {
        add(name);
        match value {
            AttributeValue::S(text) => add(text),
            // Our rows have texts alone; whatever else somebody put there counts by how it is written out.
            other => add(&format!("{other:?}")),
        }
    }
    RowDigest { key: text(row, "sk").unwrap_or_default().to_owned(), sha256: hex(context.finish().as_ref()) }
}

#[async_trait]
impl AuditChain for AuditChainTable {
    async fn rows(
        &self,
        part: AuditPart,
        after: &str,
        until: &str,
        limit: usize,
    ) -> Result<Vec<RowDigest>, PortError> {
        // Both bounds are included, and the row at `after` is left out here: keys that begin with it lie behind it.
        let from = if after.is_empty() { FIRST } else { after };
        if from > until {
            return Ok(Vec::new());
        }
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.audit)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :until")
            .expression_attribute_values(":pk", s(self.dynamo.keys.audit_part(part)))
            .expression_attribute_values(":from", s(from))
            .expression_attribute_values(":until", s(until));
        let rows = pages::read(WHAT, query, limit.saturating_add(1)).await?;
        Ok(rows.iter().map(digest_of).filter(|row| row.key != after).take(limit).collect())
    }

    async fn head(&self, shard: u8) -> Result<Option<ChainHead>, PortError> {
        let pk = self.dynamo.keys.audit_heads();
        let found = self.dynamo.get(WHAT, &self.seals, pk, &shard.to_string()).await?;
        let Some(item) = found else { return Ok(None) };
        let stored: StoredHead = read(WHAT, &item)?;
        Ok(Some(ChainHead {
            shard,
            day: date(&stored.day)?,
            upto: stored.upto,
            number: stored.number,
            digest: stored.digest,
            sealed_day: stored.sealed_day.as_deref().map(date).transpose()?,
            since: date(&stored.since)?,
            version: stored.version,
        }))
    }

    async fn append(&self, head: &ChainHead, seal: Option<&AuditSeal>) -> Result<Appended, PortError> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        transaction.put(&self.seals, self.head_item(head, &owner)?, Condition::before(head.version))?;
        if let Some(seal) = seal {
            transaction.put(&self.seals, self.seal_item(seal, &owner)?, Condition::absent())?;
        }
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(Appended::Done),
            Outcome::Refused(_) => Ok(Appended::Refused),
            Outcome::Contended => Ok(Appended::Contended),
        }
    }

    async fn seal_after(&self, part: AuditPart, number: u64) -> Result<Option<AuditSeal>, PortError> {
        let Some(shard) = part.shard.filter(|_| number < LAST) else { return Ok(None) };
        let query = self
            .dynamo
            .client
            .query()
            .table_name(&self.seals)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk > :number")
            .expression_attribute_values(":pk", s(self.dynamo.keys.audit_seals(part.day, shard)))
            .expression_attribute_values(":number", s(place_of(number)));
        let found = pages::read(WHAT, query, 1).await?;
        Ok(found.first().map(|item| seal_of(part.day, shard, item)))
    }

    async fn standing(&self) -> Result<Option<Standing>, PortError> {
        let pk = self.dynamo.keys.audit_heads();
        let found = self.dynamo.get(WHAT, &self.seals, pk, STANDING).await?;
        let Some(item) = found else { return Ok(None) };
        let stored: StoredStanding = read(WHAT, &item)?;
        Ok(Some(Standing {
            night: date(&stored.night)?,
            day: stored.day.as_deref().map(date).transpose()?,
            place: stored.place,
            since: date(&stored.since)?,
            version: stored.version,
        }))
    }

    async fn stand(&self, standing: &Standing) -> Result<bool, PortError> {
        let owner = SystemIds.uuid();
        let mut transaction = Transaction::new(WHAT, &owner);
        let item = self.standing_item(standing, &owner)?;
        transaction.put(&self.seals, item, Condition::before(standing.version))?;
        Ok(matches!(transaction.run(&self.dynamo).await?, Outcome::Applied))
    }
}

#[cfg(test)]
mod tests;
