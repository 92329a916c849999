//! Secrets that must be told once more, kept encrypted for this server: a stolen table tells none of them (T61).

use ponte_fapi::jwe::JweFault;
use ponte_ports::PortError;
use ponte_values::Moment;

use crate::id_token::content_secret;
use crate::ports::Ports;

/// A text as it may be stored in one `place`: what is moved to another opens nothing there.
pub(crate) async fn seal(ports: &Ports, text: &str, place: &str, now: Moment) -> Result<String, PortError> {
    let keys = ports.keyring.at(now).await;
    let secret = content_secret(ports.ids.as_ref());
    let sealed = match (keys.published().encryption_key(), secret) {
        (Some(key), Some(secret)) => key.encrypt_for(text, place, &secret),
        _ => Err(JweFault::Encryption),
    };
    sealed.map_err(|fault| PortError::new("keys of the authorization server", fault))
}

/// The text again; `None` if the key was changed twice since, or it was sealed for another place.
pub(crate) async fn open(ports: &Ports, sealed: &str, place: &str, now: Moment) -> Option<String> {
    let keys = ports.keyring.at(now).await;
    keys.decryption().iter().find_map(|key| key.decrypt_for(sealed, place).ok())
}
