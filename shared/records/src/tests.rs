//! Tables against the official files, and matchers against their expressions.

mod files;
mod forms;
mod patterns;
