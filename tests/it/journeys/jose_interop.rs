//! JWS and JWE against an independent implementation (npm `jose`), in both directions, and what both say of keys.

use ponte_fapi::jwe::{ContentSecret, DecryptionKey, JweFault};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{CompactJws, JwsFault, Policy, Signer, TokenType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::node::{self, Project};

/// Characters of the text in the claims: around the block sizes of SHA-256 and AES, up to a large token.
const SIZES: [usize; 12] = [0, 1, 15, 16, 17, 55, 56, 63, 64, 1_000, 12_000, 300_000];
/// Characters whose claims fit a JWE of 64 KiB, signed and encrypted.
const ENCRYPTED_MAX: usize = 12_000;

/// A token, and the same in its envelope where that is not too large.
#[derive(Serialize, Deserialize)]
struct Token {
    signed: String,
    encrypted: Option<String>,
}

/// The answer of `jose.mjs exchange`.
#[derive(Deserialize)]
struct Exchanged {
    read: Vec<Read>,
    made: Vec<Token>,
    foreign: Foreign,
    thumbprints: Map<String, Value>,
}

/// Claims that the other side found in a token of ours.
#[derive(Deserialize)]
struct Read {
    signed: Value,
    encrypted: Option<Value>,
}

/// Good tokens with algorithms of no use here, by name.
#[derive(Deserialize)]
struct Foreign {
    signed: Map<String, Value>,
    encrypted: Map<String, Value>,
}

/// Both sides with their keys.
struct Sides {
    project: Project,
    signer: Signer,
    decryption: DecryptionKey,
    /// Keys made by `jose.mjs keys`.
    node: Value,
    /// Its public key set as we read it.
    node_keys: KeySet,
}

impl Sides {
    fn meet(test: &str) -> Option<Self> {
        let project = node::project(test)?;
        let node = program(&project, "keys", "");
        Some(Self {
            signer: Signer::from_pkcs8_pem(&rsa_key(), "rust-sig").expect("the key signs"),
            decryption: DecryptionKey::from_pkcs8_pem(&rsa_key(), "rust-enc").expect("the key decrypts"),
            node_keys: KeySet::parse(&node["public"].to_string()).expect("a key set of jose is read"),
            node,
            project,
        })
    }

    /// Our key set, as the authorization server publishes it.
    fn published(&self) -> String {
        key_set_json(&[self.signer.public_jwk(), self.decryption.public_jwk()])
    }

    /// Gives our tokens over these claims to the other side and has it make tokens over them for us.
    fn exchange(&self, claims: &[Value]) -> Exchanged {
        let theirs: Value = serde_json::from_str(&self.published()).expect("our key set is JSON");
        let tokens: Vec<Token> = claims.iter().map(|claims| self.make(claims)).collect();
        let input =
            json!({ "own": self.node["private"], "theirs": theirs, "tokens": tokens, "claims": claims });
        let answer = program(&self.project, "exchange", &input.to_string());
        serde_json::from_value(answer).expect("jose.mjs answers in its own form")
    }

    fn make(&self, claims: &Value) -> Token {
        let signed = self.signer.sign(TokenType::Jwt, claims).expect("claims are signed");
        let mut random = [0; ContentSecret::BYTES];
        aws_lc_rs::rand::fill(&mut random).expect("random numbers can be had");
        let key = self.node_keys.encryption_key().expect("jose has a key to encrypt for");
        let encrypted = key.encrypt_jwt(&signed, &ContentSecret::from_random(random)).expect("it encrypts");
        let encrypted = (length(claims) <= ENCRYPTED_MAX).then_some(encrypted);
        Token { signed, encrypted }
    }

    /// The claims of a signed token of the other side.
    fn verify(&self, token: &str) -> Result<Value, JwsFault> {
        let compact = CompactJws::parse(token, &Policy::SIGNED_MESSAGE)?;
        compact.verify(self.node_keys.signature_key(compact.kid()).ok_or(JwsFault::UnknownKey)?)
    }
}

fn claims(size: usize) -> Value {
    // Two bytes, three bytes, four bytes, one that JSON escapes.
    let text: String = ['ç', '€', '𝄞', '"', 'a'].into_iter().cycle().take(size).collect();
    json!({ "iss": "https://publico.ponte.example", "iat": 1_772_366_400, "data": text })
}

fn length(claims: &Value) -> usize {
    claims["data"].as_str().unwrap_or_default().chars().count()
}

fn rsa_key() -> String {
    rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key is made").serialize_pem()
}

fn program(project: &Project, operation: &str, input: &str) -> Value {
    let output = project.run(&["jose.mjs", operation], input);
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "jose.mjs {operation}: {}\n{problem}", output.status);
    serde_json::from_slice(&output.stdout).expect("jose.mjs answers in JSON")
}

/// The token with another last character before its last dot, where no padding bits can hide.
fn bent(token: &str) -> String {
    let (front, back) = token.rsplit_once('.').expect("a token has parts");
    let other = if front.ends_with('A') { 'B' } else { 'A' };
    let mut front: Vec<char> = front.chars().collect();
    let place = front.len() - 3;
    front[place] = if front[place] == other { 'C' } else { other };
    format!("{}.{back}", front.into_iter().collect::<String>())
}

#[test]
fn s04_s14_s60_tokens_are_read_in_both_directions() {
    let Some(sides) = Sides::meet("jose_interop") else { return };
    let all = SIZES.map(claims);
    let exchanged = sides.exchange(&all);
    assert_eq!((exchanged.read.len(), exchanged.made.len()), (all.len(), all.len()));
    for ((claims, read), made) in all.iter().zip(&exchanged.read).zip(&exchanged.made) {
        let size = length(claims);
        assert!(read.signed == *claims, "node read another JWS of {size}");
        let inside = (size <= ENCRYPTED_MAX).then_some(claims);
        assert!(read.encrypted.as_ref() == inside, "node read another JWE of {size}");

        assert!(sides.verify(&made.signed).as_ref() == Ok(claims), "we read another JWS of {size}");
        assert_eq!(sides.verify(&bent(&made.signed)).err(), Some(JwsFault::Signature), "{size}");
        let encrypted = made.encrypted.as_deref().expect("jose encrypts every size");
        if size > ENCRYPTED_MAX {
            assert_eq!(sides.decryption.decrypt_jwt(encrypted), Err(JweFault::TooLarge));
            continue;
        }
        let inner = sides.decryption.decrypt_jwt(encrypted).expect("a JWE of jose is opened");
        assert!(sides.verify(&inner).as_ref() == Ok(claims), "we read another JWE of {size}");
        assert_eq!(sides.decryption.decrypt_jwt(&bent(encrypted)), Err(JweFault::Decryption), "{size}");
    }
}

#[test]
fn t35_other_algorithms_of_node_are_refused() {
    let Some(sides) = Sides::meet("jose_interop") else { return };
    let Foreign { signed, encrypted } = sides.exchange(&[claims(1)]).foreign;
    assert_eq!((signed.len(), encrypted.len()), (4, 3));
    for (name, token) in signed {
        let token = token.as_str().expect("a token");
        assert_eq!(sides.verify(token).err(), Some(JwsFault::Algorithm), "{name}");
    }
    for (name, token) in encrypted {
        let token = token.as_str().expect("a token");
        assert_eq!(sides.decryption.decrypt_jwt(token), Err(JweFault::Algorithm), "{name}");
    }
}

#[test]
fn rfc7638_both_sides_name_keys_alike() {
    let Some(sides) = Sides::meet("jose_interop") else { return };
    let exchanged = sides.exchange(&[claims(1)]);
    for jwk in [sides.signer.public_jwk(), sides.decryption.public_jwk()] {
        assert_eq!(exchanged.thumbprints[jwk.kid()], jwk.thumbprint(), "{}", jwk.kid());
    }

    // Its keys, read and written again by us, are the same keys.
    assert_eq!(sides.node_keys.len(), 2);
    let ours: Value = serde_json::from_str(&sides.node_keys.to_json()).expect("a key set is JSON");
    assert_eq!(ours, sides.node["public"]);
}
