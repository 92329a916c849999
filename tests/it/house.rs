//! The house holds itself: import table, names, file shapes and banned dependencies of house.md, and what it reports.

mod bans;
mod builds;
mod imports;
mod reports;
mod rules;
mod sources;
