//! The functions in this binary: `ponte function NAME` runs the `main` of that function, from the same file that AWS
//! starts.
//!
//! One more function: its real `main.rs` as a `#[path]` module and a line in [`TABLE`].

use std::process::ExitCode;

#[path = "../../../functions/audit/src/main.rs"]
pub mod audit;
#[path = "../../../functions/channel/src/main.rs"]
pub mod channel;
#[path = "../../../functions/consents/src/main.rs"]
pub mod consents;
#[path = "../../../functions/data/src/main.rs"]
pub mod data;
#[path = "../../../functions/oauth/src/main.rs"]
pub mod oauth;
#[path = "../../../functions/payments/src/main.rs"]
pub mod payments;
#[path = "../../../functions/pcm/src/main.rs"]
pub mod pcm;
#[path = "../../../functions/stock/src/main.rs"]
pub mod stock;

/// The entry of a function's `main.rs`.
pub type Entry = fn() -> ExitCode;

/// Name in the template → entry.
const TABLE: &[(&str, Entry)] = &[
    ("audit", audit::main),
    // Its variables say which of the two it is.
    ("authorize", oauth::main),
    ("channel", channel::main),
    ("consents", consents::main),
    ("data", data::main),
    ("oauth", oauth::main),
    ("payments", payments::main),
    ("pcm", pcm::main),
    ("stock", stock::main),
];

/// The entry of the function called `name`.
pub fn find(name: &str) -> Option<Entry> {
    TABLE.iter().find(|(known, _)| *known == name).map(|(_, entry)| *entry)
}
