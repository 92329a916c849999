//! Consents, resources and data of customers (M34).

use ponte_values::ConsentId;
use serde::Serialize;

use super::call_end::CallEnd;
use super::customer::Customer;
use super::info::AdditionalInfo;

/// A call of the data APIs.
#[derive(Clone, Debug)]
pub enum DataCall<'a> {
    /// `POST /consents`.
    CreateConsent {
        /// Id from the answer.
        consent: Option<&'a ConsentId>,
        /// The customer.
        customer: &'a Customer,
        /// Whether it is part of an optimised journey.
        linked: bool,
    },
    /// `GET /consents/{consentId}`.
    ReadConsent {
        /// The consent.
        consent: &'a ConsentId,
        /// `data.status` of the answer.
        status: Option<&'a str>,
        /// Whether it is part of an optimised journey.
        linked: bool,
    },
    /// Another call of a consent: its end, its renewals.
    Consent(&'a ConsentId),
    /// `GET /resources`.
    Resources {
        /// Consent of the token.
        consent: &'a ConsentId,
        /// Records that the answer lists.
        summary: Option<StatusSummary>,
    },
    /// Any other GET.
    Data(&'a ConsentId),
}

/// How many resources have which status.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub struct StatusSummary {
    pub available: u32,
    pub unavailable: u32,
    pub temporarily_unavailable: u32,
    pub pending_authorisation: u32,
}

#[derive(Serialize)]
struct Counts {
    available: String,
    unavailable: String,
    temporary_unavailable: String,
    pending_authorisation: String,
}

impl StatusSummary {
    /// Counts the statuses of a list of resources; unknown words count nowhere.
    #[must_use]
    pub fn of<'s>(statuses: impl Iterator<Item = &'s str>) -> Self {
        statuses.fold(Self::default(), |mut summary, status| {
            match status {
                "AVAILABLE" => summary.available += 1,
                "UNAVAILABLE" => summary.unavailable += 1,
                "TEMPORARILY_UNAVAILABLE" => summary.temporarily_unavailable += 1,
                "PENDING_AUTHORISATION" => summary.pending_authorisation += 1,
                _ => {}
            }
            summary
        })
    }

    /// The counts are texts like every other value (M39, version 3.9.0 of the platform's file).
    fn counts(self) -> Counts {
        Counts {
            available: self.available.to_string(),
            unavailable: self.unavailable.to_string(),
            temporary_unavailable: self.temporarily_unavailable.to_string(),
            pending_authorisation: self.pending_authorisation.to_string(),
        }
    }
}

impl DataCall<'_> {
    /// The `additionalInfo` of this call.
    #[must_use]
    pub fn info(&self, ended: &CallEnd<'_>) -> AdditionalInfo {
        let mut info = AdditionalInfo::none();
        info.token(ended);
        match self {
            Self::CreateConsent { consent, customer, linked } => {
                // A refused consent has no id.
                info.maybe("consentId", consent.filter(|_| !ended.failed()).map(ConsentId::as_str));
                info.person(customer);
                info.company(customer);
                info.flag("journeyIsLinked", *linked);
            }
            Self::ReadConsent { consent, status, linked } => {
                info.text("consentId", consent.as_str());
                info.maybe("status", status.filter(|_| ended.succeeded()));
                info.flag("journeyIsLinked", *linked);
            }
            Self::Consent(consent) | Self::Data(consent) => info.text("consentId", consent.as_str()),
            Self::Resources { consent, summary } => {
                info.text("consentId", consent.as_str());
                if let Some(summary) = summary.filter(|_| ended.status == 200) {
                    info.word("statusSummary", summary.counts());
                }
            }
        }
        info
    }
}
