//! Attacks on the signature: none at all, of another algorithm, of another key, or bent.

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ponte_fapi::base64url;
use serde_json::json;

use crate::Attacks;
use crate::world::{Kind, forged, header, honest_signed, message, payload, signature, signed, world};

fn header_with_alg(kind: Kind, alg: &str) -> String {
    header(kind).replace(r#""PS256""#, alg)
}

/// A token of these parts, the signature given as bytes.
fn token(header: &str, kind: Kind, signature: impl AsRef<[u8]>) -> String {
    format!("{}.{}", message(header, payload(kind)), base64url::encode(signature))
}

/// `none` in every spelling, and an `alg` that is no text; alone, with a borrowed and with a stranger's signature.
pub(crate) fn unsigned(kind: Kind, attacks: &mut Attacks) {
    let honest = honest_signed(kind);
    let borrowed = base64url::decode(honest.rsplit('.').next().unwrap()).unwrap();
    let mut spellings: Vec<String> = (0..16_u32)
        .map(|capitals| {
            let letters = "none".chars().enumerate().map(|(index, letter)| {
                if capitals >> index & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
            });
            format!("\"{}\"", letters.collect::<String>())
        })
        .collect();
    spellings.extend(
        [
            r#""""#,
            r#"" none""#,
            r#""none ""#,
            r#""none\u0000""#,
            r#""n\u006fne""#,
            r#""PS256\u0000""#,
            r#""ps256""#,
            r#""Ps256""#,
            r#"" PS256""#,
            r#""PS256 ""#,
            r#""PS256,none""#,
            "null",
            "true",
            "0",
            "256",
            "{}",
            "[]",
            r#"["PS256"]"#,
            r#"["none","PS256"]"#,
            r#"{"name":"PS256"}"#,
        ]
        .map(str::to_owned),
    );
    for alg in &spellings {
        let header = header_with_alg(kind, alg);
        for (with, bytes) in [("no", Vec::new()), ("a borrowed", borrowed.clone()), ("a zero", vec![0; 256])]
        {
            attacks.sign(format!("alg {alg} with {with} signature"), &token(&header, kind, bytes));
        }
        attacks.sign(format!("alg {alg} with a stranger's signature"), &forged(&header, payload(kind)));
        attacks.sign(format!("alg {alg} with a good PS256 signature"), &signed(&header, payload(kind)));
    }
    let without = header(kind).replace(r#""alg":"PS256","#, "");
    attacks.sign("no alg", &signed(&without, payload(kind)));
    let unsigned = message(header(kind), payload(kind));
    attacks.sign("no third part", &unsigned);
    attacks.sign("an empty third part", &format!("{unsigned}."));
}

/// HMAC with everything that is public, under its own name and under the accepted one.
pub(crate) fn shared_secrets(kind: Kind, attacks: &mut Attacks) {
    let public = world().honest.public_key();
    let pkcs1 = public.as_ref().to_vec();
    let spki: Vec<u8> = AsDer::<PublicKeyX509Der<'_>>::as_der(public).unwrap().as_ref().to_vec();
    let n = base64url::encode(public.modulus().big_endian_without_leading_zero());
    let jwk = json!({ "kty": "RSA", "n": n, "e": "AQAB" });
    let pem = |label: &str, der: &[u8]| {
        let text = STANDARD.encode(der);
        let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| str::from_utf8(line).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    };
    let mut secrets: Vec<(&str, Vec<u8>)> = vec![
        ("SPKI PEM", pem("PUBLIC KEY", &spki).into_bytes()),
        ("SPKI PEM without the last line end", pem("PUBLIC KEY", &spki).trim_end().into()),
        ("SPKI PEM with CRLF", pem("PUBLIC KEY", &spki).replace('\n', "\r\n").into_bytes()),
        ("PKCS#1 PEM", pem("RSA PUBLIC KEY", &pkcs1).into_bytes()),
        ("JWK", jwk.to_string().into_bytes()),
        ("key set", world().keys.to_json().into_bytes()),
        ("modulus", base64url::decode(&n).unwrap()),
        ("n", n.into_bytes()),
        ("kid", b"sig-1".to_vec()),
        ("empty secret", Vec::new()),
        ("zero", vec![0; 32]),
    ];
    secrets.extend([("SPKI DER", spki), ("PKCS#1 DER", pkcs1)]);
    for (name, secret) in &secrets {
        for (alg, hash) in
            [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
        {
            for claimed in [alg, "PS256"] {
                let header = header_with_alg(kind, &format!("\"{claimed}\""));
                let tag =
                    hmac::sign(&hmac::Key::new(hash, secret), message(&header, payload(kind)).as_bytes());
                attacks.sign(format!("{alg} over {name} called {claimed}"), &token(&header, kind, tag));
            }
        }
    }
}

/// Good signatures of algorithms that are not PS256, under their own name and under the accepted one.
pub(crate) fn other_algorithms(kind: Kind, attacks: &mut Attacks) {
    let rsa: [(&str, &'static dyn RsaEncoding); 5] = [
        ("RS256", &RSA_PKCS1_SHA256),
        ("RS384", &RSA_PKCS1_SHA384),
        ("RS512", &RSA_PKCS1_SHA512),
        ("PS384", &RSA_PSS_SHA384),
        ("PS512", &RSA_PSS_SHA512),
    ];
    for (alg, encoding) in rsa {
        for claimed in [alg, "PS256"] {
            let header = header_with_alg(kind, &format!("\"{claimed}\""));
            let bytes = signature(&world().honest, encoding, &message(&header, payload(kind)));
            attacks.sign(format!("{alg} of the honest key called {claimed}"), &token(&header, kind, bytes));
        }
    }
    let random = SystemRandom::new();
    let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let ed25519 = Ed25519KeyPair::generate().unwrap();
    for claimed in ["ES256", "ES256K", "ES384", "ES512", "EdDSA", "Ed25519", "ML-DSA-65", "PS256"] {
        let header = header_with_alg(kind, &format!("\"{claimed}\""));
        let message = message(&header, payload(kind));
        let curve = ecdsa.sign(&random, message.as_bytes()).unwrap();
        attacks.sign(format!("ECDSA called {claimed}"), &token(&header, kind, curve));
        attacks.sign(
            format!("Ed25519 called {claimed}"),
            &token(&header, kind, ed25519.sign(message.as_bytes())),
        );
        // CVE-2022-21449: a signature of zeros fits every message in a careless ECDSA.
        attacks.sign(format!("zeros called {claimed}"), &token(&header, kind, [0; 64]));
    }
    for alg in ["RS256", "PS384", "PS512", "RSA-OAEP", "A256GCM", "dir", "HS256"] {
        let header = header_with_alg(kind, &format!("\"{alg}\""));
        attacks.sign(format!("good PS256 called {alg}"), &signed(&header, payload(kind)));
    }
}

/// Signatures cut, lengthened, changed, borrowed from another token or made by another key.
pub(crate) fn bent_signatures(kind: Kind, attacks: &mut Attacks) {
    let honest = honest_signed(kind);
    let (signed_part, text) = honest.rsplit_once('.').unwrap();
    let bytes = base64url::decode(text).unwrap();
    let mut with = |name: String, changed: &[u8]| {
        attacks.sign(name, &format!("{signed_part}.{}", base64url::encode(changed)));
    };
    for length in [0, 1, 2, 3, 31, 32, 64, 128, 248, 253, 254, 255] {
        with(format!("cut to {length} bytes"), &bytes[..length]);
        with(format!("without the first {} bytes", 256 - length), &bytes[256 - length..]);
    }
    for more in [1, 2, 3, 16, 256] {
        with(format!("{more} zeros after it"), &[&bytes[..], &vec![0; more]].concat());
        with(format!("{more} zeros before it"), &[&vec![0; more], &bytes[..]].concat());
    }
    for index in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[index] ^= 1 << (index % 8);
        with(format!("a bit of byte {index} flipped"), &changed);
    }
    let modulus = world().honest.public_key().modulus().big_endian_without_leading_zero().to_vec();
    with("twice".to_owned(), &[&bytes[..], &bytes[..]].concat());
    with("zero".to_owned(), &[0; 256]);
    with("one".to_owned(), &[&[0; 255][..], &[1]].concat());
    with("the modulus".to_owned(), &modulus);
    with("all ones".to_owned(), &[0xff; 256]);
    with("signature plus modulus".to_owned(), &plus(&bytes, &modulus));

    let other = signed(header(kind), r#"{"iss":"another"}"#);
    let borrowed = other.rsplit('.').next().unwrap();
    attacks.sign("borrowed from another token", &format!("{signed_part}.{borrowed}"));
    attacks.sign("of a stranger", &forged(header(kind), payload(kind)));
    let header_text = signed_part.split('.').next().unwrap();
    for (name, over) in [("the payload alone", payload(kind)), ("the header alone", header(kind))] {
        let bytes = signature(&world().honest, &RSA_PSS_SHA256, &base64url::encode(over));
        attacks.sign(format!("over {name}"), &format!("{signed_part}.{}", base64url::encode(bytes)));
    }
    let unencoded = format!("{header_text}.{}", payload(kind));
    let bytes = signature(&world().honest, &RSA_PSS_SHA256, &unencoded);
    attacks.sign("over the payload unencoded", &format!("{signed_part}.{}", base64url::encode(bytes)));
}

/// The sum of two numbers of equal length: a signature that only differs by the modulus. The carry is one more byte.
fn plus(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut carry = 0;
    let mut sum: Vec<u8> = left
        .iter()
        .zip(right)
        .rev()
        .map(|(left, right)| {
            let digit = u16::from(*left) + u16::from(*right) + carry;
            carry = digit >> 8;
            digit.to_be_bytes()[1]
        })
        .collect();
    sum.extend((carry > 0).then_some(1));
    sum.reverse();
    sum
}
