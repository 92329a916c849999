//! What differs between institutions.

use ponte_data_consent::consent::ConsentPolicy;
use ponte_values::Institution;

/// Settings of this function.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name space of the consent ids (S50).
    pub institution: Institution,
    /// Limits of a consent.
    pub policy: ConsentPolicy,
}
