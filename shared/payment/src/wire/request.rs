//! The request for a payment consent, `data` of POST /consents.

use ponte_values::{Amount, Date};
use serde::{Deserialize, Serialize};

use super::present::present;

use super::account::Account;
use super::instrument::LocalInstrument;
use super::money::Currency;
use super::parties::{BusinessEntity, Creditor, LoggedUser};
use super::purpose::Purpose;
use super::schedule::Schedule;
use super::text::{Proxy, QrCode, Text};

/// What a client asks a customer to consent to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentConsentRequest {
    /// The person who decides.
    pub logged_user: LoggedUser,
    /// The company that pays, if one does.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub business_entity: Option<BusinessEntity>,
    /// Who gets the money.
    pub creditor: Creditor,
    /// What is paid, how and when.
    pub payment: Terms,
    /// The account to debit, if the client knows it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub debtor_account: Option<Account>,
}

/// `payment` of a consent. `date` or `schedule`, never both (P52).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// Kind of the payment.
    #[serde(rename = "type")]
    pub kind: PaymentKind,
    /// What it is for; v5 alone (P57).
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<Purpose>,
    /// Days of scheduled payments.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// Day of an immediate payment, in Brasília.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Currency.
    pub currency: Currency,
    /// Amount of each payment.
    pub amount: Amount,
    /// Town of the payer, where a charge with a due date wants it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub ibge_town_code: Option<Text<7>>,
    /// How it is paid.
    pub details: Details,
}

/// The word `PIX`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum PaymentKind {
    Pix,
}

/// `details` of a consent.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Details {
    /// The charge behind a dynamic code, signed by its institution; v5 alone (P57).
    #[serde(
        rename = "payloadJWS",
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub payload_jws: Option<Text<16384>>,
    /// How the Pix is started.
    pub local_instrument: LocalInstrument,
    /// The text of the code.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub qr_code: Option<QrCode>,
    /// The creditor's key.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub proxy: Option<Proxy>,
    /// The creditor's account.
    pub creditor_account: Account,
}
