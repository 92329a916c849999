//! Rules of the project over its own sources: imports, names, file shapes, banned dependencies, names in reports.

mod bans;
mod builds;
mod circles;
mod imports;
mod reports;
mod rules;
mod sources;
