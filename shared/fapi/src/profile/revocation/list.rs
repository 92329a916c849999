//! Certificate revocation lists (RFC 5280 section 5), whole and direct ones alone.

use x509_parser::asn1_rs::{FromDer as _, Oid, oid};
use x509_parser::extensions::{
    DistributionPointName, GeneralName, IssuingDistributionPoint, ParsedExtension, X509Extension,
};
use x509_parser::revocation_list::{CertificateRevocationList, RevokedCertificate};

use super::fault::StatementFault;
use super::issuers::IssuedCertificate;
use super::signature::Signed;
use super::statement::{CertificateStatus, Statement};

/// Most bytes of a list that are read. Lists of ICP-Brasil are tens of kilobytes to a few megabytes; a longer one is not
/// looked at, because it is read whole and takes about ten times its length in memory.
pub const LIST_MAX: usize = 4 * 1024 * 1024;

const ISSUING_DISTRIBUTION_POINT: Oid<'static> = oid!(2.5.29.28);

/// What the list at `address`, one of [`IssuedCertificate::lists`], says about `certificate` at `now`, in seconds since
/// 1970.
///
/// # Errors
/// When the list proves nothing about it.
pub fn judge(
    certificate: &IssuedCertificate,
    list: &[u8],
    address: &str,
    now: i64,
) -> Result<Statement, StatementFault> {
    let (rest, list) = CertificateRevocationList::from_der(list).map_err(|_| StatementFault::Malformed)?;
    let names = &list.tbs_cert_list;
    if !rest.is_empty() || names.signature != list.signature_algorithm {
        return Err(StatementFault::Malformed);
    }
    if names.issuer.as_raw() != certificate.issuer.name {
        return Err(StatementFault::OtherCertificate);
    }
    certificate.issuer.signed_document(&Signed {
        document: names.as_ref(),
        algorithm: &list.signature_algorithm,
        signature: &list.signature_value.data,
    })?;
    for extension in list.extensions() {
        check_scope(extension, address, certificate.is_authority)?;
    }
    // Only a list that names its end can be too old.
    let next_update = names.next_update.ok_or(StatementFault::NotCurrent)?;
    let mut status = CertificateStatus::Good;
    for entry in list.iter_revoked_certificates() {
        check_entry(entry)?;
        if certificate.has_serial(entry.raw_serial()) {
            status = CertificateStatus::Revoked;
        }
    }
    let (this_update, next_update) = (names.this_update.timestamp(), Some(next_update.timestamp()));
    Statement { status, this_update, next_update }.at(now, certificate.is_authority)
}

/// Whether the list covers certificates of this kind, whole: a list of changes is critical too and refused here.
fn check_scope(
    extension: &X509Extension<'_>,
    address: &str,
    is_authority: bool,
) -> Result<(), StatementFault> {
    match extension.parsed_extension() {
        ParsedExtension::IssuingDistributionPoint(point) if covers(point, address, is_authority) => Ok(()),
        ParsedExtension::IssuingDistributionPoint(_) => Err(StatementFault::Scope),
        _ if extension.oid == ISSUING_DISTRIBUTION_POINT || extension.critical => {
            Err(StatementFault::Extension)
        }
        _ => Ok(()),
    }
}

fn covers(point: &IssuingDistributionPoint<'_>, address: &str, is_authority: bool) -> bool {
    let others = if is_authority { point.only_contains_user_certs } else { point.only_contains_ca_certs };
    let part = others
        || point.only_contains_attribute_certs
        || point.indirect_crl
        || point.only_some_reasons.is_some();
    let here = match &point.distribution_point {
        None => true,
        Some(DistributionPointName::FullName(names)) => {
            names.iter().any(|name| matches!(name, GeneralName::URI(uri) if *uri == address))
        }
        Some(DistributionPointName::NameRelativeToCRLIssuer(_)) => false,
    };
    here && !part
}

/// An entry whose critical extension is not understood may be about a certificate of another issuer.
fn check_entry(entry: &RevokedCertificate<'_>) -> Result<(), StatementFault> {
    let unknown = |extension: &X509Extension<'_>| {
        let known = matches!(
            extension.parsed_extension(),
            ParsedExtension::ReasonCode(_) | ParsedExtension::InvalidityDate(_)
        );
        extension.critical && !known
    };
    if entry.extensions().iter().any(unknown) { Err(StatementFault::Extension) } else { Ok(()) }
}
