//! Tables against the official files, matchers against their expressions, and the gate against answers of every kind.

mod answers;
mod files;
mod forms;
mod generated;
mod patterns;
mod structure;
