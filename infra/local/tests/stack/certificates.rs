//! Throw-away authorities and certificates.

use std::sync::OnceLock;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair,
};

/// Certificates and keys of the stack and its callers.
pub(crate) struct Papers {
    pub(crate) authority_pem: String,
    /// The institution's own authority.
    pub(crate) institution_pem: String,
    /// RSA, as the cipher suites of rule S70 want it.
    pub(crate) server: Pair,
    pub(crate) client: Pair,
    /// Of the institution's own authority.
    pub(crate) system: Pair,
    /// Of an authority that nobody here knows.
    pub(crate) stranger: Pair,
}

pub(crate) struct Pair {
    pub(crate) chain_pem: String,
    pub(crate) key_pem: String,
}

/// Made once per test process.
pub(crate) fn papers() -> &'static Papers {
    static PAPERS: OnceLock<Papers> = OnceLock::new();
    PAPERS.get_or_init(|| {
        let (authority_pem, known) = authority();
        let (institution_pem, own) = authority();
        let (_, unknown) = authority();
        Papers {
            authority_pem,
            institution_pem,
            server: leaf(&known, &KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap(), false),
            client: leaf(&known, &KeyPair::generate().unwrap(), true),
            system: leaf(&own, &KeyPair::generate().unwrap(), true),
            stranger: leaf(&unknown, &KeyPair::generate().unwrap(), true),
        }
    })
}

fn authority() -> (String, Issuer<'static, KeyPair>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name = name("Autoridade de exemplo");
    let pem = params.self_signed(&key).unwrap().pem();
    (pem, Issuer::new(params, key))
}

fn leaf(issuer: &Issuer<'static, KeyPair>, key: &KeyPair, client: bool) -> Pair {
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.serial_number = Some(vec![0xa1, 0x02].into());
    params.distinguished_name = name(if client { "cliente.exemplo" } else { "localhost" });
    params.extended_key_usages =
        vec![if client { ExtendedKeyUsagePurpose::ClientAuth } else { ExtendedKeyUsagePurpose::ServerAuth }];
    let certificate = params.signed_by(key, issuer).unwrap();
    Pair { chain_pem: certificate.pem(), key_pem: key.serialize_pem() }
}

fn name(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, "BR");
    name.push(DnType::OrganizationName, "Exemplo, Ltda");
    name.push(DnType::CommonName, common_name);
    name
}
