//! The port of the data APIs: the institution's systems.

use std::sync::Arc;

use ponte_data_consent::ports::Institution;

/// Ports of the operations.
pub struct Ports {
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
}
