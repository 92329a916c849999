//! An authority that issues client certificates and says whether it revoked them, honestly or with one thing wrong.

use std::time::Duration;

use ponte_values::Moment;
use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, SigningKey as _,
    date_time_ymd,
};
use yasna::models::ObjectIdentifier;
use yasna::{DERWriter, Tag};

use crate::ocsp_question::asked;

const DAY: Duration = Duration::from_hours(24);
const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
const OCSP: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1];
const OCSP_BASIC: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
const OCSP_NONCE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 2];
const RSA_SHA256: &[u64] = &[1, 2, 840, 113_549, 1, 1, 11];

/// An authority, its key and the key of a responder of its own. Its certificates are valid from 2026 to 2030.
pub struct RevocationAuthority {
    name: String,
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
    delegate_key: KeyPair,
}

/// What stands in a client certificate about its revocation.
#[derive(Clone, Default)]
pub struct Issued<'a> {
    /// Serial number.
    pub serial: u64,
    /// `organisationId`, if the subject names one.
    pub organisation: Option<&'a str>,
    /// Software statement id, if the subject names one.
    pub software: Option<&'a str>,
    /// OCSP responders.
    pub responders: Vec<String>,
    /// Revocation lists.
    pub lists: Vec<String>,
}

/// Status in an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AnsweredStatus {
    /// `good`.
    Good,
    /// `revoked`.
    Revoked,
    /// `unknown`.
    Unknown,
}

/// Who signs an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum AnswerSigner {
    /// The authority, named by its name.
    Issuer,
    /// The authority, named by its key.
    IssuerByKey,
    /// A responder with a certificate of the authority for answers.
    Delegate,
    /// A responder with a certificate of the authority for something else.
    DelegateWithoutPurpose,
    /// A responder whose certificate has ended.
    DelegateExpired,
    /// Somebody who only says to be the authority.
    Stranger,
}

/// An answer of a responder.
#[derive(Clone)]
pub struct OcspAnswer {
    /// The status.
    pub status: AnsweredStatus,
    /// `thisUpdate`.
    pub this_update: Moment,
    /// `nextUpdate`, if there is one.
    pub next_update: Option<Moment>,
    /// Nonce; `None` leaves it out.
    pub nonce: Option<Vec<u8>>,
    /// Who signs.
    pub signer: AnswerSigner,
    /// A critical extension that nobody knows.
    pub critical: bool,
}

impl OcspAnswer {
    /// An answer of the authority itself, current at `now` for a day, without a nonce.
    #[must_use]
    pub fn at(now: Moment, status: AnsweredStatus) -> Self {
        Self {
            status,
            this_update: now,
            next_update: Some(now.plus(DAY)),
            nonce: None,
            signer: AnswerSigner::Issuer,
            critical: false,
        }
    }
}

/// A revocation list.
#[derive(Clone)]
pub struct RevocationList {
    /// Serial numbers in it.
    pub serials: Vec<u64>,
    /// `thisUpdate`.
    pub this_update: Moment,
    /// `nextUpdate`, if there is one.
    pub next_update: Option<Moment>,
    /// IssuingDistributionPoint: an address, and the number of a scope that is set to true (2 for authorities' certificates
    /// alone, 4 for an indirect list, 5 for attribute certificates alone).
    pub point: Option<(String, Option<u64>)>,
    /// A list of changes alone.
    pub delta: bool,
    /// Entries about certificates of another issuer.
    pub foreign_entries: bool,
}

impl RevocationList {
    /// A whole list, current at `now` for a day.
    #[must_use]
    pub fn at(now: Moment, serials: &[u64]) -> Self {
        Self {
            serials: serials.to_vec(),
            this_update: now,
            next_update: Some(now.plus(DAY)),
            point: None,
            delta: false,
            foreign_entries: false,
        }
    }
}

impl RevocationAuthority {
    /// A new one of this name, with keys of its own.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let params = of_authority(name);
        let certificate = params.self_signed(&key).unwrap();
        Self::with(name, params, key, certificate)
    }

    /// One below this one, whose certificate says where it is revoked.
    #[must_use]
    pub fn below(&self, name: &str, issued: &Issued<'_>) -> Self {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let mut params = of_authority(name);
        named_where(&mut params, issued);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self::with(name, params, key, certificate)
    }

    fn with(name: &str, params: CertificateParams, key: KeyPair, certificate: rcgen::Certificate) -> Self {
        let delegate_key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        Self { name: name.to_owned(), issuer: Issuer::new(params, key), certificate, delegate_key }
    }

    /// Its certificate, PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// A client certificate over `key`, PEM.
    #[must_use]
    pub fn issue(&self, key: &KeyPair, issued: &Issued<'_>) -> String {
        let mut params = CertificateParams::default();
        params.distinguished_name = named("receptora.example");
        let (organisation, software) = (vec![2, 5, 4, 97], vec![0, 9, 2342, 19_200_300, 100, 1, 1]);
        if let Some(id) = issued.organisation {
            params.distinguished_name.push(DnType::CustomDnType(organisation), format!("OFBBR-{id}"));
        }
        if let Some(id) = issued.software {
            params.distinguished_name.push(DnType::CustomDnType(software), id);
        }
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        named_where(&mut params, issued);
        valid(&mut params);
        params.signed_by(key, &self.issuer).unwrap().pem()
    }

    /// The answer to a question; the certificate it is about is the one of the question.
    #[must_use]
    pub fn answer(&self, question: &[u8], answer: &OcspAnswer) -> Vec<u8> {
        self.answer_about(&asked(question), answer)
    }

    /// An answer about the certificates of these ids (CertID, DER).
    #[must_use]
    pub fn answer_about(&self, id: &[u8], answer: &OcspAnswer) -> Vec<u8> {
        let certificates = match answer.signer {
            AnswerSigner::Delegate => vec![self.delegate(ExtendedKeyUsagePurpose::OcspSigning, 2030)],
            AnswerSigner::DelegateWithoutPurpose => {
                vec![self.delegate(ExtendedKeyUsagePurpose::ClientAuth, 2030)]
            }
            AnswerSigner::DelegateExpired => {
                vec![self.delegate(ExtendedKeyUsagePurpose::OcspSigning, 2020)]
            }
            _ => Vec::new(),
        };
        let data = self.data(id, answer);
        let signature = match answer.signer {
            AnswerSigner::Issuer | AnswerSigner::IssuerByKey => self.issuer.key().sign(&data).unwrap(),
            AnswerSigner::Stranger => KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap().sign(&data).unwrap(),
            _ => self.delegate_key.sign(&data).unwrap(),
        };
        let basic = yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_der(&data);
                algorithm(writer.next());
                writer.next().write_bitvec_bytes(&signature, signature.len() * 8);
                if !certificates.is_empty() {
                    writer.next().write_tagged(Tag::context(0), |writer| {
                        writer.write_sequence(|writer| {
                            for certificate in &certificates {
                                writer.next().write_der(certificate);
                            }
                        });
                    });
                }
            });
        });
        yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_enum(0);
                writer.next().write_tagged(Tag::context(0), |writer| {
                    writer.write_sequence(|writer| {
                        writer.next().write_oid(&oid(OCSP_BASIC));
                        writer.next().write_bytes(&basic);
                    });
                });
            });
        })
    }

    /// A revocation list of this authority, DER.
    #[must_use]
    pub fn list(&self, list: &RevocationList) -> Vec<u8> {
        let names = yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_u64(1);
                algorithm(writer.next());
                writer.next().write_der(&self.name());
                writer.next().write_der(&time(list.this_update));
                if let Some(end) = list.next_update {
                    writer.next().write_der(&time(end));
                }
                if !list.serials.is_empty() {
                    writer.next().write_sequence(|writer| {
                        for serial in &list.serials {
                            writer.next().write_sequence(|writer| {
                                writer.next().write_u64(*serial);
                                writer.next().write_der(&time(list.this_update));
                                if list.foreign_entries {
                                    // certificateIssuer.
                                    writer.next().write_sequence(|writer| {
                                        extension(writer.next(), &[2, 5, 29, 29], true, &self.name());
                                    });
                                }
                            });
                        }
                    });
                }
                let number = yasna::construct_der(|writer| writer.write_u64(1));
                writer.next().write_tagged(Tag::context(0), |writer| {
                    writer.write_sequence(|writer| {
                        extension(writer.next(), &[2, 5, 29, 20], false, &number);
                        if list.delta {
                            extension(writer.next(), &[2, 5, 29, 27], true, &number);
                        }
                        if let Some((address, scope)) = &list.point {
                            extension(writer.next(), &[2, 5, 29, 28], true, &point(address, *scope));
                        }
                    });
                });
            });
        });
        let signature = self.issuer.key().sign(&names).unwrap();
        yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                writer.next().write_der(&names);
                algorithm(writer.next());
                writer.next().write_bitvec_bytes(&signature, signature.len() * 8);
            });
        })
    }

    /// The certificate of a responder, DER.
    fn delegate(&self, purpose: ExtendedKeyUsagePurpose, last_year: i32) -> Vec<u8> {
        let mut params = CertificateParams::default();
        params.distinguished_name = named("responder.example");
        params.extended_key_usages = vec![purpose];
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(last_year, 1, 1);
        params.signed_by(&self.delegate_key, &self.issuer).unwrap().der().to_vec()
    }

    /// ResponseData.
    fn data(&self, id: &[u8], answer: &OcspAnswer) -> Vec<u8> {
        let delegated = matches!(
            answer.signer,
            AnswerSigner::Delegate | AnswerSigner::DelegateWithoutPurpose | AnswerSigner::DelegateExpired
        );
        yasna::construct_der(|writer| {
            writer.write_sequence(|writer| {
                let named = if answer.signer == AnswerSigner::IssuerByKey { 2 } else { 1 };
                writer.next().write_tagged(Tag::context(named), |writer| match answer.signer {
                    AnswerSigner::IssuerByKey => {
                        writer.write_bytes(&sha1(rcgen::PublicKeyData::der_bytes(self.issuer.key())));
                    }
                    _ if delegated => writer.write_der(&common_name("responder.example")),
                    _ => writer.write_der(&self.name()),
                });
                writer.next().write_der(&time(answer.this_update));
                writer.next().write_sequence(|writer| {
                    writer.next().write_sequence(|writer| {
                        writer.next().write_der(id);
                        match answer.status {
                            AnsweredStatus::Good => writer.next().write_der(&[0x80, 0]),
                            AnsweredStatus::Revoked => {
                                writer.next().write_tagged_implicit(Tag::context(1), |writer| {
                                    writer.write_sequence(|writer| {
                                        writer.next().write_der(&time(answer.this_update));
                                    });
                                });
                            }
                            AnsweredStatus::Unknown => writer.next().write_der(&[0x82, 0]),
                        }
                        writer.next().write_der(&time(answer.this_update));
                        if let Some(end) = answer.next_update {
                            writer
                                .next()
                                .write_tagged(Tag::context(0), |writer| writer.write_der(&time(end)));
                        }
                    });
                });
                if answer.nonce.is_some() || answer.critical {
                    writer.next().write_tagged(Tag::context(1), |writer| {
                        writer.write_sequence(|writer| {
                            if let Some(nonce) = &answer.nonce {
                                let value = yasna::construct_der(|writer| writer.write_bytes(nonce));
                                extension(writer.next(), OCSP_NONCE, false, &value);
                            }
                            if answer.critical {
                                extension(writer.next(), &[1, 3, 6, 1, 4, 1, 1], true, &[5, 0]);
                            }
                        });
                    });
                }
            });
        })
    }

    /// Its distinguished name, DER.
    fn name(&self) -> Vec<u8> {
        common_name(&self.name)
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut all = DistinguishedName::new();
    all.push(DnType::CommonName, name);
    all
}

/// The same name as rcgen writes it.
fn common_name(name: &str) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_set(|writer| {
                writer.next().write_sequence(|writer| {
                    writer.next().write_oid(&oid(&[2, 5, 4, 3]));
                    writer.next().write_utf8_string(name);
                });
            });
        });
    })
}

fn of_authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid(&mut params);
    params
}

/// The serial number, and where it is told whether it is revoked.
fn named_where(params: &mut CertificateParams, issued: &Issued<'_>) {
    params.serial_number = Some(issued.serial.into());
    let point = |uri: &String| CrlDistributionPoint { uris: vec![uri.clone()] };
    params.crl_distribution_points = issued.lists.iter().map(point).collect();
    if !issued.responders.is_empty() {
        params.custom_extensions = vec![access(&issued.responders)];
    }
}

fn valid(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2030, 1, 1);
}

/// AuthorityInfoAccess with OCSP responders.
fn access(responders: &[String]) -> CustomExtension {
    let content = yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            for responder in responders {
                writer.next().write_sequence(|writer| {
                    writer.next().write_oid(&oid(OCSP));
                    writer
                        .next()
                        .write_tagged_implicit(Tag::context(6), |writer| writer.write_ia5_string(responder));
                });
            }
        });
    });
    CustomExtension::from_oid_content(AUTHORITY_INFO_ACCESS, content)
}

/// IssuingDistributionPoint.
fn point(address: &str, scope: Option<u64>) -> Vec<u8> {
    yasna::construct_der(|writer| {
        writer.write_sequence(|writer| {
            writer.next().write_tagged(Tag::context(0), |writer| {
                writer.write_tagged_implicit(Tag::context(0), |writer| {
                    writer.write_sequence(|writer| {
                        writer.next().write_tagged_implicit(Tag::context(6), |writer| {
                            writer.write_ia5_string(address);
                        });
                    });
                });
            });
            if let Some(scope) = scope {
                writer.next().write_tagged_implicit(Tag::context(scope), |writer| writer.write_bool(true));
            }
        });
    })
}

fn extension(writer: DERWriter<'_>, id: &[u64], critical: bool, value: &[u8]) {
    writer.write_sequence(|writer| {
        writer.next().write_oid(&oid(id));
        if critical {
            writer.next().write_bool(true);
        }
        writer.next().write_bytes(value);
    });
}

fn algorithm(writer: DERWriter<'_>) {
    writer.write_sequence(|writer| {
        writer.next().write_oid(&oid(RSA_SHA256));
        writer.next().write_null();
    });
}

/// GeneralizedTime, DER.
fn time(at: Moment) -> Vec<u8> {
    let text: String = at.to_string().chars().filter(|sign| !"-:T".contains(*sign)).collect();
    [&[0x18, 15], text.as_bytes()].concat()
}

fn oid(components: &[u64]) -> ObjectIdentifier {
    ObjectIdentifier::from_slice(components)
}

fn sha1(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}
