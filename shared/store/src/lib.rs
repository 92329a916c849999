//! The stores, on DynamoDB: a module per noun, one adapter per port, every item under the institution's prefix.
//!
//! | item | pk | sk |
//! |---|---|---|
//! | consent | `I#inst#C#<consent id>` | `META` |
//! | renewal of a consent | `I#inst#C#<consent id>` | `EXT#<time>#<commit id>` |
//! | recurring consent, enrolment | `I#inst#RC#<id>`, `I#inst#EN#<id>` | `META` |
//! | payment consent | `I#inst#PC#<consent id>` | `META` |
//! | payment | `I#inst#P#<payment id>` | `META` |
//! | idempotency key | `I#inst#IDEM#<client>#<operation>` | hash of path and key |
//! | amounts of a customer's day | `I#inst#SPENT#<keyed pseudonym>` | `<yyyy-mm-dd>` |
//! | reply of a payment connector that works by queue | `I#inst#REPLY#<request>` | `META` |
//! | interaction | `I#inst#N#<id>` | `META` |
//! | short code of an interaction | `I#inst#H#<hash>` | `META` |
//! | audit row | `I#inst#AUD#<yyyy-mm-dd>#<shard>`, `I#inst#AUD#<yyyy-mm-dd>` | `<time>#<commit id>#<n>` |
//! | seal of audit rows | `I#inst#SEAL#<yyyy-mm-dd>#<shard>` | `<number>` |
//! | end of the chain of seals | `I#inst#SEAL#HEAD` | `<shard>` |
//! | proof of the nights | `I#inst#SEAL#HEAD` | `PROOF` |
//! | pushed request | `I#inst#PAR#<hash of request_uri>` | `META` |
//! | code | `I#inst#CODE#<hash>` | `META` |
//! | refresh token | `I#inst#RT#<hash>` | `META` |
//! | used `jti` | `I#inst#JTI#<client>` | hash of the `jti` |
//! | client | `I#inst#CLIENT#<client id>` | `META` |
//! | registration of a client | `I#inst#CLIENT#<client id>` | `REGISTRATION` |
//! | removed client | `I#inst#CLIENT#<client id>` | `REMOVED` |
//! | answer to a registration | `I#inst#REG#<hash>` | `META` |
//! | registrations of an organisation in an hour | `I#inst#REGS#<organisation id>` | `<first moment>` |
//! | entry of the block list | `I#inst#BLOCKED` | `<kind>#<id>` |
//! | entry of the block list that ends by itself | `I#inst#BLOCKED` | `<end>#<kind>#<id>` |
//! | removed client whose consents are to be ended | `I#inst#GONE` | `<time>#<client id>` |
//! | round through the consents of removed clients | `I#inst#GONE#ROUND` | `META` |
//! | notice | `I#inst#EV#<shard>` | `<time>#<id>` |
//! | registered software statement | `I#inst#SOFTWARE#<software id>` | `META` |
//! | API key | `I#inst#KEYS` | key id |
//! | status of a certificate | `I#inst#CERT#<id>` | `META` |
//! | pending row | `I#inst#OUT#<shard>` | `<time>#<id>` |
//! | lease of the sweeper | `I#inst#OUT#LEASE` | `<shard>` |
//! | row that waits for the drop reason | `I#inst#HOLD#<shard>` | `<time>#<id>` |
//! | token of the metrics platform | `I#inst#PCM#TOKEN` | `META` |
//! | leases of a shard | `I#inst#PCM#BOARD` | `<shard>` |
//! | part of the archive | `I#inst#PCM#ARCHIVE#<yyyy-mm-dd>` | `<first row>!<last row>` |
//! | line of the ledger | `I#inst#PCM#DAY#<yyyy-mm-dd>` | `LINE#<api>#<role>#<shard>` |
//! | check of a day | `I#inst#PCM#DAY#<yyyy-mm-dd>` | `CHECK` |
//! | parked row | `I#inst#PCM#PARKED` | `<time>#<id>` |
//! | marker of a row written once | `I#inst#PCM#ONCE#<hash of the marker>` | `META` |
//! | breaker of an operation | `I#inst#LAYER` | operation |
//! | findings of an endpoint on a day | `I#inst#QUALITY#<yyyy-mm-dd>` | operationId |
//! | count of calls | `I#inst#CALLS#<end of the window>#<hash of whose calls>` | `META` |
//! | discoveries under a consent | `I#inst#RES#<consent id>` | `META` |
//! | discovered product | `I#inst#RES#<consent id>` | `<kind>#<public id>` |
//! | operation of an operator | `I#inst#OP#<id>` | `META` |
//!
//! A used `jti` of the channel lies in the table of interactions, with `channel` in the place of the client; one of a signed
//! request for payments in the table of payments.
//!
//! Consents are also found by customer and by the next moment at which time changes them: indexes `by-person` and
//! `by-company` (`I#inst#P#<keyed pseudonym>`, `<created>#<consent id>`), `by-creation`
//! (`I#inst#CREATED#<yyyy-mm-dd>#<shard by client>`, `<created>#<consent id>`) and `due` (`I#inst#DUE#<shard>`, time), keys
//! alone; payment consents, in a table of their own, by the same indexes. Payments are found by the day of their creation
//! (`by-creation`, `I#inst#PAYS#<yyyy-mm-dd>#<shard>`), by the day of their settlement (`by-day`,
//! `I#inst#PDAY#<yyyy-mm-dd>#<shard>`), by the core's key (`by-core`, `I#inst#PCORE#<hash>`) and by the next step of their
//! execution (`due`, `I#inst#PDUE#<shard>`, time), keys alone. Releases before the shards wrote audit rows into the partition of the day alone. Audit rows are found by their
//! subject: index `by-subject` (`I#inst#S#<subject>`, sort key of the row), whole. Operations are found by the day of their
//! order: index `by-day` (`I#inst#OPS#<yyyy-mm-dd>`, `<time>#<id>`), whole. A notice or a report that an operator
//! ordered once more has the mark `repeated`.
//!
//! Releases before the block list was read by its ends wrote all its entries under kind and id alone, where those of
//! operators still lie.
//!
//! Rules of this crate: the value is one JSON string in `body`, further attributes exist only for conditions; reads are
//! strongly consistent; a write that must happen once carries a random `owner`, so that its repetition after a lost
//! reply is recognised as our own; `expires_at` only lets the table clean up.
//!
//! A row that this release cannot read is named in the log, skipped by lists and never written; what it does not know of
//! a row that it can read is written back as it was. Every body has a schema number (`body.rs`, docs/upgrades.md).
//!
//! Names on disk do not move, whatever is renamed in the code: `saved.rs` opens a store of an older commit and goes on
//! with every kind of row above.
//!
//! To add an item: a key in `keys.rs`, a line above, an adapter file with its tests against the embedded DynamoDB, and
//! saved rows with their reader in `saved.rs`.

mod api_keys;
mod attempts;
mod audit;
mod audit_chain;
mod batch;
mod block_list;
mod body;
mod breakers;
mod call_counts;
mod certificates;
mod clients;
mod consents;
mod counting;
mod discovered;
mod dynamo;
mod grants;
mod history;
mod interactions;
mod item;
mod jti;
mod keys;
mod operations;
mod outbox;
mod overlay;
mod pages;
mod pause;
mod payments;
mod pcm;
mod place;
mod quality;
mod removals;
mod replies;
mod seal;
mod status_changes;
mod targets;
mod trail;
mod transaction;

#[cfg(test)]
mod saved;
#[cfg(test)]
mod testing;

pub use api_keys::ApiKeyTable;
pub use attempts::AttemptTable;
pub use audit_chain::AuditChainTable;
pub use block_list::BlockListTable;
pub use breakers::BreakerTable;
pub use call_counts::CallCountTable;
pub use certificates::CertificateTable;
pub use clients::{ClientTable, ClientTables};
pub use consents::{ConsentTable, PaymentConsentTable};
pub use discovered::ResourceTable;
pub use dynamo::Dynamo;
pub use grants::{GrantTable, RedemptionTables};
pub use history::AuditTable;
pub use interactions::InteractionTable;
pub use operations::OperationTable;
pub use outbox::OutboxTable;
pub use payments::{PaymentTable, PaymentTables};
pub use pcm::PcmTable;
pub use quality::QualityTable;
pub use removals::RemovalTable;
pub use replies::ReplyTable;
pub use targets::{StoredStatus, StoredTarget, TargetTable};
pub use trail::{TrailTable, TrailTables};
