//! What tests of this crate need beside the kit: its own types.

use ponte_kit::authority::{Authority, Identity};
use ponte_kit::aws::variables;
use ponte_values::SecretText;

use crate::http::{TransportCertificate, Trust};
use ponte_cloud::aws::Aws;
use ponte_cloud::env::Settings as _;

/// SDK clients that call `endpoint`, made the way a function makes them.
pub(crate) fn aws_at(endpoint: &str) -> Aws {
    Aws::read_from(&variables(endpoint)).unwrap()
}

/// Trust in one authority.
pub(crate) fn trust(authority: &Authority) -> Trust {
    Trust::pem(authority.pem().as_bytes()).unwrap()
}

/// A certificate to be shown.
pub(crate) fn shown(identity: Identity) -> TransportCertificate {
    let Identity { certificate, private_key } = identity;
    TransportCertificate { certificate, private_key: SecretText::from(private_key) }
}
