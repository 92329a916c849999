//! SDK clients for the tests of this crate.

use ponte_kit::aws::variables;

use crate::aws::Aws;
use crate::env::Settings as _;

/// SDK clients that call `endpoint`, made the way a function makes them.
pub(crate) fn aws_at(endpoint: &str) -> Aws {
    Aws::read_from(&variables(endpoint)).unwrap()
}
