//! The id_token: signed, then encrypted for the client, in the callback and at the token endpoint (S14, S15).

use std::time::Duration;

use ponte_authorization::grant::Grant;
use ponte_authorization::interaction::Assurance;
use ponte_fapi::base64url;
use ponte_fapi::claims::{Acr, IdToken, half_hash};
use ponte_fapi::jwe::{ContentSecret, JweFault};
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::TokenType;
use ponte_ports::Ids;
use ponte_values::{ClientId, Moment};

use crate::fault::{Fault, OAuthError};
use crate::ports::Ports;
use crate::time::date;

/// Life of an id_token: how long a client may take to read it.
const LIFE: Duration = Duration::from_mins(5);

/// The client that the token is for.
pub(crate) struct Audience<'a> {
    pub(crate) client: &'a ClientId,
    pub(crate) keys: &'a KeySet,
    pub(crate) nonce: &'a str,
}

/// The response that carries the token, and whose other members the token vouches for by their hashes.
#[derive(Clone, Copy)]
pub(crate) enum Delivery<'a> {
    /// The redirect back to the client.
    AuthorizationResponse { code: &'a str, state: Option<&'a str> },
    /// The answer of the token endpoint.
    TokenResponse { access_token: &'a str },
}

/// Issues the encrypted token about a grant.
pub(crate) async fn issue(
    ports: &Ports,
    audience: &Audience<'_>,
    grant: &Grant,
    delivery: Delivery<'_>,
    now: Moment,
) -> Result<String, Fault> {
    let key = audience.keys.encryption_key().ok_or_else(no_encryption_key)?;
    let (c_hash, s_hash, at_hash) = match delivery {
        Delivery::AuthorizationResponse { code, state } => {
            (Some(half_hash(code)), state.map(half_hash), None)
        }
        Delivery::TokenResponse { access_token } => (None, None, Some(half_hash(access_token))),
    };
    let claims = IdToken {
        iss: ports.server.issuer().to_owned(),
        sub: grant.subject.clone(),
        aud: audience.client.to_string(),
        exp: date(now.plus(LIFE)),
        iat: date(now),
        auth_time: date(grant.authenticated_at),
        nonce: audience.nonce.to_owned(),
        acr: match grant.assurance {
            Assurance::Loa2 => Acr::Loa2,
            Assurance::Loa3 => Acr::Loa3,
        },
        c_hash,
        s_hash,
        at_hash,
    };
    let keys = ports.keyring.at(now).await;
    let signed = keys.signer().sign(TokenType::Jwt, &claims).map_err(Fault::of_our_keys)?;
    let secret = content_secret(ports.ids.as_ref()).ok_or(JweFault::Encryption);
    let secret = secret.map_err(Fault::of_our_keys)?;
    key.encrypt_jwt(&signed, &secret).map_err(Fault::of_our_keys)
}

/// S82: a client without a key of use `enc` cannot be given an id_token.
pub(crate) fn no_encryption_key() -> OAuthError {
    OAuthError::invalid_request("key set of the client has no RSA key of use enc")
}

/// 44 fresh random bytes out of two secrets of 32.
pub(crate) fn content_secret(ids: &dyn Ids) -> Option<ContentSecret> {
    let mut random = base64url::decode(&ids.secret())?;
    random.extend(base64url::decode(&ids.secret())?);
    random.truncate(ContentSecret::BYTES);
    random.try_into().ok().map(ContentSecret::from_random)
}
