//! A payment in the core: what it is, how far it is, and what becomes of it in time.

use ponte_values::Moment;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::account::Account;

/// How far a payment is (P20).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Held for analysis.
    Pdng,
    /// Sent to settlement.
    Acpd,
    /// Settled: the money has moved.
    Acsc,
    /// Cancelled by the customer.
    Canc,
    /// Rejected.
    Rjct,
}

/// Why a payment was rejected.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reason {
    /// A code of the connector's contract.
    pub code: String,
    /// In words.
    pub detail: String,
}

/// What becomes of a payment at a moment.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Step {
    /// The analysis is over.
    Send,
    /// The money moves.
    Settle,
    /// The payment system says no.
    Reject(Reason),
}

/// A payment.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// The core's own number, from 1.
    pub number: u64,
    /// Ponte's key.
    pub key: String,
    /// Name in the payment system.
    pub end_to_end_id: String,
    /// The consent it was made under.
    pub consent: String,
    /// Cents.
    pub amount: u64,
    /// Who pays.
    pub debtor: Account,
    /// Who is paid.
    pub creditor: Account,
    /// How far it is.
    pub status: Status,
    /// Why, if it is rejected.
    pub reason: Option<Reason>,
    /// CPF of who cancelled it.
    pub cancelled_by: Option<String>,
    /// When the core took it.
    pub created: Moment,
    /// When the status last changed.
    pub updated: Moment,
    /// Whether it was refused at once, as 422.
    pub refused: bool,
    /// `data` of the request, to tell the same from other data.
    pub(crate) asked: Value,
    /// What is still to become of it.
    pub(crate) steps: Vec<(Moment, Step)>,
    /// Before this moment a question does not find it.
    pub(crate) visible_from: Moment,
    /// The last status that was pushed.
    pub(crate) told: Option<Status>,
}

impl Status {
    /// Whether nothing leads out of it.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Acsc | Self::Canc | Self::Rjct)
    }
}

impl Payment {
    /// The core's own identifier.
    #[must_use]
    pub fn core_id(&self) -> Value {
        json!([{ "key": "pix", "value": format!("PIX-{:06}", self.number) }])
    }

    /// Whether this is its own identifier; the order of the pairs is not significant.
    pub(crate) fn is(&self, id: &Value) -> bool {
        let own = self.core_id();
        let (Some(own), Some(asked)) = (own.as_array(), id.as_array()) else { return false };
        own.len() == asked.len() && own.iter().all(|pair| asked.contains(pair))
    }

    /// As the operations of the connector tell it.
    pub(crate) fn told(&self) -> Value {
        let mut told = json!({
            "idempotencyKey": self.key, "paymentId": self.core_id(), "endToEndId": self.end_to_end_id,
            "payment": { "amount": decimal(self.amount), "currency": "BRL" }, "status": self.status,
            "creationDateTime": self.created, "statusUpdateDateTime": self.updated,
        });
        if let Some(reason) = &self.reason {
            told["rejectionReason"] = json!(reason);
        }
        if let Some(cpf) = &self.cancelled_by {
            told["cancellation"] =
                json!({ "cancelledBy": { "document": { "identification": cpf, "rel": "CPF" } } });
        }
        told
    }
}

/// Cents as the wire has them.
pub(crate) fn decimal(cents: u64) -> String {
    ponte_values::Amount::from_cents(cents).to_string()
}
