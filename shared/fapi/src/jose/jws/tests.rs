//! Signatures: published keys and signatures, round trips, the library's own readers and writers, the attacks of T35.
//!
//! The opinions that owe nothing to `jsonwebtoken` are the signatures of RFC 7520 and OpenSSL here, the signatures
//! made with bare aws-lc in `tests/attacks`, and npm `jose` in `tests/node` of the project.

use aws_lc_rs::hmac;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Value, json};

use crate::jose::base64url;
use crate::test_keys::pem;

use super::*;

fn signer() -> Signer {
    Signer::from_pkcs8_pem(pem(0), "sig-1").unwrap()
}

fn key() -> VerifyingKey {
    signer().verifying_key()
}

fn claims() -> Value {
    json!({ "iss": "client-1", "n": 7 })
}

fn signed() -> String {
    signer().sign(TokenType::Jwt, &claims()).unwrap()
}

/// Signs whatever header and payload with the test key, by the bare operation.
fn forged(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", base64url::encode(header), base64url::encode(payload));
    let signature = signer().signature(message.as_bytes()).unwrap();
    format!("{message}.{}", base64url::encode(signature))
}

fn judge(token: &str) -> Result<Value, JwsFault> {
    CompactJws::parse(token, &Policy::CLIENT_ASSERTION)?.verify(&key())
}

fn rsa_pkcs1_der() -> Vec<u8> {
    use aws_lc_rs::signature::{KeyPair as _, RsaKeyPair};
    let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem(0).as_bytes()).unwrap();
    RsaKeyPair::from_pkcs8(pkcs8.secret_pkcs8_der()).unwrap().public_key().as_ref().to_vec()
}

#[test]
fn a_token_of_the_rfc7520_key_made_by_another_implementation_verifies() {
    // Key of RFC 7520 section 3.3; its section 4.2 signs with PS384, so this PS256 signature was made with OpenSSL.
    let n = "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb\
        2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bT\
        wJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5ia\
        iQkqgc5gHdrNP5zw";
    let key = VerifyingKey::from_jwk_numbers(n, "AQAB").unwrap();
    let token = include_str!("../../../testdata/rfc7520-key-ps256.jws").trim();
    let compact = CompactJws::parse(token, &Policy::CLIENT_ASSERTION).unwrap();
    assert_eq!(compact.kid(), "bilbo.baggins@hobbiton.example");
    let claims: Value = compact.verify(&key).unwrap();
    assert_eq!(claims["text"], "It's a dangerous business, Frodo, going out your door.");
}

#[test]
fn rfc7520_section_6_a_published_ps256_signature_verifies() {
    let n = "kNrPIBDXMU6fcyv5i-QHQAQ-K8gsC3HJb7FYhYaw8hXbNJa-t8q0lDKwLZgQXYV-ffWxXJv5GGrlZE4GU52lfMEegTDzYTrRQ3\
        tepgKFjMGg6Iy6fkl1ZNsx2gEonsnlShfzA9GJwRTmtKPbk1s-hwx1IU5AT-AIelNqBgcF2vE5W25_SGGBoaROVdUYxqETDggM\
        1z5cKV4ZjDZ8-lh4oVB07bkac6LQdHpJUUySH_Er20DXx30Kyi97PciXKTS-QKXnmm8ivyRCmux22ZoPUind2BKC5OiG4MwALh\
        aL2Z2k8CsRdfy-7dg7z41Rp6D0ZeEvtaUp4bX4aKraL4rTfw";
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/vectors/jws.json")).unwrap();
    let published =
        vectors.as_array().unwrap().iter().find(|vector| vector["section"] == "RFC 7520 6, signed").unwrap();
    // It has no `kid`, so `CompactJws::parse` refuses it (S60); the signature itself is judged here.
    let (message, signature) = published["token"].as_str().unwrap().rsplit_once('.').unwrap();
    let mut signature = base64url::decode(signature).unwrap();
    let key = VerifyingKey::from_jwk_numbers(n, "AQAB").unwrap();
    assert_eq!(key.verify(message.as_bytes(), &signature), Ok(()));
    signature[0] ^= 1;
    assert_eq!(key.verify(message.as_bytes(), &signature), Err(JwsFault::Signature));
}

#[test]
fn what_is_signed_verifies_and_names_its_key_s60() {
    let token = signed();
    let compact = CompactJws::parse(&token, &Policy::CLIENT_ASSERTION).unwrap();
    assert_eq!(compact.kid(), "sig-1");
    assert_eq!(compact.claimed_issuer().as_deref(), Some("client-1"));
    assert_eq!(compact.verify::<Value>(&key()).unwrap(), claims());
    let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
    assert_eq!(header, br#"{"alg":"PS256","kid":"sig-1","typ":"JWT"}"#);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "what production leaves alone must still agree with it")]
fn jsonwebtoken_accepts_our_tokens_and_we_accept_its_s02() {
    let mut validation = Validation::new(Algorithm::PS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    let theirs_key = DecodingKey::from_rsa_der(&rsa_pkcs1_der());
    let read = jsonwebtoken::decode::<Value>(signed(), &theirs_key, &validation).unwrap();
    assert_eq!(read.claims, claims());

    let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem(0).as_bytes()).unwrap();
    let mut header = Header::new(Algorithm::PS256);
    header.kid = Some("sig-1".to_owned());
    // The library wants the PKCS#1 key, which a PKCS#8 of RSA-2048 wraps in 26 bytes.
    let key = EncodingKey::from_rsa_der(&pkcs8.secret_pkcs8_der()[26..]);
    let theirs = jsonwebtoken::encode(&header, &claims(), &key).unwrap();
    assert_eq!(judge(&theirs), Ok(claims()));
}

#[test]
fn other_algorithms_are_refused_t35() {
    for alg in ["none", "None", "NONE", "ps256", "PS384", "PS512", "RS256", "ES256", "HS256", "EdDSA", ""] {
        let token = forged(&format!(r#"{{"alg":"{alg}","kid":"sig-1"}}"#), "{}");
        assert_eq!(judge(&token), Err(JwsFault::Algorithm), "{alg}");
    }
    let unsigned = format!("{}.e30.", base64url::encode(r#"{"alg":"none","kid":"sig-1"}"#));
    assert_eq!(judge(&unsigned), Err(JwsFault::Algorithm));
}

#[test]
fn the_public_key_is_no_shared_secret_t35() {
    let spellings = [rsa_pkcs1_der(), base64url::encode(rsa_pkcs1_der()).into_bytes(), b"sig-1".to_vec()];
    for secret in spellings {
        let message = format!("{}.e30", base64url::encode(r#"{"alg":"HS256","kid":"sig-1"}"#));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
        assert_eq!(judge(&format!("{message}.{}", base64url::encode(tag))), Err(JwsFault::Algorithm));
        // The same tag under the accepted name is no RSA signature.
        let message = format!("{}.e30", base64url::encode(r#"{"alg":"PS256","kid":"sig-1"}"#));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), message.as_bytes());
        assert_eq!(judge(&format!("{message}.{}", base64url::encode(tag))), Err(JwsFault::Signature));
    }
}

#[test]
fn a_pkcs1_v15_signature_is_no_pss_signature_t35() {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
    let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem(0).as_bytes()).unwrap();
    let pair = RsaKeyPair::from_pkcs8(pkcs8.secret_pkcs8_der()).unwrap();
    let message = format!("{}.e30", base64url::encode(r#"{"alg":"PS256","kid":"sig-1"}"#));
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    assert_eq!(judge(&format!("{message}.{}", base64url::encode(signature))), Err(JwsFault::Signature));
}

#[test]
fn headers_that_bring_keys_or_rules_are_refused_even_when_the_signature_is_good_t35() {
    for name in ["crit", "jku", "jwk", "x5u", "x5c"] {
        let token = forged(&format!(r#"{{"alg":"PS256","kid":"sig-1","{name}":["exp"]}}"#), "{}");
        assert_eq!(judge(&token), Err(JwsFault::ForbiddenHeader(name)));
    }
}

#[test]
fn a_key_id_is_required_and_only_compared_s60() {
    for header in [r#"{"alg":"PS256"}"#, r#"{"alg":"PS256","kid":""}"#, r#"{"alg":"PS256","kid":"a b"}"#] {
        assert_eq!(judge(&forged(header, "{}")), Err(JwsFault::KeyIdMissing), "{header}");
    }
    let traversal = forged(r#"{"alg":"PS256","kid":"../../etc/passwd"}"#, "{}");
    let compact = CompactJws::parse(&traversal, &Policy::CLIENT_ASSERTION).unwrap();
    assert_eq!(compact.kid(), "../../etc/passwd");
}

#[test]
fn one_kind_of_token_is_not_taken_for_another() {
    let access = signer().sign(TokenType::AccessToken, &claims()).unwrap();
    let request = signer().sign(TokenType::RequestObject, &claims()).unwrap();
    let jwt = signed();
    let fits = |token: &str, policy: &Policy| CompactJws::parse(token, policy).map(|_| ());
    assert_eq!(fits(&access, &Policy::ACCESS_TOKEN), Ok(()));
    assert_eq!(fits(&access, &Policy::CLIENT_ASSERTION), Err(JwsFault::Type));
    assert_eq!(fits(&access, &Policy::ID_TOKEN), Err(JwsFault::Type));
    assert_eq!(fits(&jwt, &Policy::ACCESS_TOKEN), Err(JwsFault::Type));
    assert_eq!(fits(&request, &Policy::REQUEST_OBJECT), Ok(()));
    assert_eq!(fits(&request, &Policy::CLIENT_ASSERTION), Err(JwsFault::Type));
    assert_eq!(fits(&jwt, &Policy::REQUEST_OBJECT), Ok(()));
    let untyped = forged(r#"{"alg":"PS256","kid":"sig-1"}"#, "{}");
    assert_eq!(fits(&untyped, &Policy::CLIENT_ASSERTION), Ok(()));
    assert_eq!(fits(&untyped, &Policy::ACCESS_TOKEN), Err(JwsFault::Type));
    assert_eq!(fits(&untyped, &Policy::SIGNED_MESSAGE), Err(JwsFault::Type));
    let nested = forged(r#"{"alg":"PS256","kid":"sig-1","cty":"JWT"}"#, "{}");
    assert_eq!(fits(&nested, &Policy::CLIENT_ASSERTION), Err(JwsFault::Type));
}

#[test]
fn changed_parts_and_other_keys_do_not_verify_t35() {
    let token = signed();
    let [header, payload, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut bits = base64url::decode(signature).unwrap();
    for index in [0, 100, bits.len() - 1] {
        bits[index] ^= 0x80;
        let changed = format!("{header}.{payload}.{}", base64url::encode(&bits));
        assert_eq!(judge(&changed), Err(JwsFault::Signature));
        bits[index] ^= 0x80;
    }
    let other = base64url::encode(r#"{"iss":"client-2","n":7}"#);
    assert_eq!(judge(&format!("{header}.{other}.{signature}")), Err(JwsFault::Signature));
    assert_eq!(judge(&format!("{header}.{payload}.")), Err(JwsFault::Signature));
    assert_eq!(judge(&format!("{header}.{payload}.{signature}AA")), Err(JwsFault::Signature));
    assert_eq!(judge(&format!("{header}.{payload}.{signature}=")), Err(JwsFault::Signature));
    let stranger = Signer::from_pkcs8_pem(pem(2), "sig-1").unwrap().verifying_key();
    let compact = CompactJws::parse(&token, &Policy::CLIENT_ASSERTION).unwrap();
    assert_eq!(compact.verify::<Value>(&stranger), Err(JwsFault::Signature));
}

#[test]
fn shapes_that_are_no_compact_jws_are_refused_t35() {
    let token = signed();
    for malformed in ["", ".", "..", "a.b", "a.b.c.d", "{}", &format!("{token}.x"), &format!(" {token}")] {
        assert_eq!(judge(malformed), Err(JwsFault::Malformed), "{malformed}");
    }
    let long = signer().sign(TokenType::Jwt, &json!({ "a": "x".repeat(9_000) })).unwrap();
    assert_eq!(judge(&long), Err(JwsFault::TooLarge));
}

#[test]
fn claims_are_read_after_the_signature_and_must_be_json() {
    let not_json = forged(r#"{"alg":"PS256","kid":"sig-1"}"#, "not json");
    assert_eq!(judge(&not_json), Err(JwsFault::Claims));
    let deep = "[".repeat(2_000);
    assert_eq!(judge(&forged(r#"{"alg":"PS256","kid":"sig-1"}"#, &deep)), Err(JwsFault::Claims));
}

#[test]
fn a_key_can_be_warmed_and_refuses_a_bad_id() {
    assert_eq!(signer().warm(), Ok(()));
    assert!(Signer::from_pkcs8_pem(pem(0), "").is_err());
    assert!(Signer::from_pkcs8_pem("no key", "sig-1").is_err());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in "[ -~]{0,80}(\\.[ -~]{0,80}){0,3}") {
        let _ = judge(&text);
    }

    #[test]
    fn any_claims_survive_the_round_trip(text in ".{0,60}", number: u64) {
        let claims = json!({ "text": text, "number": number });
        let token = signer().sign(TokenType::Jwt, &claims).unwrap();
        proptest::prop_assert_eq!(judge(&token), Ok(claims));
    }
}
