//! The JOSE layer against the bare operations of aws-lc, in this process and in turns.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, PrivateDecryptingKey};
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use ponte_fapi::jwe::{ContentSecret, DecryptionKey};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;
use serde::{Deserialize, Serialize};

use super::figures::Figures;
use super::world::rsa_key;
use super::{Fault, meter};

const ROUNDS: usize = 15;
const CALLS: u32 = 100;

/// One operation of the layer and the bare operation in it, CPU µs.
pub(crate) struct Compared {
    /// The operation that is compared.
    pub(crate) name: &'static str,
    /// Ours.
    pub(crate) ours: Figures,
    /// The bare operation.
    pub(crate) bare: Figures,
    /// Largest multiple.
    pub(crate) limit: f64,
}

/// Claims as those of an access token.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    scope: String,
    exp: u64,
}

/// Signing, verifying and decrypting.
pub(crate) fn compare() -> Result<Vec<Compared>, Fault> {
    let key = rsa_key()?;
    let claims = Claims {
        iss: "https://publico.ponte.example".to_owned(),
        sub: "q8Zr0c1nVb7Kd2Lw5Xy9Ga3Hs6Jt4Pu".to_owned(),
        scope: "openid accounts resources".repeat(12),
        exp: 1_800_000_000,
    };
    let signer = Signer::from_pkcs8_pem(&key, "sig")?;
    let token = signer.sign(TokenType::AccessToken, &claims)?;
    Ok(vec![signing(&key, &signer, &claims, &token)?, verifying(&key, &signer, &token)?, decrypting(&token)?])
}

fn signing(key: &str, signer: &Signer, claims: &Claims, token: &str) -> Result<Compared, Fault> {
    let pair = RsaKeyPair::from_pkcs8(der(key)?.secret_pkcs8_der())?;
    let message = token.rsplit_once('.').map_or("", |(message, _)| message).as_bytes();
    let mut signature = vec![0; pair.public_modulus_len()];
    turns(
        ("JWS sign", 1.05),
        || Ok(signer.sign(TokenType::AccessToken, claims)?.len()),
        || {
            pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut signature)?;
            Ok(signature.len())
        },
    )
}

fn verifying(key: &str, signer: &Signer, token: &str) -> Result<Compared, Fault> {
    let keys = KeySet::parse(&key_set_json(&[signer.public_jwk()]))?;
    let pair = RsaKeyPair::from_pkcs8(der(key)?.secret_pkcs8_der())?;
    let bare = ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, pair.public_key().as_ref())?;
    let message = token.rsplit_once('.').map_or("", |(message, _)| message).as_bytes();
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut signature)?;
    turns(
        ("JWS verify and typed parse", 1.6),
        || {
            let compact = CompactJws::parse(token, &Policy::ACCESS_TOKEN)?;
            let key = keys.signature_key(compact.kid()).ok_or("the key is not in the set")?;
            Ok(compact.verify::<Claims>(key)?.scope.len())
        },
        || Ok(bare.verify_sig(message, &signature).map(|()| signature.len())?),
    )
}

fn decrypting(token: &str) -> Result<Compared, Fault> {
    let key = rsa_key()?;
    let ours = DecryptionKey::from_pkcs8_pem(&key, "enc")?;
    let keys = KeySet::parse(&key_set_json(&[ours.public_jwk()]))?;
    let public = keys.encryption_key().ok_or("the key is not in the set")?;
    let encrypted = public.encrypt_jwt(token, &ContentSecret::from_random([7; ContentSecret::BYTES]))?;
    let wrapped = encrypted.split('.').nth(1).and_then(ponte_fapi::base64url::decode).ok_or("not a JWE")?;
    let bare =
        OaepPrivateDecryptingKey::new(PrivateDecryptingKey::from_pkcs8(der(&key)?.secret_pkcs8_der())?)?;
    let mut opened = vec![0; bare.min_output_size()];
    turns(
        ("JWE decrypt", 1.05),
        || Ok(ours.decrypt_jwt(&encrypted)?.len()),
        || Ok(bare.decrypt(&OAEP_SHA1_MGF1SHA1, &wrapped, &mut opened, None)?.len()),
    )
}

fn der(pem: &str) -> Result<PrivatePkcs8KeyDer<'static>, Fault> {
    Ok(PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes())?)
}

/// Ours and the bare one in turns.
pub(crate) fn turns(
    (name, limit): (&'static str, f64),
    mut ours: impl FnMut() -> Result<usize, Fault>,
    mut bare: impl FnMut() -> Result<usize, Fault>,
) -> Result<Compared, Fault> {
    let mut compared = Compared { name, ours: Figures::default(), bare: Figures::default(), limit };
    for _ in 0..ROUNDS {
        compared.ours.push(batch(&mut ours)?);
        compared.bare.push(batch(&mut bare)?);
    }
    Ok(compared)
}

fn batch(work: &mut impl FnMut() -> Result<usize, Fault>) -> Result<f64, Fault> {
    let before = meter::own_cpu_nanos()?;
    for _ in 0..CALLS {
        std::hint::black_box(work()?);
    }
    Ok(meter::micros(meter::own_cpu_nanos()? - before) / f64::from(CALLS))
}
