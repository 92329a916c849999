//! An authority whose certificates, answers and lists are written element by element, so that any of them can be bent.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, PublicKeyData as _, SigningKey as _,
    date_time_ymd,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;

use ponte_fapi::revocation::{IssuedCertificate, Issuers, StatementFault, ocsp};
use ponte_kit::ocsp_question::asked;
use ponte_values::Moment;

use crate::{key, now};

/// `id-pkix-ocsp-basic`.
pub(crate) const BASIC: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1];
/// `id-pkix-ocsp-nonce`.
pub(crate) const NONCE_ID: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2];
/// An extension that nobody knows.
pub(crate) const UNKNOWN_ID: &[u8] = &[0x2b, 6, 1, 4, 1, 1];
/// The nonce of every question here.
pub(crate) const NONCE: &[u8] = b"0123456789abcdef";
/// Statuses of a certificate.
pub(crate) const GOOD: &[u8] = &[0x80, 0];
pub(crate) const REVOKED: &[u8] = b"\xa1\x11\x18\x0f20260601000000Z";

pub(crate) struct Forge {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    /// Its distinguished name, DER.
    pub(crate) name: Vec<u8>,
}

/// An answer of the authority itself about nothing, to be filled and bent.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: u8,
    pub(crate) kind: Vec<u8>,
    pub(crate) responder: Vec<u8>,
    pub(crate) singles: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
    pub(crate) certificates: Vec<Vec<u8>>,
}

impl Forge {
    pub(crate) fn new() -> Self {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
        let mut params = params("Autoridade inventada");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let certificate = params.self_signed(&key).expect("a certificate");
        let (_, read) = X509Certificate::from_der(certificate.der()).expect("readable");
        let name = read.subject().as_raw().to_vec();
        Self { issuer: Issuer::new(params, key), pem: certificate.pem(), name }
    }

    /// A client certificate with these extensions, as the bundle of this authority reads it.
    pub(crate) fn certificate(&self, extensions: Vec<CustomExtension>) -> IssuedCertificate {
        let mut params = params("receptora.example");
        params.serial_number = Some(0x0123_4567_u64.into());
        params.custom_extensions = extensions;
        let pem = params.signed_by(key(), &self.issuer).expect("a certificate").pem();
        self.bundle().of(&pem, now().seconds()).expect("of this authority")
    }

    pub(crate) fn bundle(&self) -> Issuers {
        Issuers::parse(&self.pem).expect("a bundle")
    }

    /// The certificate of a responder of this authority, DER.
    pub(crate) fn delegate(&self, responder: &KeyPair) -> Vec<u8> {
        delegate(responder, &self.issuer)
    }

    /// The same by another authority that only bears the name of this one.
    pub(crate) fn delegate_of_an_impostor(responder: &KeyPair) -> Vec<u8> {
        delegate(responder, &Self::new().issuer)
    }

    /// An answer signed by the authority.
    pub(crate) fn answer(&self, answer: &Answer) -> Vec<u8> {
        answer.signed_by(self.issuer.key())
    }

    /// A list with these entries, DER.
    pub(crate) fn list(&self, entries: &[Vec<u8>]) -> Vec<u8> {
        let entries = sequence(&parts(entries));
        let end = time(now().plus(std::time::Duration::from_hours(1)));
        let names = sequence(&[&[2, 1, 1], &algorithm(), &self.name, &time(now()), &end, &entries]);
        sequence(&[&names, &algorithm(), &signature(self.issuer.key(), &names)])
    }

    pub(crate) fn by_name(&self) -> Vec<u8> {
        element(0xa1, &self.name)
    }
}

impl Answer {
    pub(crate) fn of(responder: Vec<u8>, singles: Vec<Vec<u8>>) -> Self {
        Self {
            status: 0,
            kind: BASIC.to_vec(),
            responder,
            singles,
            extensions: Vec::new(),
            certificates: Vec::new(),
        }
    }

    pub(crate) fn signed_by(&self, key: &KeyPair) -> Vec<u8> {
        let extensions = element(0xa1, &sequence(&parts(&self.extensions)));
        let extensions = if self.extensions.is_empty() { Vec::new() } else { extensions };
        let data = sequence(&[&self.responder, &time(now()), &sequence(&parts(&self.singles)), &extensions]);
        let certificates = element(0xa0, &sequence(&parts(&self.certificates)));
        let basic = sequence(&[&data, &algorithm(), &signature(key, &data), &certificates]);
        let bytes = sequence(&[&element(6, &self.kind), &element(4, &basic)]);
        sequence(&[&[10, 1, self.status], &element(0xa0, &bytes)])
    }
}

/// ResponderID by the key.
pub(crate) fn by_key(key: &KeyPair) -> Vec<u8> {
    element(0xa2, &element(4, digest(&SHA1_FOR_LEGACY_USE_ONLY, key.der_bytes()).as_ref()))
}

/// SingleResponse about `id`, current for an hour.
pub(crate) fn single(id: &[u8], status: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let end = element(0xa0, &time(now().plus(std::time::Duration::from_hours(1))));
    let extensions = match extensions {
        [] => Vec::new(),
        some => element(0xa1, &sequence(&parts(some))),
    };
    sequence(&[id, status, &time(now()), &end, &extensions])
}

/// The CertID of the question about a certificate, with its serial number written like this.
pub(crate) fn id(certificate: &IssuedCertificate, serial: &[u8]) -> Vec<u8> {
    let asked = asked(&ocsp::question(certificate, NONCE));
    // Behind the head: the algorithm of 11 bytes, two hashes of 22.
    sequence(&[&asked[2..57], &element(2, serial)])
}

pub(crate) fn extension(id: &[u8], critical: Option<u8>, value: &[u8]) -> Vec<u8> {
    let critical = critical.map(|byte| vec![1, 1, byte]).unwrap_or_default();
    sequence(&[&element(6, id), &critical, &element(4, value)])
}

pub(crate) fn judged(
    certificate: &IssuedCertificate,
    answer: &[u8],
) -> Result<ponte_fapi::revocation::CertificateStatus, StatementFault> {
    ocsp::judge(certificate, answer, NONCE, now().seconds()).map(|statement| statement.status)
}

/// GeneralizedTime.
pub(crate) fn time(at: Moment) -> Vec<u8> {
    let digits: String = at.to_string().chars().filter(|c| !"-:T".contains(*c)).collect();
    element(24, digits.as_bytes())
}

/// An element whose tag is one byte.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = match u16::try_from(content.len()).expect("short").to_be_bytes() {
        [0, length @ ..0x80] => vec![tag, length],
        [high, low] => vec![tag, 0x82, high, low],
    };
    if let [_, 0x82, 0, length] = bytes[..] {
        bytes = vec![tag, 0x81, length];
    }
    bytes.extend_from_slice(content);
    bytes
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(0x30, &parts.concat())
}

fn parts(elements: &[Vec<u8>]) -> Vec<&[u8]> {
    elements.iter().map(Vec::as_slice).collect()
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2030, 1, 1);
    params
}

fn delegate(responder: &KeyPair, issuer: &Issuer<'static, KeyPair>) -> Vec<u8> {
    let mut params = params("responder.example");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
    params.signed_by(responder, issuer).expect("a certificate").der().to_vec()
}

/// `sha256WithRSAEncryption`.
fn algorithm() -> Vec<u8> {
    sequence(&[&element(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11]), &[5, 0]])
}

fn signature(key: &KeyPair, document: &[u8]) -> Vec<u8> {
    let signature = key.sign(document).expect("a signature");
    element(3, &[&[0], signature.as_slice()].concat())
}
