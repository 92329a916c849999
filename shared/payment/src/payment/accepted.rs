//! The acceptance of a request: its payments, and the consent that they use up (P08, P31).

use aws_lc_rs::digest::{SHA256, digest};
use ponte_ports::StoredForm;
use ponte_ports::audit::Actor;
use ponte_values::{Date, EndToEndId, InstitutionId, Moment, PaymentId};

use super::execution::Execution;
use super::status::State;
use super::stored::Payment;
use crate::consent::{PaymentConsent, PaymentConsentChange, PaymentConsentFault};
use crate::wire::PaymentItem;

/// The payments of an accepted request, with the consent that they use up. Both are written in one transaction.
#[derive(Clone, Debug)]
pub struct AcceptedPayments {
    /// The consent, CONSUMED.
    pub consent: PaymentConsentChange,
    /// The payments, RCVD, in the order of the request.
    pub payments: Vec<Payment>,
}

/// The id of the payment with this endToEndId: a UUID made from it, so that there is a place for one payment alone.
#[must_use]
pub fn payment_id(institution: &InstitutionId, end_to_end_id: &EndToEndId) -> PaymentId {
    let hash = digest(&SHA256, format!("{institution}/{end_to_end_id}").as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
    PaymentId::from_uuid(bytes)
}

impl PaymentConsent {
    /// Accepts payments that were judged before: each item with the day of its settlement, if it is scheduled.
    ///
    /// # Errors
    /// Those of [`PaymentConsent::consume`].
    pub fn accept(
        self,
        institution: &InstitutionId,
        items: Vec<(PaymentItem, Option<Date>)>,
        actor: Actor,
        now: Moment,
    ) -> Result<AcceptedPayments, PaymentConsentFault> {
        let debtor = self.require_authorised(now)?.debtor.clone();
        let purpose = self.purpose();
        let of = |(place, (item, day)): (usize, (PaymentItem, Option<Date>))| Payment {
            id: payment_id(institution, &item.end_to_end_id),
            item,
            consent: self.id.clone(),
            client: self.client.clone(),
            organisation: self.organisation.clone(),
            api: self.api,
            purpose,
            debtor: debtor.clone(),
            day,
            place: u16::try_from(place).unwrap_or(u16::MAX),
            created_at: now,
            status_updated_at: now,
            core_id: None,
            counted: None,
            unreported: false,
            version: 1,
            seal: None,
            stored: StoredForm::default(),
            state: State::Rcvd,
            execution: Execution::Idle { epoch: 0, next: now },
        };
        let payments: Vec<Payment> = items.into_iter().enumerate().map(of).collect();
        let ids = payments.iter().map(|payment| payment.id.clone()).collect();
        let consent = self.consume(ids, actor, now)?;
        Ok(AcceptedPayments { consent, payments })
    }
}
