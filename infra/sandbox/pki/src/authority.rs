//! A root, an issuing authority below it, and the identities it issues.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ponte_machine::{SandboxError, clock, files};
use ponte_values::Moment;
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DnType, IsCa, Issuer,
    KeyUsagePurpose,
};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use time::OffsetDateTime;

use crate::keys::RsaKey;
use crate::pem::certificates;
use crate::profile::{Profile, name, printable, utf8};
use crate::responder::Responder;

const DAY: Duration = Duration::from_hours(24);
const LEAF_DAYS: u32 = 396;
const AUTHORITY_DAYS: u32 = 20 * 365;
/// File of the address at which a responder of the authority answers.
const RESPONDER: &str = "responder";
/// File of the serial numbers of revoked certificates.
const REVOKED: &str = "revoked";
const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
const OCSP: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1];

/// An authority, by the names in its certificates.
#[derive(Clone, Copy)]
pub struct Label(pub(crate) &'static str);

/// Everybody's, in the place of ICP-Brasil.
pub const WORLD: Label = Label("Autoridade de exemplo");
/// The institution's own: it issues for the institution's systems alone.
pub const INSTITUTION: Label = Label("Autoridade interna de exemplo");

/// Two certificates, two keys: the root signs only the issuing authority, which signs everything else.
pub struct Authority {
    root_pem: String,
    issuing_pem: String,
    issuing_key: RsaKey,
    label: &'static str,
    since: Moment,
    /// Where it answers whether a certificate is revoked; its certificates name the place.
    responder: Option<String>,
}

/// A certificate with its chain and its key, in memory and on disk.
pub struct Identity {
    /// PEM: certificate first, then the issuing authority (S96: the intermediate is sent).
    pub chain_pem: String,
    /// The key of the certificate.
    pub key: RsaKey,
    /// File of `chain_pem`.
    pub certificate_file: PathBuf,
    /// File of the key, mode 0600.
    pub key_file: PathBuf,
}

impl Authority {
    /// Makes both certificates; `since` is kept with the keys, so that a restart makes equal names.
    pub fn new(
        label: &'static str,
        root_key: &RsaKey,
        issuing_key: RsaKey,
        since: Moment,
    ) -> Result<Self, SandboxError> {
        let root_params = authority_params(label, "raiz", since)?;
        let root_pem = root_params.self_signed(root_key.pair()).map_err(SandboxError::unusable)?.pem();
        let root = Issuer::new(root_params, root_key.pair());
        let issuing_pem = authority_params(label, "emissora", since)?
            .signed_by(issuing_key.pair(), &root)
            .map_err(SandboxError::unusable)?
            .pem();
        Ok(Self { root_pem, issuing_pem, issuing_key, label, since, responder: None })
    }

    /// The certificates as first made, when they are on disk: serial numbers and dates then stay the same.
    pub fn open(
        Label(label): Label,
        folder: &Path,
        root_key: &RsaKey,
        issuing_key: RsaKey,
        now: Moment,
    ) -> Result<Self, SandboxError> {
        let (root_file, issuing_file) = (folder.join("root.pem"), folder.join("issuing.pem"));
        let kept = (files::read(&root_file)?, files::read(&issuing_file)?);
        let mut authority = Self::new(label, root_key, issuing_key, now)?;
        authority.responder = files::read(&folder.join(RESPONDER))?;
        if let (Some(root), Some(issuing)) = kept {
            authority.root_pem = checked(&root_file, root)?;
            authority.issuing_pem = checked(&issuing_file, issuing)?;
        } else {
            files::write(&root_file, &authority.root_pem)?;
            files::write(&issuing_file, &authority.issuing_pem)?;
        }
        Ok(authority)
    }

    /// Says where a responder of the authority in `folder` answers, before it is opened: certificates that name another place
    /// are issued anew.
    pub fn answers_at(folder: &Path, address: &str) -> Result<(), SandboxError> {
        files::write(&folder.join(RESPONDER), address)
    }

    /// The responder of the authority in `folder`.
    pub fn responder(&self, folder: &Path) -> Result<Responder, SandboxError> {
        let key = RsaKey::from_pem(self.issuing_key.private_pem())?;
        let params = authority_params(self.label, "emissora", self.since)?;
        Responder::open(&self.issuing_pem, params, key, folder.join(REVOKED))
    }

    /// The authority of the world in `folder`, the one of the `ca_file` of its `endpoints.json`: tests outside the
    /// process of a stack issue certificates of its own authority with it.
    pub fn of_world(folder: &Path, now: Moment) -> Result<Self, SandboxError> {
        Self::kept(WORLD, &folder.join("authority"), now)
    }

    /// The institution's own authority in the world in `folder`, which the management host trusts.
    pub fn of_institution(folder: &Path, now: Moment) -> Result<Self, SandboxError> {
        Self::kept(INSTITUTION, &folder.join("institution/authority"), now)
    }

    fn kept(label: Label, folder: &Path, now: Moment) -> Result<Self, SandboxError> {
        let key = |name: &str| {
            let file = folder.join(name);
            let missing = || SandboxError::unusable(format!("there is no {}", file.display()));
            RsaKey::from_pem(&files::read(&file)?.ok_or_else(missing)?)
        };
        Self::open(label, folder, &key("root.key")?, key("issuing.key")?, now)
    }

    /// PEM of the root alone: what callers trust.
    #[must_use]
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// PEM of root and issuing authority: the bundle of accepted client authorities.
    #[must_use]
    pub fn bundle_pem(&self) -> String {
        format!("{}{}", self.root_pem, self.issuing_pem)
    }

    /// Issues a certificate, valid from an hour before `from` for `days`; returns the chain.
    pub fn issue(
        &self,
        profile: &Profile<'_>,
        key: &RsaKey,
        from: Moment,
        days: u32,
    ) -> Result<String, SandboxError> {
        let mut params = profile.params()?;
        set_validity(&mut params, from, days)?;
        params.serial_number = Some(clock::random::<16>().to_vec().into());
        if let Some(address) = &self.responder {
            params.custom_extensions.push(access(address));
            params.crl_distribution_points = vec![CrlDistributionPoint { uris: vec![list_of(address)] }];
        }
        let issuer =
            Issuer::new(authority_params(self.label, "emissora", self.since)?, self.issuing_key.pair());
        let leaf = params.signed_by(key.pair(), &issuer).map_err(SandboxError::unusable)?.pem();
        Ok(format!("{leaf}{}", self.issuing_pem))
    }

    /// The identity kept in `folder` as `<stem>.pem` and `<stem>.key`; issued when missing or about to expire.
    pub fn identity(
        &self,
        folder: &Path,
        stem: &str,
        profile: &Profile<'_>,
        key: RsaKey,
        now: Moment,
    ) -> Result<Identity, SandboxError> {
        let certificate_file = folder.join(format!("{stem}.pem"));
        let kept =
            files::read(&certificate_file)?.filter(|pem| still_valid(pem, now) && self.answers_for(pem));
        let chain_pem = if let Some(pem) = kept {
            pem
        } else {
            let pem = self.issue(profile, &key, now, LEAF_DAYS)?;
            files::write(&certificate_file, &pem)?;
            pem
        };
        Ok(Identity { chain_pem, key, certificate_file, key_file: folder.join(format!("{stem}.key")) })
    }
}

impl Authority {
    /// Whether a certificate names the place where this authority answers.
    fn answers_for(&self, chain_pem: &str) -> bool {
        let Some(address) = &self.responder else { return true };
        let leaf = certificates(chain_pem).ok().and_then(|chain| chain.into_iter().next());
        leaf.is_some_and(|leaf| leaf.windows(address.len()).any(|bytes| bytes == address.as_bytes()))
    }
}

/// Where the revocation list is, beside the responder.
fn list_of(responder: &str) -> String {
    format!("{responder}/lista.crl")
}

/// AuthorityInfoAccess with one OCSP responder.
fn access(responder: &str) -> CustomExtension {
    let content = yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_sequence(|writer| {
                writer.next().write_oid(&yasna::models::ObjectIdentifier::from_slice(OCSP));
                writer.next().write_tagged_implicit(yasna::Tag::context(6), |writer| {
                    writer.write_ia5_string(responder);
                });
            });
        });
    });
    CustomExtension::from_oid_content(AUTHORITY_INFO_ACCESS, content)
}

impl Identity {
    /// The certificates as DER, leaf first.
    pub fn chain(&self) -> Result<Vec<CertificateDer<'static>>, SandboxError> {
        certificates(&self.chain_pem)
    }

    /// The key as rustls wants it.
    #[must_use]
    pub fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.private_der().to_vec()))
    }
}

pub(crate) fn authority_params(
    label: &str,
    rank: &str,
    since: Moment,
) -> Result<CertificateParams, SandboxError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = name([
        (DnType::CountryName, printable("BR")?),
        (DnType::OrganizationName, utf8("Mundo de exemplo")),
        (DnType::CommonName, utf8(&format!("{label} {rank}"))),
    ]);
    params.is_ca = IsCa::Ca(if rank == "raiz" {
        BasicConstraints::Unconstrained
    } else {
        BasicConstraints::Constrained(0)
    });
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    set_validity(&mut params, since, AUTHORITY_DAYS)?;
    Ok(params)
}

pub(crate) fn set_validity(
    params: &mut CertificateParams,
    from: Moment,
    days: u32,
) -> Result<(), SandboxError> {
    let start = OffsetDateTime::from_unix_timestamp(from.seconds()).map_err(SandboxError::unusable)?;
    // An hour of grace for clocks that disagree.
    params.not_before = start - time::Duration::hours(1);
    params.not_after = start + time::Duration::days(i64::from(days));
    Ok(())
}

fn still_valid(chain_pem: &str, now: Moment) -> bool {
    let Ok(chain) = certificates(chain_pem) else {
        return false;
    };
    chain.first().is_some_and(|leaf| {
        x509_parser::parse_x509_certificate(leaf)
            .is_ok_and(|(_, leaf)| leaf.validity().not_after.timestamp() > now.plus(DAY).seconds())
    })
}

/// A kept certificate, if it is one.
fn checked(file: &Path, pem: String) -> Result<String, SandboxError> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes());
    let der = der.map_err(|fault| SandboxError::damaged(file, fault.to_string()))?;
    x509_parser::parse_x509_certificate(&der)
        .map_err(|fault| SandboxError::damaged(file, fault.to_string()))?;
    Ok(pem)
}
