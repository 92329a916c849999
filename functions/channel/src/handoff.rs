//! The page that hands a visit from a browser to a phone, for institutions whose channel is an app
//! (product contract, section 1.3).
//!
//! | file | what it serves below `/auth/handoff/v1` |
//! |---|---|
//! | `page` | `GET {interactionId}`: opens the visit's page, once, and gives its browser the secret |
//! | `status` | `GET {interactionId}/status`: how far the phone is |
//! | `finish`, `abort` | `POST {interactionId}/finish`, `abort`: the way back to the client |
//! | `html`, `qr` | what a person sees |
//!
//! The secret is in a cookie of the browser that opened the page; to anybody else the visit does not exist. The
//! phone's side is in `commands`.

mod abort;
mod finish;
mod html;
mod page;
mod page_secret;
mod qr;
mod status;

pub(crate) use abort::abort;
pub(crate) use finish::finish;
pub(crate) use html::{script, without_app};
pub(crate) use page::page;
pub(crate) use status::status;

use ponte_edge::{Answer, Refusal};
use serde::Serialize;

/// Where the page goes.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Return<'a> {
    redirect_to: &'a str,
}

/// An answer to the script of the page.
fn told<T: Serialize>(value: &T) -> Result<Answer, Refusal> {
    serde_json::to_string(value).map(|body| Answer::json(200, body)).map_err(|_| Refusal::internal())
}
