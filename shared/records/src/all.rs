//! Every API whose answers have tables.

use crate::accounts;
use crate::tables::Tables;

/// The tables, an API each.
pub static ALL: &[&Tables] = &[&accounts::TABLES];
