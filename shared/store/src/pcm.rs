//! The table of reports to the metrics platform: claims, archive, ledger, parked rows, and the token that all
//! environments share.
//!
//! | file | what it keeps |
//! |---|---|
//! | `settlements` | shard leases, and the transaction that archives, counts and notes a batch ([`Settlements`]) |
//! | `archive` | how a part of the archive is written and read |
//! | `ledger` | lines, parked rows, checks ([`Ledger`]) |
//! | `token` | the platform's token and whose turn it is to fetch the next ([`SharedTokens`]) |
//!
//! [`Settlements`]: ponte_metrics::ports::Settlements
//! [`Ledger`]: ponte_metrics::ports::Ledger
//! [`SharedTokens`]: ponte_metrics::ports::SharedTokens

mod archive;
mod ledger;
mod settlements;
mod table;
mod token;

pub use table::PcmTable;

#[cfg(test)]
mod tests;
