//! API keys of the institution's own callers: who may manage consents and reports, and for how long.
//!
//! A key is shown as `ponte_<id>_<secret>` once, when it is made; what is kept is the hash of its secret. It belongs to
//! the caller whose client certificate has that common name and opens nothing over another certificate.

mod change;
mod fault;
mod key;
mod scope;
mod status;
mod text;

pub use change::{GRACE_MAX, KeyChange, KeyFault, NewApiKey};
pub use fault::{ApiKeyFault, KeyMismatch};
pub use key::ApiKey;
pub use scope::ApiScope;
pub use status::KeyStatus;
pub use text::{ApiKeyId, parse};

#[cfg(test)]
mod tests;
