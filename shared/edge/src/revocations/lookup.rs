//! The look at a certificate: memory, table, authority.

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::ports::{CertificateStatuses, Responders};
use ponte_authorization::revocation::{COOLDOWN, RevocationCheck, StatusRecord};
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::revocation::{CertificateStatus, Issuers};
use ponte_ports::rotation::{InvalidSecret, Rotating, VersionPair, WatchedSecret};
use ponte_ports::{Alarms, Ids, PortError, SecretVersions, chain};
use ponte_refusals::Refusal;
use ponte_values::Moment;

use super::authority::{self, Unanswered};
use super::memory::Memory;

/// The value of `IssuersSecret` in a new stack: no authority yet.
const NOBODY: &str = "none";
/// Bytes of a nonce (RFC 8954 section 2.1).
const NONCE: usize = 32;
/// What the alarm of the template counts.
const ALARM: &str = "revocation";

/// Why a certificate does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationFault {
    /// Its authority has revoked it or put it on hold.
    Revoked,
    /// Nobody could say whether it is revoked, and this stack then refuses.
    NotKnown,
}

impl RevocationFault {
    /// How long it makes no sense to try again: nobody is asked about the certificate for so long.
    pub const WAIT: Duration = COOLDOWN;
}

/// To a caller of a resource, a revoked certificate is one more bad one.
impl From<RevocationFault> for Refusal {
    fn from(fault: RevocationFault) -> Self {
        match fault {
            RevocationFault::Revoked => Self::unauthenticated(),
            RevocationFault::NotKnown => Self::overloaded().after(Some(RevocationFault::WAIT)),
        }
    }
}

/// What a look needs.
pub struct RevocationPorts {
    /// `IssuersSecret`.
    pub issuers: Arc<dyn SecretVersions>,
    /// Receiver of faults of that secret.
    pub alarms: Arc<dyn Alarms>,
    /// The authorities.
    pub responders: Arc<dyn Responders>,
    /// What all functions know.
    pub statuses: Arc<dyn CertificateStatuses>,
    /// Fresh nonces.
    pub ids: Arc<dyn Ids>,
}

/// Looks certificates up. [`Revocations::default`] looks nothing up, as `RevocationCheck` off has it.
#[derive(Default)]
pub struct Revocations(Option<Lookup>);

struct Lookup {
    hard: bool,
    issuers: Rotating<Issuers>,
    responders: Arc<dyn Responders>,
    statuses: Arc<dyn CertificateStatuses>,
    ids: Arc<dyn Ids>,
    memory: Memory,
}

impl Revocations {
    /// Looks certificates up as `check` says; follows `IssuersSecret`.
    pub async fn start(
        check: RevocationCheck,
        ports: RevocationPorts,
        now: Moment,
    ) -> Result<Self, PortError> {
        let hard = match check {
            RevocationCheck::Off => return Ok(Self::default()),
            RevocationCheck::Soft => false,
            RevocationCheck::Hard => true,
        };
        let secret = WatchedSecret { name: "IssuersSecret", versions: ports.issuers, alarms: ports.alarms };
        let issuers = Rotating::start(secret, Box::new(|versions, _| bundle(versions)), now).await?;
        let RevocationPorts { responders, statuses, ids, .. } = ports;
        Ok(Self(Some(Lookup { hard, issuers, responders, statuses, ids, memory: Memory::default() })))
    }

    /// Whether the certificate in `pem`, whose thumbprint this is, counts at `now`.
    ///
    /// # Errors
    /// When it is revoked, or when that is not known and this stack is hard.
    pub async fn check(
        &self,
        pem: &str,
        thumbprint: &Thumbprint,
        now: Moment,
    ) -> Result<(), RevocationFault> {
        let Some(lookup) = &self.0 else { return Ok(()) };
        match lookup.status(pem, &thumbprint.to_text(), now).await {
            Some(CertificateStatus::Revoked) => Err(RevocationFault::Revoked),
            None if lookup.hard => Err(RevocationFault::NotKnown),
            Some(CertificateStatus::Good) | None => Ok(()),
        }
    }
}

/// The authorities of a version of the secret.
fn bundle(versions: &VersionPair) -> Result<Issuers, InvalidSecret> {
    match versions.current.text.expose().trim() {
        NOBODY => Ok(Issuers::default()),
        pem => Issuers::parse(pem).map_err(InvalidSecret::new),
    }
}

impl Lookup {
    /// The status that counts at `now`, if any is known.
    async fn status(&self, pem: &str, thumbprint: &str, now: Moment) -> Option<CertificateStatus> {
        if let Some(record) = self.memory.recent(thumbprint, now).filter(|record| record.is_settled(now)) {
            return record.usable(now);
        }
        let shared = self.statuses.find(thumbprint).await.unwrap_or_else(|error| {
            tracing::warn!(error = chain(&error), "what is known of certificates was not read");
            self.memory.last(thumbprint)
        });
        let record = match shared {
            Some(record) if record.is_settled(now) => record,
            // Boxed: one call in many asks, and the others need not carry its state.
            shared => Box::pin(self.ask(pem, thumbprint, shared.as_ref(), now)).await,
        };
        let status = record.usable(now);
        self.memory.put(thumbprint, record, now);
        status
    }

    async fn ask(
        &self,
        pem: &str,
        thumbprint: &str,
        earlier: Option<&StatusRecord>,
        now: Moment,
    ) -> StatusRecord {
        // While one environment asks, the others go on with the last statement, so that a silent authority costs one call the
        // wait and not all of them.
        if earlier.is_some_and(|record| record.usable(now).is_some()) {
            self.keep(thumbprint, &StatusRecord::after(earlier, None, now)).await;
        }
        let issuers = self.issuers.at(now).await;
        let secret = self.ids.secret();
        let nonce = secret.as_bytes().get(..NONCE).unwrap_or(secret.as_bytes());
        let told = authority::ask(self.responders.as_ref(), &issuers, (pem, nonce), now).await;
        let record = StatusRecord::after(earlier, told.as_ref().ok().copied(), now);
        if let Err(unanswered) = told {
            self.report(&unanswered, record.usable(now));
        }
        self.keep(thumbprint, &record).await;
        record
    }

    async fn keep(&self, thumbprint: &str, record: &StatusRecord) {
        if let Err(error) = self.statuses.keep(thumbprint, record).await {
            tracing::warn!(error = chain(&error), "what is known of a certificate was not kept");
        }
    }

    /// An alarm where nothing is known of a certificate; where an earlier statement serves on, a warning.
    fn report(&self, unanswered: &Unanswered, known: Option<CertificateStatus>) {
        let responders = unanswered.reasons.join("; ");
        match known {
            Some(_) => tracing::warn!(responders, "no statement about a certificate, the last one serves on"),
            None if self.hard => {
                tracing::error!(alarm = ALARM, responders, "no statement about a certificate, it is refused");
            }
            None => {
                tracing::error!(alarm = ALARM, responders, "no statement about a certificate, it is served");
            }
        }
    }
}
