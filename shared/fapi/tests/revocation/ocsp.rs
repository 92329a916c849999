//! OCSP answers (RFC 6960, RFC 5019).

use std::time::Duration;

use ponte_fapi::revocation::{CertificateStatus, Statement, StatementFault, ocsp};
use ponte_kit::ocsp_question::{asked, nonce_of};
use ponte_kit::revocation::{AnswerSigner, AnsweredStatus, OcspAnswer};

use crate::{ISSUER, OTHER, SERIAL, certificate, now};

const NONCE: &[u8] = b"0123456789abcdef0123456789abcdef";
const MINUTE: Duration = Duration::from_mins(1);

fn good() -> OcspAnswer {
    OcspAnswer::at(now(), AnsweredStatus::Good)
}

/// What this answer to the question about the certificate is worth now.
fn judged(answer: &OcspAnswer) -> Result<Statement, StatementFault> {
    let subject = certificate(&ISSUER, SERIAL);
    let bytes = ISSUER.answer(&ocsp::question(&subject, NONCE), answer);
    ocsp::judge(&subject, &bytes, NONCE, now().seconds())
}

fn status(answer: &OcspAnswer) -> Result<CertificateStatus, StatementFault> {
    judged(answer).map(|statement| statement.status)
}

#[test]
fn t41_good_and_revoked_are_told_with_their_times() {
    let end = now().plus(Duration::from_hours(24)).seconds();
    let statement = |status| Statement { status, this_update: now().seconds(), next_update: Some(end) };
    assert_eq!(judged(&good()), Ok(statement(CertificateStatus::Good)));
    let revoked = OcspAnswer { status: AnsweredStatus::Revoked, ..good() };
    assert_eq!(judged(&revoked), Ok(statement(CertificateStatus::Revoked)));
    let unknown = OcspAnswer { status: AnsweredStatus::Unknown, ..good() };
    assert_eq!(judged(&unknown), Err(StatementFault::Unknown));
}

#[test]
fn t41_the_issuer_or_a_responder_that_it_made_for_answers_signs() {
    for (signer, expected) in [
        (AnswerSigner::Issuer, Ok(CertificateStatus::Good)),
        (AnswerSigner::IssuerByKey, Ok(CertificateStatus::Good)),
        (AnswerSigner::Delegate, Ok(CertificateStatus::Good)),
        (AnswerSigner::DelegateWithoutPurpose, Err(StatementFault::Signer)),
        (AnswerSigner::DelegateExpired, Err(StatementFault::Signer)),
        (AnswerSigner::Stranger, Err(StatementFault::Signer)),
    ] {
        assert_eq!(status(&OcspAnswer { signer, ..good() }), expected);
    }
    let subject = certificate(&ISSUER, SERIAL);
    let question = ocsp::question(&subject, NONCE);
    for signer in [AnswerSigner::Issuer, AnswerSigner::IssuerByKey, AnswerSigner::Delegate] {
        let foreign = OTHER.answer(&question, &OcspAnswer { signer, ..good() });
        let judged = ocsp::judge(&subject, &foreign, NONCE, now().seconds());
        assert_eq!(judged, Err(StatementFault::Signer), "an authority of the bundle, not the issuer");
    }
}

#[test]
fn t41_a_certificate_of_another_issuer_with_the_same_serial_is_another_certificate() {
    let (subject, other) = (certificate(&ISSUER, SERIAL), certificate(&OTHER, SERIAL));
    let bytes = ISSUER.answer_about(&asked(&ocsp::question(&other, NONCE)), &good());
    let judged = ocsp::judge(&subject, &bytes, NONCE, now().seconds());
    assert_eq!(judged, Err(StatementFault::OtherCertificate));
    let neighbour = certificate(&ISSUER, SERIAL + 1);
    let bytes = ISSUER.answer(&ocsp::question(&neighbour, NONCE), &good());
    let judged = ocsp::judge(&subject, &bytes, NONCE, now().seconds());
    assert_eq!(judged, Err(StatementFault::OtherCertificate));
}

#[test]
fn t41_an_answer_counts_from_its_time_to_its_end() {
    let hours = |hours: u64| Duration::from_hours(hours);
    let ahead = |span: Duration| OcspAnswer { this_update: now().plus(span), ..good() };
    assert!(judged(&ahead(5 * MINUTE)).is_ok(), "clocks may differ");
    assert_eq!(judged(&ahead(5 * MINUTE + Duration::from_secs(1))), Err(StatementFault::NotCurrent));

    let until = |end| OcspAnswer { this_update: now().minus(hours(1)), next_update: Some(end), ..good() };
    assert!(judged(&until(now().plus(Duration::from_secs(1)))).is_ok());
    assert_eq!(judged(&until(now())), Err(StatementFault::NotCurrent), "an old one is replayed");

    let since = |begin| OcspAnswer { this_update: begin, ..good() };
    assert!(judged(&since(now().minus(hours(7 * 24)))).is_ok());
    let older = now().minus(hours(7 * 24) + Duration::from_secs(1));
    assert_eq!(judged(&since(older)), Err(StatementFault::NotCurrent), "whatever end it names");

    let endless = |begin| OcspAnswer { this_update: begin, next_update: None, ..good() };
    assert!(judged(&endless(now().minus(hours(1)))).is_ok());
    let older = now().minus(hours(1) + Duration::from_secs(1));
    assert_eq!(judged(&endless(older)), Err(StatementFault::NotCurrent));
}

#[test]
fn t41_an_answer_with_another_nonce_is_one_to_another_question() {
    let with = |nonce: &[u8]| OcspAnswer { nonce: Some(nonce.to_vec()), ..good() };
    assert!(judged(&with(NONCE)).is_ok());
    assert_eq!(judged(&with(b"another")), Err(StatementFault::Nonce));
    let question = ocsp::question(&certificate(&ISSUER, SERIAL), NONCE);
    assert_eq!(nonce_of(&question).as_deref(), Some(NONCE));
    let critical = OcspAnswer { critical: true, ..good() };
    assert_eq!(judged(&critical), Err(StatementFault::Extension));
}

#[test]
fn t41_bytes_that_are_no_answer_prove_nothing() {
    let subject = certificate(&ISSUER, SERIAL);
    let bytes = ISSUER.answer(&ocsp::question(&subject, NONCE), &good());
    let judge = |bytes: &[u8]| ocsp::judge(&subject, bytes, NONCE, now().seconds());
    for length in 0..bytes.len() {
        assert!(judge(&bytes[..length]).is_err(), "cut off after {length}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert_eq!(judge(&longer), Err(StatementFault::Malformed));
    // internalError, tryLater, unauthorized: no more than a status.
    for refused in [2, 3, 6] {
        assert_eq!(judge(&[0x30, 3, 0x0a, 1, refused]), Err(StatementFault::Refused));
    }
    // Every bit of what is signed counts, and of the signature.
    for position in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[position] ^= 1;
        let outcome = judge(&changed);
        assert!(outcome.is_err() || outcome == judge(&bytes), "byte {position}: {outcome:?}");
    }
}
