//! What a certificate is known by, and the authorities above it.

use ponte_fapi::revocation::{CertificateId, CertificateStatus, Issuers, Statement, StatementFault, list};
use ponte_kit::revocation::{Issued, RevocationAuthority, RevocationList};
use ponte_values::Moment;
use rcgen::KeyPair;

use crate::{ISSUER, OTHER, SERIAL, key, now};

const ROOT_LIST: &str = "http://raiz.example/raiz.crl";

fn id(pem: &str) -> CertificateId {
    CertificateId::of(pem).expect("a certificate")
}

#[test]
fn t41_a_certificate_is_known_by_its_issuer_and_its_number_alone() {
    let of = |authority: &RevocationAuthority, serial| {
        let key = KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
        authority.issue(&key, &Issued { serial, ..Issued::default() })
    };
    let own = of(&ISSUER, SERIAL);
    assert_eq!(id(&own), id(&of(&ISSUER, SERIAL)), "with another key, so another thumbprint");
    assert_eq!(id(&own), id(&format!("text\n{own}{}", of(&OTHER, 1))), "the first one of the text");
    assert_ne!(id(&own), id(&of(&ISSUER, SERIAL + 1)));
    assert_ne!(id(&own), id(&of(&OTHER, SERIAL)));
    // Two authorities of one name: their keys tell them apart.
    let same_name = RevocationAuthority::named("Autoridade emissora");
    assert_ne!(id(&own), id(&of(&same_name, SERIAL)));
    assert_eq!(id(&own).as_str().len(), 43);
    assert!(CertificateId::of("").is_none());
}

#[test]
fn t41_the_path_has_the_authorities_that_can_be_revoked() {
    let root = RevocationAuthority::named("Raiz");
    let named = Issued { serial: 5, lists: vec![ROOT_LIST.to_owned()], ..Issued::default() };
    let middle = root.below("Intermediaria", &named);
    let silent = middle.below("Emissora sem enderecos", &Issued { serial: 6, ..Issued::default() });
    let emitting = middle.below("Emissora", &Issued { serial: 7, ..named.clone() });
    let all = [&root, &middle, &silent, &emitting].map(RevocationAuthority::pem).concat();
    let path = |bundle: &str, pem: &str| {
        let bundle = Issuers::parse(bundle).expect("a bundle");
        bundle.path(pem, now().seconds()).iter().map(|one| one.id().clone()).collect::<Vec<_>>()
    };
    let leaf = emitting.issue(key(), &Issued { serial: 1, ..Issued::default() });
    let whole = [id(&leaf), id(&emitting.pem()), id(&middle.pem())];
    assert_eq!(path(&all, &leaf), whole, "a root says of itself whatever it likes");
    let without_root = [&middle, &emitting].map(RevocationAuthority::pem).concat();
    assert_eq!(path(&without_root, &leaf), whole[..2]);
    assert_eq!(path(&emitting.pem(), &leaf), whole[..1]);
    assert!(path(&root.pem(), &leaf).is_empty(), "its issuer is not there");
    let other = silent.issue(key(), &Issued { serial: 1, ..Issued::default() });
    assert_eq!(path(&all, &other), [id(&other)], "nobody can be asked about its authority");
}

#[test]
fn t41_of_a_path_without_end_four_certificates_are_looked_up() {
    let mut authorities = vec![RevocationAuthority::named("Raiz")];
    for (name, serial) in [("A", 5), ("B", 6), ("C", 7), ("D", 8), ("E", 9)] {
        let named = Issued { serial, lists: vec![ROOT_LIST.to_owned()], ..Issued::default() };
        let below = authorities.last().expect("a root").below(name, &named);
        authorities.push(below);
    }
    let bundle: String = authorities.iter().map(RevocationAuthority::pem).collect();
    let leaf = authorities[5].issue(key(), &Issued { serial: 1, ..Issued::default() });
    let path = Issuers::parse(&bundle).expect("a bundle").path(&leaf, now().seconds());
    let ids: Vec<_> = path.iter().map(|one| one.id().clone()).collect();
    assert_eq!(
        ids,
        [&leaf, &authorities[5].pem(), &authorities[4].pem(), &authorities[3].pem()].map(|pem| id(pem))
    );
}

#[test]
fn t41_a_list_of_authorities_says_something_of_them_alone_and_may_be_months_old() {
    let root = RevocationAuthority::named("Raiz");
    let named = Issued { serial: 5, lists: vec![ROOT_LIST.to_owned()], ..Issued::default() };
    let emitting = root.below("Emissora", &named);
    let bundle = Issuers::parse(&format!("{}{}", root.pem(), emitting.pem())).expect("a bundle");
    let leaf = emitting.issue(key(), &Issued { serial: 1, ..Issued::default() });
    let path = bundle.path(&leaf, now().seconds());
    let days = |days: u64| std::time::Duration::from_hours(24 * days);
    let judged = |serials: &[u64], scope, since: Moment| {
        let point = Some((ROOT_LIST.to_owned(), scope));
        let (this_update, next_update) = (since, Some(now().plus(days(1))));
        let list = RevocationList { point, this_update, next_update, ..RevocationList::at(now(), serials) };
        let judged = list::judge(&path[1], &root.list(&list), ROOT_LIST, now().seconds());
        judged.map(|statement: Statement| statement.status)
    };
    let old = now().minus(days(89));
    assert_eq!(judged(&[4], Some(2), old), Ok(CertificateStatus::Good));
    assert_eq!(judged(&[4, 5], Some(2), old), Ok(CertificateStatus::Revoked));
    assert_eq!(judged(&[5], None, old), Ok(CertificateStatus::Revoked));
    assert_eq!(judged(&[5], Some(1), old), Err(StatementFault::Scope), "of users' certificates");
    assert_eq!(judged(&[], None, now().minus(days(101))), Err(StatementFault::NotCurrent));
}
