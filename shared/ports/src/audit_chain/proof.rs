//! The proof of a day: every seal holds, none is missing, and the rows are those that they list.

use std::cmp::Ordering;

use ponte_values::{Date, Moment};
use serde::{Deserialize, Serialize};

use super::head::ChainHead;
use super::place::ProofPlace;
use super::seal::{AuditPart, AuditSeal, RowDigest};
use super::sealing::{END, SEAL_ROWS};
use super::table::AuditChain;
use crate::outbox::SHARDS;
use crate::{Clock, PortError};

/// Findings after which a proof pauses.
const MOST_FINDINGS: usize = 200;
/// Days without a change behind which the next seal is not looked for: whoever moved the end of the chain far away does not
/// keep a proof busy.
const MOST_DAYS: i64 = 400;
/// Rows compared with one seal at most; beyond it are inserted ones, of which enough are named.
const MOST_ROWS: usize = SEAL_ROWS + MOST_FINDINGS;

/// What is wrong with a row or a seal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditFault {
    /// The row is not what was sealed.
    RowChanged,
    /// The row was sealed and is gone.
    RowRemoved,
    /// The row came after its time was sealed, or lies where no commit writes.
    RowInserted,
    /// The seal, or the end of the chain, is not what it was.
    SealChanged,
    /// The seal is gone.
    SealRemoved,
    /// The chain does not begin with the day that its end names: seals in front of it are gone, or somebody moved the day.
    BeginningChanged,
    /// The end of the chain is gone or cannot be read, and with it what says how far there were seals.
    HeadRemoved,
    /// The log has another digest of the seal: the chain was written anew.
    LogDiffers,
}

/// One fault, by its place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AuditFinding {
    /// The fault.
    pub fault: AuditFault,
    /// Shard; none for a row that is in no shard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard: Option<u8>,
    /// Number of the seal that tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<u64>,
    /// Sort key of the row: time, commit and number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
}

/// The outcome of a proof, or of a part of one.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Proof {
    /// Seals that were looked at.
    pub seals: u64,
    /// Rows that were compared with a seal.
    pub sealed: u64,
    /// Rows that are not sealed yet.
    pub waiting: u64,
    /// What is wrong.
    pub findings: Vec<AuditFinding>,
    /// There is more to prove: go on with this.
    #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
    pub rest: Option<ProofPlace>,
}

/// Proves the rows of a day (UTC) from a place on, until `until`.
pub async fn prove(
    chain: &dyn AuditChain,
    day: Date,
    from: Option<ProofPlace>,
    clock: &dyn Clock,
    until: Moment,
) -> Result<Proof, PortError> {
    let mut prover = Prover { chain, day, proof: Proof::default() };
    let mut place = from.unwrap_or_else(|| ProofPlace::beginning(0));
    while place.shard < SHARDS {
        if clock.now() >= until || prover.proof.findings.len() >= MOST_FINDINGS {
            prover.proof.rest = Some(place);
            return Ok(prover.proof);
        }
        place = prover.step(place).await?;
    }
    prover.outside().await?;
    Ok(prover.proof)
}

/// The end of a chain for a proof: one that cannot be read says nothing and ends no proof. The sweep goes on from none such.
pub async fn readable_head(chain: &dyn AuditChain, shard: u8) -> Result<Option<ChainHead>, PortError> {
    match chain.head(shard).await {
        Err(error) if error.is_unreadable() => Ok(None),
        head => head,
    }
}

struct Prover<'a> {
    chain: &'a dyn AuditChain,
    day: Date,
    proof: Proof,
}

impl Prover<'_> {
    const fn part(&self, shard: u8) -> AuditPart {
        AuditPart { day: self.day, shard: Some(shard) }
    }

    fn find(&mut self, fault: AuditFault, shard: u8, seal: u64) {
        self.proof.findings.push(AuditFinding { fault, shard: Some(shard), seal: Some(seal), row: None });
    }

    /// Proves the next seal, or what lies behind the last one; the place after it.
    async fn step(&mut self, place: ProofPlace) -> Result<ProofPlace, PortError> {
        let shard = place.shard;
        // Read first: what is sealed meanwhile lies behind this end, and not in front of it.
        let head = readable_head(self.chain, shard).await?;
        let Some(seal) = self.chain.seal_after(self.part(shard), place.number).await? else {
            self.behind(&place, head).await?;
            return Ok(ProofPlace::beginning(shard + 1));
        };
        self.seal(&place, &seal).await?;
        // A seal that cannot be read lists nothing: what was compared before stays compared.
        let upto = seal.upto().max(place.upto.as_str()).to_owned();
        Ok(ProofPlace { shard, number: seal.number, digest: seal.digest, upto })
    }

    /// A seal holds itself, hangs on the one before it, and lists the rows that are there.
    async fn seal(&mut self, place: &ProofPlace, seal: &AuditSeal) -> Result<(), PortError> {
        self.proof.seals += 1;
        if seal.digest != seal.computed() {
            self.find(AuditFault::SealChanged, seal.shard, seal.number);
        }
        self.link(place, seal).await?;
        let rows = self.chain.rows(self.part(seal.shard), &seal.after, seal.upto(), MOST_ROWS).await?;
        self.proof.sealed += u64::try_from(seal.rows.len()).unwrap_or_default();
        // Where there are too many, what is behind them is not compared.
        let last = rows.last().filter(|_| rows.len() == MOST_ROWS).map(|row| row.key.clone());
        let listed = seal.rows.iter().filter(|row| last.as_ref().is_none_or(|last| row.key <= *last));
        compare(listed, &rows, |fault, row| {
            let (shard, seal, row) = (Some(seal.shard), Some(seal.number), Some(row.to_owned()));
            self.proof.findings.push(AuditFinding { fault, shard, seal, row });
        });
        Ok(())
    }

    async fn link(&mut self, place: &ProofPlace, seal: &AuditSeal) -> Result<(), PortError> {
        let before = seal.number.saturating_sub(1);
        if place.number > 0 {
            match (place.number == before, place.digest == seal.before && place.upto == seal.after) {
                (false, _) => self.find(AuditFault::SealRemoved, seal.shard, place.number + 1),
                (true, false) => self.find(AuditFault::SealChanged, seal.shard, seal.number),
                (true, true) => {}
            }
            return Ok(());
        }
        let Some(day) = seal.before_day else {
            if seal.number != 1 || !seal.before.is_empty() {
                self.find(AuditFault::SealRemoved, seal.shard, before);
            }
            return Ok(());
        };
        // The first one of the day hangs on the last one of a day before, or is not the first.
        let part = AuditPart { day, shard: Some(seal.shard) };
        let found = self.chain.seal_after(part, before.saturating_sub(1)).await?;
        let hangs = found.is_some_and(|found| found.number == before && found.digest == seal.before);
        if !hangs || day == self.day || !seal.after.is_empty() {
            self.find(AuditFault::SealRemoved, seal.shard, before);
        }
        Ok(())
    }

    /// Behind the last seal of the day: the chain goes on or ends there, and no row is older than what is sealed.
    async fn behind(&mut self, place: &ProofPlace, head: Option<ChainHead>) -> Result<(), PortError> {
        let shard = place.shard;
        match &head {
            Some(head) => {
                if let Some(missing) = self.missing(place, head).await? {
                    self.find(AuditFault::SealRemoved, shard, missing);
                }
                if !self.begins(head).await? {
                    self.find(AuditFault::BeginningChanged, shard, 1);
                }
            }
            // The first sweep of a stack makes one for each shard, whether there are rows or not.
            None => self.proof.findings.push(AuditFinding {
                fault: AuditFault::HeadRemoved,
                shard: Some(shard),
                seal: None,
                row: None,
            }),
        }
        let rows = self.chain.rows(self.part(shard), &place.upto, END, MOST_ROWS).await?;
        let closed = head.is_some_and(|head| head.day > self.day && head.since <= self.day);
        if closed {
            self.inserted(Some(shard), &rows);
        } else {
            self.proof.waiting += u64::try_from(rows.len()).unwrap_or_default();
        }
        Ok(())
    }

    /// Whether the chain begins on the day that its end names, with its first seal: a later day would leave those before it
    /// unproven.
    async fn begins(&self, head: &ChainHead) -> Result<bool, PortError> {
        let Some(last) = head.sealed_day else { return Ok(head.number == 0) };
        if head.number == 0 || last < head.since {
            return Ok(false);
        }
        for distance in 0..=last.days_since(head.since).min(MOST_DAYS) {
            let part = AuditPart { day: head.since.plus_days(distance), shard: Some(head.shard) };
            if let Some(first) = self.chain.seal_after(part, 0).await? {
                return Ok(first.number == 1 && first.before_day.is_none());
            }
        }
        Ok(false)
    }

    /// The number of the seal that should be there behind the last one of the day; `None` if the chain goes on, or ends here
    /// as it says itself.
    async fn missing(&self, place: &ProofPlace, head: &ChainHead) -> Result<Option<u64>, PortError> {
        let (hangs, last) = match self.first_after_the_day(place, head).await? {
            Some(next) if place.number > 0 => {
                let hangs = next.number == place.number + 1 && next.before == place.digest;
                (hangs, next.number.saturating_sub(1))
            }
            Some(next) => (next.before_day != Some(self.day), next.number.saturating_sub(1)),
            None if place.number > 0 => {
                (head.number == place.number && head.digest == place.digest, head.number)
            }
            None => (head.sealed_day != Some(self.day), head.number),
        };
        Ok((!hangs).then_some(last))
    }

    /// The first seal of the days behind the day, up to the last seal of all.
    async fn first_after_the_day(
        &self,
        place: &ProofPlace,
        head: &ChainHead,
    ) -> Result<Option<AuditSeal>, PortError> {
        for distance in 1..=MOST_DAYS {
            let day = self.day.plus_days(distance);
            if head.sealed_day.is_none_or(|last| day > last) {
                break;
            }
            let part = AuditPart { day, shard: Some(place.shard) };
            if let Some(next) = self.chain.seal_after(part, place.number).await? {
                return Ok(Some(next));
            }
        }
        Ok(None)
    }

    /// Rows in no shard are those of a release that had none, before the chain began.
    async fn outside(&mut self) -> Result<(), PortError> {
        let mut since = None;
        for shard in 0..SHARDS {
            let begun = readable_head(self.chain, shard).await?.map(|head| head.since);
            since = since.into_iter().chain(begun).min();
        }
        // The earliest of them: the chains begin together, and one that says otherwise does not decide.
        if since.is_some_and(|since: Date| self.day > since.plus_days(1)) {
            let part = AuditPart { day: self.day, shard: None };
            let rows = self.chain.rows(part, "", END, MOST_FINDINGS).await?;
            self.inserted(None, &rows);
        }
        Ok(())
    }

    fn inserted(&mut self, shard: Option<u8>, rows: &[RowDigest]) {
        let finding = |row: &RowDigest| AuditFinding {
            fault: AuditFault::RowInserted,
            shard,
            seal: None,
            row: Some(row.key.clone()),
        };
        self.proof.findings.extend(rows.iter().take(MOST_FINDINGS).map(finding));
    }
}

/// Compares what is listed with what is there, both by key.
fn compare<'a>(
    listed: impl Iterator<Item = &'a RowDigest>,
    stored: &'a [RowDigest],
    mut find: impl FnMut(AuditFault, &str),
) {
    let (mut listed, mut stored) = (listed.peekable(), stored.iter().peekable());
    loop {
        let order = match (listed.peek(), stored.peek()) {
            (None, None) => return,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(listed), Some(stored)) => listed.key.cmp(&stored.key),
        };
        let (sealed, there) = match order {
            Ordering::Less => (listed.next(), None),
            Ordering::Greater => (None, stored.next()),
            Ordering::Equal => (listed.next(), stored.next()),
        };
        match (sealed, there) {
            (Some(sealed), Some(there)) if sealed.sha256 != there.sha256 => {
                find(AuditFault::RowChanged, &sealed.key);
            }
            (Some(sealed), None) => find(AuditFault::RowRemoved, &sealed.key),
            (None, Some(there)) => find(AuditFault::RowInserted, &there.key),
            _ => {}
        }
    }
}
