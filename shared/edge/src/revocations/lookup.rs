//! The look at a certificate: memory, table, authority.

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::ports::{CertificateStatuses, Responders};
use ponte_authorization::revocation::{COOLDOWN, RevocationCheck, StatusRecord};
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::revocation::{CertificateId, CertificateStatus, IssuedCertificate, Issuers};
use ponte_ports::rotation::{InvalidSecret, Rotating, VersionPair, WatchedSecret};
use ponte_ports::{Alarms, Ids, PortError, SecretVersions, chain};
use ponte_refusals::Refusal;
use ponte_values::Moment;
use tokio::time::{Instant, sleep};

use super::authority::{Question, Unanswered};
use super::hosts::Hosts;
use super::memory::Memory;

/// The value of `IssuersSecret` in a new stack: no authority yet.
const NOBODY: &str = "none";
/// Bytes of a nonce (RFC 8954 section 2.1).
const NONCE: usize = 32;
/// How long a call may ask authorities, about its certificate and about the authorities above it.
const TOTAL: Duration = Duration::from_secs(3);
/// How long a call of which nothing is known waits for the environment that asks: so many looks, so far apart.
const LOOKS: u32 = 6;
const PAUSE: Duration = Duration::from_millis(100);
/// Tries to keep what was learnt while others change it.
const TRIES: u32 = 3;
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
    hosts: Hosts,
    /// How long a call may ask.
    total: Duration,
    /// What is known, by the id of the certificate.
    memory: Memory<StatusRecord>,
    /// Ids of a certificate and of the authorities above it, by its thumbprint.
    paths: Memory<Arc<[String]>>,
}

impl Revocations {
    /// Looks certificates up as `check` says; follows `IssuersSecret`.
    pub async fn start(
        check: RevocationCheck,
        ports: RevocationPorts,
        now: Moment,
    ) -> Result<Self, PortError> {
        Self::start_within(TOTAL, check, ports, now).await
    }

    /// The same with another time for the questions of a call.
    pub(super) async fn start_within(
        total: Duration,
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
        let hosts = Hosts::new(statuses.clone());
        let (memory, paths) = (Memory::default(), Memory::default());
        Ok(Self(Some(Lookup { hard, issuers, responders, statuses, ids, hosts, total, memory, paths })))
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

/// The status of a path: each of its certificates can revoke it, and each must be known.
fn counts(records: &[StatusRecord], now: Moment) -> Option<CertificateStatus> {
    let mut statuses = records.iter().map(|record| record.usable(now));
    if statuses.clone().any(|status| status == Some(CertificateStatus::Revoked)) {
        return Some(CertificateStatus::Revoked);
    }
    statuses.all(|status| status.is_some()).then_some(CertificateStatus::Good)
}

/// The authorities of a version of the secret.
fn bundle(versions: &VersionPair) -> Result<Issuers, InvalidSecret> {
    match versions.current.text.expose().trim() {
        NOBODY => Ok(Issuers::default()),
        pem => Issuers::parse(pem).map_err(InvalidSecret::new),
    }
}

impl Lookup {
    /// The status that counts at `now`, if any is known: of the certificate, and of every authority above it that can be
    /// revoked.
    async fn status(&self, pem: &str, thumbprint: &str, now: Moment) -> Option<CertificateStatus> {
        if let Some(ids) = self.paths.recent(thumbprint, now)
            && let Some(records) = ids.iter().map(|id| self.remembered(id, now)).collect::<Option<Vec<_>>>()
        {
            return counts(&records, now);
        }
        let id = CertificateId::of(pem)?;
        let issuers = self.issuers.at(now).await;
        let path = issuers.path(pem, now.seconds());
        let end = Instant::now() + self.total;
        let mut records = vec![self.record(id.as_str(), path.first(), now, end).await];
        let mut ids = vec![id.as_str().to_owned()];
        for authority in path.iter().skip(1) {
            let id = authority.id().as_str();
            records.push(self.record(id, Some(authority), now, end).await);
            ids.push(id.to_owned());
        }
        self.paths.put(thumbprint, ids.into(), now);
        counts(&records, now)
    }

    /// What this environment read lately and can use without asking anybody.
    fn remembered(&self, id: &str, now: Moment) -> Option<StatusRecord> {
        self.memory.recent(id, now).filter(|record| record.is_settled(now))
    }

    /// What is known of a certificate, after asking its authority if it is this call's turn.
    async fn record(
        &self,
        id: &str,
        certificate: Option<&IssuedCertificate>,
        now: Moment,
        end: Instant,
    ) -> StatusRecord {
        if let Some(record) = self.remembered(id, now) {
            return record;
        }
        // Boxed: one call in many comes here, and the others need not carry its state.
        let record = Box::pin(self.look(id, certificate, now, end)).await;
        self.memory.put(id, record.clone(), now);
        record
    }

    /// One environment asks for all of them: whoever takes the question first. The others go on with the last statement;
    /// where there is none that counts, they wait a moment for the first one.
    async fn look(
        &self,
        id: &str,
        certificate: Option<&IssuedCertificate>,
        now: Moment,
        end: Instant,
    ) -> StatusRecord {
        let mut looks = 0;
        loop {
            let shared = match self.statuses.find(id).await {
                Ok(shared) => shared,
                Err(error) => {
                    tracing::warn!(error = chain(&error), "what is known of certificates was not read");
                    let last = self.memory.last(id);
                    return match last {
                        Some(record) if record.is_settled(now) => record,
                        last => self.ask((id, certificate), last, now, end).await,
                    };
                }
            };
            let claim = match shared {
                Some(record) if record.is_settled(now) => return record,
                Some(record) if record.is_being_asked(now) => {
                    if record.usable(now).is_some() || looks == LOOKS {
                        return record;
                    }
                    None
                }
                shared => Some(StatusRecord::claimed(shared.as_ref(), now)),
            };
            if let Some(claim) = claim {
                if self.keeps(id, &claim).await.unwrap_or(true) {
                    return self.ask((id, certificate), Some(claim), now, end).await;
                }
                if looks == LOOKS {
                    return claim;
                }
            }
            looks += 1;
            sleep(PAUSE).await;
        }
    }

    async fn ask(
        &self,
        (id, certificate): (&str, Option<&IssuedCertificate>),
        mut earlier: Option<StatusRecord>,
        now: Moment,
        end: Instant,
    ) -> StatusRecord {
        let secret = self.ids.secret();
        let nonce = secret.as_bytes().get(..NONCE).unwrap_or(secret.as_bytes());
        let question = Question { responders: self.responders.as_ref(), hosts: &self.hosts, nonce, now, end };
        let told = question.ask(certificate).await;
        let mut tries = 1;
        let record = loop {
            let record = match &told {
                Err(unanswered) if unanswered.unasked => StatusRecord::unasked(earlier.as_ref(), now),
                told => StatusRecord::after(earlier.as_ref(), told.as_ref().ok().copied(), now),
            };
            if tries == TRIES || self.keeps(id, &record).await.unwrap_or(true) {
                break record;
            }
            // Another environment has learnt something meanwhile: of both statements the newer one stays.
            earlier = self.statuses.find(id).await.unwrap_or(earlier);
            tries += 1;
        };
        if let Err(unanswered) = told {
            self.report(&unanswered, record.usable(now));
        }
        record
    }

    /// Keeps a record; false if another environment was faster, none if the table failed.
    async fn keeps(&self, id: &str, record: &StatusRecord) -> Option<bool> {
        let kept = self.statuses.replace(id, record).await;
        let failed = |error: &PortError| {
            tracing::warn!(error = chain(error), "what is known of a certificate was not kept");
        };
        kept.inspect_err(failed).ok()
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
