//! The three secrets as they change, and the keys that they make together.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future;
use ponte_edge::{PublishedKeys, TokenKeys};
use ponte_fapi::jws::Signer;
use ponte_ports::rotation::{Rotating, WatchedSecret};
use ponte_ports::{Alarms, PortError};
use ponte_values::Moment;

use super::keys::{KeyringFault, Keys};
use super::private::{DecryptionKeys, SigningKeys};
use super::secrets::KeySecrets;

/// The secrets as they change, and the keys last made of them.
pub(super) struct Sources {
    signing: Rotating<SigningKeys>,
    published: TokenKeys,
    decryption: Rotating<DecryptionKeys>,
    signing_secret: WatchedSecret,
    made: Mutex<Made>,
}

/// Keys, what they are made of, and from when until when that makes the same keys.
struct Made {
    keys: Arc<Keys>,
    at: Moment,
    of: Parts,
    until: Option<Moment>,
    /// The signing key that was reported for not being published.
    reported: Option<String>,
}

/// The contents of the secrets at one moment.
struct Parts {
    signing: Arc<SigningKeys>,
    published: Arc<PublishedKeys>,
    decryption: Arc<DecryptionKeys>,
}

impl Sources {
    pub(super) async fn start(
        secrets: KeySecrets,
        alarms: Arc<dyn Alarms>,
        now: Moment,
    ) -> Result<Self, PortError> {
        let watched = |name, versions| WatchedSecret { name, versions, alarms: Arc::clone(&alarms) };
        let signing_secret = watched("SigningKeySecret", secrets.signing);
        let (signing, published, decryption) = future::try_join3(
            Rotating::start(signing_secret.clone(), Box::new(|versions, _| SigningKeys::read(versions)), now),
            TokenKeys::start(secrets.published, Arc::clone(&alarms), now),
            Rotating::start(
                watched("DecryptionKeySecret", secrets.decryption),
                Box::new(|versions, _| DecryptionKeys::read(versions)),
                now,
            ),
        )
        .await?;
        let of = Parts::at(&signing, &published, &decryption, now).await;
        let unusable = |fault| PortError::new("secrets", fault);
        let signer = of.signer(None, now).ok_or(KeyringFault::NotPublished).map_err(unusable)?;
        let keys = Arc::new(of.keys(signer, now).map_err(unusable)?);
        let mut made = Made { keys, at: now, until: of.next_change(now), of, reported: None };
        if let Some(reason) = made.complaint() {
            signing_secret.raise(reason);
        }
        Ok(Self { signing, published, decryption, signing_secret, made: Mutex::new(made) })
    }

    /// The keys at `now`; made anew only when a secret or time changed something.
    pub(super) async fn at(&self, now: Moment) -> Arc<Keys> {
        let parts = Parts::at(&self.signing, &self.published, &self.decryption, now).await;
        let (keys, complaint) = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            let over = now < made.at || made.until.is_some_and(|until| now >= until);
            let changed = over || !made.of.same(&parts);
            let complaint = if changed { made.renew(parts, now) } else { None };
            (Arc::clone(&made.keys), complaint)
        };
        if let Some(reason) = complaint {
            self.signing_secret.raise(reason);
        }
        keys
    }
}

impl Made {
    /// Parts that make no keys leave the keys as they are.
    fn renew(&mut self, parts: Parts, now: Moment) -> Option<String> {
        // Keys of a clock that was ahead may sign before everybody knows them (LB-04).
        let in_use = Some(&self.keys.signer).filter(|_| self.at <= now);
        let signer = parts.signer(in_use, now).unwrap_or_else(|| Arc::clone(&self.keys.signer));
        if let Ok(keys) = parts.keys(signer, now) {
            self.keys = Arc::new(keys);
        }
        self.at = now;
        self.until = parts.next_change(now);
        self.of = parts;
        self.complaint()
    }

    /// The complaint about the signing key, made once: its public half must be in the newest key set, or soon nobody
    /// will be able to verify what it signs.
    fn complaint(&mut self) -> Option<String> {
        let signing = &self.of.signing;
        if self.of.published.is_current(&signing.current.public_jwk()) {
            self.reported = None;
            return None;
        }
        if self.reported.as_ref() == Some(&signing.version) {
            return None;
        }
        self.reported = Some(signing.version.clone());
        Some("its public half is not in TokenKeysSecret".to_owned())
    }
}

impl Parts {
    async fn at(
        signing: &Rotating<SigningKeys>,
        published: &TokenKeys,
        decryption: &Rotating<DecryptionKeys>,
        now: Moment,
    ) -> Self {
        let (signing, published, decryption) =
            future::join3(signing.at(now), published.at(now), decryption.at(now)).await;
        Self { signing, published, decryption }
    }

    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.signing, &other.signing)
            && Arc::ptr_eq(&self.published, &other.published)
            && Arc::ptr_eq(&self.decryption, &other.decryption)
    }

    /// The newest key that everybody can verify, else one that somebody can: the one in use, the one before, the new
    /// one. A key in use serves on even if nobody can; without any there is nothing to sign with.
    fn signer(&self, in_use: Option<&Arc<Signer>>, now: Moment) -> Option<Arc<Signer>> {
        let newest = &self.signing.current;
        if self.published.known_everywhere(&newest.public_jwk(), now) {
            return Some(Arc::clone(newest));
        }
        let verifiable = |signer: &Arc<Signer>| self.published.holds(&signer.public_jwk(), now);
        in_use
            .filter(|signer| verifiable(signer))
            .cloned()
            .or_else(|| self.signing.previous().filter(verifiable))
            .or_else(|| Some(newest).filter(|signer| verifiable(signer)).cloned())
            .or_else(|| in_use.cloned())
    }

    /// Signature keys are published as long as a token of theirs can live, and one key to encrypt for.
    fn keys(&self, signer: Arc<Signer>, now: Moment) -> Result<Keys, KeyringFault> {
        let mut published = self.published.signature_keys(now);
        published.extend(self.decryption.published(now));
        Keys::publishing(signer, Arc::clone(&self.decryption.keys), &published)
    }

    /// The next moment at which time alone changes something.
    fn next_change(&self, now: Moment) -> Option<Moment> {
        let [before, current] = self.published.known_everywhere_at();
        let moments = [before, current, self.published.overlap_ends(), self.decryption.known_everywhere_at];
        moments.into_iter().filter(|moment| now < *moment).min()
    }
}
