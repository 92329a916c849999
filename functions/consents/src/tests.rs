//! The operations through their router, with ports that live in memory.

mod approval;
mod bank;
mod browser;
mod channel;
mod commands;
mod decision;
mod drop_reasons;
mod handoff;
mod identity;
mod keys;
mod management;
mod regulatory;
mod renewal;
mod store;
mod sweep;
mod world;
