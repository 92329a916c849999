//! Any bytes as the list of an authority that has revoked the certificate: nothing says good of it.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use ponte_fapi::revocation::{CertificateStatus, IssuedCertificate, Issuers, list};

const AUTHORITY: &str = include_str!("../../tests/revocation/openssl/ca.pem");
const REVOKED: &str = include_str!("../../tests/revocation/openssl/revoked.pem");
/// A minute after the authority made all of it, in seconds since 1970.
const NOW: i64 = 1_796_028_191;

fuzz_target!(|data: &[u8]| {
    static SUBJECT: OnceLock<(IssuedCertificate, String)> = OnceLock::new();
    let (subject, address) = SUBJECT.get_or_init(|| {
        let issuers = Issuers::parse(AUTHORITY).expect("a bundle");
        let subject = issuers.of(REVOKED, NOW).expect("a certificate of the authority");
        let address = subject.lists().first().cloned().expect("an address");
        (subject, address)
    });
    if let Ok(statement) = list::judge(subject, data, address, NOW) {
        assert_eq!(statement.status, CertificateStatus::Revoked);
    }
});
