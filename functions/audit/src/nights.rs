//! Every night the day before is proven, and a thirtieth of the days before it, so that nobody has to ask.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ponte_edge::Tick;
use ponte_ports::audit_chain::{AuditChain, ChainHead, Standing, prove, readable_head};
use ponte_ports::outbox::SHARDS;
use ponte_ports::{Clock, PortError, chain};
use ponte_values::{Date, Moment};

use crate::report::{report, tell_head};

/// No seal is looked at after this time, so that a run ends before the function's timeout (900 s). A seal of 2,000 rows takes
/// a tenth of a second: sixteen million rows. What is left is for the next run of the night.
const BUDGET: Duration = Duration::from_mins(14);
/// After this much work a run notes where it stands: one that is killed costs no more.
const STRETCH: Duration = Duration::from_mins(1);
/// Days from the first of a chain to its first night at most: it begins with the day before, and just after midnight with
/// the one before that.
const FIRST_NIGHT: i64 = 2;

/// Proves the audit rows of the day before, and of the days that lie whole rounds before it.
pub struct NightlyProof {
    /// The rows and their seals.
    pub chain: Arc<dyn AuditChain>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Tick for NightlyProof {
    /// Faults are told by the log and its alarm. A proof that could not be made is one of them, and fails the invocation.
    async fn tick(&self) -> Result<(), PortError> {
        let told = |error: &PortError| {
            tracing::error!(audit_faults = 1, chain = chain(error), "the audit could not be proven");
        };
        self.run().await.inspect_err(told)
    }

    /// The run may come late: what it proves is over.
    fn event_age(&self) -> Duration {
        Duration::from_mins(61)
    }
}

impl NightlyProof {
    async fn run(&self) -> Result<(), PortError> {
        let now = self.clock.now();
        let (tonight, until) = (now.date_utc(), now.plus(BUDGET));
        let heads = self.heads().await?;
        let mut standing = self.standing(tonight, since(&heads)).await?;
        loop {
            let Some(day) = standing.day else {
                if standing.night >= tonight {
                    return Ok(());
                }
                standing = standing.next_night(tonight);
                continue;
            };
            if self.clock.now() >= until {
                return Ok(());
            }
            standing = self.stretch(&standing, day, until).await?;
            if !self.chain.stand(&standing).await? {
                // Another run is at it.
                return Ok(());
            }
            if standing.day.is_none() {
                self.heads().await?.iter().for_each(tell_head);
            }
        }
    }

    /// Proves a day for a while; where the night stands then.
    async fn stretch(&self, standing: &Standing, day: Date, until: Moment) -> Result<Standing, PortError> {
        let until = until.min(self.clock.now().plus(STRETCH));
        let proof = prove(&*self.chain, day, standing.place.clone(), &*self.clock, until).await?;
        report(&day.to_string(), &proof);
        Ok(standing.after(day, proof.rest))
    }

    async fn heads(&self) -> Result<Vec<ChainHead>, PortError> {
        let mut heads = Vec::new();
        for shard in 0..SHARDS {
            heads.extend(readable_head(&*self.chain, shard).await?);
        }
        Ok(heads)
    }

    /// Where the nights stand, and the alarm if that is not where they should.
    async fn standing(&self, tonight: Date, since: Option<Date>) -> Result<Standing, PortError> {
        // Without an end of a chain nobody knows how far it reached; that it is gone is a finding of the day before.
        let begun = since.unwrap_or_else(|| tonight.plus_days(-1));
        let Some(noted) = self.chain.standing().await? else {
            if begun < tonight.plus_days(-FIRST_NIGHT) {
                tracing::error!(audit_faults = 1, since = %begun, "where the proof of the nights stands is gone");
            }
            return Ok(Standing::beginning(tonight, begun));
        };
        if since.is_some_and(|since| since > noted.since) {
            tracing::error!(audit_faults = 1, since = %noted.since, now = %begun, "a chain of audit seals begins later than it did");
        }
        let standing = Standing { since: noted.since.min(begun), ..noted };
        if standing.night > tonight {
            tracing::error!(audit_faults = 1, night = %standing.night, "a night that is still to come is noted as proven");
            return Ok(Standing {
                version: standing.version,
                ..Standing::beginning(tonight, standing.since)
            });
        }
        if standing.is_late(tonight) {
            tracing::error!(audit_faults = 1, night = %standing.night, "nights were not proven in their time");
        }
        Ok(standing)
    }
}

/// The first day of the chains.
fn since(heads: &[ChainHead]) -> Option<Date> {
    heads.iter().map(|head| head.since).min()
}
