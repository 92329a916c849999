//! The operations through their router, with ports that live in memory.

mod alike;
mod drop_reasons;
mod keys;
mod later;
mod management;
mod operator;
mod regulatory;
mod removed_clients;
mod renewal;
mod shut_out;
mod sweep;
mod world;
