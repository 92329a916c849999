//! All consents at once, for the stock of a day (M50).

use async_trait::async_trait;
use ponte_values::Moment;

use crate::report::stock_count::StockCount;
use ponte_ports::PortError;

/// The consents of this institution, counted.
#[async_trait]
pub trait ConsentStock: Send + Sync {
    /// Counts the consents that were in force at a past moment ([`Consent::was_in_force`]), each once. Changes of the
    /// last second may be missed.
    ///
    /// [`Consent::was_in_force`]: ponte_data_consent::consent::Consent::was_in_force
    async fn in_force(&self, at: Moment) -> Result<StockCount, PortError>;
}
