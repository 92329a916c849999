//! Ids of a test.

use std::sync::Arc;

use ponte_kit::clock::ManualClock;
use ponte_ports::Ids;

/// Ids that differ; the two digits in front are as high as chance can be.
pub(crate) struct Counting(pub(crate) Arc<ManualClock>);

impl Ids for Counting {
    fn uuid(&self) -> String {
        format!("ff{}", &self.0.uuid()[2..])
    }

    fn secret(&self) -> String {
        self.0.secret()
    }
}
