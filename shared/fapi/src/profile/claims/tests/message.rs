//! Signed messages: S60 to S64, T37.

use serde_json::value::RawValue;

use crate::jose::jwk::{KeySet, key_set_json};
use crate::jose::jws::{JwsFault, Signer, TokenType};
use crate::test_keys::pem;

use super::*;

const ENDPOINT: &str = "https://api.example.com.br/open-banking/payments/v5/consents";
const SENDER: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";
const RECEIVER: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const JTI: &str = "7f2e8a52-5a0e-4a0b-b8a6-4dd8a4d3e0f1";

fn signer() -> Signer {
    Signer::from_pkcs8_pem(pem(0), "seal-1").unwrap()
}

fn keys() -> KeySet {
    KeySet::parse(&key_set_json(&[signer().public_jwk()])).unwrap()
}

fn claims() -> Value {
    json!({ "aud": ENDPOINT, "iss": SENDER, "jti": JTI, "iat": NOW, "data": { "amount": "100000.12" } })
}

fn opened(token: &str) -> Result<VerifiedMessage, MessageFault> {
    SignedMessage::open(token, &keys(), ENDPOINT, SENDER, NOW)
}

fn judge(claims: &Value) -> Result<String, MessageFault> {
    opened(&signer().sign(TokenType::Jwt, claims).unwrap()).map(|message| message.jti)
}

fn message_claims() -> MessageClaims<'static> {
    MessageClaims { aud: ENDPOINT, iss: SENDER, jti: JTI, iat: NumericDate::at(NOW) }
}

#[test]
fn s60_s61_a_request_is_signed_for_its_endpoint_and_opened_there() {
    #[derive(serde::Serialize)]
    struct Body<'a> {
        data: &'a RawValue,
    }
    let text = r#"{"z": 1.10, "a": "á", "deep":[{}]}"#;
    let data = RawValue::from_string(text.to_owned()).unwrap();
    let token = SignedMessage::sign(&signer(), &message_claims(), &Body { data: &data }).unwrap();
    let message = opened(&token).unwrap();
    assert_eq!(
        (message.jti.as_str(), message.data.unwrap().get()),
        (JTI, text),
        "data is kept as it was written"
    );
    let header = crate::jose::base64url::decode(token.split('.').next().unwrap()).unwrap();
    assert_eq!(header, br#"{"alg":"PS256","kid":"seal-1","typ":"JWT"}"#);
}

#[test]
fn s61_an_answer_goes_from_the_server_to_the_client_with_its_members_beside_the_claims() {
    let to_client = MessageClaims { aud: SENDER, iss: RECEIVER, ..message_claims() };
    let body = json!({ "data": { "status": "RCVD" }, "links": {}, "meta": {} });
    let token = SignedMessage::sign(&signer(), &to_client, &body).unwrap();
    let message = SignedMessage::open(&token, &keys(), SENDER, RECEIVER, NOW).unwrap();
    assert_eq!(message.data.unwrap().get(), r#"{"status":"RCVD"}"#);
    assert_eq!(opened(&token).err(), Some(ClaimFault::Mismatch("aud").into()), "an answer is no request");

    let refusal = json!({ "errors": [{ "code": "X" }], "meta": {} });
    let token = SignedMessage::sign(&signer(), &to_client, &refusal).unwrap();
    let claims = crate::jose::base64url::decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    assert_eq!(claims["errors"][0]["code"], "X");
    let names: Vec<_> = claims.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["aud", "errors", "iat", "iss", "jti", "meta"]);
}

#[test]
fn s62_t37_iat_may_differ_by_60_seconds_in_both_directions() {
    for (iat, verdict) in [
        (NOW - 59, Ok(())),
        (NOW - 60, Ok(())),
        (NOW - 61, Err(ClaimFault::Lifetime.into())),
        (NOW + 59, Ok(())),
        (NOW + 60, Ok(())),
        (NOW + 61, Err(ClaimFault::NotYetValid.into())),
        (0, Err(ClaimFault::Lifetime.into())),
        (253_402_300_799, Err(ClaimFault::NotYetValid.into())),
    ] {
        assert_eq!(judge(&with(claims(), "iat", json!(iat))).map(|_| ()), verdict, "{iat}");
    }
}

#[test]
fn s62_a_jti_is_a_uuid_v4_and_counts_for_a_day() {
    let token = signer().sign(TokenType::Jwt, &claims()).unwrap();
    assert_eq!(opened(&token).unwrap().remember_until, NOW + 86_400);
    let capitals = with(claims(), "jti", json!(JTI.to_uppercase()));
    assert_eq!(judge(&capitals).as_deref(), Ok(JTI), "capitals make no other UUID");
    for bad in [
        "",
        "1",
        "7f2e8a525a0e4a0bb8a64dd8a4d3e0f1",
        "7f2e8a52-5a0e-1a0b-b8a6-4dd8a4d3e0f1",
        "7f2e8a52-5a0e-4a0b-c8a6-4dd8a4d3e0f1",
        "7f2e8a52-5a0e-4a0b-b8a6-4dd8a4d3e0g1",
        "{7f2e8a52-5a0e-4a0b-b8a6-4dd8a4d3e0f1}",
        "00000000-0000-0000-0000-000000000000",
    ] {
        let verdict = judge(&with(claims(), "jti", json!(bad)));
        assert_eq!(verdict, Err(ClaimFault::Malformed("jti").into()), "{bad}");
        let claims = MessageClaims { jti: bad, ..message_claims() };
        let signed = SignedMessage::sign(&signer(), &claims, &json!({ "data": {} }));
        assert_eq!(signed, Err(JwsFault::Signing), "what nobody accepts is not signed: {bad}");
    }
}

#[test]
fn t36_rfc7519_2_the_moment_of_signing_may_have_a_fraction() {
    let at = |iat: &str| judge(&with(claims(), "iat", serde_json::from_str(iat).unwrap())).map(|_| ());
    assert_eq!(at(&format!("{NOW}.5")), Ok(()));
    assert_eq!(at(&format!("{}.999", NOW + 60)), Ok(()), "rounded down");
    assert_eq!(at(&format!("{}.0", NOW + 61)), Err(ClaimFault::NotYetValid.into()));
}

#[test]
fn s63_t37_each_claim_wrong_absent_or_of_a_wrong_type_is_a_fault_of_claims() {
    for name in ["aud", "iss", "jti", "iat"] {
        let missing = Err(ClaimFault::Missing(name).into());
        assert_eq!(judge(&without(claims(), name)), missing);
        assert_eq!(judge(&with(claims(), name, Value::Null)), missing);
        for bad in [json!(true), json!({}), json!([]), json!([[ENDPOINT]]), json!(-1), json!(-1.5)] {
            let verdict = judge(&with(claims(), name, bad.clone()));
            assert_eq!(verdict, Err(ClaimFault::Malformed(name).into()), "{name} {bad}");
        }
    }
    for iat in [json!(NOW.to_string()), json!(1e300), json!(253_402_300_800_u64)] {
        let verdict = judge(&with(claims(), "iat", iat.clone()));
        assert_eq!(verdict, Err(ClaimFault::Malformed("iat").into()), "{iat}");
    }
    for (name, other) in [
        ("aud", json!(format!("{ENDPOINT}/"))),
        ("aud", json!(RECEIVER)),
        ("aud", json!(["https://other.example.com.br"])),
        ("iss", json!(RECEIVER)),
        ("iss", json!("")),
    ] {
        let verdict = judge(&with(claims(), name, other));
        assert_eq!(verdict, Err(ClaimFault::Mismatch(name).into()), "{name}");
    }
    assert!(judge(&with(claims(), "aud", json!([ENDPOINT]))).is_ok(), "RFC 7519 section 4.1.3");
}

#[test]
fn s63_header_shape_and_signature_are_faults_of_the_signature() {
    let token = signer().sign(TokenType::Jwt, &claims()).unwrap();
    let refused = |token: &str| match opened(token) {
        Err(MessageFault::Signature(fault)) => fault,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(""), JwsFault::Malformed);
    assert_eq!(refused(&token[..token.len() - 4]), JwsFault::Signature);
    assert_eq!(refused(&signer().sign(TokenType::AccessToken, &claims()).unwrap()), JwsFault::Type);
    assert_eq!(refused(&signer().sign(TokenType::Jwt, &json!([])).unwrap()), JwsFault::Claims);
    let forger = Signer::from_pkcs8_pem(pem(2), "seal-1").unwrap();
    assert_eq!(refused(&forger.sign(TokenType::Jwt, &claims()).unwrap()), JwsFault::Signature);
}

#[test]
fn s64_only_a_key_of_the_directory_s_set_counts() {
    let stranger = Signer::from_pkcs8_pem(pem(2), "seal-2").unwrap();
    let token = stranger.sign(TokenType::Jwt, &claims()).unwrap();
    assert_eq!(opened(&token).err(), Some(JwsFault::UnknownKey.into()));
}

#[test]
fn s61_p59_data_is_an_object_or_a_list_and_judged_by_its_endpoint() {
    let data = |claims: &Value| {
        let token = signer().sign(TokenType::Jwt, claims).unwrap();
        opened(&token).unwrap().data.map(|data| data.get().to_owned())
    };
    for (given, text) in [
        (json!([{ "endToEndId": "E1" }]), r#"[{"endToEndId":"E1"}]"#),
        (json!({}), "{}"),
        (json!([]), "[]"),
        (json!("x"), r#""x""#),
        (json!(7), "7"),
    ] {
        assert_eq!(data(&with(claims(), "data", given)).as_deref(), Some(text));
    }
    for none in [with(claims(), "data", Value::Null), without(claims(), "data")] {
        assert_eq!(data(&none), None);
    }
    let no_object = SignedMessage::sign(&signer(), &message_claims(), &json!([]));
    assert_eq!(no_object, Err(JwsFault::Signing));
}
