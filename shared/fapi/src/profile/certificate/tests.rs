//! Certificates shaped like BRCAC and BRSEAL, and the ways they can be wrong.

use std::sync::OnceLock;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

use super::*;

const ORGANISATION: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
const SOFTWARE: &str = "10120340-3318-4baf-99e2-0b56729c4ab2";
const MIDSUMMER_2026: u64 = 1_782_000_000;

fn rsa_key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048).unwrap())
}

fn utf8(text: &str) -> DnValue {
    DnValue::Utf8String(text.to_owned())
}

fn printable(text: &str) -> DnValue {
    DnValue::PrintableString(text.try_into().unwrap())
}

fn kind(oid: &[u64]) -> DnType {
    DnType::CustomDnType(oid.to_vec())
}

/// Subject and purpose of a BRCAC (S96, encodings of S98).
fn brcac() -> CertificateParams {
    let mut name = DistinguishedName::new();
    name.push(kind(&[2, 5, 4, 15]), utf8("Private Organization"));
    name.push(kind(&[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3]), printable("BR"));
    name.push(kind(&[2, 5, 4, 5]), printable("11222333000181"));
    name.push(DnType::CountryName, printable("BR"));
    name.push(DnType::OrganizationName, utf8("Instituicao Inventada SA"));
    name.push(kind(&[2, 5, 4, 97]), utf8(&format!("OFBBR-{}", ORGANISATION.to_uppercase())));
    name.push(kind(&[0, 9, 2342, 19_200_300, 100, 1, 1]), utf8(&SOFTWARE.to_uppercase()));
    name.push(DnType::CommonName, utf8("receptora.example.com.br"));
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2027, 1, 1);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    params
}

fn pem(params: &CertificateParams) -> String {
    params.self_signed(rsa_key()).unwrap().pem()
}

fn read(params: &CertificateParams) -> Result<ClientCertificate, CertificateFault> {
    ClientCertificate::from_pem(&pem(params))
}

#[test]
fn a_brcac_tells_organisation_software_and_cnpj_s96() {
    let certificate = read(&brcac()).unwrap();
    assert_eq!(certificate.organisation_id(), Some(ORGANISATION));
    assert_eq!(certificate.software_statement_id(), Some(SOFTWARE));
    assert_eq!(certificate.cnpj(), Some("11222333000181"));
    assert_eq!(certificate.common_name(), Some("receptora.example.com.br"));
    assert_eq!(certificate.check(MIDSUMMER_2026), Ok(()));
}

#[test]
fn the_thumbprint_is_that_of_the_der_and_of_the_first_certificate_rfc8705() {
    let signed = brcac().self_signed(rsa_key()).unwrap();
    let expected = Thumbprint::of_der(signed.der());
    let chain = format!("{}{}", signed.pem(), pem(&CertificateParams::default()));
    assert!(ClientCertificate::from_pem(&chain).unwrap().thumbprint().is(&expected));
    assert!(ClientCertificate::from_der(signed.der()).unwrap().thumbprint().is(&expected));
}

#[test]
fn encodings_of_one_name_do_not_matter_s84_s98() {
    let mut params = brcac();
    params.distinguished_name.push(kind(&[2, 5, 4, 97]), printable(&format!("OFBBR-{ORGANISATION}")));
    params.distinguished_name.push(kind(&[2, 5, 4, 5]), utf8("11222333000181"));
    let certificate = read(&params).unwrap();
    assert_eq!(certificate.organisation_id(), Some(ORGANISATION));
    assert_eq!(certificate.cnpj(), Some("11222333000181"));
    let mut params = brcac();
    params.distinguished_name.push(DnType::CommonName, DnValue::BmpString("receptora".try_into().unwrap()));
    assert_eq!(read(&params).err(), Some(CertificateFault::Subject));
}

#[test]
fn an_older_certificate_has_the_organisation_in_ou_s84() {
    let mut params = brcac();
    params.distinguished_name.remove(kind(&[2, 5, 4, 97]));
    assert_eq!(read(&params).unwrap().organisation_id(), None);
    let words = [
        "AC Inventada",
        "cafe",
        "Unidade com nome de 36 caracteres...",
        "74e929d9-33b6-4d85-8ba7-c146c867a81g",
    ];
    for word in words {
        params.distinguished_name.push(DnType::OrganizationalUnitName, utf8(word));
        assert_eq!(read(&params).unwrap().organisation_id(), None, "{word}");
    }
    params.distinguished_name.push(DnType::OrganizationalUnitName, utf8(ORGANISATION));
    assert_eq!(read(&params).unwrap().organisation_id(), Some(ORGANISATION));

    // The same attribute once more, by its number: a word beside the id, then a second id.
    params.distinguished_name.push(kind(&[2, 5, 4, 11]), utf8("AC Inventada"));
    assert_eq!(read(&params).unwrap().organisation_id(), Some(ORGANISATION));
    params.distinguished_name.push(kind(&[2, 5, 4, 11]), utf8(SOFTWARE));
    assert_eq!(read(&params).err(), Some(CertificateFault::Subject));
}

#[test]
fn an_identifier_of_another_scheme_is_refused_s96() {
    for identifier in ["PSDBR-1", "OFBBR-", ORGANISATION] {
        let mut params = brcac();
        params.distinguished_name.push(kind(&[2, 5, 4, 97]), utf8(identifier));
        assert_eq!(read(&params).err(), Some(CertificateFault::Subject), "{identifier}");
    }
}

#[test]
fn the_prefix_of_an_organisation_has_no_case_s84() {
    let mut params = brcac();
    params.distinguished_name.push(kind(&[2, 5, 4, 97]), utf8(&format!("ofbbr-{ORGANISATION}")));
    assert_eq!(read(&params).unwrap().organisation_id(), Some(ORGANISATION));
}

#[test]
fn s97_a_brseal_is_read_and_opens_nothing() {
    let mut name = DistinguishedName::new();
    name.push(kind(&[0, 9, 2342, 19_200_300, 100, 1, 1]), utf8(ORGANISATION));
    name.push(DnType::CountryName, printable("BR"));
    name.push(DnType::OrganizationName, utf8("ICP-Brasil"));
    name.push(DnType::OrganizationalUnitName, utf8("Autoridade Inventada"));
    name.push(DnType::CommonName, utf8("Instituicao Inventada SA"));
    let mut params = brcac();
    params.distinguished_name = name;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    params.extended_key_usages.clear();
    let seal = read(&params).unwrap();
    assert_eq!(seal.organisation_id(), None);
    assert_eq!(seal.check(MIDSUMMER_2026), Err(CertificateFault::Purpose));
}

#[test]
fn a_certificate_that_is_not_for_clients_opens_nothing_t41() {
    let mut seal = brcac();
    seal.extended_key_usages.clear();
    assert_eq!(read(&seal).unwrap().check(MIDSUMMER_2026), Err(CertificateFault::Purpose));
    let mut server = brcac();
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    assert_eq!(read(&server).unwrap().check(MIDSUMMER_2026), Err(CertificateFault::Purpose));
}

#[test]
fn validity_has_two_ends_t41() {
    let certificate = read(&brcac()).unwrap();
    let (begin, end) = (1_767_225_600, 1_798_761_600);
    assert_eq!(certificate.check(begin - 1), Err(CertificateFault::NotYetValid));
    assert_eq!(certificate.check(begin), Ok(()));
    assert_eq!(certificate.check(end), Ok(()));
    assert_eq!(certificate.check(end + 1), Err(CertificateFault::Expired));
    assert_eq!(certificate.check(u64::MAX), Err(CertificateFault::Expired));
    assert_eq!(certificate.not_after(), i64::try_from(end).unwrap());
}

#[test]
fn a_key_that_is_not_rsa_is_refused_s95() {
    let curve = KeyPair::generate().unwrap();
    let pem = brcac().self_signed(&curve).unwrap().pem();
    assert_eq!(ClientCertificate::from_pem(&pem).err(), Some(CertificateFault::Key));
}

#[test]
fn a_key_of_1024_bits_is_refused_s95() {
    // Made with OpenSSL, because no library here makes a key that short any more.
    let pem = include_str!("../../../testdata/rsa-1024.pem");
    assert_eq!(ClientCertificate::from_pem(pem).err(), Some(CertificateFault::Key));
}

#[test]
fn texts_that_are_no_certificate_are_refused() {
    let good = pem(&brcac());
    let cut = &good[..good.len() / 2];
    let padded = |length: usize| format!("{good}{}", "x".repeat(length - good.len()));
    assert!(ClientCertificate::from_pem(&padded(32_768)).is_ok(), "text around a certificate is skipped");
    let long = padded(32_769);
    for bad in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", cut, &long] {
        assert_eq!(ClientCertificate::from_pem(bad).err(), Some(CertificateFault::Malformed));
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(index in 0_usize..1_000, value: u8) {
        static DER: OnceLock<Vec<u8>> = OnceLock::new();
        let der = DER.get_or_init(|| brcac().self_signed(rsa_key()).unwrap().der().to_vec());
        let mut changed = der.clone();
        let index = index % changed.len();
        changed[index] = value;
        let _ = ClientCertificate::from_der(&changed);
        let _ = ClientCertificate::from_der(&changed[..index]);
    }
}
