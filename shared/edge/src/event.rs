//! The events of AWS, as far as we read them, and the replies to them.
//!
//! Every member is read on its own, so that one that is unreadable is as if absent and never loses the call; what nobody
//! reads is not looked at. These are our own types for that reason: a library's decode all or nothing.

mod arn;
mod headers;
mod http;
mod member;
mod members;
mod queue;
mod reply;
mod trigger;

pub(crate) use arn::{is_queue, is_schedule};
pub(crate) use headers::Headers;
pub use http::HttpEvent;
pub use queue::Message;
pub(crate) use queue::{BatchItemFailure, QueueEvent, QueueReply};
pub(crate) use reply::Reply;
pub(crate) use trigger::Trigger;
