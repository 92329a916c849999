//! Certificate-bound tokens: the thumbprint that binds a token to a client certificate (S10, S32, RFC 8705 section 3).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::jose::base64url;

/// SHA-256 of the DER of a certificate, as in `x5t#S256`.
#[derive(Debug, Clone, Copy)]
pub struct Thumbprint([u8; SHA256_OUTPUT_LEN]);

impl Thumbprint {
    /// Thumbprint of a certificate in DER. From PEM: [`crate::profile::certificate::ClientCertificate::thumbprint`].
    #[must_use]
    pub fn of_der(der: &[u8]) -> Self {
        let mut hash = [0; SHA256_OUTPUT_LEN];
        hash.copy_from_slice(digest(&SHA256, der).as_ref());
        Self(hash)
    }

    /// Reads the 43 characters; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        base64url::decode(text)?.try_into().ok().map(Self)
    }

    /// The 43 characters.
    #[must_use]
    pub fn to_text(&self) -> String {
        base64url::encode(self.0)
    }

    /// Whether both are of one certificate, in a time that does not depend on where they differ.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl PartialEq for Thumbprint {
    fn eq(&self, other: &Self) -> bool {
        self.is(other)
    }
}

impl Eq for Thumbprint {}

impl Serialize for Thumbprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for Thumbprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a SHA-256 thumbprint"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbprint_is_the_sha256_of_the_der_rfc8705() {
        let thumbprint = Thumbprint::of_der(b"abc");
        assert_eq!(thumbprint.to_text(), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
        assert!(Thumbprint::parse(&thumbprint.to_text()).unwrap().is(&thumbprint));
        assert!(!Thumbprint::of_der(b"abd").is(&thumbprint));
        assert_ne!(Thumbprint::of_der(b"abd"), thumbprint);
    }

    #[test]
    fn only_43_characters_are_a_thumbprint() {
        for bad in
            ["", "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0"]
        {
            assert!(Thumbprint::parse(bad).is_none(), "{bad}");
        }
        assert!(serde_json::from_str::<Thumbprint>("7").is_err());
    }
}
