//! The payment consent: its stored form, its status at a moment, and its transitions (P04 to P10).
//!
//! | module | contents |
//! |---|---|
//! | [`payment_consent`], [`state`] | the stored consent and its state |
//! | [`creation`] | a new consent |
//! | [`effective_status`] | the status at a moment, deadlines included (P05 to P07) |
//! | [`transition`] | authorisation, approvals, refusal, use (P06 to P08) |
//! | [`expiry`] | the changes that time makes |
//! | [`change`] | a decided change with all that is written with it |

mod change;
mod creation;
mod effective_status;
mod expiry;
mod fault;
mod payment_consent;
mod rejection;
mod state;
mod transition;

pub use change::PaymentConsentChange;
pub use creation::NewPaymentConsent;
pub use effective_status::{EffectiveStatus, PaymentConsentStatus};
pub use fault::PaymentConsentFault;
pub use payment_consent::PaymentConsent;
pub use rejection::{ConsentRejection, ConsentRejectionCode};
pub use state::{Authorisation, Debtor};
