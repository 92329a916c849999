//! API keys of the institution's own callers, for the management of consents and reports.
//!
//! A key is shown as `ponte_<id>_<secret>` once, when it is issued; only the hash of its secret is stored. It counts with
//! the client certificate of its caller alone, told by the common name.

mod change;
mod fault;
mod key;
mod scope;
mod status;
mod text;

pub use change::{FORMERS_MAX, GRACE_MAX, KeyChange, KeyFault, NewApiKey};
pub use fault::{ApiKeyFault, KeyMismatch};
pub use key::ApiKey;
pub use scope::ApiScope;
pub use status::KeyStatus;
pub use text::{ApiKeyId, parse, resembles};

#[cfg(test)]
mod tests;
