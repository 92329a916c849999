//! The page that hands an interaction from a browser to a phone, for institutions whose channel is an app
//! (product contract, section 1.3).
//!
//! | file | what it serves below `/auth/handoff/v1` |
//! |---|---|
//! | `page` | `GET {interactionId}`: opens the interaction's page, once, and gives its browser the secret |
//! | `status` | `GET {interactionId}/status`: the progress of the phone |
//! | `finish`, `abort` | `POST {interactionId}/finish`, `abort`: the way back to the client |
//! | `html`, `qr` | the pages |
//!
//! The secret is in a cookie of the browser that opened the page; to anybody else the interaction does not exist. The
//! phone's side is in `commands`.

mod abort;
mod answer;
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
