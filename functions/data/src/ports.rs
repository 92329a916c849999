//! The port of the data APIs: the institution's systems.

use std::sync::Arc;

use ponte_data_consent::ports::Institution;

/// What the operations need from outside.
pub struct Ports {
    /// The institution's systems.
    pub institution: Arc<dyn Institution>,
}
