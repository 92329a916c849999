//! The operations of both versions through their router: signed requests, ports that live in memory.

mod acceptances;
mod answers;
mod cancellations;
mod codes;
mod consents;
mod core_bank;
mod idempotency;
#[path = "../../../../infra/sandbox/bank/src/tests/official.rs"]
mod official;
mod payments;
mod reports;
mod requests;
mod world;

/// The versions.
const BOTH: [Version; 2] = [Version::V4, Version::V5];

pub(super) use self::world::Version;
