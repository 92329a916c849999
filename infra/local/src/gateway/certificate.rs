//! `requestContext.authentication.clientCert` of an event, as API Gateway writes it.

use rustls::pki_types::CertificateDer;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use x509_parser::objects::oid2abbrev;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::x509::X509Name;

/// `May 28 12:30:02 2019 GMT`; the day is padded with a space, as OpenSSL prints it.
const VALIDITY: &[BorrowedFormatItem<'_>] =
    format_description!("[month repr:short] [day padding:space] [hour]:[minute]:[second] [year] GMT");

/// The caller's certificate in an event. No `Debug`: it names people.
#[derive(Clone, Serialize)]
pub(super) struct ClientCertificate {
    #[serde(rename = "clientCertPem")]
    pem: String,
    #[serde(rename = "subjectDN")]
    pub(super) subject: String,
    #[serde(rename = "issuerDN")]
    issuer: String,
    #[serde(rename = "serialNumber")]
    pub(super) serial: String,
    validity: Validity,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Validity {
    not_before: String,
    not_after: String,
}

impl ClientCertificate {
    pub(super) fn read(der: &CertificateDer<'_>) -> Result<Self, String> {
        let (_, certificate) = X509Certificate::from_der(der).map_err(|error| error.to_string())?;
        let validity = certificate.validity();
        Ok(Self {
            pem: pem(der),
            subject: distinguished_name(certificate.subject()),
            issuer: distinguished_name(certificate.issuer()),
            serial: serial(certificate.raw_serial()),
            validity: Validity {
                not_before: moment(validity.not_before.to_datetime())?,
                not_after: moment(validity.not_after.to_datetime())?,
            },
        })
    }
}

fn pem(der: &[u8]) -> String {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = encoded.as_str();
    while !rest.is_empty() {
        let (line, remainder) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = remainder;
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem
}

/// `C=BR,O=..,CN=..`: the order of the certificate, short names where there are any.
fn distinguished_name(name: &X509Name<'_>) -> String {
    let registry = x509_parser::objects::oid_registry();
    let attributes = name.iter_attributes().map(|attribute| {
        let key = oid2abbrev(attribute.attr_type(), registry)
            .map_or_else(|_| attribute.attr_type().to_id_string(), str::to_owned);
        let value = attribute.as_str().map_or_else(|_| hex(attribute.as_slice(), ""), str::to_owned);
        format!("{key}={}", value.replace('\\', "\\\\").replace(',', "\\,"))
    });
    attributes.collect::<Vec<_>>().join(",")
}

/// Bytes of the serial number without the sign byte, `a1:b2:..`.
fn serial(bytes: &[u8]) -> String {
    let significant = match bytes {
        [0, rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    hex(significant, ":")
}

fn hex(bytes: &[u8], separator: &str) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(separator)
}

fn moment(moment: OffsetDateTime) -> Result<String, String> {
    moment.format(VALIDITY).map_err(|error| error.to_string())
}
