//! Lambda in, Open Finance out: the only crate that knows the events AWS sends and the error bodies we answer with.
//!
//! A function hands an [`App`] to [`start`]. Behind it a call walks one way, a type per stage, so that no stage can be
//! skipped: event → [`Request`] → route → [`Admitted`] (by the [`Guard`]) → handler → [`Answer`] or [`Refusal`] →
//! one log line, one report.
//!
//! To add an operation: a handler `async fn(Arc<Ports>, Admitted) -> Result<Answer, Refusal>` and a line in the
//! function's [`Door`]: a row of the catalog for clients, a managed route for the institution's own callers ([`Managers`]),
//! an open one for everybody. To add a fault: an arm in `refusal.rs` or below it, the only place that names codes and
//! texts. A function invoked directly runs the commands of its [`Operator`].

mod admitted;
mod answer;
mod app;
mod batch;
mod call;
mod door;
mod event;
mod fetched_keys;
mod guard;
mod key_guard;
mod links;
mod operator;
mod refusal;
mod report;
mod request;
mod route;
mod token;
mod token_keys;

pub use admitted::{Admitted, Caller, Client, Manager};
pub use answer::Answer;
pub use app::{App, StartError, Tick, start};
pub use batch::{Verdict, Worker};
pub use door::{Desk, Door, Serve};
pub use fetched_keys::FetchedKeys;
pub use guard::{Guard, TokenFault};
pub use key_guard::Managers;
pub use links::{Query, Stretch};
pub use operator::{Operator, OperatorError};
pub use refusal::Refusal;
pub use request::Request;
pub use token::Token;
pub use token_keys::{PublishedKeys, TokenKeys};
