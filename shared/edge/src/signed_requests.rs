//! Opens the signed body of a request: signature, claims, and that it counts once (S60 to S64).
//!
//! In this order, so that a refusal says what the rules want of it: what is no JWS of a key in the client's key set of the directory is
//! 400 with `BAD_SIGNATURE`; a wrong `aud`, `iss`, `iat` or `jti` is 403, and so is a `jti` that was used, whatever else the request
//! is (P37, P44). Nothing of the message is believed before all of that.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ponte_authorization::ports::{Directory, KeySetUris};
use ponte_fapi::claims::{MessageFault, SignedMessage, VerifiedMessage};
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::{CompactJws, JwsFault, Policy};
use ponte_ports::{MessageClaim, UsedMessages};
use ponte_refusals::{MalformedRequest, Refusal};
use ponte_values::{ClientId, Moment};

use crate::call::Call;
use crate::caller::Client;
use crate::fetched_keys::FetchedKeys;

/// How long the address of a client's key set is used without asking again. It follows from organisation and software statement
/// (S64), so that it hardly ever changes; who is shut out is the token's matter.
const FRESH: Duration = Duration::from_mins(10);
/// Most addresses remembered.
const URIS_MAX: usize = 500;

/// Opens signed requests of clients.
pub struct SignedRequests {
    uris: Arc<dyn KeySetUris>,
    keys: FetchedKeys,
    used: Arc<dyn UsedMessages>,
    known: Mutex<HashMap<ClientId, (String, Moment)>>,
}

impl SignedRequests {
    /// With the keys that the directory publishes where `uris` says, and a memory of what was used.
    #[must_use]
    pub fn new(
        uris: Arc<dyn KeySetUris>,
        directory: Arc<dyn Directory>,
        used: Arc<dyn UsedMessages>,
    ) -> Self {
        Self { uris, keys: FetchedKeys::new(directory), used, known: Mutex::default() }
    }

    /// The message in the body of a call.
    pub(crate) async fn open(&self, call: &Call, client: &Client) -> Result<VerifiedMessage, Refusal> {
        let token = call.request.body();
        if token.is_empty() {
            return Err(MalformedRequest::NoBody.into());
        }
        let compact = CompactJws::parse(token, &Policy::SIGNED_MESSAGE).map_err(MessageFault::from)?;
        let keys = self.keys_of(&client.id, compact.kid(), call.now).await?;
        let key =
            keys.signature_key(compact.kid()).ok_or(JwsFault::UnknownKey).map_err(MessageFault::from)?;
        let message: SignedMessage = compact.verify(key).map_err(MessageFault::from)?;
        let [url, encoded] = call.endpoint_urls();
        let now = u64::try_from(call.now.seconds()).unwrap_or(0);
        let message = message.check(&[&url, &encoded], client.organisation.as_str(), now)?;
        let claim = MessageClaim {
            client: &client.id,
            jti: &message.jti,
            owner: &call.uuid(),
            now: call.now,
            until: Moment::from_seconds(i64::try_from(message.remember_until).unwrap_or(i64::MAX)),
        };
        if self.used.claim(claim).await? { Ok(message) } else { Err(MessageFault::Replayed.into()) }
    }

    async fn keys_of(&self, client: &ClientId, kid: &str, now: Moment) -> Result<Arc<KeySet>, Refusal> {
        let uri = if let Some(uri) = self.known_uri(client, now) {
            uri
        } else {
            // A token of ours names a client of ours; it may have gone a moment ago.
            let uri = self.uris.of(client).await?.ok_or_else(Refusal::unauthenticated)?;
            self.note(client, &uri, now);
            uri
        };
        Ok(self.keys.at(&uri, Some(kid), now).await?)
    }

    fn known_uri(&self, client: &ClientId, now: Moment) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (uri, at) = known.get(client)?;
        now.is_within(FRESH, *at).then(|| uri.clone())
    }

    fn note(&self, client: &ClientId, uri: &str, now: Moment) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= URIS_MAX {
            known.clear();
        }
        known.insert(client.clone(), (uri.to_owned(), now));
    }
}
