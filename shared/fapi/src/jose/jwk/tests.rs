//! Key sets: what is used, what is passed over, what is refused.

use serde_json::{Value, json};

use crate::jose::jwe::DecryptionKey;
use crate::jose::jws::Signer;
use crate::jose::key::RsaNumbers;
use crate::test_keys::pem;

use super::*;

fn signature_jwk() -> Value {
    serde_json::to_value(Signer::from_pkcs8_pem(pem(0), "sig-1").unwrap().public_jwk()).unwrap()
}

fn with(name: &str, value: Value) -> Value {
    let mut jwk = signature_jwk();
    jwk[name] = value;
    jwk
}

fn usable(jwk: &Value) -> usize {
    KeySet::parse(&json!({ "keys": [jwk] }).to_string()).unwrap().len()
}

#[test]
fn rfc7638_thumbprint() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCi\
             FV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZg\
             nYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniI\
             qbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let numbers = RsaNumbers::from_jwk(n, "AQAB").unwrap();
    let jwk = PublicJwk::signature("2011-04-29", &numbers);
    assert_eq!(jwk.thumbprint(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

#[test]
fn a_set_is_read_and_written_with_public_members_only() {
    let signer = Signer::from_pkcs8_pem(pem(0), "sig-1").unwrap();
    let decrypter = DecryptionKey::from_pkcs8_pem(pem(1), "enc-1").unwrap();
    let json = key_set_json(&[decrypter.public_jwk(), signer.public_jwk()]);
    let set = KeySet::parse(&json).unwrap();
    assert_eq!((set.len(), set.is_empty()), (2, false));
    assert_eq!(set.to_json(), json);
    assert!(set.signature_key("sig-1").is_some());
    assert!(set.signature_key("enc-1").is_none(), "a key of use enc verifies nothing");
    assert!(set.signature_key("sig-2").is_none());
    assert_eq!(set.encryption_key().unwrap().kid(), "enc-1");
    assert_eq!((signer.kid(), signer.public_jwk().kid()), ("sig-1", "sig-1"));
    assert_eq!(set.signature_keys().collect::<Vec<_>>(), [signer.public_jwk()]);
    let members: Value = serde_json::from_str(&json).unwrap();
    let names: Vec<_> = members["keys"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["alg", "e", "kid", "kty", "n", "use"]);
}

#[test]
fn a_set_with_one_kid_for_both_uses_serves_both() {
    let signer = Signer::from_pkcs8_pem(pem(0), "one").unwrap();
    let decrypter = DecryptionKey::from_pkcs8_pem(pem(1), "one").unwrap();
    let set = KeySet::parse(&key_set_json(&[decrypter.public_jwk(), signer.public_jwk()])).unwrap();
    assert!(set.signature_key("one").is_some());
    assert!(set.encryption_key().is_some());
}

#[test]
fn entries_that_are_not_usable_are_passed_over_rfc7517() {
    assert_eq!(usable(&signature_jwk()), 1);
    assert_eq!(usable(&with("x5c", json!(["MIIC"]))), 1);
    assert_eq!(usable(&with("key_ops", json!(["verify"]))), 1);
    assert_eq!(usable(&with("unknown", json!({ "a": [1] }))), 1);
    let other_key_type = with("kty", json!("oct"));
    let private = with("d", json!("AQAB"));
    let other_algorithm = with("alg", json!("RS256"));
    let other_operation = with("key_ops", json!(["sign"]));
    let other_use = with("use", json!("wrap"));
    let small = with("n", json!("AQAB"));
    let padded = with("e", json!("AQAB=="));
    let leading_zero = with("e", json!("AAEAAQ"));
    let no_kid = with("kid", Value::Null);
    let spaced_kid = with("kid", json!("a b"));
    let no_purpose = with("use", Value::Null);
    let chain_in_a_text = with("x5c", json!("MIIC"));
    let type_in_an_object = with("kty", json!({ "RSA": null }));
    let algorithm_in_an_object = with("alg", json!({ "PS256": null }));
    for unusable in [
        other_key_type,
        private,
        other_algorithm,
        other_operation,
        other_use,
        small,
        padded,
        leading_zero,
        no_kid,
        spaced_kid,
        no_purpose,
        chain_in_a_text,
        type_in_an_object,
        algorithm_in_an_object,
        json!(7),
        json!(["RSA", "sig-1", "sig"]),
        json!({}),
    ] {
        assert_eq!(usable(&unusable), 0, "{unusable}");
    }
}

#[test]
fn a_repeated_member_makes_a_key_unusable() {
    let text = signature_jwk().to_string();
    for member in
        [r#""kid":"sig-1""#, r#""use":"sig""#, r#""kty":"RSA""#, r#""alg":"PS256""#, r#""e":"AQAB""#]
    {
        let repeated = format!(r#"{{"keys":[{},{member}}}]}}"#, text.trim_end_matches('}'));
        assert!(KeySet::parse(&repeated).unwrap().is_empty(), "{member}");
    }
}

#[test]
fn use_and_key_ops_agree_on_a_purpose_and_alg_is_the_one_of_it_rfc7517() {
    let key = |usage: &str, operations: &[&str], algorithm: &str| {
        let mut jwk = signature_jwk();
        for (name, value) in
            [("use", json!(usage)), ("key_ops", json!(operations)), ("alg", json!(algorithm))]
        {
            jwk.as_object_mut().unwrap().remove(name);
            if value != json!("") && value != json!([]) {
                jwk[name] = value;
            }
        }
        let set = KeySet::parse(&json!({ "keys": [jwk] }).to_string()).unwrap();
        match (set.signature_key("sig-1").is_some(), set.encryption_key().is_some()) {
            (true, false) => "sig",
            (false, true) => "enc",
            (signs, encrypts) => {
                assert!(!signs && !encrypts, "one key for two purposes: {usage} {operations:?} {algorithm}");
                ""
            }
        }
    };
    for (usage, operations, algorithm, purpose) in [
        ("sig", &[][..], "PS256", "sig"),
        ("sig", &["verify"], "", "sig"),
        ("", &["verify"], "", "sig"),
        ("enc", &[], "RSA-OAEP", "enc"),
        ("enc", &["encrypt"], "", "enc"),
        ("enc", &["wrapKey"], "", "enc"),
        ("", &["wrapKey"], "RSA-OAEP", "enc"),
        // The two disagree.
        ("sig", &["encrypt"], "", ""),
        ("enc", &["verify"], "", ""),
        ("enc", &["decrypt", "unwrapKey"], "", ""),
        // No purpose, or nothing but the algorithm of one.
        ("", &[], "", ""),
        ("", &[], "PS256", ""),
        ("", &[], "RSA-OAEP", ""),
        ("wrap", &["verify"], "PS256", ""),
        // The algorithm of another purpose, or one that is not of the profile (S14).
        ("sig", &[], "RSA-OAEP", ""),
        ("enc", &[], "PS256", ""),
        ("enc", &[], "RSA-OAEP-256", ""),
        ("enc", &["wrapKey"], "RSA1_5", ""),
    ] {
        assert_eq!(key(usage, operations, algorithm), purpose, "{usage} {operations:?} {algorithm}");
    }
}

#[test]
fn documents_that_are_no_key_set_are_refused() {
    for bad in ["", "[]", "[[]]", "{}", r#"{"keys":{}}"#, r#"{"keys":[]}x"#] {
        assert_eq!(KeySet::parse(bad).err(), Some(JwkFault::Malformed), "{bad}");
    }
    let many = format!(r#"{{"keys":[{}]}}"#, vec!["{}"; 101].join(","));
    assert_eq!(KeySet::parse(&many).err(), Some(JwkFault::TooLarge));
    let most = format!(r#"{{"keys":[{},{}]}}"#, signature_jwk(), vec!["{}"; 99].join(","));
    assert_eq!(KeySet::parse(&most).unwrap().len(), 1);
    // Padded inside, as by a directory that publishes chains beside its keys.
    let of_length = |length: usize| {
        let text = format!(r#"{{"keys":[{}],"x":""}}"#, signature_jwk());
        text.replace(r#""x":"""#, &format!(r#""x":"{}""#, "x".repeat(length - text.len())))
    };
    assert_eq!(KeySet::parse(&of_length(512 * 1_024)).unwrap().len(), 1);
    assert_eq!(KeySet::parse(&of_length(512 * 1_024 + 1)).err(), Some(JwkFault::TooLarge));
    assert!(KeySet::parse(r#"{"keys":[]}"#).unwrap().is_empty());
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_without_panic(text in ".{0,200}") {
        let _ = KeySet::parse(&text);
        let _ = KeySet::parse(&format!(r#"{{"keys":[{text}]}}"#));
    }
}
