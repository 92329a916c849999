//! Enrolments of devices, and what is authorised by them (M32).

use ponte_values::ConsentId;
use serde::{Deserialize, Serialize};

use super::call_end::CallEnd;
use super::customer::Customer;
use super::info::AdditionalInfo;
use super::terms::Side;

/// A call of the enrolments API.
#[derive(Clone, Debug)]
pub enum EnrollmentCall<'a> {
    /// `POST /enrollments`.
    Create {
        /// Id from the answer.
        enrollment: Option<&'a ConsentId>,
        /// The customer.
        customer: &'a Customer,
        /// The data consent of an optimised journey.
        journey: Option<&'a ConsentId>,
        /// `data.status` of the answer.
        status: Option<&'a str>,
    },
    /// GET or PATCH of `/enrollments/{enrollmentId}`.
    One {
        /// The enrolment.
        enrollment: &'a ConsentId,
        /// The customer.
        customer: &'a Customer,
        /// The data consent of an optimised journey.
        journey: Option<&'a ConsentId>,
        /// `data.status` of the answer.
        status: Option<&'a str>,
        /// How it ended, if it ended.
        end: Option<EnrollmentEnd<'a>>,
    },
    /// `.../risk-signals`.
    RiskSignals(&'a ConsentId),
    /// `.../fido-registration-options`.
    RegistrationOptions(FidoOptions<'a>),
    /// `.../fido-registration`.
    Registration {
        /// The enrolment.
        enrollment: &'a ConsentId,
        /// `data.authenticatorAttachment`; an absent one is told as an empty text.
        attachment: Option<Attachment>,
    },
    /// `.../fido-sign-options`.
    SignOptions(FidoOptions<'a>, Authorised<'a>),
    /// `/consents/{consentId}/authorise` or `/recurring-consents/{recurringConsentId}/authorise`.
    Authorise {
        /// The enrolment.
        enrollment: &'a ConsentId,
        /// The subject of the authorisation.
        authorised: Authorised<'a>,
    },
}

/// Request to the platform of the device.
#[derive(Clone, Copy, Debug)]
pub struct FidoOptions<'a> {
    /// The enrolment.
    pub enrollment: &'a ConsentId,
    /// `data.platform`.
    pub platform: FidoPlatform,
    /// `data.rp`.
    pub rp: &'a str,
}

/// Subject of an authorisation: a payment, or recurring ones; never both.
#[derive(Clone, Copy, Debug)]
pub enum Authorised<'a> {
    /// A payment consent.
    Consent {
        /// The consent.
        id: &'a ConsentId,
        /// Whether it is paid by approximation (`x-bcb-nfc`).
        nfc: bool,
    },
    /// A recurring consent.
    Recurring(&'a ConsentId),
}

/// How an enrolment ended.
#[derive(Clone, Copy, Debug)]
pub enum EnrollmentEnd<'a> {
    /// `data.cancellation.reason.rejectionReason`.
    Rejected(&'a str),
    /// `data.cancellation.reason.revocationReason`, and whence.
    Revoked {
        /// Code.
        reason: &'a str,
        /// `cancelledFrom`.
        from: Option<Side>,
    },
}

/// `platform` of the FIDO options.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum FidoPlatform {
    Android,
    Browser,
    CrossPlatform,
    Ios,
}

/// `authenticatorAttachment`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum Attachment {
    Platform,
    CrossPlatform,
}

impl EnrollmentCall<'_> {
    /// The `additionalInfo` of this call.
    #[must_use]
    pub fn info(&self, ended: &CallEnd<'_>) -> AdditionalInfo {
        let mut info = AdditionalInfo::none();
        info.token(ended);
        info.errors(ended);
        match self {
            Self::Create { enrollment, customer, journey, status } => {
                // A refused enrolment has no id.
                info.maybe("enrollmentId", enrollment.filter(|_| !ended.failed()).map(ConsentId::as_str));
                info.holder(ended, customer, *status);
                info.company(customer);
                info.journey(*journey);
            }
            Self::One { enrollment, customer, journey, status, end } => {
                info.text("enrollmentId", enrollment.as_str());
                info.holder(ended, customer, *status);
                info.journey(*journey);
                if !ended.failed() {
                    info.enrollment_end(*end);
                }
            }
            Self::RiskSignals(enrollment) => info.text("enrollmentId", enrollment.as_str()),
            Self::RegistrationOptions(options) => info.options(options),
            Self::Registration { enrollment, attachment } => {
                info.text("enrollmentId", enrollment.as_str());
                match attachment {
                    Some(attachment) => info.word("authenticatorAttachment", attachment),
                    None => info.text("authenticatorAttachment", ""),
                }
            }
            Self::SignOptions(options, authorised) => {
                info.options(options);
                info.authorised(ended, authorised);
            }
            Self::Authorise { enrollment, authorised } => {
                info.text("enrollmentId", enrollment.as_str());
                info.authorised(ended, authorised);
                if let Authorised::Consent { nfc, .. } = authorised {
                    info.flag("nfcPayment", *nfc);
                }
            }
        }
        info
    }
}

impl AdditionalInfo {
    /// Whom an enrolment is for and how it stands, of an answer that says so.
    fn holder(&mut self, ended: &CallEnd<'_>, customer: &Customer, status: Option<&str>) {
        if ended.succeeded() {
            self.person(customer);
            self.maybe("status", status);
        }
    }

    fn enrollment_end(&mut self, end: Option<EnrollmentEnd<'_>>) {
        match end {
            Some(EnrollmentEnd::Rejected(reason)) => self.text("rejectionReasonCode", reason),
            Some(EnrollmentEnd::Revoked { reason, from }) => {
                self.text("revocationReasonCode", reason);
                if let Some(from) = from {
                    self.word("cancelledFrom", from);
                }
            }
            None => {}
        }
    }

    fn options(&mut self, options: &FidoOptions<'_>) {
        self.text("enrollmentId", options.enrollment.as_str());
        self.word("platform", options.platform);
        self.text("rp", options.rp);
    }

    /// The subject of the authorisation, of a call that succeeded.
    fn authorised(&mut self, ended: &CallEnd<'_>, authorised: &Authorised<'_>) {
        if !ended.failed() {
            match authorised {
                Authorised::Consent { id, .. } => self.text("consentId", id.as_str()),
                Authorised::Recurring(id) => self.text("recurringConsentId", id.as_str()),
            }
        }
    }
}
