//! The responder of an authority: OCSP (RFC 6960) and a revocation list (RFC 5280), over what it has revoked.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ponte_machine::{SandboxError, files};
use ponte_values::Moment;
use rcgen::{
    CertificateParams, CertificateRevocationListParams, Issuer, KeyIdMethod, PublicKeyData as _,
    RevokedCertParams, SerialNumber, SigningKey as _,
};
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use yasna::models::ObjectIdentifier;
use yasna::{ASN1Result, BERReader, DERWriter, Tag};

use crate::keys::RsaKey;
use crate::pem::certificates;

/// How long an answer and a list are current, unless a test says otherwise.
const LIFE: Duration = Duration::from_hours(6);
const OCSP_BASIC: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
const RSA_SHA256: &[u64] = &[1, 2, 840, 113_549, 1, 1, 11];

/// Answers whether certificates of an authority are revoked.
pub struct Responder {
    /// The issuing authority: its distinguished name (DER), its parameters and its key.
    name: Vec<u8>,
    params: CertificateParams,
    key: RsaKey,
    /// Serial numbers of what is revoked, in hexadecimal, a line each.
    file: PathBuf,
    revoked: Mutex<BTreeSet<String>>,
    life: Mutex<Duration>,
}

impl Responder {
    pub(crate) fn open(
        issuing_pem: &str,
        params: CertificateParams,
        key: RsaKey,
        file: PathBuf,
    ) -> Result<Self, SandboxError> {
        let issuing = certificates(issuing_pem)?;
        let issuing =
            issuing.first().ok_or_else(|| SandboxError::unusable("an authority without certificate"))?;
        let (_, issuing) = X509Certificate::from_der(issuing).map_err(SandboxError::unusable)?;
        let name = issuing.subject().as_raw().to_vec();
        let revoked = files::read(&file)?.unwrap_or_default().lines().map(str::to_owned).collect();
        Ok(Self { name, params, key, file, revoked: Mutex::new(revoked), life: Mutex::new(LIFE) })
    }

    /// Revokes the first certificate of a PEM text, for good; the next start knows it too.
    pub fn revoke(&self, pem: &str) -> Result<(), SandboxError> {
        let chain = certificates(pem)?;
        let leaf = chain.first().ok_or_else(|| SandboxError::unusable("no certificate"))?;
        let (_, leaf) = X509Certificate::from_der(leaf).map_err(SandboxError::unusable)?;
        let mut revoked = self.revoked();
        revoked.insert(hexadecimal(leaf.raw_serial()));
        let lines = revoked.iter().map(|serial| format!("{serial}\n")).collect::<Vec<_>>();
        files::write(&self.file, &lines.concat())
    }

    /// How long what it says is current from now on.
    pub fn live(&self, life: Duration) {
        *self.life.lock().unwrap_or_else(PoisonError::into_inner) = life;
    }

    fn end(&self, now: Moment) -> Moment {
        now.plus(*self.life.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many certificates are revoked.
    #[must_use]
    pub fn count(&self) -> usize {
        self.revoked().len()
    }

    /// The OCSPResponse to an OCSPRequest, both DER. What is no question about a certificate of this authority gets an
    /// error status.
    pub fn answer(&self, question: &[u8], now: Moment) -> Result<Vec<u8>, SandboxError> {
        let Ok(asked) = Question::read(question) else { return Ok(refusal(1)) };
        if !self.is_issuer_in(&asked) {
            return Ok(refusal(6));
        }
        let data = self.data(&asked, now);
        let signature = self.key.pair().sign(&data).map_err(SandboxError::unusable)?;
        let basic = yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_der(&data);
                writer.next().write_sequence(|writer| {
                    writer.next().write_oid(&ObjectIdentifier::from_slice(RSA_SHA256));
                    writer.next().write_null();
                });
                writer.next().write_bitvec_bytes(&signature, signature.len() * 8);
            });
        });
        Ok(yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_enum(0);
                writer.next().write_tagged(Tag::context(0), |writer| {
                    writer.write_sequence(|writer| {
                        writer.next().write_oid(&ObjectIdentifier::from_slice(OCSP_BASIC));
                        writer.next().write_bytes(&basic);
                    });
                });
            });
        }))
    }

    /// The revocation list, DER.
    pub fn list(&self, now: Moment) -> Result<Vec<u8>, SandboxError> {
        let at = |moment: Moment| {
            OffsetDateTime::from_unix_timestamp(moment.seconds()).map_err(SandboxError::unusable)
        };
        let (this_update, next_update) = (at(now)?, at(self.end(now))?);
        let entry = |serial: &String| RevokedCertParams {
            serial_number: SerialNumber::from(bytes(serial)),
            revocation_time: this_update,
            reason_code: None,
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update,
            next_update,
            crl_number: SerialNumber::from(now.seconds().unsigned_abs()),
            issuing_distribution_point: None,
            revoked_certs: self.revoked().iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let issuer = Issuer::new(self.params.clone(), self.key.pair());
        let list = params.signed_by(&issuer).map_err(SandboxError::unusable)?;
        Ok(list.der().to_vec())
    }

    fn revoked(&self) -> MutexGuard<'_, BTreeSet<String>> {
        self.revoked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_issuer_in(&self, asked: &Question) -> bool {
        let sha1 = |bytes: &[u8]| digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec();
        asked.name_hash == sha1(&self.name) && asked.key_hash == sha1(self.key.pair().der_bytes())
    }

    /// ResponseData.
    fn data(&self, asked: &Question, now: Moment) -> Vec<u8> {
        let revoked = self.revoked().contains(&hexadecimal(&asked.serial));
        yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_tagged(Tag::context(1), |writer| writer.write_der(&self.name));
                time(writer.next(), now);
                writer.next().write_sequence(|writer| {
                    writer.next().write_sequence(|writer| {
                        writer.next().write_der(&asked.id);
                        if revoked {
                            writer.next().write_tagged_implicit(Tag::context(1), |writer| {
                                writer.write_sequence(|writer| time(writer.next(), now));
                            });
                        } else {
                            writer.next().write_der(&[0x80, 0]);
                        }
                        time(writer.next(), now);
                        writer.next().write_tagged(Tag::context(0), |writer| time(writer, self.end(now)));
                    });
                });
                if let Some(extensions) = &asked.extensions {
                    // The nonce comes back as it came.
                    writer.next().write_tagged(Tag::context(1), |writer| writer.write_der(extensions));
                }
            });
        })
    }
}

/// The first certificate that an OCSPRequest asks about.
struct Question {
    /// CertID, DER.
    id: Vec<u8>,
    name_hash: Vec<u8>,
    key_hash: Vec<u8>,
    serial: Vec<u8>,
    extensions: Option<Vec<u8>>,
}

impl Question {
    fn read(question: &[u8]) -> ASN1Result<Self> {
        let (id, extensions) = yasna::parse_der(question, |reader| {
            reader.read_sequence(|reader| {
                reader.next().read_sequence(|reader| {
                    let id = reader.next().read_sequence(|reader| {
                        reader.next().read_sequence(|reader| reader.next().read_der())
                    })?;
                    let extensions =
                        reader.read_optional(|reader| reader.read_tagged(Tag::context(2), element))?;
                    Ok((id, extensions))
                })
            })
        })?;
        let (name_hash, key_hash, serial) = yasna::parse_der(&id, hashes)?;
        Ok(Self { id, name_hash, key_hash, serial, extensions })
    }
}

/// Any element, DER.
fn element(reader: BERReader<'_, '_>) -> ASN1Result<Vec<u8>> {
    reader.read_der()
}

fn hashes(reader: BERReader<'_, '_>) -> ASN1Result<(Vec<u8>, Vec<u8>, Vec<u8>)> {
    reader.read_sequence(|reader| {
        reader.next().read_der()?;
        let (name, key) = (reader.next().read_bytes()?, reader.next().read_bytes()?);
        let (serial, _) = reader.next().read_bigint_bytes()?;
        Ok((name, key, serial))
    })
}

/// An OCSPResponse of a status alone.
fn refusal(status: i64) -> Vec<u8> {
    yasna::construct_der(|writer| writer.write_sequence(|writer| writer.next().write_enum(status)))
}

/// GeneralizedTime.
fn time(writer: DERWriter<'_>, at: Moment) {
    let text: String = at.to_string().chars().filter(|sign| !"-:T".contains(*sign)).collect();
    writer.write_der(&[&[0x18, 15], text.as_bytes()].concat());
}

/// A serial number without zeros in front.
fn hexadecimal(serial: &[u8]) -> String {
    let digits = serial.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let digits = digits.trim_start_matches('0');
    if digits.len().is_multiple_of(2) { digits.to_owned() } else { format!("0{digits}") }
}

/// The bytes of a line of the file; what is no digit there counts as zero.
fn bytes(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks(2);
    pairs
        .map(|pair| {
            let text = std::str::from_utf8(pair).unwrap_or_default();
            u8::from_str_radix(text, 16).unwrap_or_default()
        })
        .collect()
}
