//! Questions, answers and a list that OpenSSL made: an independent authority of 2026-11-30, with both responders of its own.

use ponte_fapi::revocation::{CertificateStatus, IssuedCertificate, Issuers, Statement, list, ocsp};
use ponte_kit::ocsp_question::asked;

const AUTHORITY: &str = include_str!("openssl/ca.pem");
const GOOD: &str = include_str!("openssl/good.pem");
const REVOKED: &str = include_str!("openssl/revoked.pem");
const LIST: &[u8] = include_bytes!("openssl/ac.crl");
/// A minute after all of it was made, in seconds since 1970.
const NOW: i64 = 1_796_028_191;
/// They are current for three days.
const LATER: i64 = NOW + 3 * 24 * 3_600;

fn of(pem: &str) -> IssuedCertificate {
    let issuers = Issuers::parse(AUTHORITY).expect("a bundle");
    issuers.of(pem, NOW).expect("of this authority")
}

fn statuses(pem: &str, answers: &[&[u8]], status: CertificateStatus) {
    for (number, answer) in answers.iter().enumerate() {
        assert!(answer.len() <= ocsp::ANSWER_MAX, "answer {number}");
        let judged = ocsp::judge(&of(pem), answer, b"nonce", NOW).expect("a statement");
        assert_eq!(judged.status, status, "answer {number}");
        assert!(ocsp::judge(&of(pem), answer, b"nonce", LATER).is_err(), "answer {number}");
    }
}

#[test]
fn t41_openssl_answers_the_question_and_its_answers_are_read() {
    assert_eq!(asked(&ocsp::question(&of(GOOD), b"n")), asked(include_bytes!("openssl/good.req")));
    assert_eq!(asked(&ocsp::question(&of(REVOKED), b"n")), asked(include_bytes!("openssl/revoked.req")));
    assert_eq!(of(GOOD).responders(), ["http://ocsp.example/"]);
    let good: [&[u8]; 3] = [
        include_bytes!("openssl/good-ca.der"),
        include_bytes!("openssl/good-responder.der"),
        include_bytes!("openssl/good-pss.der"),
    ];
    statuses(GOOD, &good, CertificateStatus::Good);
    let revoked: [&[u8]; 2] =
        [include_bytes!("openssl/revoked-ca.der"), include_bytes!("openssl/revoked-responder.der")];
    statuses(REVOKED, &revoked, CertificateStatus::Revoked);
    for answer in good {
        assert!(ocsp::judge(&of(REVOKED), answer, b"nonce", NOW).is_err());
    }
}

#[test]
fn t41_openssl_lists_the_revoked_certificate() {
    let judged = |pem: &str, now| {
        let subject = of(pem);
        let address = subject.lists().first().cloned().expect("an address");
        list::judge(&subject, LIST, &address, now)
    };
    let status = |judged: Result<Statement, _>| judged.map(|statement| statement.status);
    assert_eq!(status(judged(GOOD, NOW)), Ok(CertificateStatus::Good));
    assert_eq!(status(judged(REVOKED, NOW)), Ok(CertificateStatus::Revoked));
    assert!(judged(GOOD, LATER).is_err());
}
