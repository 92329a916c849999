//! Software statements: S81, S84, T35, T36.

use rcgen::{CertificateParams, DistinguishedName as Name, DnType, ExtendedKeyUsagePurpose, KeyPair};

use super::*;
use crate::jose::base64url;
use crate::jose::jws::{CompactJws, JwsFault, Policy, Signer, TokenType};
use crate::profile::certificate::ClientCertificate;
use crate::test_keys::pem;

fn signer() -> Signer {
    Signer::from_pkcs8_pem(pem(0), "signer").unwrap()
}

fn verified(token: &str) -> Result<SoftwareStatement, RegistrationFault> {
    let compact = CompactJws::parse(token, &Policy::SOFTWARE_STATEMENT)?;
    let claims: StatementClaims = compact.verify(&signer().verifying_key())?;
    claims.check(CLOCK)
}

#[test]
fn s81_a_statement_of_the_directory_is_taken() {
    let token = signer().sign(TokenType::Jwt, &claims()).unwrap();
    let statement = verified(&token).unwrap();
    assert_eq!(statement.software().as_str(), SOFTWARE);
    assert_eq!(statement.organisation().as_str(), ORGANISATION);
    assert_eq!(statement.name(), Some("Receptora Inventada SA"));
    assert_eq!(statement.jwks_uri(), JWKS_URI);
    assert_eq!(judged(without(claims(), "org_name")).unwrap().name(), Some("Receptora"));
}

#[test]
fn s81_only_the_directory_signs_statements_and_only_ps256() {
    let foreign = Signer::from_pkcs8_pem(pem(1), "signer").unwrap().sign(TokenType::Jwt, &claims()).unwrap();
    assert_eq!(verified(&foreign), Err(RegistrationFault::Statement(JwsFault::Signature)));
    let request_object = signer().sign(TokenType::RequestObject, &claims()).unwrap();
    assert_eq!(verified(&request_object), Err(RegistrationFault::Statement(JwsFault::Type)));
    let payload = base64url::encode(claims().to_string());
    for (header, fault) in [
        (r#"{"alg":"none","kid":"signer","typ":"JWT"}"#, JwsFault::Algorithm),
        (r#"{"alg":"RS256","kid":"signer","typ":"JWT"}"#, JwsFault::Algorithm),
        (r#"{"alg":"PS256","typ":"JWT"}"#, JwsFault::KeyIdMissing),
        (r#"{"alg":"PS256","kid":"signer"}"#, JwsFault::Type),
        (
            r#"{"alg":"PS256","kid":"signer","typ":"JWT","jku":"https://a.example"}"#,
            JwsFault::ForbiddenHeader("jku"),
        ),
    ] {
        let token = format!("{}.{payload}.", base64url::encode(header));
        assert_eq!(verified(&token), Err(RegistrationFault::Statement(fault)), "{header}");
    }
    for (text, fault) in [("", JwsFault::Malformed), ("a.b", JwsFault::Malformed)] {
        assert_eq!(verified(text), Err(RegistrationFault::Statement(fault)));
    }
    let long = signer().sign(TokenType::Jwt, &with(claims(), "x", json!("x".repeat(32_768)))).unwrap();
    assert_eq!(verified(&long), Err(RegistrationFault::Statement(JwsFault::TooLarge)));
}

#[test]
fn s81_five_minutes_and_no_second_more() {
    for (iat, expected) in [
        (NOW - 300, Ok(())),
        (NOW - 301, Err(RegistrationFault::StatementTooOld)),
        (NOW + 10, Ok(())),
        (NOW + 11, Err(RegistrationFault::StatementNotYetIssued)),
        (0, Err(RegistrationFault::StatementTooOld)),
    ] {
        assert_eq!(judged(with(claims(), "iat", json!(iat))).map(|_| ()), expected, "{iat}");
    }
    assert_eq!(judged(without(claims(), "iat")), Err(RegistrationFault::StatementClaim("iat")));
    let fraction = json!(1_800_000_000.5 - 300.0);
    assert_eq!(judged(with(claims(), "iat", fraction)).map(|_| ()), Ok(()), "T36: rounded down");
    for bad in [json!("1800000000"), json!(-1.5), json!(-1), json!(true)] {
        assert!(serde_json::from_value::<StatementClaims>(with(claims(), "iat", bad)).is_err());
    }
}

#[test]
fn s81_ids_and_keys_are_there_and_well_formed() {
    for (name, bad) in [
        ("software_id", json!("software")),
        ("software_id", Value::Null),
        ("org_id", json!("")),
        ("software_jwks_uri", json!("http://keystore.example/jwks")),
        ("software_jwks_uri", Value::Null),
    ] {
        let fault = judged(with(claims(), name, bad)).unwrap_err();
        assert_eq!(fault, RegistrationFault::StatementClaim(name));
        assert_eq!(fault.error().as_str(), "invalid_software_statement");
    }
}

#[test]
fn s85_an_organisation_that_is_not_active_registers_nothing() {
    for status in [json!("Pending"), json!("Withdrawn"), json!("active"), Value::Null] {
        let fault = judged(with(claims(), "org_status", status)).unwrap_err();
        assert_eq!(fault, RegistrationFault::OrganisationInactive);
        assert_eq!(fault.error().as_str(), "unapproved_software_statement");
    }
}

/// A client certificate with these subject attributes.
fn certificate(attributes: &[(&[u64], &str)]) -> ClientCertificate {
    let mut name = Name::new();
    for (oid, value) in attributes {
        name.push(DnType::CustomDnType(oid.to_vec()), *value);
    }
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    let key = KeyPair::from_pem_and_sign_algo(pem(2), &rcgen::PKCS_RSA_SHA256).unwrap();
    ClientCertificate::from_pem(&params.self_signed(&key).unwrap().pem()).unwrap()
}

#[test]
fn s84_the_certificate_is_of_this_software_and_organisation() {
    const UID: &[u64] = &[0, 9, 2342, 19_200_300, 100, 1, 1];
    const IDENTIFIER: &[u64] = &[2, 5, 4, 97];
    const UNIT: &[u64] = &[2, 5, 4, 11];
    let other = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
    let identifier = format!("OFBBR-{ORGANISATION}");
    let statement = statement();
    let loud = identifier.to_uppercase();
    for good in [
        certificate(&[(UID, SOFTWARE), (IDENTIFIER, &identifier)]),
        certificate(&[(UID, &SOFTWARE.to_uppercase()), (IDENTIFIER, &loud.replace("OFBBR", "ofbbr"))]),
        certificate(&[(UID, SOFTWARE), (UNIT, ORGANISATION)]),
    ] {
        assert_eq!(statement.check_owner(&good), Ok(()));
    }
    for bad in [
        certificate(&[(UID, other), (IDENTIFIER, &identifier)]),
        certificate(&[(UID, SOFTWARE), (IDENTIFIER, &format!("OFBBR-{other}"))]),
        certificate(&[(UID, SOFTWARE), (UNIT, other)]),
        certificate(&[(UID, SOFTWARE)]),
        certificate(&[(IDENTIFIER, &identifier)]),
    ] {
        assert_eq!(statement.check_owner(&bad), Err(RegistrationFault::CertificateMismatch));
    }
}

proptest::proptest! {
    #[test]
    fn any_claims_are_judged_without_panic(text in "\\PC{0,80}", member in "[a-z_]{0,12}") {
        let _ = serde_json::from_str::<StatementClaims>(&text);
        let claims = with(claims(), &member, json!(text));
        if let Ok(claims) = serde_json::from_value::<StatementClaims>(claims) {
            let _ = claims.check(CLOCK);
        }
    }
}
