//! Targets of authorization, as the authorization server sees them.
//!
//! Consents of data and of payments are read from their own items. Recurring consents and enrolments have a small item each in the same
//! table, written together with the consent or enrolment itself: client, status and end.

use async_trait::async_trait;
use ponte_authorization::ports::Targets;
use ponte_authorization::target::{Target, TargetState, TargetStatus};
use ponte_data_consent::consent::{Consent, EffectiveStatus};
use ponte_payment::consent::{EffectiveStatus as PaymentConsentAt, PaymentConsent};
use ponte_ports::PortError;
use ponte_values::TargetKind;
use ponte_values::{ClientId, Moment};
use serde::{Deserialize, Serialize};

use crate::body::{body, read};
use crate::dynamo::Dynamo;
use crate::item::{item, key};
use crate::keys::META;

const WHAT: &str = "consents table";

/// The targets of an institution.
pub struct TargetTable {
    dynamo: Dynamo,
    consents: String,
    /// `None` where the institution has no payments.
    payment_consents: Option<String>,
}

/// The item of a target that is not a data consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredTarget {
    /// The client that created it.
    pub client: ClientId,
    /// Its status, deadlines aside.
    #[serde(rename = "standing")]
    pub status: StoredStatus,
    /// When it ends by itself; `None` if it does not.
    pub ends_at: Option<Moment>,
}

/// [`TargetStatus`] as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StoredStatus {
    /// It waits for its customer.
    Awaiting,
    /// This pseudonym said yes.
    Authorised(String),
    /// No tokens any more.
    Ended,
}

impl TargetTable {
    /// The targets in the table of the consents.
    #[must_use]
    pub fn new(dynamo: &Dynamo, consents: &str) -> Self {
        Self { dynamo: dynamo.clone(), consents: consents.to_owned(), payment_consents: None }
    }

    /// Payment consents too, in a table of their own; `None` where the institution has no payments, and no such target is found.
    #[must_use]
    pub fn with_payments(self, payment_consents: Option<&str>) -> Self {
        Self { payment_consents: payment_consents.map(str::to_owned), ..self }
    }

    /// Stores a recurring consent or an enrolment, replacing what was there.
    pub async fn put(&self, target: &Target, stored: &StoredTarget) -> Result<(), PortError> {
        if matches!(target.kind, TargetKind::Consent | TargetKind::PaymentConsent) {
            return Err(PortError::new(WHAT, "a consent is stored as itself"));
        }
        let item = item(key(self.dynamo.keys.target(target), META), [("body", body(WHAT, stored)?)]);
        self.dynamo.put(WHAT, &self.consents, item).await
    }
}

#[async_trait]
impl Targets for TargetTable {
    async fn find(&self, target: &Target, now: Moment) -> Result<Option<TargetState>, PortError> {
        let table = match target.kind {
            TargetKind::PaymentConsent => self.payment_consents.as_ref(),
            TargetKind::Consent | TargetKind::RecurringConsent | TargetKind::Enrollment => {
                Some(&self.consents)
            }
        };
        let Some(table) = table else { return Ok(None) };
        let pk = self.dynamo.keys.target(target);
        let Some(found) = self.dynamo.get(WHAT, table, pk, META).await? else {
            return Ok(None);
        };
        let state = match target.kind {
            TargetKind::Consent => of_consent(read(WHAT, &found)?, now),
            TargetKind::PaymentConsent => of_payment_consent(read(WHAT, &found)?, now),
            TargetKind::RecurringConsent | TargetKind::Enrollment => of_stored(read(WHAT, &found)?, now),
        };
        Ok(Some(state))
    }
}

fn of_consent(consent: Consent, now: Moment) -> TargetState {
    let status = match consent.at(now) {
        EffectiveStatus::Awaiting => TargetStatus::Awaiting,
        EffectiveStatus::Authorised(yes) => TargetStatus::Authorised { subject: yes.subject.clone() },
        EffectiveStatus::Rejected(_) => TargetStatus::Ended,
    };
    TargetState { client: consent.client, status }
}

/// Tokens are issued from the first approval on: what is still missing is an answer of the API (P31).
fn of_payment_consent(consent: PaymentConsent, now: Moment) -> TargetState {
    let status = match consent.at(now) {
        PaymentConsentAt::Awaiting => TargetStatus::Awaiting,
        PaymentConsentAt::PartiallyAccepted(yes) | PaymentConsentAt::Authorised(yes) => {
            TargetStatus::Authorised { subject: yes.subject.clone() }
        }
        PaymentConsentAt::Consumed => match consent.authorisation() {
            Some(yes) => TargetStatus::Consumed { subject: yes.subject.clone() },
            None => TargetStatus::Ended,
        },
        PaymentConsentAt::Rejected(_) => TargetStatus::Ended,
    };
    TargetState { client: consent.client, status }
}

fn of_stored(stored: StoredTarget, now: Moment) -> TargetState {
    let over = stored.ends_at.is_some_and(|end| now >= end);
    let status = match stored.status {
        _ if over => TargetStatus::Ended,
        StoredStatus::Awaiting => TargetStatus::Awaiting,
        StoredStatus::Authorised(subject) => TargetStatus::Authorised { subject },
        StoredStatus::Ended => TargetStatus::Ended,
    };
    TargetState { client: stored.client, status }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Database, payment_consent_table, payment_table};
    use ponte_authorization::approval::Approver;
    use ponte_kit::examples::{client_id, consent_id, now};
    use ponte_kit::payment_examples::{payment_authorisation, payment_consent_id, payment_creation};
    use ponte_kit::people::ANA;
    use ponte_payment::ports::{PaymentConsents as _, Payments as _};
    use ponte_ports::audit::Actor;
    use ponte_values::Cpf;
    use std::time::Duration;

    #[tokio::test]
    async fn s12_a_target_counts_until_its_end() {
        let database = Database::start().await;
        let table = TargetTable::new(&database.dynamo, "consents");
        let target = Target { kind: TargetKind::RecurringConsent, id: consent_id() };
        assert_eq!(table.find(&target, now()).await.unwrap(), None);
        let end = now().plus(Duration::from_mins(5));
        let stored = |status| StoredTarget { client: client_id(), status, ends_at: Some(end) };
        table.put(&target, &stored(StoredStatus::Awaiting)).await.unwrap();
        let state = |status| Some(TargetState { client: client_id(), status });
        assert_eq!(table.find(&target, now()).await.unwrap(), state(TargetStatus::Awaiting));
        table.put(&target, &stored(StoredStatus::Authorised("s".to_owned()))).await.unwrap();
        let authorised = TargetStatus::Authorised { subject: "s".to_owned() };
        assert_eq!(table.find(&target, now()).await.unwrap(), state(authorised));
        assert_eq!(table.find(&target, end).await.unwrap(), state(TargetStatus::Ended));
    }

    #[tokio::test]
    async fn s12_s30_a_payment_consent_has_tokens_from_its_first_approval_until_it_is_used() {
        let database = Database::start().await;
        let (consents, payments) = (payment_consent_table(&database.dynamo), payment_table(&database.dynamo));
        let without = TargetTable::new(&database.dynamo, "consents");
        let table = TargetTable::new(&database.dynamo, "consents").with_payments(Some("payment-consents"));
        let target = Target { kind: TargetKind::PaymentConsent, id: payment_consent_id(1) };
        let status = async |at| table.find(&target, at).await.unwrap().map(|state| state.status);
        assert_eq!(status(now()).await, None);
        payments.create_consent(payment_creation(1, now())).await.unwrap();
        assert_eq!(status(now()).await, Some(TargetStatus::Awaiting));
        assert_eq!(status(now().plus(Duration::from_mins(5))).await, Some(TargetStatus::Ended), "P05");
        assert_eq!(without.find(&target, now()).await.unwrap(), None, "an institution without payments");
        let stored = async || consents.find(&target.id).await.unwrap().unwrap();
        let others = vec![Approver::new(Cpf::parse(ANA).unwrap(), None)];
        let at = now().plus(Duration::from_mins(1));
        let partly = stored().await.authorise(payment_authorisation(at), others, None, Actor::Ponte);
        consents.commit(partly.unwrap().commit("partly".to_owned(), None)).await.unwrap();
        let subject = || "subject".to_owned();
        let authorised = TargetStatus::Authorised { subject: subject() };
        assert_eq!(status(at).await, Some(authorised.clone()), "others have to agree yet");
        let all = stored().await.answer(&Cpf::parse(ANA).unwrap(), true, Actor::Ponte, at).unwrap();
        consents.commit(all.commit("all".to_owned(), None)).await.unwrap();
        assert_eq!(status(at).await, Some(authorised));
        assert_eq!(status(at.plus(Duration::from_hours(1))).await, Some(TargetStatus::Ended), "P07");
        let used = stored().await.consume(Vec::new(), Actor::Ponte, at).unwrap();
        consents.commit(used.commit("used".to_owned(), None)).await.unwrap();
        let state = table.find(&target, at.plus(Duration::from_hours(9))).await.unwrap().unwrap();
        assert_eq!(state.status, TargetStatus::Consumed { subject: subject() });
        assert!(!state.authorised(&client_id(), "subject") && !state.awaits(&client_id()));
    }

    #[tokio::test]
    async fn kinds_of_one_id_are_apart_and_a_consent_is_only_stored_as_itself() {
        let database = Database::start().await;
        let table = TargetTable::new(&database.dynamo, "consents");
        let of = |kind| Target { kind, id: consent_id() };
        let stored = StoredTarget { client: client_id(), status: StoredStatus::Ended, ends_at: None };
        table.put(&of(TargetKind::Enrollment), &stored).await.unwrap();
        assert!(table.find(&of(TargetKind::Enrollment), now()).await.unwrap().is_some());
        assert_eq!(table.find(&of(TargetKind::RecurringConsent), now()).await.unwrap(), None);
        assert_eq!(table.find(&of(TargetKind::Consent), now()).await.unwrap(), None);
        assert!(table.put(&of(TargetKind::Consent), &stored).await.is_err());
        assert!(table.put(&of(TargetKind::PaymentConsent), &stored).await.is_err());
    }
}
