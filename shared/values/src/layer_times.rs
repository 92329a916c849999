//! Times of the contract with the integration layer that no row of the catalog gives.

use std::time::Duration;

/// How long operations of the integration layer may take that answer no endpoint: those that do have the time of the endpoint's class.
#[derive(Clone, Copy, Debug)]
pub struct LayerTimes {
    /// Who logged in.
    pub identify: Duration,
    /// The products that a customer may choose, while that customer waits.
    pub discover: Duration,
    /// Whether somebody is a customer.
    pub check: Duration,
}

impl LayerTimes {
    /// The times that the contract promises a layer. A login and the discovery after it fit into the time of one call.
    pub const CONTRACT: Self = Self {
        identify: Duration::from_secs(4),
        discover: Duration::from_secs(6),
        check: Duration::from_secs(3),
    };
}
