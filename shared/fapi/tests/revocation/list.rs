//! Revocation lists (RFC 5280 section 5).

use std::time::Duration;

use ponte_fapi::revocation::{CertificateStatus, StatementFault, list};
use ponte_kit::revocation::RevocationList;

use crate::{ISSUER, OTHER, SERIAL, certificate, now};

const HERE: &str = "http://listas.example/emissora.crl";

fn clean() -> RevocationList {
    RevocationList::at(now(), &[1, SERIAL + 1])
}

fn judged(list: &RevocationList) -> Result<CertificateStatus, StatementFault> {
    of_bytes(&ISSUER.list(list))
}

fn of_bytes(bytes: &[u8]) -> Result<CertificateStatus, StatementFault> {
    let subject = certificate(&ISSUER, SERIAL);
    list::judge(&subject, bytes, HERE, now().seconds()).map(|statement| statement.status)
}

#[test]
fn t41_a_certificate_on_the_list_is_revoked() {
    assert_eq!(judged(&clean()), Ok(CertificateStatus::Good));
    assert_eq!(judged(&RevocationList::at(now(), &[])), Ok(CertificateStatus::Good));
    assert_eq!(judged(&RevocationList::at(now(), &[1, SERIAL, 2])), Ok(CertificateStatus::Revoked));
}

#[test]
fn t41_a_list_of_a_large_authority_is_read_to_its_end() {
    let mut serials: Vec<u64> = (1..50_000).collect();
    let list = ISSUER.list(&RevocationList::at(now(), &serials));
    assert!(list.len() <= list::LIST_MAX);
    assert_eq!(of_bytes(&list), Ok(CertificateStatus::Good));
    serials.push(SERIAL);
    assert_eq!(judged(&RevocationList::at(now(), &serials)), Ok(CertificateStatus::Revoked));
}

#[test]
fn t41_a_list_is_the_issuers_own() {
    assert_eq!(of_bytes(&OTHER.list(&clean())), Err(StatementFault::OtherCertificate));
    let same_name = ponte_kit::revocation::RevocationAuthority::named("Autoridade emissora");
    assert_eq!(of_bytes(&same_name.list(&clean())), Err(StatementFault::Signer));
    let mut bytes = ISSUER.list(&clean());
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert_eq!(of_bytes(&bytes), Err(StatementFault::Signer));
    bytes[last] ^= 1;
    bytes.push(0);
    assert_eq!(of_bytes(&bytes), Err(StatementFault::Malformed));
    assert_eq!(of_bytes(b""), Err(StatementFault::Malformed));
}

#[test]
fn t41_a_list_counts_until_the_next_one_is_due() {
    let hour = Duration::from_hours(1);
    let until = |end| RevocationList { this_update: now().minus(hour), next_update: end, ..clean() };
    assert!(judged(&until(Some(now().plus(Duration::from_secs(1))))).is_ok());
    assert_eq!(judged(&until(Some(now()))), Err(StatementFault::NotCurrent));
    assert_eq!(judged(&until(None)), Err(StatementFault::NotCurrent));
    let ahead = RevocationList { this_update: now().plus(hour), ..clean() };
    assert_eq!(judged(&ahead), Err(StatementFault::NotCurrent));
}

#[test]
fn t41_a_list_with_another_scope_proves_nothing() {
    let scoped =
        |address: &str, scope| RevocationList { point: Some((address.to_owned(), scope)), ..clean() };
    assert_eq!(judged(&scoped(HERE, None)), Ok(CertificateStatus::Good));
    assert_eq!(judged(&scoped(HERE, Some(1))), Ok(CertificateStatus::Good), "certificates of users");
    assert_eq!(judged(&scoped("http://listas.example/outra.crl", None)), Err(StatementFault::Scope));
    for scope in [2, 4, 5] {
        assert_eq!(judged(&scoped(HERE, Some(scope))), Err(StatementFault::Scope), "{scope}");
    }
    assert_eq!(judged(&RevocationList { delta: true, ..clean() }), Err(StatementFault::Extension));
    let indirect = RevocationList { foreign_entries: true, ..clean() };
    assert_eq!(judged(&indirect), Err(StatementFault::Extension));
}
