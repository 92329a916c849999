//! The tables of one OpenAPI file.

use crate::field::Schema;

/// The tables of one OpenAPI file.
#[derive(Debug)]
pub struct Tables {
    /// Name of the file: `accounts`.
    pub api: &'static str,
    /// Its version: `2.5.1`.
    pub version: &'static str,
    /// `data` of each endpoint that the institution answers, by its path in the file.
    pub paths: &'static [(&'static str, &'static Schema)],
}
