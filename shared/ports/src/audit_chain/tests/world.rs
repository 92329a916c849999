//! Rows, seals and ends of chains in memory, and four days of them.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use ponte_values::{Date, Moment};

use crate::audit_chain::sealing::{Sealed, seal};
use crate::audit_chain::{
    Appended, AuditChain, AuditPart, AuditSeal, ChainHead, Proof, ProofPlace, RowDigest, Standing, prove,
};
use crate::outbox::SHARDS;
use crate::{Clock, PortError};

/// The shard that the tests write to.
pub(super) const SHARD: u8 = 1;

/// The rows that a store holds, and a clock that every look puts forward by a millisecond.
pub(super) struct World {
    pub(super) now: Mutex<Moment>,
    /// The digest of each row, by its place.
    pub(super) rows: Mutex<BTreeMap<(AuditPart, String), String>>,
    pub(super) seals: Mutex<BTreeMap<u64, AuditSeal>>,
    pub(super) heads: Mutex<BTreeMap<u8, ChainHead>>,
    /// What stands in the way of every change.
    pub(super) obstacle: Mutex<Option<Obstacle>>,
}

/// What stands in the way of a change of the chain.
#[derive(Clone, Copy)]
pub(super) enum Obstacle {
    /// Another sweep made the same change before.
    Faster,
    /// Others are writing the same at every try.
    Contention,
    /// Something lies where the seal goes.
    Forgery,
}

pub(super) fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub(super) fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// The sort key of the row of a commit.
pub(super) fn key(time: &str, commit: &str) -> String {
    format!("{}#{commit}#0", at(time).with_millis())
}

pub(super) fn part(of: &str) -> AuditPart {
    AuditPart { day: day(of), shard: Some(SHARD) }
}

impl World {
    pub(super) fn at(time: &str) -> Self {
        Self {
            now: Mutex::new(at(time)),
            rows: Mutex::default(),
            seals: Mutex::default(),
            heads: Mutex::default(),
            obstacle: Mutex::default(),
        }
    }

    /// Four days: three seals on the first, one on the second, none on the third, one on the fourth, and a young row.
    pub(super) async fn of_four_days() -> Self {
        let world = Self::at("2026-03-01T12:00:00Z");
        for (written, commits, sealed) in [
            ("2026-03-01T11:00:00Z", &["a", "b"][..], "2026-03-01T12:00:00Z"),
            ("2026-03-01T12:10:00Z", &["c"], "2026-03-01T13:00:00Z"),
            ("2026-03-01T13:10:00Z", &["d"], "2026-03-01T14:00:00Z"),
            ("2026-03-02T09:00:00Z", &["e"], "2026-03-02T10:00:00Z"),
            ("2026-03-04T09:00:00Z", &["f"], "2026-03-04T10:00:00Z"),
        ] {
            for commit in commits {
                world.write(written, commit);
            }
            world.set(sealed);
            world.sweep().await;
        }
        world.write("2026-03-04T09:58:00Z", "g");
        world
    }

    pub(super) fn set(&self, time: &str) {
        *self.now.lock().unwrap() = at(time);
    }

    /// Writes the row of a commit; its key.
    pub(super) fn write(&self, time: &str, commit: &str) -> String {
        self.put(AuditPart { day: at(time).date_utc(), shard: Some(SHARD) }, &key(time, commit))
    }

    pub(super) fn put(&self, part: AuditPart, key: &str) -> String {
        self.rows.lock().unwrap().insert((part, key.to_owned()), format!("digest of {key}"));
        key.to_owned()
    }

    /// The sweep of a minute, over every shard.
    pub(super) async fn sweep(&self) -> Sealed {
        let mut all = Sealed::default();
        for shard in 0..SHARDS {
            let until = self.until();
            let sealed = seal(self, shard, self, until).await.unwrap();
            all = Sealed { seals: all.seals + sealed.seals, rows: all.rows + sealed.rows };
        }
        all
    }

    pub(super) async fn proof(&self, of: &str) -> Proof {
        self.proof_from(of, None).await
    }

    pub(super) async fn proof_from(&self, of: &str, from: Option<ProofPlace>) -> Proof {
        let until = self.until();
        prove(self, day(of), from, self, until).await.unwrap()
    }

    fn until(&self) -> Moment {
        self.now.lock().unwrap().plus(Duration::from_secs(1))
    }

    /// A forger's seal: changed, with a digest that fits.
    pub(super) fn forge(&self, number: u64, change: impl FnOnce(&mut AuditSeal)) {
        let mut seals = self.seals.lock().unwrap();
        let seal = seals.get_mut(&number).unwrap();
        change(seal);
        seal.digest = seal.computed();
    }
}

impl Clock for World {
    fn now(&self) -> Moment {
        let mut now = self.now.lock().unwrap();
        let read = *now;
        *now = read.plus(Duration::from_millis(1));
        read
    }
}

#[async_trait]
impl AuditChain for World {
    async fn rows(
        &self,
        part: AuditPart,
        after: &str,
        until: &str,
        limit: usize,
    ) -> Result<Vec<RowDigest>, PortError> {
        assert!(part.shard.is_none_or(|shard| shard < SHARDS), "no such shard");
        let rows = self.rows.lock().unwrap();
        let found =
            rows.iter().filter(|((of, key), _)| *of == part && key.as_str() > after && key.as_str() <= until);
        let digests = found.map(|((_, key), sha256)| RowDigest { key: key.clone(), sha256: sha256.clone() });
        Ok(digests.take(limit).collect())
    }

    async fn head(&self, shard: u8) -> Result<Option<ChainHead>, PortError> {
        assert!(shard < SHARDS, "no such shard");
        Ok(self.heads.lock().unwrap().get(&shard).cloned())
    }

    async fn append(&self, head: &ChainHead, seal: Option<&AuditSeal>) -> Result<Appended, PortError> {
        let mut heads = self.heads.lock().unwrap();
        match *self.obstacle.lock().unwrap() {
            Some(Obstacle::Faster) => {
                heads.insert(head.shard, head.clone());
                return Ok(Appended::Refused);
            }
            Some(Obstacle::Contention) => return Ok(Appended::Contended),
            Some(Obstacle::Forgery) => return Ok(Appended::Refused),
            None => {}
        }
        let before = heads.insert(head.shard, head.clone());
        assert_eq!(before.map_or(0, |before| before.version) + 1, head.version);
        if let Some(seal) = seal {
            assert_eq!(seal.shard, SHARD, "nothing is written to the others");
            self.seals.lock().unwrap().insert(seal.number, seal.clone());
        }
        Ok(Appended::Done)
    }

    async fn seal_after(&self, part: AuditPart, number: u64) -> Result<Option<AuditSeal>, PortError> {
        let seals = self.seals.lock().unwrap();
        let of_part = |seal: &&AuditSeal| seal.day == part.day && Some(seal.shard) == part.shard;
        Ok(seals.range(number + 1..).map(|(_, seal)| seal).find(of_part).cloned())
    }

    async fn standing(&self) -> Result<Option<Standing>, PortError> {
        Ok(None)
    }

    async fn stand(&self, _: &Standing) -> Result<bool, PortError> {
        panic!("neither a sweep nor a proof of a day notes where the nights stand")
    }
}
