//! The settings of the look at revocations, as every function that looks reads them.

use ponte_authorization::revocation::RevocationCheck;
use ponte_cloud::env;

use super::reach::{REVOCATION_RESPONDERS, Reach};

ponte_cloud::settings! {
    /// What a function needs to look up whether certificates are revoked.
    pub struct RevocationSettings {
        /// Whether, and what becomes of a certificate that cannot be looked up.
        check: RevocationCheck = env::REVOCATION_CHECK,
        /// Where responders may be.
        reach: Reach = REVOCATION_RESPONDERS,
        /// Secret with the authorities.
        issuers_secret: String = env::ISSUERS_SECRET,
        /// Table of what is known.
        certificates_table: String = env::CERTIFICATES_TABLE,
    }
}
