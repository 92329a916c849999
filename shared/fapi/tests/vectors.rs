//! Published vectors: read where the algorithm is ours, refused for the right reason where it is not.
//!
//! | RFC | where |
//! |---|---|
//! | 7515 A, 7520 4, 9101 4 | `vectors/jws.json`: refused, each says why |
//! | 7520 6, signed | the one published PS256 signature: `src/jws/tests.rs`; without `kid`, so refused here |
//! | 7516 A.1, 7520 5.2 | RSA-OAEP with A256GCM, opened in `src/jwe/tests.rs`; neither holds a JWT |
//! | 7516 A.2 and A.3, 7520 5.6, 5.9 and 6 | `vectors/jwe.json`: refused, each says why |
//! | 7636 B, 7638 3.1, OpenID Connect Core A | beside the code |
//! | 7517 A.1, 8705 A | here |
//!
//! Not kept, because they only repeat a refusal above: RFC 7520 4.1 (RS256), 4.3 (ES512), 4.5 (HS256, detached), 4.6
//! to 4.8 (JSON), 5.1 (RSA1_5), 5.3 (PBES2), 5.4 and 5.5 (ECDH-ES), 5.7 (A256GCMKW), 5.8 (A128KW), 5.10 to 5.13
//! (JSON); RFC 9126 section 3 (RS256).

#![expect(clippy::unwrap_used, reason = "a test file: what fails here fails the test")]

use ponte_fapi::binding::Thumbprint;
use ponte_fapi::certificate::{CertificateFault, ClientCertificate};
use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, Policy};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde::Deserialize;

/// A published token and the fault it must be refused with.
#[derive(Deserialize)]
struct Vector {
    section: String,
    token: String,
    fault: String,
}

fn vectors(json: &str) -> Vec<Vector> {
    let vectors: Vec<Vector> = serde_json::from_str(json).unwrap();
    assert!(vectors.len() > 5, "the vectors were read");
    vectors
}

#[test]
fn rfc7515_rfc7520_rfc9101_signatures_of_other_algorithms_are_refused() {
    for Vector { section, token, fault } in vectors(include_str!("vectors/jws.json")) {
        // None of these policies insists on a `typ`, so that nothing but the reason given is in the way.
        for policy in [Policy::CLIENT_ASSERTION, Policy::REQUEST_OBJECT, Policy::ID_TOKEN] {
            let refused = CompactJws::parse(&token, &policy).err().unwrap();
            assert_eq!(format!("{refused:?}"), fault, "{section}");
        }
    }
}

#[test]
fn rfc7516_rfc7520_encryptions_of_other_algorithms_are_refused() {
    let pem = include_str!("../testdata/rfc7520-5-2.pem");
    let key = DecryptionKey::from_pkcs8_pem(pem, "samwise.gamgee@hobbiton.example").unwrap();
    for Vector { section, token, fault } in vectors(include_str!("vectors/jwe.json")) {
        let refused = key.decrypt_jwt(&token).unwrap_err();
        assert_eq!(format!("{refused:?}"), fault, "{section}");
    }
}

#[test]
fn rfc7517_appendix_a1_holds_no_key_of_the_profile() {
    // An elliptic curve, and an RSA key for RS256.
    let keys = KeySet::parse(include_str!("vectors/rfc7517-appendix-a1.json")).unwrap();
    assert!(keys.is_empty());
}

#[test]
fn rfc8705_appendix_a_thumbprint_of_a_certificate() {
    let pem = include_str!("vectors/rfc8705-appendix-a.pem");
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let published = Thumbprint::parse("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0").unwrap();
    assert!(Thumbprint::of_der(&der).is(&published));
    assert_eq!(ClientCertificate::from_pem(pem).err(), Some(CertificateFault::Key), "S95: not an RSA key");
}

#[test]
fn rfc8705_section_3_1_shows_a_text_that_is_no_base64url_of_32_bytes() {
    // Its last character has bits beyond the 256 of a hash (RFC 4648 section 3.5).
    assert!(Thumbprint::parse("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2").is_none());
}
