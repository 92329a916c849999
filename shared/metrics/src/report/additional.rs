//! `additionalInfo`: what a client adds to the report of a call, by family of APIs (M30 to M37). Values are texts
//! (M39), but for the few that are objects or lists by their rule. Fields that no rule asks for are not sent.
//!
//! | module | calls |
//! |---|---|
//! | [`data`] | consents, resources and data of customers (M34) |
//! | [`payments`] | payment consents and payments (M30, M31) |
//! | [`enrollments`] | enrolments and authorisation by them (M32) |
//! | [`automatic`] | recurring consents and recurring payments (M33) |
//! | [`security`] | the authorization server and registration (M35) |

pub mod automatic;
pub mod data;
pub mod enrollments;
pub mod payments;
pub mod security;

use ponte_values::{ConsentId, Invalid, Moment, TokenId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The object as it is sent; `{}` where nothing is to be said (M11).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct AdditionalInfo(Map<String, Value>);

/// How a call ended, as far as its `additionalInfo` depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// Status that is reported.
    pub status: u16,
    /// First code of the error body, if there is one (M37).
    pub error_code: Option<&'a str>,
    /// The token that was used, or received; none where none was received (M36).
    pub token: Option<&'a TokenId>,
}

/// Whom a consent is for, with what is known of a company.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Customer {
    /// A natural person.
    Person,
    /// A company; without profile only where the register did not answer.
    Company(Option<CompanyProfile>),
}

/// What the federal register says of a company (M30).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanyProfile {
    natureza_juridica: String,
    porte_empresa: CompanySize,
}

/// `porteEmpresa` of the register.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum CompanySize {
    /// Not informed.
    #[serde(rename = "00")]
    Unknown,
    /// Microempresa.
    #[serde(rename = "01")]
    Micro,
    /// Empresa de pequeno porte.
    #[serde(rename = "03")]
    Small,
    /// Any other.
    #[serde(rename = "05")]
    Other,
}

/// How the customer authorises.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthorisationFlow {
    /// By redirection; also what a payment without a word about it has (M31).
    #[default]
    HybridFlow,
    /// On another channel.
    CibaFlow,
    /// By the device.
    FidoFlow,
}

/// How a payment is started; the wire's names.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum LocalInstrument {
    Dict,
    Inic,
    Manu,
    Qrdn,
    Qres,
    Auto,
    Apdn,
    Apes,
}

/// Who did it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum Actor {
    Iniciadora,
    Usuario,
    Detentora,
}

/// At whose side it was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum Side {
    Iniciadora,
    Detentora,
}

/// A code of the rule book and a sentence, as the answer has them; of a list the first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reason<'a> {
    /// Code: `REJEITADO_USUARIO`.
    pub code: &'a str,
    /// Sentence, where there is one.
    pub detail: Option<&'a str>,
}

/// A payment of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListedPayment<'a> {
    /// The payment.
    pub payment: &'a str,
    /// Its consent.
    pub consent: &'a ConsentId,
    /// When its state last changed.
    pub updated: Moment,
    /// Its state.
    pub status: &'a str,
    /// Why it was rejected, if it was.
    pub rejection: Option<Reason<'a>>,
}

/// Payments of one consent: at least one, at most 60 (M31).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaymentList<'a>(Vec<ListedPayment<'a>>);

/// First code of an error body: that of Open Finance, or that of OAuth (M37).
#[must_use]
pub fn error_code(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let code = body["errors"][0]["code"].as_str().or(body["error"].as_str())?;
    Some(code.to_owned())
}

impl Ended<'_> {
    const fn succeeded(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    const fn failed(&self) -> bool {
        self.status >= 400
    }
}

impl CompanyProfile {
    /// `legal_nature` has the four digits of the register.
    pub fn new(legal_nature: &str, size: CompanySize) -> Result<Self, Invalid> {
        let valid = legal_nature.len() == 4 && legal_nature.bytes().all(|b| b.is_ascii_digit());
        let profile = || Self { natureza_juridica: legal_nature.to_owned(), porte_empresa: size };
        valid.then(profile).ok_or(Invalid("naturezaJuridica"))
    }
}

impl<'a> PaymentList<'a> {
    /// Longest list.
    pub const MOST: usize = 60;

    /// A list of one to [`Self::MOST`] payments.
    pub fn new(payments: Vec<ListedPayment<'a>>) -> Result<Self, Invalid> {
        let fits = (1..=Self::MOST).contains(&payments.len());
        fits.then_some(Self(payments)).ok_or(Invalid("list of 1 to 60 payments"))
    }

    /// The list as it is sent; a recurring consent stands under the same name as any other.
    fn json(&self) -> Value {
        let item = |payment: &ListedPayment<'_>| {
            let rejection = payment.rejection.as_ref();
            json!({
                "paymentId": payment.payment,
                "consentId": payment.consent,
                "statusUpdateDateTime": payment.updated.to_string(),
                "status": payment.status,
                "rejectionReasonCode": rejection.map_or("", |reason| reason.code),
                "rejectionReasonDetail": rejection.and_then(|reason| reason.detail).unwrap_or(""),
            })
        };
        self.0.iter().map(item).collect()
    }
}

impl AdditionalInfo {
    /// Nothing to say.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// A text.
    fn text(&mut self, name: &'static str, value: &str) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// A text, if there is one.
    fn maybe(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// A text of the wire's own list, or an object.
    fn word(&mut self, name: &'static str, value: impl Serialize) {
        if let Ok(value) = serde_json::to_value(value) {
            self.0.insert(name.to_owned(), value);
        }
    }

    /// "TRUE" or "FALSE" (M39).
    fn flag(&mut self, name: &'static str, value: bool) {
        self.text(name, if value { "TRUE" } else { "FALSE" });
    }

    /// Which token it was; omitted where none was received (M36).
    fn token(&mut self, ended: &Ended<'_>) {
        self.maybe("tokenId", ended.token.map(TokenId::as_str));
    }

    /// One code, or an empty list, of a call that failed; nothing of another (M37).
    fn errors(&mut self, ended: &Ended<'_>) {
        if ended.failed() {
            let code = ended.error_code.map_or_else(|| Value::Array(Vec::new()), Value::from);
            self.0.insert("errorCodes".to_owned(), code);
        }
    }

    /// "PF" or "PJ".
    fn person(&mut self, customer: &Customer) {
        self.text("personType", if *customer == Customer::Person { "PF" } else { "PJ" });
    }

    /// What is known of a company.
    fn company(&mut self, customer: &Customer) {
        if let Customer::Company(Some(profile)) = customer {
            self.word("companyProfileInfo", profile);
        }
    }

    /// Why something was rejected, under the names of the APIs of payments.
    fn rejection(&mut self, reason: Option<Reason<'_>>) {
        self.maybe("rejectionReasonCode", reason.map(|reason| reason.code));
        self.maybe("rejectionReasonDetail", reason.and_then(|reason| reason.detail));
    }

    /// Why something was revoked.
    fn revocation(&mut self, reason: Option<Reason<'_>>) {
        self.maybe("revocationReasonCode", reason.map(|reason| reason.code));
        self.maybe("revocationReasonDetail", reason.and_then(|reason| reason.detail));
    }

    /// The optimised journey that a consent is part of; nothing of any other consent (M32).
    fn journey(&mut self, data_consent: Option<&ConsentId>) {
        if let Some(link) = data_consent {
            self.flag("journeyIsLinked", true);
            self.text("journeyLinkId", link.as_str());
        }
    }
}

#[cfg(test)]
mod tests;
