//! The content of a secret with a private key: `{"kid": "..", "private_key": "PKCS#8 PEM"}`.

use ponte_fapi::jwe::DecryptionKey;
use ponte_fapi::jws::Signer;
use ponte_ports::SecretVersion;
use ponte_ports::rotation::InvalidSecret;
use ponte_values::SecretText;
use serde::Deserialize;

/// A private key as its secret has it.
#[derive(Deserialize)]
pub struct PrivateKey {
    kid: String,
    #[serde(rename = "private_key")]
    pem: SecretText,
    /// PEM of its certificate, where it has one.
    #[serde(default)]
    certificate: Option<String>,
}

impl PrivateKey {
    /// Reads a version of the secret.
    ///
    /// # Errors
    /// Any other content.
    pub fn read(version: &SecretVersion) -> Result<Self, InvalidSecret> {
        // The reader's own words could repeat the secret.
        serde_json::from_str(version.text.expose())
            .map_err(|_| InvalidSecret::new("not an object of kid and private_key"))
    }

    /// PEM of its certificate, if the secret has one.
    #[must_use]
    pub fn certificate(&self) -> Option<&str> {
        self.certificate.as_deref()
    }

    /// The key to sign with. It signed once: the first signature costs more than those after it.
    ///
    /// # Errors
    /// A key that is not accepted.
    pub fn signer(&self) -> Result<Signer, InvalidSecret> {
        let signer = Signer::from_pkcs8_pem(self.pem.expose(), &self.kid).map_err(InvalidSecret::new)?;
        signer.warm().map_err(InvalidSecret::new)?;
        Ok(signer)
    }

    /// The key to decrypt with.
    ///
    /// # Errors
    /// A key that is not accepted.
    pub fn decrypter(&self) -> Result<DecryptionKey, InvalidSecret> {
        DecryptionKey::from_pkcs8_pem(self.pem.expose(), &self.kid).map_err(InvalidSecret::new)
    }
}
