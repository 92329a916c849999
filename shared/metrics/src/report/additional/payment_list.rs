//! The payments of one consent, as `paymentList` has them (M31).

use ponte_values::{ConsentId, Invalid, Moment};
use serde_json::{Value, json};

use super::terms::Reason;

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

impl<'a> PaymentList<'a> {
    /// Longest list.
    pub const MOST: usize = 60;

    /// A list of one to [`Self::MOST`] payments.
    pub fn new(payments: Vec<ListedPayment<'a>>) -> Result<Self, Invalid> {
        let fits = (1..=Self::MOST).contains(&payments.len());
        fits.then_some(Self(payments)).ok_or(Invalid("list of 1 to 60 payments"))
    }

    /// The list as it is sent; a recurring consent stands under the same name as any other.
    pub(super) fn json(&self) -> Value {
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
