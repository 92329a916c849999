//! Interactions in progress, and the short codes that hand them to a phone.

use std::time::Duration;

use async_trait::async_trait;
use ponte_authorization::interaction::{ArrivalId, Interaction, ShortCode};
use ponte_authorization::ports::{
    Handoffs, InteractionChanges, InteractionCommit, Interactions, ReportedArrivals, SignedCalls,
};
use ponte_ports::outbox::OutboxRow;
use ponte_ports::{CommitFault, PortError};
use ponte_values::{ConsentId, Moment};

use crate::body::{body_over, read_with_form};
use crate::dynamo::{Dynamo, PutOutcome};
use crate::item::{Condition, Item, item, key, n, number, s, text};
use crate::keys::META;
use crate::pause::contended;
use crate::trail::TrailTables;
use crate::transaction::{Outcome, Transaction};
use crate::{jti, outbox};

const WHAT: &str = "interactions table";

/// The interactions of an institution.
pub struct InteractionTable {
    dynamo: Dynamo,
    table: String,
    /// `None` if interactions are only read and started.
    trail: Option<TrailTables>,
    /// Where arrivals are reported; `None` if nobody arrives here.
    outbox: Option<String>,
}

impl InteractionTable {
    /// The interactions in `table`.
    #[must_use]
    pub fn new(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), trail: None, outbox: None }
    }

    /// For the function at which customers arrive.
    #[must_use]
    pub fn reporting(self, outbox: &str) -> Self {
        Self { outbox: Some(outbox.to_owned()), ..self }
    }

    /// For the function in which customers decide.
    #[must_use]
    pub fn committing(dynamo: &Dynamo, table: &str, trail: TrailTables) -> Self {
        Self { trail: Some(trail), ..Self::new(dynamo, table) }
    }
}

/// How long it is known that an arrival was reported: a consent waits for an hour (C03), and a step that is told late may be of
/// the day before.
const ARRIVAL_KEPT: Duration = Duration::from_hours(24);

impl InteractionTable {
    async fn start_with(
        &self,
        interaction: &Interaction,
        row: &OutboxRow,
        outbox: &str,
    ) -> Result<Option<Interaction>, PortError> {
        // The id of the report is fresh at every arrival, so that another browser's start is not taken for this one.
        let mut transaction = Transaction::new(WHAT, &row.id);
        transaction.put(&self.table, item_of(&self.dynamo, interaction, &row.id)?, Condition::absent())?;
        let until = row.at.plus(ARRIVAL_KEPT).seconds();
        let known = key(self.dynamo.keys.arrival(&interaction.target.id), META);
        let known = item(known, [("report", s(&row.id)), ("expires_at", n(until))]);
        transaction.put_always(&self.table, known)?;
        transaction.put_always(outbox, outbox::item_of(&self.dynamo, row))?;
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(None),
            Outcome::Refused(stored) => stored.first().map(read).transpose(),
            Outcome::Contended => Err(contended(WHAT)),
        }
    }
}

#[async_trait]
impl ReportedArrivals for InteractionTable {
    async fn arrival_at(&self, consent: &ConsentId) -> Result<Option<String>, PortError> {
        let found = self.dynamo.get(WHAT, &self.table, self.dynamo.keys.arrival(consent), META).await?;
        Ok(found.and_then(|item| text(&item, "report").map(str::to_owned)))
    }
}

/// An interaction as stored by the write `owner`.
pub(crate) fn item_of(dynamo: &Dynamo, interaction: &Interaction, owner: &str) -> Result<Item, PortError> {
    let attributes = [
        ("version", n(interaction.version)),
        ("owner", s(owner)),
        ("expires_at", n(interaction.expires_at().seconds())),
        ("body", body_over(WHAT, interaction, &interaction.stored)?),
    ];
    Ok(item(key(dynamo.keys.interaction(&interaction.id), META), attributes))
}

/// An interaction with the form it was read from.
fn read(item: &Item) -> Result<Interaction, PortError> {
    read_with_form(WHAT, item, |interaction: &mut Interaction, form| interaction.stored = form)
}

#[async_trait]
impl Interactions for InteractionTable {
    async fn find(&self, id: &str) -> Result<Option<Interaction>, PortError> {
        let Some(pk) = self.dynamo.keys.known_interaction(id) else {
            return Ok(None);
        };
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        found.as_ref().map(read).transpose()
    }

    async fn start(
        &self,
        interaction: &Interaction,
        arrival: Option<&OutboxRow>,
    ) -> Result<Option<Interaction>, PortError> {
        if let Some(row) = arrival {
            let outbox = self.outbox.as_ref();
            let outbox =
                outbox.ok_or_else(|| PortError::new(WHAT, "opened without the outbox of arrivals"))?;
            return self.start_with(interaction, row, outbox).await;
        }
        let item = item_of(&self.dynamo, interaction, &interaction.id)?;
        match self.dynamo.put_if(WHAT, &self.table, item, Condition::absent()).await? {
            PutOutcome::Done => Ok(None),
            PutOutcome::Refused(stored) => read(&stored).map(Some),
        }
    }

    async fn begin_again(&self, interaction: &Interaction) -> Result<bool, PortError> {
        let item = item_of(&self.dynamo, interaction, &interaction.id)?;
        let before = Condition::before(interaction.version);
        Ok(matches!(self.dynamo.put_if(WHAT, &self.table, item, before).await?, PutOutcome::Done))
    }
}

#[async_trait]
impl InteractionChanges for InteractionTable {
    async fn commit(
        &self,
        InteractionCommit { interaction, trail }: InteractionCommit,
    ) -> Result<(), CommitFault> {
        let Some(tables) = &self.trail else {
            return Err(PortError::new(WHAT, "opened without the tables of a trail").into());
        };
        let mut transaction = Transaction::new(WHAT, &trail.id);
        let item = item_of(&self.dynamo, &interaction, &trail.id)?;
        transaction.put(&self.table, item, Condition::before(interaction.version))?;
        transaction.trail(&self.dynamo, tables, &trail, None)?;
        transaction.commit(&self.dynamo).await
    }
}

#[async_trait]
impl Handoffs for InteractionTable {
    async fn open(
        &self,
        interaction: &Interaction,
        (arrival, code): (&ArrivalId, &ShortCode),
        id: &str,
    ) -> Result<(), CommitFault> {
        let stored = item_of(&self.dynamo, interaction, id)?;
        let attributes = [
            ("interaction", s(arrival.as_str())),
            ("owner", s(id)),
            ("expires_at", n(interaction.expires_at().seconds())),
        ];
        let code = item(key(self.dynamo.keys.short_code(code), META), attributes);
        let mut transaction = Transaction::new(WHAT, id);
        transaction.put(&self.table, stored, Condition::before(interaction.version))?;
        transaction.put(&self.table, code, Condition::absent())?;
        transaction.commit(&self.dynamo).await
    }

    async fn arrival_of(&self, code: &ShortCode, now: Moment) -> Result<Option<ArrivalId>, PortError> {
        let pk = self.dynamo.keys.short_code(code);
        let found = self.dynamo.get(WHAT, &self.table, pk, META).await?;
        // The table cleans up in its own time.
        let good = |item: &Item| number::<i64>(item, "expires_at").is_some_and(|until| now.seconds() < until);
        Ok(found.filter(good).and_then(|item| text(&item, "interaction").and_then(ArrivalId::parse)))
    }
}

#[async_trait]
impl SignedCalls for InteractionTable {
    async fn claim(&self, jti: &str, now: Moment, until: Moment, owner: &str) -> Result<bool, PortError> {
        let claim = jti::Claim { whose: "channel", jti, now, until, owner };
        claim.put(WHAT, &self.dynamo, &self.table).await
    }
}

#[cfg(test)]
mod handoff_tests;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Database;
    use ponte_kit::examples::interaction;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn t62_of_a_hundred_arrivals_at_once_one_begins_the_interaction() {
        let database = Database::start().await;
        let table = std::sync::Arc::new(InteractionTable::new(&database.dynamo, "interactions"));
        let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(100));
        let arrivals = (0..100).map(|number| {
            let (table, barrier) = (table.clone(), barrier.clone());
            tokio::spawn(async move {
                let mut begun = interaction("n-1");
                begun.started_at = begun.started_at.plus(std::time::Duration::from_millis(number));
                barrier.wait().await;
                table.start(&begun, None).await.unwrap().map_or(begun.started_at, |stored| stored.started_at)
            })
        });
        let mut begun = Vec::new();
        for arrival in arrivals.collect::<Vec<_>>() {
            begun.push(arrival.await.unwrap());
        }
        assert!(begun.iter().all(|at| *at == begun[0]), "all hear of the same one");
        assert_eq!(database.count("interactions").await, 1);
    }

    #[tokio::test]
    async fn ids_that_cannot_exist_are_not_found() {
        let database = Database::start().await;
        let table = InteractionTable::new(&database.dynamo, "interactions");
        for id in ["", "unknown", &"x".repeat(5000)] {
            assert!(table.find(id).await.unwrap().is_none());
        }
    }
}
