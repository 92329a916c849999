//! The object `additionalInfo`, filled field by field.

use ponte_values::{ConsentId, TokenId};
use serde::Serialize;
use serde_json::{Map, Value};

use super::call_end::CallEnd;
use super::customer::Customer;
use super::terms::Reason;

/// The object as it is sent; `{}` without fields (M11).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct AdditionalInfo(Map<String, Value>);

impl AdditionalInfo {
    /// No fields.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// A text.
    pub(super) fn text(&mut self, name: &'static str, value: &str) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// A text, if there is one.
    pub(super) fn maybe(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// A text of the wire's own list, or an object.
    pub(super) fn word(&mut self, name: &'static str, value: impl Serialize) {
        if let Ok(value) = serde_json::to_value(value) {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// "TRUE" or "FALSE" (M39).
    pub(super) fn flag(&mut self, name: &'static str, value: bool) {
        self.text(name, if value { "TRUE" } else { "FALSE" });
    }

    /// Which token it was; omitted where none was received (M36).
    pub(super) fn token(&mut self, ended: &CallEnd<'_>) {
        self.maybe("tokenId", ended.token.map(TokenId::as_str));
    }

    /// One code, or an empty list, of a call that failed; nothing of another (M37).
    pub(super) fn errors(&mut self, ended: &CallEnd<'_>) {
        if ended.failed() {
            let code = ended.error_code.map_or_else(|| Value::Array(Vec::new()), Value::from);
            self.0.insert("errorCodes".to_owned(), code);
        }
    }

    /// "PF" or "PJ".
    pub(super) fn person(&mut self, customer: &Customer) {
        self.text("personType", if *customer == Customer::Person { "PF" } else { "PJ" });
    }

    /// Facts about a company.
    pub(super) fn company(&mut self, customer: &Customer) {
        if let Customer::Company(Some(profile)) = customer {
            self.word("companyProfileInfo", profile);
        }
    }

    /// Why something was rejected, under the names of the APIs of payments.
    pub(super) fn rejection(&mut self, reason: Option<Reason<'_>>) {
        self.maybe("rejectionReasonCode", reason.map(|reason| reason.code));
        self.maybe("rejectionReasonDetail", reason.and_then(|reason| reason.detail));
    }

    /// Why something was revoked.
    pub(super) fn revocation(&mut self, reason: Option<Reason<'_>>) {
        self.maybe("revocationReasonCode", reason.map(|reason| reason.code));
        self.maybe("revocationReasonDetail", reason.and_then(|reason| reason.detail));
    }

    /// The optimised journey that a consent is part of; nothing of any other consent (M32).
    pub(super) fn journey(&mut self, data_consent: Option<&ConsentId>) {
        if let Some(link) = data_consent {
            self.flag("journeyIsLinked", true);
            self.text("journeyLinkId", link.as_str());
        }
    }
}
