//! One payment of a request, an item of `data` of POST /pix/payments.

use ponte_values::{Cnpj, ConsentId, EndToEndId};
use serde::{Deserialize, Serialize};

use super::present::present;

use super::account::Account;
use super::instrument::LocalInstrument;
use super::money::Money;
use super::text::{Proxy, QrCode, Text, TransactionIdentification};

/// One payment as its client asks for it (P59).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentItem {
    /// Its name in the payment system.
    pub end_to_end_id: EndToEndId,
    /// How the Pix is started.
    pub local_instrument: LocalInstrument,
    /// Amount and currency.
    pub payment: Money,
    /// The creditor's account.
    pub creditor_account: Account,
    /// What the payer writes to the creditor.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub remittance_information: Option<Text<140>>,
    /// The text of the code.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub qr_code: Option<QrCode>,
    /// The creditor's key.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub proxy: Option<Proxy>,
    /// The initiator's company.
    pub cnpj_initiator: Cnpj,
    /// txid of the code.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub transaction_identification: Option<TransactionIdentification>,
    /// Town of the payer; v4.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub ibge_town_code: Option<Text<7>>,
    /// How the customer authorised.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub authorisation_flow: Option<AuthorisationFlow>,
    /// The consent, where the token does not name it.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub consent_id: Option<ConsentId>,
}

/// How the customer authorised.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum AuthorisationFlow {
    HybridFlow,
    CibaFlow,
    FidoFlow,
}
