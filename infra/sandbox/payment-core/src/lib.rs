//! The payment core of the sandbox bank: accounts with balances that are really debited and credited, behind the contract of
//! the payment connector (`docs/openapi/payment-connector.yaml`), over HTTPS with client certificates, as a Lambda function, and by queue. It
//! stands for other people's software and knows the wire alone.
//!
//! One more fault of a call = a variant of [`Behaviour`], its part in `order.rs` and its arm where that part is struck; one more
//! thing that somebody's connector may get wrong = a variant of [`Flaw`].

mod account;
mod contract;
mod control;
mod function;
mod holders;
mod journal;
mod ledger;
mod message;
mod mode;
mod operations;
mod order;
mod payment;
mod payment_core;
mod pix_keys;
mod push;
mod queue;
mod said;
mod site;
mod state;
#[cfg(test)]
mod tests;

pub use account::Account;
pub use contract::OPERATIONS;
pub use control::Control;
pub use function::Function;
pub use holders::BANK_ISPB;
pub use ledger::{Books, Entry};
pub use mode::{Dedupe, Flaw, Mode};
pub use order::{Behaviour, Order};
pub use payment::{Payment, Reason, Status};
pub use payment_core::{Answered, Clock, Parts, PaymentCore};
pub use pix_keys::{OTHER_ISPB, PixKey};
pub use push::Notifier;
pub use queue::{Answer as QueueAnswer, Request as QueueRequest};
pub use said::Said;
pub use site::{CONNECTOR, CoreSite};
pub use state::Limits;
