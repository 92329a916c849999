//! Client certificates with one fault, which must be refused, and valid ones in unusual encodings, which must be accepted: for
//! tests of every host with mTLS.

use std::path::PathBuf;
use std::time::Duration;

use ponte_machine::{SandboxError, clock};
use ponte_values::Moment;

use crate::authority::{Authority, Identity};
use crate::keys::RsaKey;
use crate::profile::{Profile, SealSubject, Spelling, TransportSubject};

const YEAR: Duration = Duration::from_hours(365 * 24);

/// The fault of a client certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// It ended yesterday.
    Expired,
    /// It begins next year.
    NotYetValid,
    /// It signed itself.
    SelfSigned,
    /// Right shape, but an authority that nobody here knows.
    ForeignAuthority,
    /// A BRSEAL where a BRCAC is due (S97: no client authentication).
    Seal,
    /// Good in itself, but of another organisation (S84).
    OtherOrganisation,
    /// Good in itself, but of another software of the same organisation (S84).
    OtherSoftware,
    /// It names no organisation at all.
    NoOrganisation,
}

impl Flaw {
    /// Every flaw.
    pub const ALL: [Self; 8] = [
        Self::Expired,
        Self::NotYetValid,
        Self::SelfSigned,
        Self::ForeignAuthority,
        Self::Seal,
        Self::OtherOrganisation,
        Self::OtherSoftware,
        Self::NoOrganisation,
    ];

    /// Whether TLS refuses it already; the others are for whoever reads the certificate.
    #[must_use]
    pub const fn stops_tls(self) -> bool {
        matches!(self, Self::Expired | Self::NotYetValid | Self::SelfSigned | Self::ForeignAuthority)
    }
}

/// A client identity with one flaw and a key of its own; nothing of it is written to disk.
pub fn flawed(
    authority: &Authority,
    subject: &TransportSubject,
    flaw: Flaw,
    now: Moment,
) -> Result<Identity, SandboxError> {
    let key = RsaKey::generate()?;
    let transport = Profile::Transport(subject);
    let chain_pem = match flaw {
        Flaw::Expired => {
            let begin =
                Moment::from_seconds(now.seconds() - i64::try_from(YEAR.as_secs()).unwrap_or(i64::MAX));
            authority.issue(&transport, &key, begin, 364)?
        }
        Flaw::NotYetValid => authority.issue(&transport, &key, now.plus(YEAR), 396)?,
        Flaw::SelfSigned => {
            let mut params = transport.params()?;
            crate::authority::set_validity(&mut params, now, 396)?;
            params.self_signed(key.pair()).map_err(SandboxError::unusable)?.pem()
        }
        Flaw::ForeignAuthority => {
            let root = RsaKey::generate()?;
            let foreign = Authority::new("Autoridade estrangeira", &root, RsaKey::generate()?, now)?;
            foreign.issue(&transport, &key, now, 396)?
        }
        Flaw::Seal => {
            let seal = SealSubject {
                cnpj: subject.cnpj.clone(),
                organisation_name: subject.organisation_name.clone(),
                organisation_id: subject.organisation_id.clone(),
            };
            authority.issue(&Profile::Seal(&seal), &key, now, 396)?
        }
        Flaw::OtherOrganisation => {
            let other = TransportSubject { organisation_id: clock::new_id(), ..subject.clone() };
            authority.issue(&Profile::Transport(&other), &key, now, 396)?
        }
        Flaw::OtherSoftware => {
            let other = TransportSubject { software_statement_id: clock::new_id(), ..subject.clone() };
            authority.issue(&Profile::Transport(&other), &key, now, 396)?
        }
        Flaw::NoOrganisation => authority.issue(&Profile::Nameless(subject), &key, now, 396)?,
    };
    Ok(unwritten(chain_pem, key))
}

/// A good client identity whose subject is encoded in another way: every host must accept it (S84, S98).
pub fn respelled(
    authority: &Authority,
    subject: &TransportSubject,
    spelling: Spelling,
    now: Moment,
) -> Result<Identity, SandboxError> {
    let key = RsaKey::generate()?;
    let chain_pem = authority.issue(&Profile::Respelled(subject, spelling), &key, now, 396)?;
    Ok(unwritten(chain_pem, key))
}

/// An identity in memory alone.
fn unwritten(chain_pem: String, key: RsaKey) -> Identity {
    Identity { chain_pem, key, certificate_file: PathBuf::new(), key_file: PathBuf::new() }
}
