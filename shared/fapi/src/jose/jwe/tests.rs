//! Encryption: the published vector, round trips, and every way to bend a token.

use crate::jose::base64url;
use crate::jose::jwk::{KeySet, key_set_json};
use crate::test_keys::pem;

use super::compact::CompactJwe;
use super::*;

const INNER: &str = "eyJhbGciOiJQUzI1NiJ9.e30.c2ln";

fn receiver() -> DecryptionKey {
    DecryptionKey::from_pkcs8_pem(pem(1), "enc-1").unwrap()
}

fn secret(byte: u8) -> ContentSecret {
    ContentSecret::from_random([byte; ContentSecret::BYTES])
}

fn encrypted() -> String {
    let keys = KeySet::parse(&key_set_json(&[receiver().public_jwk()])).unwrap();
    keys.encryption_key().unwrap().encrypt_jwt(INNER, &secret(7)).unwrap()
}

fn with_part(token: &str, index: usize, value: &str) -> String {
    let mut parts: Vec<_> = token.split('.').collect();
    parts[index] = value;
    parts.join(".")
}

fn with_header(json: &str) -> String {
    with_part(&encrypted(), 0, &base64url::encode(json))
}

#[test]
fn rfc7516_appendix_a1_decrypts() {
    let key = DecryptionKey::from_pkcs8_pem(include_str!("../../../testdata/rfc7516-a1.pem"), "any").unwrap();
    let token = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.\
        OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb\
        23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfq\
        Nzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6Ukl\
        fCpIMfIjf7iGdXKHzg.48V1_ALb6US04U3b.\
        5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.XFBoMYUZodetZdvTiFvSkQ";
    let opened = key.open(CompactJwe::parse(token).unwrap()).unwrap();
    assert_eq!(opened, b"The true sign of intelligence is not knowledge but imagination.");
    assert_eq!(key.decrypt_jwt(token).err(), Some(JweFault::Content), "the vector holds no JWT");
}

#[test]
fn rfc7520_section_5_2_decrypts() {
    let pem = include_str!("../../../testdata/rfc7520-5-2.pem");
    let key = DecryptionKey::from_pkcs8_pem(pem, "samwise.gamgee@hobbiton.example").unwrap();
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../../../tests/vectors/jwe.json")).unwrap();
    let published =
        vectors.as_array().unwrap().iter().find(|vector| vector["section"] == "RFC 7520 5.2").unwrap();
    let opened = key.open(CompactJwe::parse(published["token"].as_str().unwrap()).unwrap()).unwrap();
    let opened = String::from_utf8(opened).unwrap();
    assert!(
        opened.starts_with(
            "You can trust us to stick with you through thick and thin\u{2013}to the bitter end."
        )
    );
    assert!(opened.ends_with("We are your friends, Frodo."));
}

#[test]
fn a_signed_token_is_wrapped_and_unwrapped_s14() {
    let token = encrypted();
    assert_eq!(receiver().decrypt_jwt(&token).unwrap(), INNER);
    let header = base64url::decode(token.split('.').next().unwrap()).unwrap();
    assert_eq!(header, br#"{"alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-1","cty":"JWT"}"#);
}

#[test]
fn only_rsa_oaep_with_a256gcm_is_accepted_s14() {
    for (alg, enc) in [
        ("RSA-OAEP-256", "A256GCM"),
        ("RSA1_5", "A256GCM"),
        ("dir", "A256GCM"),
        ("RSA-OAEP", "A128GCM"),
        ("RSA-OAEP", "A256CBC-HS512"),
        ("none", "none"),
    ] {
        let token = with_header(&format!(r#"{{"alg":"{alg}","enc":"{enc}","kid":"enc-1","cty":"JWT"}}"#));
        assert_eq!(receiver().decrypt_jwt(&token).err(), Some(JweFault::Algorithm), "{alg} {enc}");
    }
    let no_enc = with_header(r#"{"alg":"RSA-OAEP","kid":"enc-1","cty":"JWT"}"#);
    assert_eq!(receiver().decrypt_jwt(&no_enc).err(), Some(JweFault::Algorithm));
}

#[test]
fn headers_that_bring_keys_rules_or_compression_are_refused_s14() {
    for name in ["crit", "jku", "jwk", "x5u", "x5c", "zip"] {
        let token = with_header(&format!(
            r#"{{"alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-1","cty":"JWT","{name}":"DEF"}}"#
        ));
        assert_eq!(receiver().decrypt_jwt(&token).err(), Some(JweFault::ForbiddenHeader(name)));
    }
}

#[test]
fn a_token_for_another_key_or_without_a_jwt_inside_is_refused() {
    let other = with_header(r#"{"alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-2","cty":"JWT"}"#);
    assert_eq!(receiver().decrypt_jwt(&other).err(), Some(JweFault::KeyId));
    let unsaid = with_header(r#"{"alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-1"}"#);
    assert_eq!(receiver().decrypt_jwt(&unsaid).err(), Some(JweFault::Decryption), "taken away on the way");
    // Past the header it is the tag that does not fit: the header is authenticated.
    for (cty, fault) in [
        ("oauth-authz-req+jwt", JweFault::Decryption),
        ("application/jwt", JweFault::Decryption),
        ("at+jwt", JweFault::Content),
    ] {
        let kind =
            with_header(&format!(r#"{{"alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-1","cty":"{cty}"}}"#));
        assert_eq!(receiver().decrypt_jwt(&kind).err(), Some(fault), "{cty}");
    }
    let same_kid = DecryptionKey::from_pkcs8_pem(pem(2), "enc-1").unwrap();
    assert_eq!(same_kid.decrypt_jwt(&encrypted()).err(), Some(JweFault::Decryption));
}

#[test]
fn every_flipped_bit_is_noticed_t35() {
    let (token, receiver) = (encrypted(), receiver());
    for part in 1..5 {
        let bytes = base64url::decode(token.split('.').nth(part).unwrap()).unwrap();
        for index in [0, bytes.len() / 2, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            let changed = with_part(&token, part, &base64url::encode(changed));
            assert_eq!(receiver.decrypt_jwt(&changed).err(), Some(JweFault::Decryption), "part {part}");
        }
    }
    let spaced = with_header(r#"{ "alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-1","cty":"JWT"}"#);
    assert_eq!(
        receiver.decrypt_jwt(&spaced).err(),
        Some(JweFault::Decryption),
        "the header is authenticated"
    );
}

#[test]
fn shapes_that_are_no_compact_jwe_are_refused_t35() {
    let token = encrypted();
    let receiver = receiver();
    let tag = token.rsplit('.').next().unwrap();
    let short_tag = base64url::encode(&base64url::decode(tag).unwrap()[..12]);
    for malformed in [
        String::new(),
        "a.b.c".to_owned(),
        format!("{token}.x"),
        with_part(&token, 0, "!"),
        with_part(&token, 1, "!"),
        with_part(&token, 2, "AAAA"),
        with_part(&token, 3, "="),
        with_part(&token, 4, &short_tag),
        with_part(&token, 4, ""),
    ] {
        assert_eq!(receiver.decrypt_jwt(&malformed).err(), Some(JweFault::Malformed), "{malformed}");
    }
    let bare = with_part(&token, 3, "").len();
    for (length, fault) in [(65_536, JweFault::Decryption), (65_537, JweFault::TooLarge)] {
        let long = with_part(&token, 3, &"A".repeat(length - bare));
        assert_eq!(receiver.decrypt_jwt(&long).err(), Some(fault), "{length}");
    }
    let no_key = with_part(&token, 1, "");
    assert_eq!(receiver.decrypt_jwt(&no_key).err(), Some(JweFault::Decryption));
}

#[test]
fn two_tokens_of_one_content_differ() {
    let keys = KeySet::parse(&key_set_json(&[receiver().public_jwk()])).unwrap();
    let key = keys.encryption_key().unwrap();
    let of = |byte| key.encrypt_jwt(INNER, &secret(byte)).unwrap();
    assert_ne!(of(1).split('.').nth(3), of(2).split('.').nth(3));
}

#[test]
fn t61_a_text_opens_in_its_own_place_alone() {
    let keys = KeySet::parse(&key_set_json(&[receiver().public_jwk()])).unwrap();
    let key = keys.encryption_key().unwrap();
    let here = key.encrypt_for(INNER, "here", &secret(7)).unwrap();
    assert_eq!(receiver().decrypt_for(&here, "here").unwrap(), INNER);
    assert_eq!(receiver().decrypt_for(&here, "there").err(), Some(JweFault::Place));
    assert_eq!(receiver().decrypt_for(&encrypted(), "here").err(), Some(JweFault::Place), "of no place");
    let there = key.encrypt_for(INNER, "there", &secret(7)).unwrap();
    let moved = with_part(&here, 0, there.split('.').next().unwrap());
    assert_eq!(receiver().decrypt_for(&moved, "there").err(), Some(JweFault::Decryption), "authenticated");
}
