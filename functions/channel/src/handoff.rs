//! The page that hands an interaction from a browser to a phone, for institutions whose channel is an app
//! (docs/command-loop.md has the rules).
//!
//! | file | what it serves below `/auth/handoff/v1` |
//! |---|---|
//! | `page` | `GET {interactionId}`: shows the page. The first browser gets its secret as a cookie, any other is refused |
//! | `status` | `GET {interactionId}/status`: the progress of the phone |
//! | `finish`, `abort` | `POST {interactionId}/finish`, `abort`: ends the page, answers the URL back to the OAuth client |
//! | `html`, `qr` | the HTML pages, `oob-handoff.js` and the QR code |
//! | `answer`, `page_secret` | JSON answers to the script; the cookie, and the short code made from it |
//!
//! The secret is 256 bits in a cookie that ends with the session; the store has its hash. To any other browser than the
//! one that opened the page the interaction does not exist. The phone's side is in `commands`.

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
