//! Payment consents as the store keeps them, with the ports that they are read and changed by.

use async_trait::async_trait;
use ponte_authorization::customer_listing::{ConsentOwner, Listing};
use ponte_authorization::interaction::Interaction;
use ponte_payment::consent::PaymentConsent;
use ponte_payment::ports::{
    PaymentConsentCommit, PaymentConsentDecisions, PaymentConsentIndex, PaymentConsentPage, PaymentConsents,
};
use ponte_ports::{CommitFault, IndexFault, PortError, StoredForm};
use ponte_values::{ConsentId, Moment, TargetKind};

use super::record::{self, Facts, StoredConsent};
use super::table::PaymentConsentTable;
use crate::place::cursor_of;

impl StoredConsent for PaymentConsent {
    const WHAT: &'static str = "payment consents table";
    const KIND: TargetKind = TargetKind::PaymentConsent;

    fn facts(&self) -> Facts<'_> {
        Facts {
            id: &self.id,
            client: &self.client,
            search: &self.search,
            created_at: self.created_at,
            version: self.version,
            status: self.at(self.status_updated_at).status().as_str(),
            next_due: self.next_due(),
            discard_at: self.discard_at(),
            seal: self.seal.as_deref(),
            stored: &self.stored,
        }
    }

    fn keep(&mut self, seal: Option<String>, form: StoredForm) {
        self.seal = seal;
        self.stored = form;
    }
}

#[async_trait]
impl PaymentConsents for PaymentConsentTable {
    async fn find(&self, id: &ConsentId) -> Result<Option<PaymentConsent>, PortError> {
        self.read(id).await
    }

    async fn commit(&self, commit: PaymentConsentCommit) -> Result<(), CommitFault> {
        self.change(&commit.consent, &commit.trail, None)?.commit(&self.dynamo).await
    }
}

#[async_trait]
impl PaymentConsentDecisions for PaymentConsentTable {
    async fn decide(
        &self,
        commit: PaymentConsentCommit,
        interaction: Interaction,
    ) -> Result<(), CommitFault> {
        self.change(&commit.consent, &commit.trail, Some(&interaction))?.commit(&self.dynamo).await
    }
}

#[async_trait]
impl PaymentConsentIndex for PaymentConsentTable {
    async fn of_owner(
        &self,
        owner: &ConsentOwner,
        listing: Listing<'_>,
    ) -> Result<PaymentConsentPage, IndexFault> {
        let (consents, next) = self.page(owner, listing).await?;
        Ok(PaymentConsentPage { consents, next })
    }

    fn after(&self, consent: &PaymentConsent) -> String {
        cursor_of(&record::place(consent))
    }

    async fn due(&self, shard: u8, now: Moment, limit: u16) -> Result<Vec<ConsentId>, PortError> {
        self.overdue(shard, now, limit).await
    }
}
