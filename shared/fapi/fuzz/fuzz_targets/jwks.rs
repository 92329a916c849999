//! Any document as a key set: what is read is written the same again, and every key it holds can be used.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ponte_fapi::jwe::ContentSecret;
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy};
use ponte_fapi_fuzz::RFC7520_KEY_PS256;
use serde_json::Value;

const SECRET: [u8; ContentSecret::BYTES] = [7; ContentSecret::BYTES];

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(keys) = KeySet::parse(text) else { return };

    let written = keys.to_json();
    let again = KeySet::parse(&written).expect("a set of our own is read");
    assert_eq!(again.to_json(), written);
    assert_eq!((again.len(), again.is_empty()), (keys.len(), keys.is_empty()));

    let token =
        CompactJws::parse(RFC7520_KEY_PS256.trim(), &Policy::CLIENT_ASSERTION).expect("the published token");
    let set: Value = serde_json::from_str(&written).expect("our own JSON");
    for jwk in set["keys"].as_array().expect("an array") {
        let kid = jwk["kid"].as_str().expect("a key id");
        if let Some(key) = keys.signature_key(kid) {
            let _ = token.verify::<Value>(key);
        }
    }
    if let Some(key) = keys.encryption_key() {
        let _ = key.encrypt_jwt("a.b.c", &ContentSecret::from_random(SECRET));
    }
});
