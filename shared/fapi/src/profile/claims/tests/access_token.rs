//! Access tokens: S09, S10, S30, T39.

use crate::jose::jwk::{KeySet, key_set_json};
use crate::jose::jws::{JwsFault, Signer, TokenType};
use crate::profile::binding::Thumbprint;
use crate::test_keys::pem;

use super::*;

fn signer() -> Signer {
    Signer::from_pkcs8_pem(pem(0), "as-1").unwrap()
}

fn keys() -> KeySet {
    KeySet::parse(&key_set_json(&[signer().public_jwk()])).unwrap()
}

fn certificate() -> Thumbprint {
    Thumbprint::of_der(b"certificate of the client")
}

fn access_token() -> AccessToken {
    AccessToken {
        iss: ISSUER.to_owned(),
        aud: ISSUER.to_owned(),
        sub: "p-1".to_owned(),
        client_id: CLIENT.to_owned(),
        org_id: "org-1".to_owned(),
        ss_id: "ss-1".to_owned(),
        scope: "openid accounts consent:urn:ponte:C1".to_owned(),
        consent_id: Some("urn:ponte:C1".to_owned()),
        iat: NumericDate::at(NOW),
        exp: NumericDate::at(NOW + 900),
        jti: "t-1".to_owned(),
        cnf: ConfirmationClaim { thumbprint: certificate() },
    }
}

fn verify(token: &str, now: u64) -> Result<AccessToken, TokenFault> {
    AccessToken::verify(token, &keys(), ISSUER, &certificate(), VerificationTime { now, skew: 0 })
}

#[test]
fn an_access_token_opens_for_its_certificate_until_it_expires_s09_s10() {
    let token = access_token().mint(&signer()).unwrap();
    assert_eq!(verify(&token, NOW), Ok(access_token()));
    assert_eq!(verify(&token, NOW + 899), Ok(access_token()));
    assert_eq!(verify(&token, NOW + 900), Err(ClaimFault::Expired.into()));
}

#[test]
fn lb03_t12_a_token_signed_by_a_clock_up_to_60_s_ahead_opens_and_ends_no_later() {
    let token = access_token().mint(&signer()).unwrap();
    for behind in [1, 59, 60] {
        assert_eq!(verify(&token, NOW - behind), Ok(access_token()), "{behind}");
    }
    assert_eq!(verify(&token, NOW - 61), Err(ClaimFault::NotYetValid.into()));
    assert_eq!(verify(&token, NOW + 900), Err(ClaimFault::Expired.into()));
    assert!(AccessToken::read(&token, &keys(), ISSUER, VerificationTime { now: NOW - 60, skew: 0 }).is_ok());
}

#[test]
fn a_stolen_access_token_opens_nothing_over_another_certificate_t39() {
    let token = access_token().mint(&signer()).unwrap();
    let thief = Thumbprint::of_der(b"certificate of the thief");
    let time = VerificationTime { now: NOW, skew: 0 };
    assert_eq!(AccessToken::verify(&token, &keys(), ISSUER, &thief, time), Err(TokenFault::Binding));
}

#[test]
fn lifetimes_are_300_to_900_seconds_s09() {
    let living =
        |seconds| AccessToken { exp: NumericDate::at(NOW + seconds), ..access_token() }.mint(&signer());
    assert!(living(300).is_ok() && living(900).is_ok());
    for seconds in [0, 299, 901] {
        assert_eq!(living(seconds), Err(ClaimFault::Lifetime.into()));
    }
    let longer = AccessToken { exp: NumericDate::at(NOW + 901), ..access_token() };
    let token = signer().sign(TokenType::AccessToken, &longer).unwrap();
    assert_eq!(verify(&token, NOW), Err(ClaimFault::Lifetime.into()), "signed with our key all the same");
}

#[test]
fn tokens_of_others_and_of_other_kinds_are_refused_s30() {
    let elsewhere = AccessToken { iss: "https://other.example".to_owned(), ..access_token() };
    let token = elsewhere.mint(&signer()).unwrap();
    assert_eq!(verify(&token, NOW), Err(ClaimFault::Mismatch("iss").into()));
    let for_another = AccessToken { aud: CLIENT.to_owned(), ..access_token() }.mint(&signer()).unwrap();
    assert_eq!(verify(&for_another, NOW), Err(ClaimFault::Mismatch("aud").into()));
    let stranger = Signer::from_pkcs8_pem(pem(2), "as-2").unwrap();
    let token = access_token().mint(&stranger).unwrap();
    assert_eq!(verify(&token, NOW), Err(JwsFault::UnknownKey.into()));
    let forger = Signer::from_pkcs8_pem(pem(2), "as-1").unwrap();
    let token = access_token().mint(&forger).unwrap();
    assert_eq!(verify(&token, NOW), Err(JwsFault::Signature.into()));
    let jwt = signer().sign(TokenType::Jwt, &access_token()).unwrap();
    assert_eq!(verify(&jwt, NOW), Err(JwsFault::Type.into()));
}

#[test]
fn the_wire_names_are_those_of_the_rfcs() {
    let written = serde_json::to_value(access_token()).unwrap();
    assert_eq!(written["cnf"], json!({ "x5t#S256": certificate().to_text() }));
    assert_eq!(written["exp"], json!(NOW + 900));
    let machine = AccessToken { consent_id: None, ..access_token() };
    assert!(serde_json::to_value(machine).unwrap().get("consent_id").is_none());
    let unbound = without(serde_json::to_value(access_token()).unwrap(), "cnf");
    let token = signer().sign(TokenType::AccessToken, &unbound).unwrap();
    assert_eq!(verify(&token, NOW), Err(JwsFault::Claims.into()), "S10: no token without a certificate");
}
