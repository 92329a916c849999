//! Keys for the tests of this crate, made at test time and shared because making one takes a tenth of a second.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The PKCS#8 PEM of a key: equal numbers give the same key.
pub(crate) fn pem(number: usize) -> &'static str {
    static PEMS: [OnceLock<String>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    PEMS[number].get_or_init(|| {
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        pem_text(key.as_der().unwrap().as_ref())
    })
}

pub(crate) fn pem_text(pkcs8: &[u8]) -> String {
    let mut text = String::from("-----BEGIN PRIVATE KEY-----\n");
    for line in STANDARD.encode(pkcs8).as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    text
}
