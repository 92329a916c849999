//! The parties: an honest signer, a stranger, our decryption key, and each kind of token with its reader.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{RSA_PSS_SHA256, RsaEncoding, RsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ponte_fapi::base64url;
use ponte_fapi::binding::Thumbprint;
use ponte_fapi::claims::{
    AccessToken, ClientAssertion, ExpectedIdToken, IdToken, RequestObject, SignedMessage, VerificationTime,
};
use ponte_fapi::dcr::StatementClaims;
use ponte_fapi::jwe::{ContentSecret, DecryptionKey};
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{CompactJws, Policy, Signer};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub(crate) const NOW: u64 = 1_800_000_000;
pub(crate) const KID: &str = "sig-1";
pub(crate) const ENC_KID: &str = "enc-1";
const CLOCK: VerificationTime = VerificationTime { now: NOW, skew: 10 };
const CLIENT: &str = "client-1";
const ISSUER: &str = "https://as.example.com.br";
const ENDPOINT: &str = "https://api.example.com.br/open-banking/payments/v5/consents";
const ORGANISATION: &str = "74e929d9-33b6-4d85-8ba7-c146c867a817";

/// Every kind of token this house reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    AccessToken,
    ClientAssertion,
    RequestObject,
    EncryptedRequestObject,
    IdToken,
    SignedMessage,
    SoftwareStatement,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] = [
        Self::AccessToken,
        Self::ClientAssertion,
        Self::RequestObject,
        Self::EncryptedRequestObject,
        Self::IdToken,
        Self::SignedMessage,
        Self::SoftwareStatement,
    ];

    /// The `typ` its honest tokens have.
    pub(crate) fn typ(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::RequestObject | Self::EncryptedRequestObject => "oauth-authz-req+jwt",
            Self::ClientAssertion | Self::IdToken | Self::SignedMessage | Self::SoftwareStatement => "JWT",
        }
    }

    pub(crate) fn is_encrypted(self) -> bool {
        matches!(self, Self::EncryptedRequestObject | Self::IdToken)
    }

    /// Two claims that its reader wants to be texts.
    pub(crate) fn texts(self) -> [&'static str; 2] {
        if self == Self::SoftwareStatement { ["org_id", "software_id"] } else { ["iss", "aud"] }
    }

    /// Claims of an honest token, all of which its reader reads.
    pub(crate) fn claims(self) -> Value {
        match self {
            Self::AccessToken => json!({
                "iss": ISSUER, "aud": ISSUER, "sub": "p-1", "client_id": CLIENT, "org_id": ORGANISATION,
                "ss_id": "ss-1", "scope": "openid accounts consent:urn:ponte:C1", "consent_id": "urn:ponte:C1",
                "iat": NOW, "exp": NOW + 900, "jti": "t-1", "cnf": { "x5t#S256": certificate().to_text() },
            }),
            Self::ClientAssertion => json!({
                "iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "exp": NOW + 60, "iat": NOW, "nbf": NOW, "jti": "a-1",
            }),
            Self::RequestObject | Self::EncryptedRequestObject => json!({
                "iss": CLIENT, "client_id": CLIENT, "aud": ISSUER, "nbf": NOW, "exp": NOW + 300, "iat": NOW,
                "response_type": "code id_token", "redirect_uri": "https://receptora.example.com.br/cb",
                "scope": "openid accounts consent:urn:ponte:C1", "state": "s-1", "nonce": "n-1",
                "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "code_challenge_method": "S256",
            }),
            Self::IdToken => json!({
                "iss": ISSUER, "sub": "p-1", "aud": CLIENT, "exp": NOW + 300, "iat": NOW, "auth_time": NOW - 5,
                "nonce": "n-1", "acr": "urn:brasil:openbanking:loa2",
            }),
            Self::SignedMessage => json!({
                "aud": ENDPOINT, "iss": ORGANISATION, "jti": "7f2e8a52-5a0e-4a0b-b8a6-4dd8a4d3e0f1", "iat": NOW,
                "data": { "amount": "100000.12" },
            }),
            Self::SoftwareStatement => json!({
                "iat": NOW, "software_id": "10120340-3318-4baf-99e2-0b56729c4ab2", "org_id": ORGANISATION,
                "org_status": "Active", "software_redirect_uris": ["https://receptora.example.com.br/cb"],
                "software_jwks_uri": "https://keystore.example.com.br/application.jwks",
                "software_statement_roles": [{ "role": "DADOS", "status": "Active" }],
            }),
        }
    }
}

/// The keys of everybody, made anew for each run.
pub(crate) struct World {
    /// Signs for the server and for the client; its public side is in [`World::keys`].
    pub(crate) honest: RsaKeyPair,
    /// Signs for nobody.
    pub(crate) stranger: RsaKeyPair,
    pub(crate) keys: KeySet,
    pub(crate) decryption: DecryptionKey,
    /// What a stranger encrypts for himself with.
    pub(crate) strangers_keys: KeySet,
}

fn pem(pair: &KeyPair) -> String {
    let der = pair.as_der().unwrap();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", STANDARD.encode(der.as_ref()))
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let [honest, stranger, encryption] = [(); 3].map(|()| KeyPair::generate(KeySize::Rsa2048).unwrap());
        let signer = Signer::from_pkcs8_pem(&pem(&honest), KID).unwrap();
        let decryption = DecryptionKey::from_pkcs8_pem(&pem(&encryption), ENC_KID).unwrap();
        let theirs = DecryptionKey::from_pkcs8_pem(&pem(&stranger), ENC_KID).unwrap();
        let keys = key_set_json(&[signer.public_jwk(), decryption.public_jwk()]);
        World {
            honest,
            stranger,
            keys: KeySet::parse(&keys).unwrap(),
            decryption,
            strangers_keys: KeySet::parse(&key_set_json(&[theirs.public_jwk()])).unwrap(),
        }
    })
}

fn certificate() -> Thumbprint {
    Thumbprint::of_der(b"certificate of the client")
}

/// The header of honest tokens of a kind.
pub(crate) fn header(kind: Kind) -> String {
    format!(r#"{{"alg":"PS256","kid":"{KID}","typ":"{}"}}"#, kind.typ())
}

/// The honest header with one more member, written as given.
pub(crate) fn header_with(kind: Kind, member: &str) -> String {
    header(kind).replacen('{', &format!("{{{member},"), 1)
}

pub(crate) fn payload(kind: Kind) -> String {
    kind.claims().to_string()
}

/// The part of a token that is signed.
pub(crate) fn message(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    format!("{}.{}", base64url::encode(header), base64url::encode(payload))
}

pub(crate) fn signature(pair: &RsaKeyPair, encoding: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
    let mut signature = vec![0; pair.public_modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
    signature
}

/// A token with a good signature of the honest key over whatever is given.
pub(crate) fn signed(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let message = message(header, payload);
    let signature = signature(&world().honest, &RSA_PSS_SHA256, &message);
    format!("{message}.{}", base64url::encode(signature))
}

/// The same, signed by the stranger.
pub(crate) fn forged(header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
    let message = message(header, payload);
    let signature = signature(&world().stranger, &RSA_PSS_SHA256, &message);
    format!("{message}.{}", base64url::encode(signature))
}

/// Encrypted for us, as anybody can.
pub(crate) fn encrypted(token: &str) -> String {
    world().keys.encryption_key().unwrap().encrypt_jwt(token, &content_secret()).unwrap()
}

pub(crate) fn content_secret() -> ContentSecret {
    let mut bytes = [0; ContentSecret::BYTES];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    ContentSecret::from_random(bytes)
}

/// The signed token inside an honest token of a kind, or that token itself.
pub(crate) fn honest_signed(kind: Kind) -> String {
    signed(header(kind), payload(kind))
}

pub(crate) fn honest(kind: Kind) -> String {
    let token = honest_signed(kind);
    if kind.is_encrypted() { encrypted(&token) } else { token }
}

/// Whether the reader of this kind takes the token for good.
pub(crate) fn accepts(kind: Kind, token: &str) -> bool {
    if !kind.is_encrypted() {
        return reads(kind, token);
    }
    world().decryption.decrypt_jwt(token).is_ok_and(|inner| reads(kind, &inner))
}

fn reads(kind: Kind, token: &str) -> bool {
    let keys = &world().keys;
    match kind {
        Kind::AccessToken => AccessToken::verify(token, keys, ISSUER, &certificate(), CLOCK).is_ok(),
        Kind::ClientAssertion => verified::<ClientAssertion>(token, &Policy::CLIENT_ASSERTION)
            .is_some_and(|claims| claims.check(CLIENT, &[ISSUER], CLOCK).is_ok()),
        Kind::RequestObject | Kind::EncryptedRequestObject => {
            verified::<RequestObject>(token, &Policy::REQUEST_OBJECT)
                .is_some_and(|claims| claims.check(CLIENT, ISSUER, CLOCK).is_ok())
        }
        Kind::IdToken => verified::<IdToken>(token, &Policy::ID_TOKEN).is_some_and(|claims| {
            let expected = ExpectedIdToken {
                issuer: ISSUER,
                client_id: CLIENT,
                nonce: "n-1",
                code: None,
                state: None,
                access_token: None,
            };
            claims.check(&expected, CLOCK).is_ok()
        }),
        Kind::SoftwareStatement => verified::<StatementClaims>(token, &Policy::SOFTWARE_STATEMENT)
            .is_some_and(|claims| claims.check(CLOCK).is_ok()),
        Kind::SignedMessage => SignedMessage::open(token, keys, ENDPOINT, ORGANISATION, NOW).is_ok(),
    }
}

fn verified<T: DeserializeOwned>(token: &str, policy: &Policy) -> Option<T> {
    let compact = CompactJws::parse(token, policy).ok()?;
    compact.verify(world().keys.signature_key(compact.kid())?).ok()
}
