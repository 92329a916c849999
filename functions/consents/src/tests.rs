//! The operations through their door, with ports that live in memory.

mod bank;
mod browser;
mod channel;
mod decision;
mod identity;
mod regulatory;
mod renewal;
mod store;
mod world;
