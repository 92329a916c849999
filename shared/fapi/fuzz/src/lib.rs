//! What the targets have in common: published keys that protect nothing, and mutations behind an encoding.
//!
//! A byte changed in base64 mostly gives no base64 at all. These mutations decode first, so that the readers behind
//! the encoding are reached; one time in four the text itself is changed, so that the encoding is tried too.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzzer_mutate;
use ponte_fapi::base64url;
use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jwk::{KeySet, key_set_json};

/// Bytes by which one mutation may make a part longer.
const GROWTH: usize = 64;

/// The private key of RFC 7516 appendix A.1.3.
pub const RFC7516_A1_PEM: &str = include_str!("../../testdata/rfc7516-a1.pem");

/// A token signed with PS256 by the key of RFC 7520 section 3.4.
pub const RFC7520_KEY_PS256: &str = include_str!("../../testdata/rfc7520-key-ps256.jws");

/// The public key of RFC 7520 section 3.3 as a key set.
pub const RFC7520_KEY_SET: &str = include_str!("../seeds/jwks/rfc7520-3-3");

/// [`RFC7516_A1_PEM`], parsed once.
///
/// # Panics
/// When the published key is not accepted.
#[must_use]
pub fn decryption_key() -> &'static DecryptionKey {
    static KEY: OnceLock<DecryptionKey> = OnceLock::new();
    KEY.get_or_init(|| DecryptionKey::from_pkcs8_pem(RFC7516_A1_PEM, "enc-1").expect("the published key"))
}

/// The key set with the public side of [`decryption_key`].
///
/// # Panics
/// When our own key set cannot be read.
#[must_use]
pub fn encryption_keys() -> &'static KeySet {
    static KEYS: OnceLock<KeySet> = OnceLock::new();
    KEYS.get_or_init(|| {
        KeySet::parse(&key_set_json(&[decryption_key().public_jwk()])).expect("a key set of our own")
    })
}

/// Changes one base64url part of a token with dots.
pub fn mutate_token(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mutated = str::from_utf8(&data[..size]).ok().filter(|_| !seed.is_multiple_of(4)).and_then(|token| {
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        let index = usize::try_from(seed / 4).ok()? % parts.len();
        parts[index] = base64url::encode(mutate_bytes(base64url::decode(&parts[index])?));
        Some(parts.join("."))
    });
    put(mutated, data, size, max_size)
}

/// Changes the DER inside a PEM text of one section.
pub fn mutate_pem(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mutated = str::from_utf8(&data[..size]).ok().filter(|_| !seed.is_multiple_of(4)).and_then(|pem| {
        let lines: Vec<_> = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = mutate_bytes(STANDARD.decode(lines.concat()).ok()?);
        Some(format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der)))
    });
    put(mutated, data, size, max_size)
}

fn mutate_bytes(mut bytes: Vec<u8>) -> Vec<u8> {
    let size = bytes.len();
    bytes.resize(size + GROWTH, 0);
    let size = fuzzer_mutate(&mut bytes, size, size + GROWTH);
    bytes.truncate(size);
    bytes
}

/// Writes the new text over the old one, or changes bytes of the old one when there is none or it does not fit.
fn put(text: Option<String>, data: &mut [u8], size: usize, max_size: usize) -> usize {
    match text {
        Some(text) if text.len() <= max_size => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}
