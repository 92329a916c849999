//! The secrets of `infra/template.yaml`, read from Secrets Manager into types that show nothing of themselves.

use std::fmt;

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use ponte_domain::ports::PortError;
use serde::Deserialize;
use zeroize::{Zeroize as _, Zeroizing};

use crate::failure;

const WHAT: &str = "secrets";

/// A secret text: cleared from memory when dropped, shown as dots.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// The text itself. Only for the key it becomes or the header it goes into; never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"…\"")
    }
}

/// The signing key of the authorization server.
#[derive(Debug, Deserialize)]
pub struct SigningKey {
    /// Key id in the published key set.
    pub kid: String,
    /// PKCS#8 PEM.
    pub private_key: SecretText,
}

/// The client certificate of outgoing mTLS (BRCAC).
#[derive(Debug, Deserialize)]
pub struct TransportCertificate {
    /// PEM chain, the leaf first.
    pub certificate: String,
    /// PKCS#8 PEM.
    pub private_key: SecretText,
}

/// Reads secrets by name or ARN.
pub struct Secrets {
    client: Client,
}

impl Secrets {
    /// The secrets behind `client`.
    #[must_use]
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    /// The version in use (`AWSCURRENT`).
    pub async fn current(&self, id: &str) -> Result<SecretText, PortError> {
        let found = self.stage(id, "AWSCURRENT").await?;
        found.ok_or_else(|| PortError::new(WHAT, format!("{id} has no current version")))
    }

    /// The version before the last change (`AWSPREVIOUS`), if there was one.
    pub async fn previous(&self, id: &str) -> Result<Option<SecretText>, PortError> {
        self.stage(id, "AWSPREVIOUS").await
    }

    /// The signing key of the authorization server.
    pub async fn signing_key(&self, id: &str) -> Result<SigningKey, PortError> {
        parse(&self.current(id).await?)
    }

    /// The JWKS text that access tokens are verified with.
    pub async fn token_keys(&self, id: &str) -> Result<String, PortError> {
        Ok(self.current(id).await?.expose().to_owned())
    }

    /// The 256-bit key of the pseudonyms, stored as 64 hexadecimal digits.
    pub async fn pseudonym_key(&self, id: &str) -> Result<Zeroizing<[u8; 32]>, PortError> {
        let text = self.current(id).await?;
        hexadecimal(text.expose().trim())
            .ok_or_else(|| PortError::new(WHAT, format!("{id} is not 64 hexadecimal digits")))
    }

    /// The credential at the integration layer.
    pub async fn institution_credential(&self, id: &str) -> Result<SecretText, PortError> {
        self.current(id).await
    }

    /// The client certificate of outgoing mTLS.
    pub async fn transport_certificate(&self, id: &str) -> Result<TransportCertificate, PortError> {
        parse(&self.current(id).await?)
    }

    async fn stage(&self, id: &str, stage: &str) -> Result<Option<SecretText>, PortError> {
        let request = self.client.get_secret_value().secret_id(id).version_stage(stage);
        match request.send().await {
            Ok(mut answer) => Ok(answer.secret_string.take().map(SecretText::from)),
            Err(error) => match error.as_service_error() {
                Some(GetSecretValueError::ResourceNotFoundException(_)) => Ok(None),
                _ => Err(failure::aws(WHAT, &error)),
            },
        }
    }
}

fn parse<T: for<'de> Deserialize<'de>>(text: &SecretText) -> Result<T, PortError> {
    serde_json::from_str(text.expose()).map_err(|error| failure::json(WHAT, &error))
}

fn hexadecimal(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0_u8; 32]);
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, digits) in key.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let mut pair = [digits[0], digits[1]];
        *byte = std::str::from_utf8(&pair).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok())?;
        pair.zeroize();
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Reply, Stub, aws_at};

    async fn holding(secret: &'static str) -> (Secrets, Stub) {
        let stub = Stub::start(move |_, request| {
            if request.body.contains("AWSCURRENT") {
                let text = serde_json::to_string(secret).unwrap();
                Reply::json(200, format!(r#"{{"Name":"s","SecretString":{text}}}"#))
            } else {
                Reply::json(400, r#"{"__type":"ResourceNotFoundException","Message":"no such stage"}"#)
            }
        })
        .await;
        (Secrets::new(aws_at(&stub.url()).secrets()), stub)
    }

    #[tokio::test]
    async fn keys_are_typed_and_shown_as_dots() {
        let (secrets, _stub) = holding(r#"{"kid":"k1","private_key":"-----BEGIN"}"#).await;
        let key = secrets.signing_key("s").await.unwrap();
        assert_eq!((key.kid.as_str(), key.private_key.expose()), ("k1", "-----BEGIN"));
        assert!(!format!("{key:?}").contains("BEGIN"));
        let (secrets, _stub) = holding(r#"{"certificate":"-----CERT","private_key":"-----BEGIN"}"#).await;
        let certificate = secrets.transport_certificate("s").await.unwrap();
        assert_eq!(certificate.certificate, "-----CERT");
        assert!(!format!("{certificate:?}").contains("BEGIN"));
    }

    #[tokio::test]
    async fn there_may_be_no_previous_version() {
        let (secrets, _stub) = holding("bearer").await;
        assert_eq!(secrets.institution_credential("s").await.unwrap().expose(), "bearer");
        assert!(secrets.previous("s").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_malformed_secret_is_refused_without_being_repeated() {
        let (secrets, _stub) = holding(r#"{"kid":12345,"private_key":"topsecret"}"#).await;
        let error = secrets.signing_key("s").await.unwrap_err();
        assert!(!format!("{error:?}").contains("topsecret"));
        assert!(secrets.pseudonym_key("s").await.is_err());
    }

    #[test]
    fn the_pseudonym_key_is_64_hexadecimal_digits() {
        let key = hexadecimal(&"0aF1".repeat(16)).unwrap();
        assert_eq!(key[..4], [0x0a, 0xf1, 0x0a, 0xf1]);
        for bad in ["", "0a", &"0g".repeat(32), &"é".repeat(32), &"0a".repeat(33)] {
            assert!(hexadecimal(bad).is_none(), "{bad}");
        }
    }
}
