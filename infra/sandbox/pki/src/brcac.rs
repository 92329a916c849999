//! Organisation and software of a BRCAC, read from the subject of the certificate.

use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// Organisation id and software statement id of a BRCAC (S96), when the certificate has them.
#[must_use]
pub fn brcac_of(certificate: &CertificateDer<'_>) -> Option<(String, String)> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let text = |oid: &str| {
        certificate
            .subject()
            .iter_attributes()
            .find(|attribute| attribute.attr_type().to_id_string() == oid)
            .and_then(|attribute| attribute.as_str().ok().map(str::to_owned))
    };
    let organisation = text("2.5.4.97")?.strip_prefix("OFBBR-")?.to_owned();
    Some((organisation, text("0.9.2342.19200300.100.1.1")?))
}
