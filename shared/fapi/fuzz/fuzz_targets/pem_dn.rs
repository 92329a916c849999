//! Any text as a certificate and as a distinguished name: what is read is written so that it is read again the same.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::dn::{DistinguishedName, DnFault};
use ponte_fapi_fuzz::mutate_pem;

/// A subject that every other one is compared with.
const SUBJECT: &str = include_str!("../seeds/pem_dn/hexadecimal");

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate_pem(data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let _ = ClientCertificate::from_der(data);
    let Ok(text) = str::from_utf8(data) else { return };
    if let Ok(certificate) = ClientCertificate::from_pem(text) {
        let _ = certificate.check(1_800_000_000);
        let ids = [certificate.organisation_id(), certificate.software_statement_id()];
        assert!(ids.into_iter().flatten().all(|id| !id.contains(|letter: char| letter.is_ascii_uppercase())));
    }
    for name in
        [DistinguishedName::of_certificate(text), DistinguishedName::parse(text)].into_iter().flatten()
    {
        judge(&name);
    }
});

fn judge(name: &DistinguishedName) {
    static OTHER: OnceLock<DistinguishedName> = OnceLock::new();
    let other = OTHER.get_or_init(|| DistinguishedName::parse(SUBJECT).expect("the name of the seed"));
    assert!(name.matches(name));
    assert_eq!(name.matches(other), other.matches(name));
    let written = name.to_string();
    match DistinguishedName::parse(&written) {
        Ok(again) => assert!(again.matches(name) && name.matches(&again), "{written}"),
        // The spelling we write may be longer than the one we read.
        Err(fault) => assert_eq!(fault, DnFault::TooLong, "{written}"),
    }
}
