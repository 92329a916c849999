//! Over a chain in memory.

mod commands;
mod nights;
mod world;
