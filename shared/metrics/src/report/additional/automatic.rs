//! Recurring consents and recurring payments, version 2 (M33). The consent is told as `recurringConsentId`.

use ponte_values::{ConsentId, Date};
use serde::{Deserialize, Serialize};

use super::call_end::CallEnd;
use super::customer::Customer;
use super::info::AdditionalInfo;
use super::payment_list::PaymentList;
use super::payments::Cancellation;
use super::terms::{Actor, AuthorisationFlow, LocalInstrument, Reason, Side};

/// Purpose of a recurring consent. Members of Pix Automático exist for no other purpose.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recurring {
    /// Transferências inteligentes.
    Sweeping,
    /// Pix Automático.
    Automatic(AutomaticTerms),
}

/// `data.recurringConfiguration.automatic`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AutomaticTerms {
    /// Whether the amount is fixed.
    pub amount: AmountType,
    /// How often.
    pub interval: Interval,
    /// Whether a minimum is set.
    pub minimum_amount: bool,
    /// Whether there is a payment on joining.
    pub first_payment: bool,
    /// Whether a failed payment may be tried again.
    pub retry_accepted: bool,
    /// When the first cycle begins.
    pub reference_start: Date,
}

/// `amountType`: FIXO where `fixedAmount` is set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum AmountType {
    Fixo,
    Variavel,
}

/// How often it is paid.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum Interval {
    Semanal,
    Mensal,
    Trimestral,
    Semestral,
    Anual,
}

/// A call of `/recurring-consents`.
#[derive(Clone, Debug)]
pub struct RecurringConsentCall<'a> {
    /// The consent; of a POST the id from the answer.
    pub consent: Option<&'a ConsentId>,
    /// The payer.
    pub customer: &'a Customer,
    /// Purpose.
    pub recurring: &'a Recurring,
    /// The data consent of an optimised journey.
    pub journey: Option<&'a ConsentId>,
    /// `data.status` of the answer.
    pub status: Option<&'a str>,
    /// The fields that depend on the method.
    pub step: RecurringConsentStep<'a>,
}

/// The operation of a call on a recurring consent.
#[derive(Clone, Copy, Debug)]
pub enum RecurringConsentStep<'a> {
    /// POST, with how the customer is going to authorise.
    Create(AuthorisationFlow),
    /// GET.
    Read(Option<ConsentEnd<'a>>),
    /// PATCH.
    Change(Option<ConsentEnd<'a>>),
}

/// How a recurring consent ended.
#[derive(Clone, Copy, Debug)]
pub enum ConsentEnd<'a> {
    /// REJECTED.
    Rejected {
        /// `data.rejection.reason`.
        reason: Reason<'a>,
        /// `data.rejection.rejectedBy`.
        by: Actor,
        /// `data.rejection.rejectedFrom`.
        from: Side,
    },
    /// REVOKED, with `data.revocation.reason`.
    Revoked(Reason<'a>),
}

/// A call of `/pix/recurring-payments`.
#[derive(Clone, Debug)]
pub struct RecurringPaymentCall<'a> {
    /// Consent of the payment.
    pub consent: &'a ConsentId,
    /// Purpose of the consent, with the members that only payments of Pix Automático have.
    pub kind: RecurringPaymentKind<'a>,
    /// `data.authorisationFlow`; a payment that says nothing was authorised by redirection.
    pub flow: Option<AuthorisationFlow>,
    /// How it is started.
    pub instrument: Option<LocalInstrument>,
    /// `data.recurringPaymentId`, of an answer.
    pub payment: Option<&'a str>,
    /// `data.status` of the answer.
    pub status: Option<&'a str>,
    /// The fields that depend on the method.
    pub step: RecurringPaymentStep<'a>,
}

/// Purpose of a recurring payment.
#[derive(Clone, Copy, Debug)]
pub enum RecurringPaymentKind<'a> {
    /// Transferências inteligentes.
    Sweeping,
    /// Pix Automático.
    Automatic {
        /// `data.paymentReference`.
        reference: Option<&'a str>,
        /// `data.originalRecurringPaymentId`, of a payment that is tried again.
        original: Option<&'a str>,
    },
}

/// The operation of a call on a recurring payment.
#[derive(Clone, Debug)]
pub enum RecurringPaymentStep<'a> {
    /// POST, with `data.date`.
    Create(Date),
    /// POST of `.../retry`.
    Retry,
    /// GET of one.
    Read {
        /// Why it was rejected, if it was.
        rejection: Option<Reason<'a>>,
        /// Why it was cancelled, if it was.
        cancellation: Option<Cancellation<'a>>,
    },
    /// GET of all payments of the consent.
    List(Option<PaymentList<'a>>),
    /// PATCH.
    Cancel(Option<Cancellation<'a>>),
}

impl RecurringConsentCall<'_> {
    /// The `additionalInfo` of this call.
    #[must_use]
    pub fn info(&self, ended: &CallEnd<'_>) -> AdditionalInfo {
        let creates = matches!(self.step, RecurringConsentStep::Create(_));
        let mut info = AdditionalInfo::none();
        info.token(ended);
        info.errors(ended);
        // A refused consent has no id; another that was asked for by its id has one whatever the answer.
        let id = self.consent.filter(|_| !creates || !ended.failed());
        info.maybe("recurringConsentId", id.map(ConsentId::as_str));
        info.journey(self.journey);
        if creates || !ended.failed() {
            info.terms(self.recurring);
        }
        if ended.succeeded() {
            info.person(self.customer);
            info.maybe("status", self.status);
            if let Recurring::Automatic(terms) = self.recurring {
                info.text("referenceStartDate", &terms.reference_start.to_string());
            }
        }
        match self.step {
            RecurringConsentStep::Create(intent) => {
                info.company(self.customer);
                info.word("authorisationFlowIntent", intent);
            }
            RecurringConsentStep::Read(end) | RecurringConsentStep::Change(end) if !ended.failed() => {
                info.consent_end(end);
            }
            RecurringConsentStep::Read(_) | RecurringConsentStep::Change(_) => {}
        }
        info
    }
}

impl RecurringPaymentCall<'_> {
    /// The `additionalInfo` of this call.
    #[must_use]
    pub fn info(&self, ended: &CallEnd<'_>) -> AdditionalInfo {
        let creates = matches!(self.step, RecurringPaymentStep::Create(_) | RecurringPaymentStep::Retry);
        let told = creates || !ended.failed();
        let mut info = AdditionalInfo::none();
        info.token(ended);
        info.errors(ended);
        info.text("recurringConsentId", self.consent.as_str());
        info.word("authorisationFlow", self.flow.unwrap_or_default());
        info.maybe("recurringPaymentId", self.payment.filter(|_| !ended.failed()));
        info.maybe("status", self.status.filter(|_| ended.succeeded()));
        if told {
            info.text("paymentType", self.kind.name());
            if let RecurringPaymentKind::Automatic { reference, original } = self.kind {
                info.maybe("paymentReference", reference);
                info.maybe("originalRecurringPaymentId", original);
            }
            if let Some(instrument) = self.instrument {
                info.word("localInstrument", instrument);
            }
        }
        match &self.step {
            RecurringPaymentStep::Create(date) if ended.status == 201 => {
                info.text("recurringPaymentDate", &date.to_string());
            }
            RecurringPaymentStep::Read { rejection, cancellation } if !ended.failed() => {
                info.rejection(*rejection);
                info.cancellation(*cancellation);
            }
            RecurringPaymentStep::List(Some(payments)) if ended.status == 200 => {
                info.word("paymentList", payments.json());
            }
            RecurringPaymentStep::Cancel(cancellation) => {
                info.cancellation(cancellation.filter(|_| ended.succeeded()));
            }
            _ => {}
        }
        info
    }
}

impl Recurring {
    const fn name(&self) -> &'static str {
        match self {
            Self::Sweeping => "SWEEPING",
            Self::Automatic(_) => "AUTOMATIC",
        }
    }
}

impl RecurringPaymentKind<'_> {
    const fn name(self) -> &'static str {
        match self {
            Self::Sweeping => "SWEEPING",
            Self::Automatic { .. } => "AUTOMATIC",
        }
    }
}

impl AdditionalInfo {
    fn terms(&mut self, recurring: &Recurring) {
        self.text("paymentType", recurring.name());
        if let Recurring::Automatic(terms) = recurring {
            self.word("amountType", terms.amount);
            self.word("interval", terms.interval);
            self.flag("hasMinimumAmount", terms.minimum_amount);
            self.flag("isFirstPayment", terms.first_payment);
            self.flag("isRetryAccepted", terms.retry_accepted);
        }
    }

    fn consent_end(&mut self, end: Option<ConsentEnd<'_>>) {
        match end {
            Some(ConsentEnd::Rejected { reason, by, from }) => {
                self.rejection(Some(reason));
                self.word("rejectedBy", by);
                self.word("rejectedFrom", from);
            }
            Some(ConsentEnd::Revoked(reason)) => self.revocation(Some(reason)),
            None => {}
        }
    }
}
