//! The interaction API of the institution's channel: what to show, login, consent, cancel (S20, C03, C05).
//!
//! The id in the path opens nothing: only a login of the person whom the consent names opens the decision, to those who show
//! the secret that its answer carried (`proof`). The steps are in `steps`; here calls are read and answers written.

mod cancel;
mod completion;
mod consent;
mod envelope;
mod login;
mod session;
mod show;

pub(crate) use cancel::cancel;
pub(crate) use consent::consent;
pub(crate) use login::login;
pub(crate) use show::show;
