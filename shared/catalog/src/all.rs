//! Every API that is served.

use crate::row::Row;
use crate::{accounts, consents, resources};

/// The rows of every API, an API each.
pub static ALL: &[&[&Row]] = &[accounts::ROWS, consents::ROWS, resources::ROWS];
