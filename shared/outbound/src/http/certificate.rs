//! The client certificate of outgoing calls (BRCAC), as its secret holds it.

use ponte_values::SecretText;
use serde::Deserialize;

/// The client certificate of outgoing mTLS.
#[derive(Debug, Deserialize)]
pub struct TransportCertificate {
    /// PEM chain, the leaf first.
    pub certificate: String,
    /// PKCS#8 PEM.
    pub private_key: SecretText,
}
