//! JSON Web Encryption in compact form, RSA-OAEP with A256GCM around a signed token, and nothing else (S14, S04).

mod compact;
mod decryption_key;
mod encryption_key;
mod fault;
mod format;

#[cfg(test)]
mod tests;

pub use decryption_key::DecryptionKey;
pub use encryption_key::{ContentSecret, EncryptionKey};
pub use fault::JweFault;
