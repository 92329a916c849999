//! Lambda in, Open Finance out: the only crate that knows the events AWS sends.
//!
//! Calls of rows are counted, and refused above their limits ([`CallLimits`]); lists go on by the keys of [`PaginationKeys`].
//!
//! A function hands an [`App`] to [`start`]. An HTTP call goes one way, a type per stage, so that no stage is skipped:
//! event → [`Request`] → route → [`ClientCall`], [`CustomerCall`], [`ManagerCall`] or [`OpenCall`] → handler → [`Answer`]
//! or [`Refusal`] → one log line, one report. The target of a token reaches the guard by the trait
//! [`Authority`](ponte_ports::Authority) of its noun; no noun is known here.
//!
//! To add an operation: a handler `async fn(Arc<Ports>, ClientCall) -> Result<Answer, Refusal>` and a line in the
//! function's [`Router`]: a row of the catalog for clients or for their customers, a managed route for the institution's
//! own callers ([`Managers`]), an open one for everybody. To add a queue or a schedule: a [`Worker`] or a [`Tick`], and
//! its name in the template. A function runs the commands of its [`Operator`] when it is invoked directly, and those on the
//! operator queue of its [`OperatorSource`].

mod access_token;
mod answer;
mod app;
mod batch;
mod call;
mod call_limits;
mod caller;
mod canonical;
#[cfg(test)]
mod captured_log;
mod certificates_read;
mod clock_watch;
mod context;
mod customer_scope;
mod deadline;
mod ending;
mod endpoint;
mod envelope;
mod event;
mod fetched_keys;
mod guard;
mod key_guard;
mod known_parameters;
mod links;
mod log;
mod memory;
mod operator;
mod operator_commands;
mod operator_order;
mod operator_queue;
mod operator_source;
mod pagination_key;
mod parameters;
mod report;
mod request;
mod revocations;
mod route;
mod router;
mod runtime;
#[cfg(test)]
mod sample;
mod serve;
mod signed_answers;
mod signed_call;
mod signed_requests;
mod token_blocks;
mod token_keys;
mod unread;

pub use access_token::{AccessTokenFault, Token};
pub use answer::Answer;
pub use app::{App, StartError, Tick, start};
pub use batch::{Verdict, Worker};
pub use call::{Call, ClientCall, CustomerCall, ManagerCall, OpenCall};
pub use call_limits::CallLimits;
pub use caller::{Client, Manager};
pub use context::Context;
pub use customer_scope::CustomerScope;
pub use event::{HttpEvent, Message};
pub use fetched_keys::FetchedKeys;
pub use guard::Guard;
pub use key_guard::Managers;
pub use links::{CursorPage, Query};
pub use operator::{CommandKind, Operator, OperatorError};
pub use operator_source::OperatorSource;
pub use pagination_key::PaginationKeys;
pub use ponte_refusals::{DataFault, MalformedRequest, ManagementFault, ParameterFault, Refusal};
pub use request::Request;
pub use revocations::{RevocationFault, RevocationPorts, Revocations};
pub use router::Router;
pub use serve::Serve;
pub use signed_call::SignedCall;
pub use signed_requests::SignedRequests;
pub use token_blocks::{BlockListUnread, TokenBlocks};
pub use token_keys::{KEY_SET_KEPT, PublishedKeys, TokenKeys};
pub use unread::unread;
