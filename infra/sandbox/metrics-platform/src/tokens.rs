//! Access tokens of the platform, six hours long (M01).

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};
use ponte_machine::{SandboxError, clock};
use ponte_pki::RsaKey;
use ponte_values::Moment;
use serde::{Deserialize, Serialize};

/// Life of a token, seconds.
pub(crate) const LIFE: i64 = 21_600;

/// Makes and reads the platform's tokens.
pub struct Tokens {
    signer: Signer,
    keys: KeySet,
    life: AtomicI64,
    /// Tokens of another generation are refused.
    generation: AtomicU64,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    org_id: String,
    iat: i64,
    exp: i64,
    jti: String,
    generation: u64,
}

impl Tokens {
    /// Tokens that this key signs.
    pub fn new(key: &RsaKey) -> Result<Self, SandboxError> {
        let signer = Signer::from_pkcs8_pem(key.private_pem(), key.kid()).map_err(SandboxError::unusable)?;
        let keys = KeySet::parse(&key_set_json(&[signer.public_jwk()])).map_err(SandboxError::unusable)?;
        Ok(Self { signer, keys, life: AtomicI64::new(LIFE), generation: AtomicU64::new(0) })
    }

    /// A token for a client of an organisation.
    pub(crate) fn issue(&self, client: &str, organisation: &str, now: Moment) -> Option<String> {
        let claims = Claims {
            iss: "pcm-sandbox".into(),
            sub: client.into(),
            org_id: organisation.into(),
            iat: now.seconds(),
            exp: now.seconds() + self.life(),
            jti: clock::new_id(),
            generation: self.generation.load(Ordering::Relaxed),
        };
        self.signer.sign(TokenType::AccessToken, &claims).ok()
    }

    /// The organisation of a token, when it is ours and not over.
    pub(crate) fn organisation(&self, token: &str, now: Moment) -> Option<String> {
        let compact = CompactJws::parse(token, &Policy::ACCESS_TOKEN).ok()?;
        let claims: Claims = compact.verify(self.keys.signature_key(compact.kid())?).ok()?;
        let current = claims.generation == self.generation.load(Ordering::Relaxed);
        (current && claims.exp > now.seconds()).then_some(claims.org_id)
    }

    /// Life of the tokens issued from now on, seconds.
    pub(crate) fn live(&self, seconds: i64) {
        self.life.store(seconds, Ordering::Relaxed);
    }

    /// Seconds that [`Tokens::live`] set.
    pub(crate) fn life(&self) -> i64 {
        self.life.load(Ordering::Relaxed)
    }

    /// No token issued so far counts any more.
    pub(crate) fn refuse_all(&self) {
        self.generation.fetch_add(1, Ordering::Relaxed);
    }
}
