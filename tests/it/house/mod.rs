//! The house holds itself: import table, names, file shapes and banned dependencies of house.md.

mod bans;
mod imports;
mod rules;
mod sources;
