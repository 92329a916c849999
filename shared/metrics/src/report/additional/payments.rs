//! Payment consents (M30) and payments (M31).

use ponte_values::{ConsentId, Date};
use serde::{Deserialize, Serialize};

use super::call_end::CallEnd;
use super::customer::Customer;
use super::info::AdditionalInfo;
use super::payment_list::PaymentList;
use super::terms::{AuthorisationFlow, LocalInstrument, Reason, Side};

/// Kind of the payment; WITHDRAW and CHANGE are of payments v5 (M39: AUTOMATIC and SWEEPING are of other APIs).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum PaymentMode {
    Immediate,
    Scheduled,
    Recurrent,
    Withdraw,
    Change,
}

/// When a consent's payments take place: a date, or a plan, never both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PaymentTime<'a> {
    /// `data.payment.date`.
    Date(Date),
    /// `data.payment.schedule`, JSON as it was sent.
    Schedule(&'a str),
}

/// A call of `/consents`.
#[derive(Clone, Debug)]
pub enum PaymentConsentCall<'a> {
    /// POST.
    Create {
        /// Id from the answer.
        consent: Option<&'a ConsentId>,
        /// The payer.
        customer: &'a Customer,
        /// How the customer is going to authorise.
        intent: AuthorisationFlow,
        /// Kind of the payment.
        mode: PaymentMode,
        /// How it is started.
        instrument: LocalInstrument,
        /// When it takes place.
        time: PaymentTime<'a>,
        /// `data.status` of the answer.
        status: Option<&'a str>,
    },
    /// GET.
    Read {
        /// The consent.
        consent: &'a ConsentId,
        /// How it is started.
        instrument: Option<LocalInstrument>,
        /// `data.status` of the answer.
        status: Option<&'a str>,
        /// Why it was rejected, if it was.
        rejection: Option<Reason<'a>>,
        /// `x-webhook-interaction-id` of the notice that caused this call.
        webhook: Option<&'a str>,
    },
}

/// A call of `/pix/payments`.
#[derive(Clone, Debug)]
pub struct PaymentCall<'a> {
    /// Consent of the payment.
    pub consent: &'a ConsentId,
    /// `data.authorisationFlow`; a payment that says nothing was authorised by redirection.
    pub flow: Option<AuthorisationFlow>,
    /// `data.status` of the answer.
    pub status: Option<&'a str>,
    /// How it is started.
    pub instrument: Option<LocalInstrument>,
    /// The fields that depend on the method.
    pub step: PaymentStep<'a>,
}

/// The operation of a call on payments.
#[derive(Clone, Debug)]
pub enum PaymentStep<'a> {
    /// POST.
    Create {
        /// Kind of the payment.
        mode: PaymentMode,
        /// Payments that the answer lists (201).
        payments: Option<PaymentList<'a>>,
    },
    /// GET.
    Read {
        /// Why it was rejected, if it was.
        rejection: Option<Reason<'a>>,
        /// Why it was cancelled, if it was.
        cancellation: Option<Cancellation<'a>>,
    },
    /// PATCH.
    Cancel {
        /// Kind of the payment.
        mode: PaymentMode,
        /// Facts about it in the answer.
        cancellation: Option<Cancellation<'a>>,
    },
}

/// A cancelled payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cancellation<'a> {
    /// `cancellation.reason`.
    pub reason: &'a str,
    /// `cancellation.cancelledFrom`.
    pub from: Side,
}

impl PaymentConsentCall<'_> {
    /// The `additionalInfo` of this call.
    #[must_use]
    pub fn info(&self, ended: &CallEnd<'_>) -> AdditionalInfo {
        let mut info = AdditionalInfo::none();
        info.token(ended);
        info.errors(ended);
        match self {
            Self::Create { consent, customer, intent, mode, instrument, time, status } => {
                // A refused consent has no id.
                info.maybe("consentId", consent.filter(|_| !ended.failed()).map(ConsentId::as_str));
                info.person(customer);
                info.company(customer);
                info.word("authorisationFlowIntent", intent);
                info.word("paymentType", mode);
                info.word("localInstrument", instrument);
                if ended.status == 201 {
                    match time {
                        PaymentTime::Date(date) => info.text("paymentDate", &date.to_string()),
                        PaymentTime::Schedule(plan) => info.text("paymentSchedule", plan),
                    }
                }
                info.maybe("status", status.filter(|_| ended.succeeded()));
            }
            Self::Read { consent, instrument, status, rejection, webhook } => {
                info.text("consentId", consent.as_str());
                if !ended.failed() {
                    if let Some(instrument) = instrument {
                        info.word("localInstrument", instrument);
                    }
                    info.rejection(*rejection);
                    info.maybe("webhookInteractionId", *webhook);
                }
                info.maybe("status", status.filter(|_| ended.succeeded()));
            }
        }
        info
    }
}

impl PaymentCall<'_> {
    /// The `additionalInfo` of this call.
    #[must_use]
    pub fn info(&self, ended: &CallEnd<'_>) -> AdditionalInfo {
        let mut info = AdditionalInfo::none();
        info.token(ended);
        info.errors(ended);
        info.text("consentId", self.consent.as_str());
        info.word("authorisationFlow", self.flow.unwrap_or_default());
        info.maybe("status", self.status.filter(|_| ended.succeeded()));
        let creates = matches!(self.step, PaymentStep::Create { .. });
        if let Some(instrument) = self.instrument.filter(|_| creates || !ended.failed()) {
            info.word("localInstrument", instrument);
        }
        match &self.step {
            PaymentStep::Create { mode, payments } => {
                info.word("paymentType", mode);
                if let Some(payments) = payments.as_ref().filter(|_| ended.status == 201) {
                    info.word("paymentList", payments.json());
                }
            }
            PaymentStep::Read { rejection, cancellation } if !ended.failed() => {
                info.rejection(*rejection);
                info.cancellation(*cancellation);
            }
            PaymentStep::Read { .. } => {}
            PaymentStep::Cancel { mode, cancellation } => {
                info.word("paymentType", mode);
                info.cancellation(cancellation.filter(|_| !ended.failed()));
            }
        }
        info
    }
}

impl AdditionalInfo {
    /// Why and from where a payment was cancelled.
    pub(super) fn cancellation(&mut self, cancellation: Option<Cancellation<'_>>) {
        if let Some(cancellation) = cancellation {
            self.text("cancellationReason", cancellation.reason);
            self.word("cancelledFrom", cancellation.from);
        }
    }
}
