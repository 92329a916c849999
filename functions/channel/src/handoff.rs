//! The page that hands an interaction from a browser to a phone, for institutions whose channel is an app
//! (docs/command-loop.md has the rules).
//!
//! | file | what it serves below `/auth/handoff/v1` |
//! |---|---|
//! | `page` | `GET {interactionId}`: shows the page to a browser that arrived by `authorize` |
//! | `status` | `GET {interactionId}/status`: the progress of the phone |
//! | `finish`, `abort` | `POST {interactionId}/finish`, `abort`: ends the page, answers the URL back to the OAuth client |
//! | `html`, `qr` | the HTML pages, `oob-handoff.js` and the QR code |
//! | `answer`, `page_secret` | JSON answers to the script; the cookie of the arrival, and the short code made from it |
//!
//! A page is known by the cookie of its browser's arrival. Each has a code of its own; once a phone read one, the interaction
//! does not exist to any other browser than the one that showed it. The phone's side is in `commands`.

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
pub(crate) use page_secret::PageSecret;
pub(crate) use status::status;
