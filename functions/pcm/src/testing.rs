//! Ports in memory that die where a test says so.

mod clock;
mod fuse;
mod memory;
mod platform;
mod queue;
mod rows;
mod world;

pub(crate) use ponte_kit::lines::Lines;

pub(crate) use platform::{accept, later};
pub(crate) use queue::received;
pub(crate) use rows::{noon, placed, row, row_at};
pub(crate) use world::{World, world};
