//! Tokens no honest client makes: any header, any algorithm, any key (T35).

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{OaepAlgorithm, OaepPublicEncryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{hmac, rsa};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ponte_fapi::base64url;
use serde_json::{Value, json};

use super::keys::{brcac, client_signer, der, stranger};

/// The key and the way a forged token is signed.
pub(crate) enum Forger<'a> {
    /// The client's own key: an honest signature.
    Client,
    /// Somebody else's key.
    Stranger,
    /// The client's key with another algorithm.
    ClientWith(&'static dyn RsaEncoding),
    /// An HMAC with these bytes as secret.
    Hmac(&'a [u8]),
    /// A key on P-256.
    Curve,
    /// These bytes.
    Bytes(&'a [u8]),
}

impl Forger<'_> {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Client => rsa_signature(1, &RSA_PSS_SHA256, message),
            Self::Stranger => rsa_signature(3, &RSA_PSS_SHA256, message),
            Self::ClientWith(encoding) => rsa_signature(1, *encoding, message),
            Self::Hmac(secret) => {
                hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message).as_ref().to_vec()
            }
            Self::Curve => {
                let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
                key.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec()
            }
            Self::Bytes(bytes) => bytes.to_vec(),
        }
    }
}

fn rsa_signature(key: usize, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
    let key = RsaKeyPair::from_pkcs8(der(key)).unwrap();
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &SystemRandom::new(), message, &mut signature).unwrap();
    signature
}

/// A compact JWS of these texts.
pub(crate) fn jws(header: &str, claims: &str, forger: &Forger<'_>) -> String {
    let signed = format!("{}.{}", base64url::encode(header), base64url::encode(claims));
    let signature = base64url::encode(forger.sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// A compact JWE for the server's key, whatever its header says.
pub(crate) fn jwe(header: &Value, algorithm: &'static OaepAlgorithm, content: &str) -> String {
    jwe_for(4, header, algorithm, content)
}

/// The same for somebody else's key.
pub(crate) fn jwe_for_stranger(header: &Value, content: &str) -> String {
    jwe_for(3, header, &rsa::OAEP_SHA1_MGF1SHA1, content)
}

fn jwe_for(key: usize, header: &Value, algorithm: &'static OaepAlgorithm, content: &str) -> String {
    let public = PrivateDecryptingKey::from_pkcs8(der(key)).unwrap().public_key();
    let public = OaepPublicEncryptingKey::new(public).unwrap();
    let mut wrapped = vec![0; public.ciphertext_size()];
    public.encrypt(algorithm, &[7; 32], &mut wrapped, None).unwrap();
    let protected = base64url::encode(header.to_string());
    let mut sealed = content.as_bytes().to_vec();
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &[7; 32]).unwrap());
    let nonce = Nonce::assume_unique_for_key([9; 12]);
    let tag = key.seal_in_place_separate_tag(nonce, Aad::from(protected.as_bytes()), &mut sealed).unwrap();
    let parts = [wrapped, vec![9; 12], sealed, tag.as_ref().to_vec()].map(base64url::encode);
    format!("{protected}.{}", parts.join("."))
}

/// The header of an honest JWE.
pub(crate) fn jwe_header() -> Value {
    json!({ "alg": "RSA-OAEP", "enc": "A256GCM", "kid": "as-enc-1", "cty": "JWT" })
}

/// Every forged JWS around these claims, each with what is wrong with it. None of them may be accepted.
pub(crate) fn forged_jws(claims: &str) -> Vec<(String, String)> {
    let mut forged = algorithms(claims);
    forged.extend(own_keys(claims));
    forged.extend(key_ids(claims));
    forged.extend(shapes(claims));
    forged
}

fn header(change: impl FnOnce(&mut Value)) -> String {
    let mut header = json!({ "alg": "PS256", "kid": "sig-1", "typ": "JWT" });
    change(&mut header);
    header.to_string()
}

fn algorithms(claims: &str) -> Vec<(String, String)> {
    let mut forged = Vec::new();
    let mut add = |alg: &str, what: &str, forger: &Forger<'_>| {
        let header = header(|header| header["alg"] = json!(alg));
        forged.push((format!("{alg} {what}"), jws(&header, claims, forger)));
    };
    for none in ["none", "None", "NONE", "nOnE", ""] {
        add(none, "without signature", &Forger::Bytes(b""));
        add(none, "with a signature", &Forger::Client);
    }
    for (what, secret) in public_key_texts() {
        for alg in ["HS256", "PS256"] {
            add(alg, &what, &Forger::Hmac(&secret));
        }
    }
    add("RS256", "of the client", &Forger::ClientWith(&RSA_PKCS1_SHA256));
    add("PS256", "that is RS256", &Forger::ClientWith(&RSA_PKCS1_SHA256));
    add("PS384", "of the client", &Forger::ClientWith(&RSA_PSS_SHA384));
    add("PS256", "that is PS384", &Forger::ClientWith(&RSA_PSS_SHA384));
    add("RS256", "that is PS256", &Forger::Client);
    add("ps256", "in small letters", &Forger::Client);
    add("ES256", "on a curve", &Forger::Curve);
    add("PS256", "that is ES256", &Forger::Curve);
    add("PS256", "of a stranger", &Forger::Stranger);
    add("EdDSA", "of nobody", &Forger::Bytes(&[1; 64]));
    forged
}

/// The client's public key in the three texts that confused servers took for a shared secret.
fn public_key_texts() -> [(String, Vec<u8>); 3] {
    let key = RsaKeyPair::from_pkcs8(der(1)).unwrap();
    let spki = key.public_key().as_der().unwrap().as_ref().to_vec();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&spki));
    let jwk = serde_json::to_vec(&client_signer().public_jwk()).unwrap();
    [
        ("with the PEM".to_owned(), pem.into_bytes()),
        ("with the DER".to_owned(), spki),
        ("with the JWK".to_owned(), jwk),
    ]
}

/// Tokens that bring their key along or say where to fetch it.
fn own_keys(claims: &str) -> Vec<(String, String)> {
    let jwk = serde_json::to_value(stranger("sig-1").public_jwk()).unwrap();
    let certificate = brcac(super::ORGANISATION, super::SOFTWARE);
    let x5c = certificate.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    let members = [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/jwks")),
        ("jku", json!(super::JWKS_URI)),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("x5c", json!([x5c])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!(["b64"])),
        ("zip", json!("DEF")),
    ];
    let mut forged = Vec::new();
    for (name, value) in members {
        for (kid, forger) in
            [("sig-1", Forger::Stranger), ("evil", Forger::Stranger), ("sig-1", Forger::Client)]
        {
            let header = header(|header| {
                header["kid"] = json!(kid);
                header[name] = value.clone();
            });
            forged.push((format!("{name} {value} {kid}"), jws(&header, claims, &forger)));
        }
    }
    forged
}

fn key_ids(claims: &str) -> Vec<(String, String)> {
    let long = "k".repeat(300);
    let kids = [
        json!("../../../../dev/null"),
        json!("../sig-1"),
        json!("sig-1/../sig-1"),
        json!("sig-1\u{0}"),
        json!(" sig-1"),
        json!("SIG-1"),
        json!("https://evil.example/jwks"),
        json!("file:///etc/passwd"),
        json!("' OR '1'='1"),
        json!("|/bin/true"),
        json!("enc-1"),
        json!(""),
        json!(long),
        json!(1),
        json!(["sig-1"]),
        Value::Null,
    ];
    let mut forged = Vec::new();
    for kid in kids {
        for forger in [Forger::Client, Forger::Stranger, Forger::Hmac(b"")] {
            let header = header(|header| header["kid"] = kid.clone());
            forged.push((format!("kid {kid}"), jws(&header, claims, &forger)));
        }
    }
    forged
}

fn shapes(claims: &str) -> Vec<(String, String)> {
    let honest = jws(&header(|_| {}), claims, &Forger::Client);
    let (signed, signature) = honest.rsplit_once('.').unwrap();
    let (head, payload) = signed.split_once('.').unwrap();
    let other = base64url::encode(claims.replace("client-1", "client-2"));
    let mut bytes = base64url::decode(signature).unwrap();
    bytes[0] ^= 1;
    let flipped = base64url::encode(&bytes);
    let twice = r#"{"alg":"PS256","alg":"none","kid":"sig-1","typ":"JWT"}"#;
    let list = r#"["PS256",null,"JWT",null,"sig-1"]"#;
    let typed = header(|header| header["typ"] = json!("at+jwt"));
    let nested = header(|header| header["cty"] = json!("JWT"));
    let forged = [
        ("no signature", format!("{signed}.")),
        ("no third part", signed.to_owned()),
        ("a fourth part", format!("{honest}.")),
        ("flipped bit", format!("{signed}.{flipped}")),
        ("other claims", format!("{head}.{other}.{signature}")),
        ("padding", format!("{honest}==")),
        ("line break", format!("{honest}\n")),
        ("blank in front", format!(" {honest}")),
        ("signature twice", format!("{honest}{signature}")),
        ("no header", format!(".{payload}.{signature}")),
        ("no claims", format!("{head}..{signature}")),
        (
            "JSON serialization",
            json!({ "payload": payload, "protected": head, "signature": signature }).to_string(),
        ),
        ("alg twice", jws(twice, claims, &Forger::Client)),
        ("header as a list", jws(list, claims, &Forger::Client)),
        ("typ of an access token", jws(&typed, claims, &Forger::Client)),
        ("cty", jws(&nested, claims, &Forger::Client)),
        ("claims as a list", jws(&header(|_| {}), &format!("[{claims}]"), &Forger::Client)),
        ("claims twice", jws(&header(|_| {}), &format!("{claims}{claims}"), &Forger::Client)),
        ("claims as text", jws(&header(|_| {}), &json!(claims).to_string(), &Forger::Client)),
    ];
    forged.into_iter().map(|(what, token)| (what.to_owned(), token)).collect()
}

/// Every forged JWE around an honest request object.
pub(crate) fn forged_jwe(signed: &str) -> Vec<(String, String)> {
    let oaep: &'static OaepAlgorithm = &rsa::OAEP_SHA1_MGF1SHA1;
    let changed = |name: &str, value: Value| {
        let mut header = jwe_header();
        header[name] = value;
        header
    };
    let mut forged = Vec::new();
    let mut add = |what: &str, token: String| forged.push((what.to_owned(), token));
    for (name, value) in [
        ("alg", json!("RSA-OAEP-256")),
        ("alg", json!("RSA1_5")),
        ("alg", json!("dir")),
        ("alg", json!("none")),
        ("enc", json!("A128GCM")),
        ("enc", json!("A128CBC-HS256")),
        ("enc", Value::Null),
        ("kid", json!("as-enc-9")),
        ("kid", json!("../as-enc-1")),
        ("cty", json!("json")),
        ("zip", json!("DEF")),
        ("crit", json!(["exp"])),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/chain.pem")),
        ("x5c", json!(["AA"])),
        ("jwk", json!({ "kty": "RSA" })),
    ] {
        add(&format!("{name} {value}"), jwe(&changed(name, value), oaep, signed));
    }
    add("OAEP with SHA-256", jwe(&jwe_header(), &rsa::OAEP_SHA256_MGF1SHA256, signed));
    add("for a stranger", jwe_for_stranger(&jwe_header(), signed));
    let mut anonymous = jwe_header();
    anonymous.as_object_mut().unwrap().remove("kid");
    add("for a stranger, no kid", jwe_for_stranger(&anonymous, signed));
    let honest = jwe(&jwe_header(), oaep, signed);
    add("a JWE in a JWE", jwe(&jwe_header(), oaep, &honest));
    let bare = json!({ "iss": super::CLIENT }).to_string();
    add("bare claims", jwe(&jwe_header(), oaep, &bare));
    add("nothing inside", jwe(&jwe_header(), oaep, ""));
    for (what, content) in
        [("bare claims", bare.as_str()), ("nothing", ""), ("a JWE", &honest), ("dots", "..")]
    {
        add(&format!("{what}, no cty"), jwe(&changed("cty", Value::Null), oaep, content));
    }
    add("a sixth part", format!("{honest}.AA"));
    add("a short tag", honest[..honest.len() - 8].to_owned());
    add("no tag", format!("{}.", honest.rsplit_once('.').unwrap().0));
    for part in 0..5 {
        add(&format!("flipped bit in part {part}"), flipped(&honest, part));
    }
    forged
}

fn flipped(token: &str, part: usize) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let mut bytes = base64url::decode(&parts[part]).unwrap();
    bytes[3] ^= 1;
    parts[part] = base64url::encode(bytes);
    parts.join(".")
}
