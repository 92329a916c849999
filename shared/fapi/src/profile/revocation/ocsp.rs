//! OCSP: the question about one certificate, and its answer (RFC 6960, in the profile of RFC 5019).
//!
//! The certificate is named by SHA-1, the only hash that every responder knows: it identifies, it proves nothing. The
//! answer counts when the issuer signed it, or a responder whose certificate the issuer made for that (`id-kp-OCSPSigning`).
//! The question carries a nonce; responders that sign their answers beforehand leave it out, which is allowed, but another
//! nonce is an answer to somebody else.

use x509_parser::asn1_rs::{FromDer as _, GeneralizedTime};
use x509_parser::certificate::X509Certificate;
use x509_parser::x509::AlgorithmIdentifier;

use super::der::{
    self, BOOLEAN, ENUMERATED, Element, GENERALIZED_TIME, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Reader,
    SEQUENCE,
};
use super::fault::StatementFault;
use super::issuers::{IssuedCertificate, Issuer, sha1};
use super::signature::{Signed, key};
use super::statement::{CertificateStatus, Statement};

/// Most bytes of an answer that are worth reading: a signature, a certificate or two, and a few hundred bytes.
pub const ANSWER_MAX: usize = 32 * 1024;
/// Most certificates of an answer that are tried as the responder's.
const CERTIFICATES_MAX: usize = 4;

/// `id-pkix-ocsp-basic`, 1.3.6.1.5.5.7.48.1.1.
const BASIC: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01];
/// `id-pkix-ocsp-nonce`, 1.3.6.1.5.5.7.48.1.2.
const NONCE: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02];
/// SHA-1, 1.3.14.3.2.26.
const SHA1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];

/// The question, DER of an OCSPRequest. `nonce` is up to 32 bytes that nobody can guess (RFC 8954).
#[must_use]
pub fn question(certificate: &IssuedCertificate, nonce: &[u8]) -> Vec<u8> {
    let algorithm = der::sequence(&[&der::element(0x06, SHA1), &[0x05, 0x00]]);
    let id = der::sequence(&[
        &algorithm,
        &der::element(0x04, &certificate.issuer.name_hash),
        &der::element(0x04, &certificate.issuer.key_hash),
        &der::element(0x02, &certificate.serial),
    ]);
    let requests = der::sequence(&[&der::sequence(&[&id])]);
    let nonce = der::element(0x04, &der::element(0x04, nonce));
    let extension = der::sequence(&[&der::element(0x06, NONCE), &nonce]);
    let extensions = der::element(0xa2, &der::sequence(&[&extension]));
    der::sequence(&[&der::sequence(&[&requests, &extensions])])
}

/// What an OCSPResponse says about `certificate` at `now`, in seconds since 1970; `nonce` is the one of the question.
///
/// # Errors
/// When the answer proves nothing about it.
pub fn judge(
    certificate: &IssuedCertificate,
    answer: &[u8],
    nonce: &[u8],
    now: i64,
) -> Result<Statement, StatementFault> {
    let basic = BasicResponse::of(answer)?;
    let data = ResponseData::read(basic.data)?;
    basic.verify(&data.responder, &certificate.issuer, now)?;
    data.check_extensions(nonce)?;
    let mut found = None;
    let mut responses = data.responses;
    while !responses.is_empty() {
        let single = responses.take(SEQUENCE)?;
        if let Some(statement) = statement(single, certificate)? {
            // One that says revoked outweighs one that says good.
            if found.is_none_or(|known: Statement| known.status == CertificateStatus::Good) {
                found = Some(statement);
            }
        }
    }
    found.ok_or(StatementFault::OtherCertificate)?.at(now, certificate.is_authority)
}

/// BasicOCSPResponse: what is signed, and by whom.
struct BasicResponse<'a> {
    data: Element<'a>,
    algorithm: AlgorithmIdentifier<'a>,
    signature: &'a [u8],
    certificates: Reader<'a>,
}

impl<'a> BasicResponse<'a> {
    fn of(answer: &'a [u8]) -> Result<Self, StatementFault> {
        let malformed = StatementFault::Malformed;
        let response = Element::only(answer)?;
        let mut parts = if response.is(SEQUENCE) { response.inside() } else { return Err(malformed) };
        if parts.take(ENUMERATED)?.content != [0] {
            return Err(StatementFault::Refused);
        }
        let wrapped = parts.optional(0)?.ok_or(malformed)?;
        let mut bytes = Element::only(wrapped.content)?.inside();
        if bytes.take(OBJECT_IDENTIFIER)?.content != BASIC {
            return Err(malformed);
        }
        let basic = Element::only(bytes.take(OCTET_STRING)?.content)?;
        let mut parts = if basic.is(SEQUENCE) { basic.inside() } else { return Err(malformed) };
        let data = parts.take(SEQUENCE)?;
        let algorithm = AlgorithmIdentifier::from_der(parts.take(SEQUENCE)?.raw);
        let signature = parts.next()?.bits()?;
        let certificates = match parts.optional(0)? {
            Some(wrapped) => Element::only(wrapped.content)?.inside(),
            None => Reader::EMPTY,
        };
        let (_, algorithm) = algorithm.map_err(|_| malformed)?;
        Ok(Self { data, algorithm, signature, certificates })
    }

    /// Whether `issuer` signed this, or the responder of its own that `responder` names.
    fn verify(&self, responder: &Responder<'_>, issuer: &Issuer, now: i64) -> Result<(), StatementFault> {
        let signed =
            Signed { document: self.data.raw, algorithm: &self.algorithm, signature: self.signature };
        if responder.is(&issuer.name, &issuer.key_hash) {
            return issuer.signed_document(&signed);
        }
        let mut certificates = self.certificates;
        for _ in 0..CERTIFICATES_MAX {
            if certificates.is_empty() {
                break;
            }
            let Ok((_, delegate)) = X509Certificate::from_der(certificates.take(SEQUENCE)?.raw) else {
                continue;
            };
            let hash = sha1(&delegate.public_key().subject_public_key.data);
            if responder.is(delegate.subject().as_raw(), &hash) && may_answer(&delegate, issuer, now) {
                return signed.by(&key(delegate.public_key().raw)?);
            }
        }
        Err(StatementFault::Signer)
    }
}

/// Whether `issuer` itself made this certificate for answers, and it is valid at `now`. Whether it is revoked in turn is not
/// asked: such certificates live shortly and say so (`id-pkix-ocsp-nocheck`).
fn may_answer(delegate: &X509Certificate<'_>, issuer: &Issuer, now: i64) -> bool {
    let validity = delegate.validity();
    let valid = (validity.not_before.timestamp()..=validity.not_after.timestamp()).contains(&now);
    let made_for_it =
        delegate.extended_key_usage().ok().flatten().is_some_and(|usage| usage.value.ocsp_signing);
    valid && made_for_it && issuer.is_named_in(delegate) && issuer.signed(delegate).is_ok()
}

/// ResponderID.
enum Responder<'a> {
    /// Distinguished name, DER.
    Name(&'a [u8]),
    /// SHA-1 of the bits of the key.
    Key(&'a [u8]),
}

impl Responder<'_> {
    fn is(&self, name: &[u8], key_hash: &[u8]) -> bool {
        match self {
            Self::Name(named) => *named == name,
            Self::Key(hash) => *hash == key_hash,
        }
    }
}

/// ResponseData.
struct ResponseData<'a> {
    responder: Responder<'a>,
    responses: Reader<'a>,
    extensions: Option<Element<'a>>,
}

impl<'a> ResponseData<'a> {
    fn read(data: Element<'a>) -> Result<Self, StatementFault> {
        let mut parts = data.inside();
        // Version 1 is the default, and there is no other.
        parts.optional(0)?;
        let responder = match (parts.optional(1)?, parts.optional(2)?) {
            (Some(name), None) => Responder::Name(Element::only(name.content)?.raw),
            (None, Some(hash)) => Responder::Key(Element::only(hash.content)?.content),
            _ => return Err(StatementFault::Malformed),
        };
        parts.take(GENERALIZED_TIME)?;
        let responses = parts.take(SEQUENCE)?.inside();
        Ok(Self { responder, responses, extensions: parts.optional(1)? })
    }

    fn check_extensions(&self, nonce: &[u8]) -> Result<(), StatementFault> {
        let Some(wrapped) = self.extensions else { return Ok(()) };
        let mut extensions = Element::only(wrapped.content)?.inside();
        while !extensions.is_empty() {
            let extension = Extension::read(extensions.take(SEQUENCE)?)?;
            if extension.id == NONCE {
                if Element::only(extension.value)?.content != nonce {
                    return Err(StatementFault::Nonce);
                }
            } else if extension.critical {
                return Err(StatementFault::Extension);
            }
        }
        Ok(())
    }
}

struct Extension<'a> {
    id: &'a [u8],
    critical: bool,
    value: &'a [u8],
}

impl<'a> Extension<'a> {
    fn read(element: Element<'a>) -> Result<Self, StatementFault> {
        let mut parts = element.inside();
        let id = parts.take(OBJECT_IDENTIFIER)?.content;
        let next = parts.next()?;
        let (critical, value) =
            if next.is(BOOLEAN) { (next.content != [0], parts.next()?) } else { (false, next) };
        if value.is(OCTET_STRING) {
            Ok(Self { id, critical, value: value.content })
        } else {
            Err(StatementFault::Malformed)
        }
    }
}

/// What a SingleResponse says, if it is about `certificate`.
fn statement(
    single: Element<'_>,
    certificate: &IssuedCertificate,
) -> Result<Option<Statement>, StatementFault> {
    let mut parts = single.inside();
    if !is_about(parts.take(SEQUENCE)?, certificate)? {
        return Ok(None);
    }
    let status = parts.next()?;
    let status = if status.is_tagged(0) {
        CertificateStatus::Good
    } else if status.is_tagged(1) {
        CertificateStatus::Revoked
    } else {
        return Err(StatementFault::Unknown);
    };
    let this_update = time(parts.take(GENERALIZED_TIME)?)?;
    let next_update = match parts.optional(0)? {
        Some(wrapped) => Some(time(Element::only(wrapped.content)?)?),
        None => None,
    };
    if let Some(wrapped) = parts.optional(1)? {
        let mut extensions = Element::only(wrapped.content)?.inside();
        while !extensions.is_empty() {
            if Extension::read(extensions.take(SEQUENCE)?)?.critical {
                return Err(StatementFault::Extension);
            }
        }
    }
    Ok(Some(Statement { status, this_update, next_update }))
}

/// Whether a CertID is the one of the question: equal serial numbers are not enough.
fn is_about(id: Element<'_>, certificate: &IssuedCertificate) -> Result<bool, StatementFault> {
    let mut parts = id.inside();
    let algorithm = parts.take(SEQUENCE)?.inside().take(OBJECT_IDENTIFIER)?.content;
    let name_hash = parts.take(OCTET_STRING)?.content;
    let key_hash = parts.take(OCTET_STRING)?.content;
    let serial = parts.take(INTEGER)?.content;
    Ok(algorithm == SHA1
        && name_hash == certificate.issuer.name_hash
        && key_hash == certificate.issuer.key_hash
        && certificate.has_serial(serial))
}

fn time(element: Element<'_>) -> Result<i64, StatementFault> {
    if !element.is(GENERALIZED_TIME) {
        return Err(StatementFault::Malformed);
    }
    let time = GeneralizedTime::from_bytes(element.content).and_then(|time| time.utc_datetime());
    Ok(time.map_err(|_| StatementFault::Malformed)?.unix_timestamp())
}
