//! The certificate profiles: server, BRCAC (S96), BRSEAL (S97), with the DN encodings of S98, and the institution's own.

use ponte_machine::SandboxError;
use rcgen::{
    CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa,
    KeyUsagePurpose, OtherNameValue, SanType,
};

const BUSINESS_CATEGORY: &[u64] = &[2, 5, 4, 15];
const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
const ORGANIZATION_IDENTIFIER: &[u64] = &[2, 5, 4, 97];
const JURISDICTION_COUNTRY: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 60, 2, 1, 3];
const USER_ID: &[u64] = &[0, 9, 2342, 19_200_300, 100, 1, 1];
// ICP-Brasil: person responsible, CNPJ, personal data of the responsible, CEI of the company.
const ICP_RESPONSIBLE: &[u64] = &[2, 16, 76, 1, 3, 2];
const ICP_CNPJ: &[u64] = &[2, 16, 76, 1, 3, 3];
const ICP_PERSONAL_DATA: &[u64] = &[2, 16, 76, 1, 3, 4];
const ICP_CEI: &[u64] = &[2, 16, 76, 1, 3, 7];
const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];

/// Purpose of a certificate.
pub enum Profile<'a> {
    /// Server certificate for `localhost` and 127.0.0.1.
    Server,
    /// BRCAC: client certificate for TLS (S96).
    Transport(&'a TransportSubject),
    /// The same, its subject written in another way.
    Respelled(&'a TransportSubject, Spelling),
    /// The same without any organisation, which no certificate may be.
    Nameless(&'a TransportSubject),
    /// BRSEAL: signature certificate of an organisation (S97); not for TLS.
    Seal(&'a SealSubject),
    /// Client certificate of a system of the institution, by the institution's own authority.
    System(&'a SystemSubject<'a>),
}

/// How a BRCAC writes its subject. Authorities differ; the holder is the same (S84, S98).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As the certificate standard has it now (S96, S98).
    Current,
    /// An older certificate: no organizationIdentifier, the organisation id stands in an OU.
    OrganisationalUnit,
    /// Every value as `UTF8String`.
    Utf8,
    /// Every value as `PrintableString`, as far as its letters allow.
    Printable,
}

impl Spelling {
    /// Every spelling.
    pub const ALL: [Self; 4] = [Self::Current, Self::OrganisationalUnit, Self::Utf8, Self::Printable];
}

/// Holder of a BRCAC.
#[derive(Clone)]
pub struct TransportSubject {
    /// CNPJ of the organisation.
    pub cnpj: String,
    /// Name of the organisation.
    pub organisation_name: String,
    /// organisationId in the directory (UUID).
    pub organisation_id: String,
    /// Software statement id (UUID).
    pub software_statement_id: String,
    /// Host name of the software.
    pub common_name: String,
}

/// Holder of a BRSEAL.
#[derive(Clone)]
pub struct SealSubject {
    /// CNPJ of the organisation.
    pub cnpj: String,
    /// Name of the organisation.
    pub organisation_name: String,
    /// organisationId in the directory (UUID): the organisation code of the UID.
    pub organisation_id: String,
}

/// A system of the institution.
pub struct SystemSubject<'a> {
    /// Name of the organisation.
    pub organisation_name: &'a str,
    /// Name of the system; its API key is bound to it.
    pub common_name: &'a str,
}

impl Profile<'_> {
    pub(crate) fn params(&self) -> Result<CertificateParams, SandboxError> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        match self {
            Self::Server => server(&mut params)?,
            Self::Transport(subject) => transport(&mut params, subject, Spelling::Current)?,
            Self::Respelled(subject, spelling) => transport(&mut params, subject, *spelling)?,
            Self::Nameless(subject) => {
                transport(&mut params, subject, Spelling::Current)?;
                params.distinguished_name.remove(custom(ORGANIZATION_IDENTIFIER));
            }
            Self::Seal(subject) => seal(&mut params, subject)?,
            Self::System(subject) => system(&mut params, subject)?,
        }
        Ok(params)
    }
}

fn server(params: &mut CertificateParams) -> Result<(), SandboxError> {
    params.distinguished_name = name([
        (DnType::CountryName, printable("BR")?),
        (DnType::OrganizationName, utf8("Mundo de exemplo")),
        (DnType::CommonName, utf8("localhost")),
    ]);
    params.subject_alt_names = vec![
        SanType::DnsName("localhost".try_into().map_err(SandboxError::unusable)?),
        SanType::IpAddress(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST)),
    ];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(())
}

fn transport(
    params: &mut CertificateParams,
    subject: &TransportSubject,
    spelling: Spelling,
) -> Result<(), SandboxError> {
    let words = |text: &str| match spelling {
        Spelling::Printable => printable(text).unwrap_or_else(|_| utf8(text)),
        _ => utf8(text),
    };
    let code = |text: &str| match spelling {
        Spelling::Utf8 => Ok(utf8(text)),
        _ => printable(text),
    };
    let organisation = match spelling {
        Spelling::OrganisationalUnit => (DnType::OrganizationalUnitName, words(&subject.organisation_id)),
        _ => (custom(ORGANIZATION_IDENTIFIER), words(&format!("OFBBR-{}", subject.organisation_id))),
    };
    params.distinguished_name = name([
        (custom(BUSINESS_CATEGORY), words("Private Organization")),
        (custom(JURISDICTION_COUNTRY), code("BR")?),
        (custom(SERIAL_NUMBER), code(&subject.cnpj)?),
        (DnType::CountryName, code("BR")?),
        (DnType::OrganizationName, words(&subject.organisation_name)),
        (DnType::StateOrProvinceName, words("SP")),
        (DnType::LocalityName, words("São Paulo")),
        organisation,
        (custom(USER_ID), words(&subject.software_statement_id)),
        (DnType::CommonName, words(&subject.common_name)),
    ]);
    params.subject_alt_names =
        vec![SanType::DnsName(subject.common_name.as_str().try_into().map_err(SandboxError::unusable)?)];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    Ok(())
}

fn seal(params: &mut CertificateParams, subject: &SealSubject) -> Result<(), SandboxError> {
    params.distinguished_name = name([
        (custom(USER_ID), utf8(&subject.organisation_id)),
        (DnType::CountryName, printable("BR")?),
        (DnType::OrganizationName, utf8("ICP-Brasil")),
        (DnType::OrganizationalUnitName, utf8("Autoridade de exemplo")),
        (DnType::CommonName, utf8(&subject.organisation_name)),
    ]);
    // Birth date, CPF, social number, identity card and its issuer: 8 + 11 + 11 + 15 + 6 characters, none real.
    let personal = format!("01011980{}{:011}{:015}{:<6}", "12345678909", 0, 0, "SSPSP");
    params.subject_alt_names = vec![
        other(ICP_RESPONSIBLE, "Responsável de Exemplo"),
        other(ICP_CNPJ, &subject.cnpj),
        other(ICP_PERSONAL_DATA, &personal),
        other(ICP_CEI, "000000000000"),
    ];
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
    // SEQUENCE { SEQUENCE { 2.16.76.1.2.1.1 } }: a policy of ICP-Brasil, since without any EKU it says what this is for.
    params.custom_extensions = vec![CustomExtension::from_oid_content(
        CERTIFICATE_POLICIES,
        vec![0x30, 0x0a, 0x30, 0x08, 0x06, 0x06, 0x60, 0x4c, 0x01, 0x02, 0x01, 0x01],
    )];
    Ok(())
}

fn system(params: &mut CertificateParams, subject: &SystemSubject<'_>) -> Result<(), SandboxError> {
    params.distinguished_name = name([
        (DnType::CountryName, printable("BR")?),
        (DnType::OrganizationName, utf8(subject.organisation_name)),
        (DnType::CommonName, utf8(subject.common_name)),
    ]);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    Ok(())
}

pub(crate) fn name(parts: impl IntoIterator<Item = (DnType, DnValue)>) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    for (kind, value) in parts {
        name.push(kind, value);
    }
    name
}

pub(crate) fn utf8(text: &str) -> DnValue {
    DnValue::Utf8String(text.to_owned())
}

pub(crate) fn printable(text: &str) -> Result<DnValue, SandboxError> {
    Ok(DnValue::PrintableString(text.try_into().map_err(SandboxError::unusable)?))
}

fn custom(oid: &[u64]) -> DnType {
    DnType::CustomDnType(oid.to_vec())
}

fn other(oid: &[u64], value: &str) -> SanType {
    SanType::OtherName((oid.to_vec(), OtherNameValue::Utf8String(value.to_owned())))
}
