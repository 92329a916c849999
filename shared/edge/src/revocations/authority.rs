//! The question to the authority itself: its OCSP responders in the order of the certificate, then its lists, all within one
//! budget of time. Hosts that are silent can use it up before the last address has its turn: that one is asked soon after,
//! when the others are left alone.

use ponte_authorization::ports::Responders;
use ponte_authorization::revocation::Source;
use ponte_fapi::revocation::{IssuedCertificate, Statement, list, ocsp};
use ponte_ports::{PortError, chain};
use ponte_values::Moment;
use tokio::time::{Instant, timeout_at};

use super::hosts::Hosts;

/// Why nobody could say whether a certificate is revoked, for the log: it names no certificate.
#[derive(Debug)]
pub(super) struct Unanswered {
    /// Each address, with what was wrong.
    pub(super) reasons: Vec<String>,
    /// Whether somebody is left to ask soon: every host was left alone, or an address did not have its whole time.
    pub(super) unasked: bool,
}

impl Unanswered {
    fn of(reason: &str) -> Self {
        Self { reasons: vec![reason.to_owned()], unasked: false }
    }
}

/// Who is asked, and until when.
pub(super) struct Question<'a> {
    pub(super) responders: &'a dyn Responders,
    pub(super) hosts: &'a Hosts,
    /// Goes into each question and is no secret.
    pub(super) nonce: &'a [u8],
    pub(super) now: Moment,
    pub(super) end: Instant,
}

impl Question<'_> {
    /// Asks about a certificate until somebody says something that proves something. A certificate without an issuer in the
    /// bundle is none.
    pub(super) async fn ask(
        &self,
        certificate: Option<&IssuedCertificate>,
    ) -> Result<(Statement, Source), Unanswered> {
        let Some(certificate) = certificate else {
            return Err(Unanswered::of("no authority of IssuersSecret issued the certificate"));
        };
        let (mut reasons, mut asked, mut cut) = (Vec::new(), false, false);
        let responders = certificate.responders().iter().map(|address| (address, Source::Answer));
        let lists = certificate.lists().iter().map(|address| (address, Source::List));
        for (address, source) in responders.chain(lists) {
            if Instant::now() >= self.end {
                cut = true;
                reasons.push(format!("{address}: no time left"));
                continue;
            }
            let Some(turn) = self.hosts.turn(address, self.now).await else {
                reasons.push(format!("{address}: left alone after a silence"));
                continue;
            };
            asked = true;
            let bytes = timeout_at(self.end, self.send(certificate, address, source)).await;
            match &bytes {
                Ok(Err(error)) if error.is_timeout() => self.hosts.silent(turn, self.now).await,
                Ok(_) => self.hosts.answered(turn, self.now).await,
                // Those before it took its time: that says nothing of the host.
                Err(_) => cut = true,
            }
            let judged = match bytes {
                Ok(Ok(bytes)) => self.judge(certificate, &bytes, address, source),
                Ok(Err(error)) => Err(chain(&error)),
                Err(_) => Err("no time left".to_owned()),
            };
            match judged {
                Ok(statement) => return Ok((statement, source)),
                Err(reason) => reasons.push(format!("{address}: {reason}")),
            }
        }
        if reasons.is_empty() {
            return Err(Unanswered::of("the certificate names neither a responder nor a list"));
        }
        Err(Unanswered { reasons, unasked: cut || !asked })
    }

    async fn send(
        &self,
        certificate: &IssuedCertificate,
        address: &str,
        source: Source,
    ) -> Result<Vec<u8>, PortError> {
        match source {
            Source::Answer => self.responders.ask(address, ocsp::question(certificate, self.nonce)).await,
            Source::List => self.responders.list(address).await,
        }
    }

    fn judge(
        &self,
        certificate: &IssuedCertificate,
        bytes: &[u8],
        address: &str,
        source: Source,
    ) -> Result<Statement, String> {
        let now = self.now.seconds();
        let judged = match source {
            Source::Answer => ocsp::judge(certificate, bytes, self.nonce, now),
            Source::List => list::judge(certificate, bytes, address, now),
        };
        judged.map_err(|fault| fault.to_string())
    }
}
