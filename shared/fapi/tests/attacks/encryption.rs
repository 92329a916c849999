//! Attacks on encrypted tokens: other algorithms, bent parts, and forgeries inside a wrapping that anybody can make.

use aws_lc_rs::aead::{AES_128_GCM, AES_256_GCM, Aad, Algorithm, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rsa::{
    OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OAEP_SHA512_MGF1SHA512, OaepAlgorithm,
    OaepPublicEncryptingKey, Pkcs1PublicEncryptingKey, PublicEncryptingKey,
};
use aws_lc_rs::signature::RsaPublicKeyComponents;
use ponte_fapi::base64url;
use serde_json::{Value, json};

use crate::Attacks;
use crate::world::{
    ENC_KID, Kind, content_secret, encrypted, forged, header, honest_signed, message, payload, world,
};

const HEADER: &str = r#"{"alg":"RSA-OAEP","enc":"A256GCM","kid":"enc-1","cty":"JWT"}"#;
const KEY: [u8; 32] = [5; 32];
const IV: [u8; 12] = [9; 12];

pub(crate) fn encryption(kind: Kind, attacks: &mut Attacks) {
    if !kind.is_encrypted() {
        return;
    }
    let inner = honest_signed(kind);
    algorithms(&inner, attacks);
    header_members(&inner, attacks);
    bent_parts(&encrypted(&inner), attacks);
    contents(kind, &inner, attacks);
}

/// Our public encryption key, as the published key set has it.
fn public_key() -> PublicEncryptingKey {
    let set: Value = serde_json::from_str(&world().keys.to_json()).unwrap();
    let jwk = set["keys"].as_array().unwrap().iter().find(|jwk| jwk["kid"] == ENC_KID).unwrap();
    let number = |name: &str| base64url::decode(jwk[name].as_str().unwrap()).unwrap();
    RsaPublicKeyComponents { n: number("n"), e: number("e") }.try_into().unwrap()
}

fn wrapped(encoding: &'static OaepAlgorithm, key: &[u8]) -> Vec<u8> {
    let public = OaepPublicEncryptingKey::new(public_key()).unwrap();
    let mut wrapped = vec![0; public.ciphertext_size()];
    public.encrypt(encoding, key, &mut wrapped, None).unwrap();
    wrapped
}

/// A token of this header and wrapped key, its content sealed with `key`.
fn sealed(header: &str, wrapped: &[u8], cipher: &'static Algorithm, key: &[u8], content: &[u8]) -> String {
    let protected = base64url::encode(header);
    let mut content = content.to_vec();
    let tag = LessSafeKey::new(UnboundKey::new(cipher, key).unwrap())
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(IV),
            Aad::from(protected.as_bytes()),
            &mut content,
        )
        .unwrap();
    let parts = [wrapped, &IV, &content, tag.as_ref()].map(base64url::encode);
    format!("{protected}.{}", parts.join("."))
}

/// A token as the profile has it, but for this header.
fn with_header(header: &str, inner: &str) -> String {
    sealed(header, &wrapped(&OAEP_SHA1_MGF1SHA1, &KEY), &AES_256_GCM, &KEY, inner.as_bytes())
}

fn algorithms(inner: &str, attacks: &mut Attacks) {
    let pkcs1 = Pkcs1PublicEncryptingKey::new(public_key()).unwrap();
    let mut rsa1_5 = vec![0; pkcs1.ciphertext_size()];
    pkcs1.encrypt(&KEY, &mut rsa1_5).unwrap();
    let ways: [(&str, Vec<u8>); 5] = [
        ("RSA1_5", rsa1_5),
        ("RSA-OAEP-256", wrapped(&OAEP_SHA256_MGF1SHA256, &KEY)),
        ("RSA-OAEP-512", wrapped(&OAEP_SHA512_MGF1SHA512, &KEY)),
        ("dir", Vec::new()),
        ("A256KW", KEY.to_vec()),
    ];
    for (alg, wrapped) in &ways {
        for claimed in [alg, "RSA-OAEP"] {
            let header = HEADER.replace("RSA-OAEP", claimed);
            let token = sealed(&header, wrapped, &AES_256_GCM, &KEY, inner.as_bytes());
            attacks.raw(format!("{alg} called {claimed}"), token);
        }
    }
    for alg in [
        "none",
        "rsa-oaep",
        "RSA-OAEP ",
        "RSA-OAEP-384",
        "ECDH-ES",
        "A128KW",
        "A256GCMKW",
        "PBES2-HS256+A128KW",
        "",
    ] {
        attacks.raw(format!("alg {alg:?}"), with_header(&HEADER.replace("RSA-OAEP", alg), inner));
    }
    for enc in ["A128GCM", "A192GCM", "A128CBC-HS256", "A256CBC-HS512", "a256gcm", "C20P", "none", ""] {
        attacks.raw(format!("enc {enc:?}"), with_header(&HEADER.replace("A256GCM", enc), inner));
    }
    let short = wrapped(&OAEP_SHA1_MGF1SHA1, &KEY[..16]);
    for enc in ["A128GCM", "A256GCM"] {
        let token =
            sealed(&HEADER.replace("A256GCM", enc), &short, &AES_128_GCM, &KEY[..16], inner.as_bytes());
        attacks.raw(format!("A128GCM called {enc}"), token);
    }
    // A content key of the wrong length must not be cut, filled up or taken for zeros.
    for length in [0, 1, 16, 24, 31, 33, 64] {
        let bytes: Vec<u8> = KEY.iter().cycle().take(length).copied().collect();
        let wrapped = wrapped(&OAEP_SHA1_MGF1SHA1, &bytes);
        for (name, key) in [("itself", KEY), ("zeros", [0; 32])] {
            let token = sealed(HEADER, &wrapped, &AES_256_GCM, &key, inner.as_bytes());
            attacks.raw(format!("content key of {length} bytes, sealed with {name}"), token);
        }
    }
    for (name, wrapped) in
        [("nothing", vec![]), ("zeros", vec![0; 256]), ("noise", vec![0x5a; 256]), ("bare", KEY.to_vec())]
    {
        for key in [KEY, [0; 32]] {
            let token = sealed(HEADER, &wrapped, &AES_256_GCM, &key, inner.as_bytes());
            attacks.raw(format!("wrapped key of {name}"), token);
        }
    }
}

fn header_members(inner: &str, attacks: &mut Attacks) {
    for member in [
        r#""zip":"DEF""#,
        r#""zip":null"#,
        r#""crit":["exp"]"#,
        r#""crit":[]"#,
        r#""jku":"https://stranger.example/k""#,
        r#""jwk":{"kty":"oct"}"#,
        r#""x5u":"https://stranger.example/c""#,
        r#""x5c":["MIIC"]"#,
        r#""b64":false"#,
        r#""alg":"dir""#,
        r#""alg":"RSA-OAEP""#,
        r#""enc":"A128GCM""#,
        r#""enc":"A256GCM""#,
        r#""kid":"enc-1""#,
        r#""cty":"JWT""#,
        r#""\u0065nc":"A256GCM""#,
    ] {
        let first = HEADER.replacen('{', &format!("{{{member},"), 1);
        attacks.raw(format!("{member} first"), with_header(&first, inner));
        attacks
            .raw(format!("{member} last"), with_header(&HEADER.replace('}', &format!(",{member}}}")), inner));
    }
    for (name, header) in [
        ("kid of another", HEADER.replace("enc-1", "enc-2")),
        ("kid of a signature key", HEADER.replace("enc-1", "sig-1")),
        ("kid traversing", HEADER.replace("enc-1", "../../dev/null")),
        ("kid a number", HEADER.replace("\"enc-1\"", "1")),
        ("no alg", HEADER.replace(r#""alg":"RSA-OAEP","#, "")),
        ("no enc", HEADER.replace(r#""enc":"A256GCM","#, "")),
        ("cty of JSON", HEADER.replace("\"JWT\"", "\"json\"")),
        ("cty a list", HEADER.replace("\"JWT\"", "[\"JWT\"]")),
        ("a list", r#"["RSA-OAEP","A256GCM",null,"JWT","enc-1"]"#.to_owned()),
        ("an open object", HEADER.replace('}', "")),
        ("null", "null".to_owned()),
        ("nothing", String::new()),
        ("alg a list", HEADER.replace("\"RSA-OAEP\"", "[\"RSA-OAEP\"]")),
        ("too long", HEADER.replace('}', &format!(r#","x":"{}"}}"#, "x".repeat(1_000)))),
    ] {
        attacks.raw(format!("header with {name}"), with_header(&header, inner));
    }
    // Stored, not compressed: a raw DEFLATE block around the token.
    let length = u16::try_from(inner.len()).unwrap();
    let block = [&[1][..], &length.to_le_bytes(), &(!length).to_le_bytes(), inner.as_bytes()].concat();
    let wrapped = wrapped(&OAEP_SHA1_MGF1SHA1, &KEY);
    for header in [HEADER.to_owned(), HEADER.replace('}', r#","zip":"DEF"}"#)] {
        attacks.raw("a DEFLATE block", sealed(&header, &wrapped, &AES_256_GCM, &KEY, &block));
    }
}

/// Every byte of every part changed, every part cut, lengthened, taken away or exchanged.
fn bent_parts(token: &str, attacks: &mut Attacks) {
    let parts: Vec<&str> = token.split('.').collect();
    let other = encrypted("eyJhbGciOiJub25lIn0.e30.");
    let mut with = |name: String, index: usize, text: &str| {
        let mut changed = parts.clone();
        changed[index] = text;
        attacks.raw(name, changed.join("."));
    };
    for (index, part) in parts.iter().enumerate() {
        let bytes = base64url::decode(part).unwrap();
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            with(format!("a bit of byte {at} of part {index}"), index, &base64url::encode(changed));
        }
        let longest = bytes.len().min(20);
        for length in 0..longest {
            let cut = &bytes[..bytes.len() - longest + length];
            with(format!("part {index} cut"), index, &base64url::encode(cut));
            with(
                format!("part {index} without its start"),
                index,
                &base64url::encode(&bytes[longest - length..]),
            );
        }
        for more in [1, 4, 16] {
            let longer = [&bytes[..], &vec![0; more]].concat();
            with(format!("part {index} with {more} bytes more"), index, &base64url::encode(longer));
        }
        for extra in ["=", "==", " ", "\n", ".", "!"] {
            with(format!("part {index} and {extra:?}"), index, &format!("{part}{extra}"));
            with(format!("{extra:?} and part {index}"), index, &format!("{extra}{part}"));
        }
        // The header alone is the same in every token of ours.
        if index > 0 {
            with(format!("part {index} of another token"), index, other.split('.').nth(index).unwrap());
        }
    }
    let [head, key, iv, content, tag] = parts[..] else { return };
    for (name, text) in [
        ("four parts", format!("{head}.{key}.{iv}.{content}")),
        ("six parts", format!("{token}.{tag}")),
        ("three parts", format!("{head}.{content}.{tag}")),
        ("key and content exchanged", format!("{head}.{content}.{iv}.{key}.{tag}")),
        ("dots only", "....".to_owned()),
        (
            "flattened JSON",
            json!({ "protected": head, "encrypted_key": key, "iv": iv, "ciphertext": content, "tag": tag })
                .to_string(),
        ),
        ("too long", format!("{head}.{key}.{iv}.{}.{tag}", "A".repeat(65_536))),
    ] {
        attacks.raw(name, text);
    }
}

/// What must not be inside, though it is well encrypted for us; and the right thing encrypted for another.
fn contents(kind: Kind, inner: &str, attacks: &mut Attacks) {
    let unsigned = message(r#"{"alg":"none"}"#, payload(kind));
    for (name, content) in [
        ("an unsigned token", format!("{unsigned}.")),
        ("an unsigned token without its last dot", unsigned),
        ("a token of a stranger", forged(header(kind), payload(kind))),
        ("an encrypted token", encrypted(inner)),
        ("bare claims", payload(kind)),
        ("claims in base64url", base64url::encode(payload(kind))),
        ("nothing", String::new()),
        ("a token with a line end", format!("{inner}\n")),
        ("two tokens", format!("{inner}{inner}")),
    ] {
        attacks.sign(format!("{name} inside"), &content);
    }
    let wrapped = wrapped(&OAEP_SHA1_MGF1SHA1, &KEY);
    let invalid = [inner.as_bytes(), b"\xff"].concat();
    attacks.raw("invalid UTF-8 inside", sealed(HEADER, &wrapped, &AES_256_GCM, &KEY, &invalid));
    let theirs = world().strangers_keys.encryption_key().unwrap();
    attacks.raw("encrypted for a stranger", theirs.encrypt_jwt(inner, &content_secret()).unwrap());
}
