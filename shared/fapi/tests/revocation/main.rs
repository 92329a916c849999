//! T41: what an authority says about a certificate counts when it is the authority's own, about this certificate, and
//! current. Every answer here is right but for one thing.

#![expect(clippy::expect_used, reason = "a test that cannot be set up fails by panic")]

mod bent;
mod forge;
mod list;
mod mutations;
mod ocsp;
mod openssl;
mod path;

use std::sync::{LazyLock, OnceLock};

use ponte_fapi::revocation::{IssuedCertificate, Issuers, IssuersFault};
use ponte_kit::revocation::{Issued, RevocationAuthority};
use ponte_values::Moment;
use rcgen::KeyPair;

const SERIAL: u64 = 0x00ab_cdef_0123_4567;

/// The issuer of the certificate under test.
static ISSUER: LazyLock<RevocationAuthority> =
    LazyLock::new(|| RevocationAuthority::named("Autoridade emissora"));
/// Another authority of the same bundle.
static OTHER: LazyLock<RevocationAuthority> =
    LazyLock::new(|| RevocationAuthority::named("Outra autoridade"));

fn now() -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").expect("a date-time")
}

fn key() -> &'static KeyPair {
    static KEY: OnceLock<KeyPair> = OnceLock::new();
    KEY.get_or_init(|| KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key"))
}

fn bundle() -> Issuers {
    Issuers::parse(&format!("Emissora\n{}\nOutra\n{}", ISSUER.pem(), OTHER.pem())).expect("a bundle")
}

fn certificate(authority: &RevocationAuthority, serial: u64) -> IssuedCertificate {
    let issued = Issued { serial, ..Issued::default() };
    bundle().of(&authority.issue(key(), &issued), now().seconds()).expect("of an authority of the bundle")
}

#[test]
fn t41_only_authorities_make_a_bundle() {
    let leaf = ISSUER.issue(key(), &Issued::default());
    for (pem, fault) in [
        (String::new(), IssuersFault::Empty),
        ("text without certificates".to_owned(), IssuersFault::Empty),
        (leaf, IssuersFault::NotAuthority),
        (
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned(),
            IssuersFault::Malformed,
        ),
        (ISSUER.pem().repeat(201), IssuersFault::TooMany),
    ] {
        assert_eq!(Issuers::parse(&pem).expect_err("no bundle"), fault);
    }
    assert!(Issuers::parse(&ISSUER.pem().repeat(200)).is_ok());
}

#[test]
fn t41_addresses_are_believed_of_a_certificate_that_an_authority_of_the_bundle_signed() {
    let stranger = RevocationAuthority::named("Autoridade emissora");
    let issued = Issued {
        serial: 1,
        responders: ["ldap://a.example", "http://a.example/ocsp", "https://b.example", "http://c.example"]
            .map(str::to_owned)
            .to_vec(),
        lists: ["http://a.example/1.crl", "http://b.example/2.crl", "http://c.example/3.crl"]
            .map(str::to_owned)
            .to_vec(),
        ..Issued::default()
    };
    let found = |pem: &str, at: i64| bundle().of(pem, at);
    let own = ISSUER.issue(key(), &issued);
    let known = found(&own, now().seconds()).expect("of the bundle");
    assert_eq!(known.responders(), ["http://a.example/ocsp", "http://c.example"]);
    assert_eq!(known.lists(), ["http://a.example/1.crl", "http://b.example/2.crl"]);
    assert!(found(&stranger.issue(key(), &issued), now().seconds()).is_none(), "the name alone");
    let later = Moment::parse("2030-01-02T00:00:00Z").expect("a date-time").seconds();
    assert!(found(&own, later).is_none(), "the authority has ended");
    for text in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        assert!(found(text, now().seconds()).is_none());
    }
    // The authority renewed its key under its name: both keys count.
    let renewed = Issuers::parse(&format!("{}{}", stranger.pem(), ISSUER.pem())).expect("a bundle");
    assert!(renewed.of(&own, now().seconds()).is_some());
}

#[test]
fn t41_an_address_of_any_length_is_not_an_address() {
    let lists = vec![
        format!("http://a.example/{}", "x".repeat(512 - 17)),
        format!("http://a.example/{}", "x".repeat(512 - 16)),
    ];
    let issued = Issued { serial: 1, lists: lists.clone(), ..Issued::default() };
    let known = bundle().of(&ISSUER.issue(key(), &issued), now().seconds()).expect("of the bundle");
    assert_eq!(known.lists(), [lists[0].clone()]);
}
