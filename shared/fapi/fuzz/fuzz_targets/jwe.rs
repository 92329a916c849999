//! Any text as an encrypted token. What opens was sealed for us under this very header; what is sealed opens again.
#![no_main]

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ponte_fapi::base64url;
use ponte_fapi::jwe::ContentSecret;
use ponte_fapi::jws::{CompactJws, Policy};
use ponte_fapi_fuzz::{decryption_key, encryption_keys, mutate_token};

/// Content key and initialization vector of every token that is sealed here.
const SECRET: [u8; ContentSecret::BYTES] = [7; ContentSecret::BYTES];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_token(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = str::from_utf8(data) else { return };
    if text.split('.').count() != 5 {
        let _ = decryption_key().decrypt_jwt(text);
        return round_trip(text);
    }
    if decryption_key().decrypt_jwt(text).is_err() {
        resealed(text);
    }
});

/// A token made for us opens, and what is inside is read as a signed token.
fn round_trip(content: &str) {
    let key = encryption_keys().encryption_key().expect("our encryption key");
    let token = key.encrypt_jwt(content, &ContentSecret::from_random(SECRET)).expect("any text is sealed");
    // A long content makes a token that is longer than we accept.
    if let Ok(opened) = decryption_key().decrypt_jwt(&token) {
        assert_eq!(opened, content);
        let _ = CompactJws::parse(&opened, &Policy::REQUEST_OBJECT).map(|compact| compact.kid().len());
    } else {
        assert!(token.len() > 65_536, "what was sealed does not open");
    }
}

/// The header and content of this token, sealed so that they are authentic: the readers behind the tag are reached.
fn resealed(token: &str) {
    let parts: Vec<_> = token.split('.').collect();
    let Some(mut content) = base64url::decode(parts[3]) else { return };
    let key = encryption_keys().encryption_key().expect("our encryption key");
    let sealed = key.encrypt_jwt("", &ContentSecret::from_random(SECRET)).expect("any text is sealed");
    let wrapped = sealed.split('.').nth(1).expect("the wrapped key");
    let (content_key, iv) = SECRET.split_at(32);
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, content_key).expect("32 bytes"));
    let nonce = Nonce::try_assume_unique_for_key(iv).expect("12 bytes");
    let tag = cipher
        .seal_in_place_separate_tag(nonce, Aad::from(parts[0].as_bytes()), &mut content)
        .expect("any content is sealed");
    let encoded = [iv, &content, tag.as_ref()].map(base64url::encode);
    let token = format!("{}.{wrapped}.{}", parts[0], encoded.join("."));
    if let Ok(opened) = decryption_key().decrypt_jwt(&token) {
        let _ = CompactJws::parse(&opened, &Policy::REQUEST_OBJECT).map(|compact| compact.kid().len());
    }
}
