//! The chain over the audit rows, in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use ponte_ports::PortError;
use ponte_ports::audit_chain::{Appended, AuditChain, AuditPart, AuditSeal, ChainHead, RowDigest, Standing};
use ponte_values::Moment;

/// Rows and seals in memory; a shard can be broken.
#[derive(Default)]
pub struct ChainInMemory {
    /// The rows, by part and key, as what stands for all that is stored of them.
    pub rows: Mutex<BTreeMap<(AuditPart, String), String>>,
    /// The seals, by part and number.
    pub seals: Mutex<BTreeMap<(AuditPart, u64), AuditSeal>>,
    /// The ends of the chains, by shard.
    pub heads: Mutex<BTreeMap<u8, ChainHead>>,
    /// The shard whose rows cannot be read.
    pub broken: Mutex<Option<u8>>,
    /// The shard whose end cannot be read.
    pub unreadable_head: Mutex<Option<u8>>,
    /// Where the proof of the nights stands.
    pub standing: Mutex<Option<Standing>>,
}

impl ChainInMemory {
    /// The part of a moment's day in a shard.
    #[must_use]
    pub fn part(at: Moment, shard: u8) -> AuditPart {
        AuditPart { day: at.date_utc(), shard: Some(shard) }
    }

    /// Adds a row of a commit called `name`; its key is the answer.
    pub fn add(&self, at: Moment, shard: u8, name: &str) -> String {
        let key = format!("{}#{name}#0", at.with_millis());
        self.rows.lock().unwrap().insert((Self::part(at, shard), key.clone()), "as written".to_owned());
        key
    }
}

#[async_trait]
impl AuditChain for ChainInMemory {
    async fn rows(
        &self,
        part: AuditPart,
        after: &str,
        until: &str,
        limit: usize,
    ) -> Result<Vec<RowDigest>, PortError> {
        if part.shard.is_some() && part.shard == *self.broken.lock().unwrap() {
            return Err(PortError::new("audit chain", "broken"));
        }
        let rows = self.rows.lock().unwrap();
        let found =
            rows.iter().filter(|((of, key), _)| *of == part && key.as_str() > after && key.as_str() <= until);
        let digest = |((_, key), text): (&(AuditPart, String), &String)| RowDigest {
            key: key.clone(),
            sha256: text.clone(),
        };
        Ok(found.take(limit).map(digest).collect())
    }

    async fn head(&self, shard: u8) -> Result<Option<ChainHead>, PortError> {
        if *self.unreadable_head.lock().unwrap() == Some(shard) {
            return Err(PortError::unreadable("audit chain", "no body"));
        }
        Ok(self.heads.lock().unwrap().get(&shard).cloned())
    }

    async fn append(&self, head: &ChainHead, seal: Option<&AuditSeal>) -> Result<Appended, PortError> {
        let mut heads = self.heads.lock().unwrap();
        if heads.get(&head.shard).map_or(0, |head| head.version) + 1 != head.version {
            return Ok(Appended::Refused);
        }
        let mut seals = self.seals.lock().unwrap();
        if let Some(seal) = seal {
            let part = AuditPart { day: seal.day, shard: Some(seal.shard) };
            if seals.contains_key(&(part, seal.number)) {
                return Ok(Appended::Refused);
            }
            seals.insert((part, seal.number), seal.clone());
        }
        heads.insert(head.shard, head.clone());
        Ok(Appended::Done)
    }

    async fn seal_after(&self, part: AuditPart, number: u64) -> Result<Option<AuditSeal>, PortError> {
        let seals = self.seals.lock().unwrap();
        Ok(seals.range((part, number + 1)..=(part, u64::MAX)).next().map(|(_, seal)| seal.clone()))
    }

    async fn standing(&self) -> Result<Option<Standing>, PortError> {
        Ok(self.standing.lock().unwrap().clone())
    }

    async fn stand(&self, standing: &Standing) -> Result<bool, PortError> {
        let mut stored = self.standing.lock().unwrap();
        let next = stored.as_ref().map_or(0, |stored| stored.version) + 1;
        if next == standing.version {
            *stored = Some(standing.clone());
        }
        Ok(next == standing.version)
    }
}
