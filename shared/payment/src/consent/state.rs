//! The state of a payment consent as stored, with what each state owns (P04).

use ponte_authorization::approval::Approvals;
use ponte_ports::LegacyId;
use ponte_values::{Moment, PaymentId};
use serde::{Deserialize, Serialize};

use super::rejection::ConsentRejection;
use crate::wire::Account;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum State {
    AwaitingAuthorisation,
    PartiallyAccepted(PartlyAccepted),
    Authorised(Authorisation),
    Rejected(RejectedState),
    Consumed(ConsumedState),
}

/// The customer agreed, and others have not yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PartlyAccepted {
    pub(super) authorisation: Authorisation,
    pub(super) approvals: Approvals,
}

/// The end without a payment, and the authorisation there was until then.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RejectedState {
    #[serde(flatten)]
    pub(super) rejection: ConsentRejection,
    /// `None` if the customer never agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) authorisation: Option<Authorisation>,
}

/// The end by its use (P08).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConsumedState {
    pub(super) authorisation: Authorisation,
    /// The payments, in the order of their request; none if the request was refused.
    pub(super) payments: Vec<PaymentId>,
}

/// The authorisation of the customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorisation {
    /// When; of several approvals the last.
    pub at: Moment,
    /// Pseudonym of the customer, the `sub` of the tokens (S16).
    pub subject: String,
    /// The account to debit.
    pub debtor: Debtor,
    /// Whether others had to agree too (W08).
    #[serde(default)]
    pub after_approvals: bool,
}

/// The account to debit: as it is named to others, and by the institution's own key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Debtor {
    /// As it is named to others.
    pub account: Account,
    /// The institution's own key; passed on unread.
    pub legacy_id: LegacyId,
}
