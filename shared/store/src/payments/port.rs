//! The table of the payments as the port that payments work through.

use async_trait::async_trait;
use ponte_payment::idempotency::{IdempotencyRecord, IdempotencyScope};
use ponte_payment::payment::Payment;
use ponte_payment::ports::{
    Acceptance, ConsentCreation, CreatedPage, PaymentWriteFault, Payments, PaymentsCommit,
};
use ponte_ports::{IndexFault, LegacyId, MessageClaim, PortError, UsedMessages};
use ponte_values::{Date, Moment, PaymentId};

use super::table::{PaymentTable, WHAT};
use super::{index, record};
use crate::batch::{self, READS};
use crate::jti;
use crate::keys::META;

#[async_trait]
impl Payments for PaymentTable {
    async fn find(&self, id: &PaymentId) -> Result<Option<Payment>, PortError> {
        let pk = self.dynamo.keys.payment(id);
        let found = self.dynamo.get(WHAT, &self.tables.payments, pk, META).await?;
        found.as_ref().map(record::read).transpose()
    }

    async fn find_all(&self, ids: &[PaymentId]) -> Result<Vec<Payment>, PortError> {
        let partitions: Vec<String> = ids.iter().map(|id| self.dynamo.keys.payment(id)).collect();
        let mut payments = Vec::new();
        for some in partitions.chunks(READS.into()) {
            let found = batch::get(&self.dynamo, WHAT, &self.tables.payments, some.iter().cloned()).await?;
            for stored in some.iter().filter_map(|pk| found.get(pk)) {
                // A payment that cannot be read is a fault: a list without it would say that it does not exist.
                payments.push(record::read(stored)?);
            }
        }
        Ok(payments)
    }

    async fn replayed(
        &self,
        scope: &IdempotencyScope,
        now: Moment,
    ) -> Result<Option<IdempotencyRecord>, PortError> {
        self.recorded(scope, now).await
    }

    async fn create_consent(&self, creation: ConsentCreation) -> Result<(), PaymentWriteFault> {
        self.run(self.creation(&creation)?).await
    }

    async fn accept(&self, acceptance: Acceptance) -> Result<(), PaymentWriteFault> {
        self.run(self.acceptance(&acceptance)?).await
    }

    async fn change(&self, commit: PaymentsCommit) -> Result<(), PaymentWriteFault> {
        self.run(self.changes(&commit)?).await
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<PaymentId>, PortError> {
        self.overdue(shard, now, limit).await
    }

    async fn of_core(&self, core_id: &LegacyId) -> Result<Option<PaymentId>, PortError> {
        self.with_core_id(core_id).await
    }

    async fn created_on(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        let partition = self.dynamo.keys.payments_created(day, shard);
        self.page(&index::BY_CREATION, partition, after, limit).await
    }

    async fn of_day(
        &self,
        day: Date,
        shard: u8,
        after: Option<&str>,
        limit: u16,
    ) -> Result<CreatedPage, IndexFault> {
        let partition = self.dynamo.keys.payments_of_day(day, shard);
        self.page(&index::BY_DAY, partition, after, limit).await
    }
}

#[async_trait]
impl UsedMessages for PaymentTable {
    async fn claim(&self, claim: MessageClaim<'_>) -> Result<bool, PortError> {
        let MessageClaim { client, jti, owner, now, until } = claim;
        let claim = jti::Claim { whose: client.as_str(), jti, now, until, owner };
        claim.put(WHAT, &self.dynamo, &self.tables.payments).await
    }
}
