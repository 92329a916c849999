//! The question to the authority itself: its OCSP responders in the order of the certificate, then its lists.

use ponte_authorization::ports::Responders;
use ponte_authorization::revocation::Source;
use ponte_fapi::revocation::{IssuedCertificate, Issuers, Statement, list, ocsp};
use ponte_ports::chain;
use ponte_values::Moment;

/// Why nobody could say whether a certificate is revoked, for the log: it names no certificate.
#[derive(Debug, Default)]
pub(super) struct Unanswered {
    /// Each address that was asked, with what was wrong.
    pub(super) reasons: Vec<String>,
}

impl Unanswered {
    fn of(reason: &str) -> Self {
        Self { reasons: vec![reason.to_owned()] }
    }
}

/// Asks until somebody says something that proves something. `nonce` goes into each question and is no secret.
pub(super) async fn ask(
    responders: &dyn Responders,
    issuers: &Issuers,
    (pem, nonce): (&str, &[u8]),
    now: Moment,
) -> Result<(Statement, Source), Unanswered> {
    let Some(certificate) = issuers.of(pem, now.seconds()) else {
        return Err(Unanswered::of("no authority of IssuersSecret issued the certificate"));
    };
    let mut unanswered = Unanswered::default();
    for address in certificate.responders() {
        match by_answer(responders, &certificate, (address, nonce), now).await {
            Ok(statement) => return Ok((statement, Source::Answer)),
            Err(reason) => unanswered.reasons.push(format!("{address}: {reason}")),
        }
    }
    for address in certificate.lists() {
        match by_list(responders, &certificate, address, now).await {
            Ok(statement) => return Ok((statement, Source::List)),
            Err(reason) => unanswered.reasons.push(format!("{address}: {reason}")),
        }
    }
    if unanswered.reasons.is_empty() {
        return Err(Unanswered::of("the certificate names neither a responder nor a list"));
    }
    Err(unanswered)
}

async fn by_answer(
    responders: &dyn Responders,
    certificate: &IssuedCertificate,
    (address, nonce): (&str, &[u8]),
    now: Moment,
) -> Result<Statement, String> {
    let question = ocsp::question(certificate, nonce);
    let answer = responders.ask(address, question).await.map_err(|error| chain(&error))?;
    ocsp::judge(certificate, &answer, nonce, now.seconds()).map_err(|fault| fault.to_string())
}

async fn by_list(
    responders: &dyn Responders,
    certificate: &IssuedCertificate,
    address: &str,
    now: Moment,
) -> Result<Statement, String> {
    let bytes = responders.list(address).await.map_err(|error| chain(&error))?;
    list::judge(certificate, &bytes, address, now.seconds()).map_err(|fault| fault.to_string())
}
