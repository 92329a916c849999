//! Payment consents in memory, whose decisions are one write with the interaction.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use ponte_authorization::interaction::Interaction;
use ponte_authorization::ports::{InteractionChanges as _, InteractionCommit};
use ponte_kit::store::Store;
use ponte_payment::consent::PaymentConsent;
use ponte_payment::ports::{PaymentConsentCommit, PaymentConsentDecisions, PaymentConsents};
use ponte_ports::{CommitFault, PortError};
use ponte_values::ConsentId;

/// The consents, beside the interactions of this store.
pub(in crate::tests) struct ConsentsInMemory {
    pub(in crate::tests) consents: Mutex<HashMap<String, PaymentConsent>>,
    /// What another writer commits just before our next decision.
    faster: Mutex<Option<PaymentConsent>>,
    store: Arc<Store>,
}

impl ConsentsInMemory {
    pub(in crate::tests) fn beside(store: &Arc<Store>) -> Self {
        Self { consents: Mutex::default(), faster: Mutex::default(), store: store.clone() }
    }

    pub(in crate::tests) fn ends_meanwhile(&self, consent: PaymentConsent) {
        *self.faster.lock().unwrap() = Some(consent);
    }

    pub(in crate::tests) fn put(&self, consent: PaymentConsent) {
        self.consents.lock().unwrap().insert(consent.id.to_string(), consent);
    }
}

#[async_trait]
impl PaymentConsents for ConsentsInMemory {
    async fn find(&self, id: &ConsentId) -> Result<Option<PaymentConsent>, PortError> {
        Ok(self.consents.lock().unwrap().get(id.as_str()).cloned())
    }

    async fn commit(&self, _: PaymentConsentCommit) -> Result<(), CommitFault> {
        Err(PortError::new("payment consents", "nothing is committed here without an interaction").into())
    }
}

#[async_trait]
impl PaymentConsentDecisions for ConsentsInMemory {
    async fn decide(
        &self,
        commit: PaymentConsentCommit,
        interaction: Interaction,
    ) -> Result<(), CommitFault> {
        let PaymentConsentCommit { consent, trail } = commit;
        let faster = self.faster.lock().unwrap().take();
        if let Some(consent) = faster {
            self.put(consent);
        }
        let stored = self.consents.lock().unwrap().get(consent.id.as_str()).map(|stored| stored.version);
        if stored != Some(consent.version - 1) {
            return Err(CommitFault::Conflict);
        }
        self.store.commit(InteractionCommit { interaction, trail }).await?;
        self.put(consent);
        Ok(())
    }
}
