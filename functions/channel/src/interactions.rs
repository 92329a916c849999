//! The interaction API of the institution's channel: what to show, login, consent, cancel (S20, C03, C05).
//!
//! The id in the path is known to the customer's browser alone; only a login of the person whom the consent names
//! opens the decision. What a step does is in `steps`; here calls are read and answers written.

mod cancel;
mod completion;
mod consent;
mod login;
mod session;
mod show;

pub(crate) use cancel::cancel;
pub(crate) use consent::consent;
pub(crate) use login::login;
pub(crate) use show::show;

use ponte_edge::Refusal;
use ponte_values::Moment;
use serde::Serialize;

/// `data` of an answer to the channel, JSON text.
fn data<T: Serialize>(value: &T) -> Result<String, Refusal> {
    serde_json::to_string(value).map_err(|_| Refusal::internal())
}

/// The body around `data`.
fn body(data: &str, now: Moment) -> String {
    format!(r#"{{"data":{data},"meta":{{"requestDateTime":"{now}"}}}}"#)
}
