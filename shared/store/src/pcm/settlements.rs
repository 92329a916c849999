//! Shard leases, and the transaction that archives, counts and notes a batch.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use ponte_cloud::environment::SystemIds;
use ponte_metrics::ledger::shard_leases::{ArchivePartKey, ShardLeases};
use ponte_metrics::ledger::{Counts, LineKey};
use ponte_metrics::outbox::{PendingRow, shard_of_key};
use ponte_metrics::ports::{ArchivePart, Settlement, Settlements};
use ponte_ports::{Ids, PortError};
use ponte_values::Moment;

use super::archive::{self, Packed};
use super::table::{PcmTable, WHAT, expires};
use crate::body::{body, body_over, read_with_form};
use crate::dynamo::PutOutcome;
use crate::item::{Condition, Item, item, key, n, s, text};
use crate::outbox;
use crate::pause::{self, contended};
use crate::transaction::{Outcome, Transaction};

/// Longest reason kept with a parked row.
pub(super) const REASON: usize = 500;
/// Lines that one transaction counts on; it holds 100 writes.
const LINES: usize = 80;
/// Parts that one transaction archives; it holds 4 MB.
const PARTS: usize = 8;

const PARKED_KEPT: Duration = Duration::from_hours(30 * 24);

impl PcmTable {
    fn leases_item(&self, shard: u8, leases: &ShardLeases, owner: &str) -> Result<Item, PortError> {
        let body = body_over(WHAT, leases, &leases.stored)?;
        let attributes = [("version", n(leases.version)), ("owner", s(owner)), ("body", body)];
        Ok(item(key(self.dynamo.keys.shard_leases(), shard.to_string()), attributes))
    }

    /// One transaction for a group of parts.
    async fn settle_group(
        &self,
        settlement: &Settlement,
        group: &[Packed],
    ) -> Result<GroupOutcome, PortError> {
        let keys = group.iter().map(|part| part.key.clone()).collect::<Vec<_>>();
        let counts = group.iter().fold(BTreeMap::<&LineKey, Counts>::new(), |mut sum, part| {
            part.counts.iter().for_each(|(line, counts)| *sum.entry(line).or_default() += *counts);
            sum
        });
        for next in 2..=pause::TRIES + 1 {
            let leases = self.leases(settlement.shard).await?;
            let Some(after) = leases.with_parts(&settlement.owner, &keys) else {
                return Ok(GroupOutcome::Unclaimed);
            };
            let owner = SystemIds.uuid();
            let mut transaction = Transaction::new(WHAT, &owner);
            let item = self.leases_item(settlement.shard, &after, &owner)?;
            transaction.put(&self.table, item, Condition::before(after.version))?;
            for part in group {
                let item = part.item(&self.dynamo, settlement.at, &owner);
                transaction.put(&self.table, item, Condition::absent())?;
            }
            for (line, counts) in &counts {
                let changes = counts.fields().map(|count| i64::try_from(count).unwrap_or(i64::MAX));
                self.add_to_line(&mut transaction, (line, settlement.shard), changes, settlement.at)?;
            }
            match transaction.run(&self.dynamo).await? {
                Outcome::Applied => return Ok(GroupOutcome::Settled(keys)),
                Outcome::Refused(stored) if stored.iter().any(archive::is_part) => {
                    return Ok(GroupOutcome::Known);
                }
                // Another worker of this shard wrote the leases; they are read again.
                Outcome::Refused(_) | Outcome::Contended => pause::before(next).await,
            }
        }
        Err(contended(WHAT))
    }
}

/// Outcome of a group.
enum GroupOutcome {
    Settled(Vec<ArchivePartKey>),
    /// The claim is gone.
    Unclaimed,
    /// The archive has some of these rows: the same ones were put into the outbox after they had been accepted.
    Known,
}

/// Groups of parts that fit into a transaction each.
fn groups(parts: Vec<Packed>) -> Vec<Vec<Packed>> {
    let mut groups: Vec<Vec<Packed>> = Vec::new();
    let mut lines = 0;
    for part in parts {
        match groups.last_mut() {
            Some(group) if group.len() < PARTS && lines + part.counts.len() <= LINES => {
                lines += part.counts.len();
                group.push(part);
            }
            _ => {
                lines = part.counts.len();
                groups.push(vec![part]);
            }
        }
    }
    groups
}

#[async_trait]
impl Settlements for PcmTable {
    async fn leases(&self, shard: u8) -> Result<ShardLeases, PortError> {
        let pk = self.dynamo.keys.shard_leases();
        let found = self.dynamo.get(WHAT, &self.table, pk, &shard.to_string()).await?;
        let keep = |leases: &mut ShardLeases, form| leases.stored = form;
        found.map_or_else(|| Ok(ShardLeases::default()), |item| read_with_form(WHAT, &item, keep))
    }

    async fn replace_leases(&self, shard: u8, after: &ShardLeases) -> Result<bool, PortError> {
        let owner = SystemIds.uuid();
        let item = self.leases_item(shard, after, &owner)?;
        match self.dynamo.put_if(WHAT, &self.table, item, Condition::before(after.version)).await? {
            PutOutcome::Done => Ok(true),
            PutOutcome::Refused(stored) => Ok(text(&stored, "owner") == Some(owner.as_str())),
        }
    }

    async fn settle(&self, settlement: &Settlement) -> Result<Option<Vec<ArchivePartKey>>, PortError> {
        let mut keys = Vec::new();
        for group in groups(archive::pack_days(&settlement.items, settlement.at, None)?) {
            match self.settle_group(settlement, &group).await? {
                GroupOutcome::Settled(settled) => keys.extend(settled),
                GroupOutcome::Unclaimed => return Ok(None),
                GroupOutcome::Known => {
                    // They are counted as repeated, and archived under a key that nobody has.
                    let items = group.iter().flat_map(Packed::as_repeats).collect::<Vec<_>>();
                    for again in groups(archive::pack_days(&items, settlement.at, Some(&settlement.owner))?) {
                        match self.settle_group(settlement, &again).await? {
                            GroupOutcome::Settled(settled) => keys.extend(settled),
                            GroupOutcome::Unclaimed => return Ok(None),
                            GroupOutcome::Known => {
                                return Err(PortError::new(WHAT, "a batch was settled twice"));
                            }
                        }
                    }
                }
            }
        }
        Ok(Some(keys))
    }

    async fn part(&self, part: &ArchivePartKey) -> Result<Option<ArchivePart>, PortError> {
        let pk = self.dynamo.keys.archive(&part.day);
        let found = self.dynamo.get(WHAT, &self.table, pk, &part.key).await?;
        found.map(|item| archive::unpack(&part.day, &item)).transpose()
    }

    async fn park(&self, shard: u8, row: &PendingRow, reason: &str, now: Moment) -> Result<bool, PortError> {
        let mut transaction = Transaction::new(WHAT, &SystemIds.uuid());
        let reason = reason.chars().take(REASON).collect::<String>();
        let parked = item(
            key(self.dynamo.keys.parked(), &row.sort_key),
            [
                ("body", body(WHAT, row)?),
                ("reason", s(reason)),
                ("parked_at", s(now.with_millis())),
                ("expires_at", expires(now, PARKED_KEPT)),
            ],
        );
        transaction.put_always(&self.table, parked)?;
        let pending = key(self.dynamo.keys.outbox(shard), &row.sort_key);
        transaction.delete_if(&self.outbox, pending, Condition::present())?;
        let line = (&LineKey::of(row), shard_of_key(&row.sort_key));
        self.add_to_line(&mut transaction, line, [0, 0, 0, 0, 0, 1], now)?;
        self.moved(transaction).await
    }

    async fn mend(&self, shard: u8, row: &PendingRow, mended: &PendingRow) -> Result<bool, PortError> {
        let mut transaction = Transaction::new(WHAT, &SystemIds.uuid());
        let pending = key(self.dynamo.keys.outbox(shard), &row.sort_key);
        transaction.delete_if(&self.outbox, pending, Condition::present())?;
        transaction.put_always(&self.outbox, outbox::item_of_pending(&self.dynamo, mended))?;
        self.moved(transaction).await
    }
}
