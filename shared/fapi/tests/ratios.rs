//! What our tokens cost as a multiple of the bare operation of the cryptographic library, in one run.
//!
//! Run with `cargo test --release -p ponte-fapi --test ratios -- --ignored --nocapture`; the targets are those of
//! the project's performance notes. It prints, and asserts only what holds on any machine.

#![expect(clippy::unwrap_used, reason = "a test file: what fails here fails the measurement")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{
    KeyPair, KeySize, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey,
    PrivateDecryptingKey,
};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::claims::{AccessToken, ConfirmationClaim, NumericDate, VerificationTime};
use ponte_fapi::jwe::{ContentSecret, DecryptionKey};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};

const ROUNDS: usize = 31;
const NOW: u64 = 1_800_000_000;
const ISSUER: &str = "https://as.example.com.br";

/// Everything measured, with the tokens made beforehand.
struct Bench {
    pair: RsaKeyPair,
    signer: Signer,
    keys: KeySet,
    claims: AccessToken,
    token: String,
    jwe: String,
    decrypter: DecryptionKey,
    bare_decrypter: OaepPrivateDecryptingKey,
    wrapped: Vec<u8>,
    library_encoding: EncodingKey,
    library_decoding: DecodingKey,
}

impl Bench {
    fn new() -> Self {
        let pair = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let pkcs8 = pair.as_der().unwrap();
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(pkcs8.as_ref())
        );
        let signer = Signer::from_pkcs8_pem(&pem, "as-1").unwrap();
        let decrypter = DecryptionKey::from_pkcs8_pem(&pem, "enc-1").unwrap();
        let keys = KeySet::parse(&key_set_json(&[signer.public_jwk(), decrypter.public_jwk()])).unwrap();
        let claims = claims();
        let token = claims.mint(&signer).unwrap();
        let secret = ContentSecret::from_random([7; ContentSecret::BYTES]);
        let jwe = keys.encryption_key().unwrap().encrypt_jwt(&token, &secret).unwrap();
        let private = PrivateDecryptingKey::from_pkcs8(pkcs8.as_ref()).unwrap();
        let public = OaepPublicEncryptingKey::new(private.public_key()).unwrap();
        let mut wrapped = vec![0; public.ciphertext_size()];
        public.encrypt(&OAEP_SHA1_MGF1SHA1, &[7; 32], &mut wrapped, None).unwrap();
        Self {
            library_encoding: EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..]),
            library_decoding: DecodingKey::from_rsa_der(pair.public_key().as_ref()),
            bare_decrypter: OaepPrivateDecryptingKey::new(private).unwrap(),
            pair,
            signer,
            keys,
            claims,
            token,
            jwe,
            decrypter,
            wrapped,
        }
    }
}

fn claims() -> AccessToken {
    AccessToken {
        iss: ISSUER.to_owned(),
        aud: ISSUER.to_owned(),
        sub: "2Xq0m5l3c1kJ1J8b6k5J2g".to_owned(),
        client_id: "10120340-3318-4baf-99e2-0b56729c4ab2".to_owned(),
        org_id: "74e929d9-33b6-4d85-8ba7-c146c867a817".to_owned(),
        ss_id: "10120340-3318-4baf-99e2-0b56729c4ab2".to_owned(),
        scope: "openid accounts resources consent:urn:ponte:C1DD93123".to_owned(),
        consent_id: Some("urn:ponte:C1DD93123".to_owned()),
        iat: NumericDate::at(NOW),
        exp: NumericDate::at(NOW + 900),
        jti: "7f2e8a52-5a0e-4a0b-b8a6-4dd8a4d3e0f1".to_owned(),
        cnf: ConfirmationClaim { thumbprint: Thumbprint::of_der(b"certificate") },
    }
}

/// Time of one call, from `calls` of them.
fn timed(calls: u32, mut call: impl FnMut()) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "this file measures")]
    let start = Instant::now();
    for _ in 0..calls {
        call();
    }
    start.elapsed() / calls
}

fn median(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    times[times.len() / 2]
}

/// Median of the multiples of `floor` that `times` took, each against the floor of its own round.
fn multiple(times: &[Duration], floor: &[Duration]) -> f64 {
    let mut multiples: Vec<_> =
        times.iter().zip(floor).map(|(time, floor)| time.as_secs_f64() / floor.as_secs_f64()).collect();
    multiples.sort_by(f64::total_cmp);
    multiples[multiples.len() / 2]
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the library's own calls are measured beside ours")]
#[ignore = "measures; run by itself in the release profile"]
fn tokens_cost_little_more_than_their_rsa_operation() {
    let bench = Bench::new();
    let message = bench.token.rsplit_once('.').unwrap().0.as_bytes();
    let mut signature = vec![0; bench.pair.public_modulus_len()];
    bench.pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
    let signature = signature;
    let public =
        aws_lc_rs::signature::ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, bench.pair.public_key())
            .unwrap();
    let numbers = RsaPublicKeyComponents::<Vec<u8>>::from(bench.pair.public_key());
    let mut header = Header::new(Algorithm::PS256);
    header.kid = Some("as-1".to_owned());
    let mut validation = Validation::new(Algorithm::PS256);
    validation.set_audience(&[ISSUER]);
    validation.set_issuer(&[ISSUER]);
    validation.validate_exp = false;
    let certificate = Thumbprint::of_der(b"certificate");
    let clock = VerificationTime { now: NOW, skew: 0 };

    let mut times: [Vec<Duration>; 10] = Default::default();
    for _ in 0..ROUNDS {
        let round = [
            timed(20, || {
                let mut out = vec![0; 256];
                bench.pair.sign(&RSA_PSS_SHA256, &SystemRandom::new(), message, &mut out).unwrap();
                black_box(out);
            }),
            timed(20, || {
                black_box(bench.signer.sign(TokenType::AccessToken, &bench.claims).unwrap());
            }),
            timed(20, || {
                black_box(jsonwebtoken::encode(&header, &bench.claims, &bench.library_encoding).unwrap());
            }),
            timed(200, || public.verify_sig(black_box(message), &signature).unwrap()),
            timed(200, || {
                numbers.verify(&RSA_PSS_2048_8192_SHA256, black_box(message), &signature).unwrap();
            }),
            timed(200, || {
                let compact = CompactJws::parse(&bench.token, &Policy::ACCESS_TOKEN).unwrap();
                let key = bench.keys.signature_key(compact.kid()).unwrap();
                black_box(compact.verify::<AccessToken>(key).unwrap());
            }),
            timed(200, || {
                black_box(
                    AccessToken::verify(&bench.token, &bench.keys, ISSUER, &certificate, clock).unwrap(),
                );
            }),
            timed(200, || {
                let read =
                    jsonwebtoken::decode::<AccessToken>(&bench.token, &bench.library_decoding, &validation);
                black_box(read.unwrap());
            }),
            timed(20, || {
                let mut out = vec![0; bench.bare_decrypter.min_output_size()];
                bench.bare_decrypter.decrypt(&OAEP_SHA1_MGF1SHA1, &bench.wrapped, &mut out, None).unwrap();
                black_box(out);
            }),
            timed(20, || {
                black_box(bench.decrypter.decrypt_jwt(&bench.jwe).unwrap());
            }),
        ];
        for (all, one) in times.iter_mut().zip(round) {
            all.push(one);
        }
    }

    let [sign, ours, library, verify, built, typed, access, decode, oaep, jwe] = &times;
    for (name, times, floor, target) in [
        ("sign a token", ours, sign, "1.05"),
        ("  jsonwebtoken encode", library, sign, "-"),
        ("verify and read typed claims", typed, verify, "1.6"),
        ("  access token: and judge it", access, verify, "1.6"),
        ("  bare, its key built at each call", built, verify, "-"),
        ("  jsonwebtoken decode", decode, verify, "-"),
        ("decrypt a nested token", jwe, oaep, "1.05"),
    ] {
        let (time, bare, multiple) = (median(times), median(floor), multiple(times, floor));
        println!("{name:<35} {time:>10.1?}  bare {bare:>10.1?}  x {multiple:.2}  (target {target})");
    }
    assert!(median(ours) < median(library), "keeping the parsed key pays");
}
