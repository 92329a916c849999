//! The transactions of payments: everything of a request together, or nothing of it.

use ponte_payment::ports::{Acceptance, ConsentCreation, PaymentWriteFault, PaymentsCommit};
use ponte_ports::PortError;

use super::record;
use super::table::{PaymentTable, WHAT};
use crate::consents::record as consent_record;
use crate::item::{Condition, Item, text};
use crate::pause::contended;
use crate::transaction::{MOST_WRITES, Outcome, Transaction};

/// What is written, and what its refused conditions mean.
pub(super) struct Writes {
    transaction: Transaction,
    /// Whether the payments are new: one that is there then has their endToEndId.
    accepts: bool,
}

#[cfg(test)]
impl Writes {
    /// How many there are.
    pub(super) const fn writes(&self) -> usize {
        self.transaction.writes()
    }

    /// As if DynamoDB had forgotten the first token.
    pub(super) fn forget_token(&mut self, token: &str) {
        self.transaction.forget_token(token);
    }
}

impl PaymentTable {
    /// A new consent with the row of its key.
    pub(super) fn creation(&self, creation: &ConsentCreation) -> Result<Writes, PortError> {
        let ConsentCreation { consent, idempotency, trail } = creation;
        let owner = trail.id.as_str();
        let mut transaction = Transaction::new(WHAT, owner);
        let (row, free) = self.idempotency(idempotency, owner)?;
        transaction.put(&self.tables.payments, row, free)?;
        let item = consent_record::item_of(&self.dynamo, consent, owner)?;
        let seals = consent_record::seals(consent, &item);
        transaction.put(&self.tables.consents, item, Condition::before(consent.version))?;
        transaction.trail(&self.dynamo, &self.tables.trail, trail, Some(&seals))?;
        Ok(Writes { transaction, accepts: false })
    }

    /// The payments of a request with the consent that they use up.
    pub(super) fn acceptance(&self, acceptance: &Acceptance) -> Result<Writes, PortError> {
        let Acceptance { consent, payments, idempotency, spending, trail } = acceptance;
        let owner = trail.id.as_str();
        let mut transaction = Transaction::new(WHAT, owner);
        let (row, free) = self.idempotency(idempotency, owner)?;
        transaction.put(&self.tables.payments, row, free)?;
        let item = consent_record::item_of(&self.dynamo, consent, owner)?;
        let mut seals = vec![consent_record::seals(consent, &item)];
        transaction.put(&self.tables.consents, item, Condition::before(consent.version))?;
        for payment in payments {
            let item = record::item_of(&self.dynamo, payment, owner)?;
            seals.push(record::seals(payment, &item));
            transaction.put(&self.tables.payments, item, Condition::absent())?;
        }
        if let Some(spending) = spending {
            self.spend(&mut transaction, spending, owner)?;
        }
        transaction.trail_of(&self.dynamo, &self.tables.trail, trail, &seals)?;
        Ok(Writes { transaction, accepts: true })
    }

    /// A change of payments that are there.
    pub(super) fn changes(&self, commit: &PaymentsCommit) -> Result<Writes, PortError> {
        let PaymentsCommit { payments, idempotency, spending, given_back, trail } = commit;
        let owner = trail.id.as_str();
        let mut transaction = Transaction::new(WHAT, owner);
        if let Some(idempotency) = idempotency {
            let (row, free) = self.idempotency(idempotency, owner)?;
            transaction.put(&self.tables.payments, row, free)?;
        }
        let mut seals = Vec::new();
        for payment in payments {
            let item = record::item_of(&self.dynamo, payment, owner)?;
            seals.push(record::seals(payment, &item));
            transaction.put(&self.tables.payments, item, Condition::before(payment.version))?;
        }
        if let Some(spending) = spending {
            self.spend(&mut transaction, spending, owner)?;
        }
        self.give_back(&mut transaction, given_back)?;
        transaction.trail_of(&self.dynamo, &self.tables.trail, trail, &seals)?;
        Ok(Writes { transaction, accepts: false })
    }

    /// Runs it, and says which condition did not hold.
    pub(super) async fn run(&self, writes: Writes) -> Result<(), PaymentWriteFault> {
        let Writes { transaction, accepts } = writes;
        if transaction.writes() > MOST_WRITES {
            // The table would refuse it as a malformed call, and name no reason.
            return Err(PortError::new(WHAT, "more writes than one transaction has").into());
        }
        match transaction.run(&self.dynamo).await? {
            Outcome::Applied => Ok(()),
            Outcome::Refused(stored) => Err(self.fault(&stored, accepts)),
            Outcome::Contended => Err(contended(WHAT).into()),
        }
    }

    /// What the items say whose conditions did not hold. A key that was used is first: its record answers. Then a consent that moved on,
    /// because nothing else was judged by its present state.
    fn fault(&self, stored: &[Item], accepts: bool) -> PaymentWriteFault {
        let keys = &self.dynamo.keys;
        let partitions: Vec<&str> = stored.iter().map(|item| text(item, "pk").unwrap_or_default()).collect();
        if partitions.iter().any(|pk| keys.is_idempotency(pk)) {
            return PaymentWriteFault::KeyUsed;
        }
        let used = |pk: &&str| keys.payment_of(pk).filter(|_| accepts);
        if partitions.iter().any(|pk| used(pk).is_none() && !keys.is_spending(pk)) {
            return PaymentWriteFault::Conflict;
        }
        match partitions.iter().find_map(used) {
            Some(payment) => PaymentWriteFault::EndToEndIdUsed(payment),
            None => PaymentWriteFault::LimitOfDay,
        }
    }
}
