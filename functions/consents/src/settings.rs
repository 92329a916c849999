//! Settings that differ between institutions.

use ponte_data_consent::consent::ConsentPolicy;
use ponte_values::InstitutionId;

/// Settings of this function.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name space of the consent ids (S50).
    pub institution: InstitutionId,
    /// Limits of a consent.
    pub policy: ConsentPolicy,
}
