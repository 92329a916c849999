//! The operations through their door, with ports that live in memory.

mod approval;
mod bank;
mod browser;
mod channel;
mod commands;
mod decision;
mod identity;
mod regulatory;
mod renewal;
mod store;
mod sweep;
mod world;
