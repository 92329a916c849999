//! Any bytes as the answer of a responder about a revoked certificate: nothing but what the authority signed says anything of it,
//! and nothing says good.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use ponte_fapi::revocation::{CertificateStatus, IssuedCertificate, Issuers, ocsp};

const AUTHORITY: &str = include_str!("../../tests/revocation/openssl/ca.pem");
const REVOKED: &str = include_str!("../../tests/revocation/openssl/revoked.pem");
/// A minute after the authority made all of it, in seconds since 1970.
const NOW: i64 = 1_796_028_191;

fuzz_target!(|data: &[u8]| {
    static SUBJECT: OnceLock<IssuedCertificate> = OnceLock::new();
    let subject = SUBJECT.get_or_init(|| {
        let issuers = Issuers::parse(AUTHORITY).expect("a bundle");
        issuers.of(REVOKED, NOW).expect("a certificate of the authority")
    });
    if let Ok(statement) = ocsp::judge(subject, data, b"nonce", NOW) {
        assert_eq!(statement.status, CertificateStatus::Revoked);
    }
});
