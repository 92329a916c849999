//! The whole world: prepared once, found again after a restart, served on 127.0.0.1.

mod config;
mod describe;
mod facts;
mod listeners;
mod members;
mod registration;
mod state;
mod systems;
mod world;

pub use config::{WorldConfig, WorldFaults, WorldPorts, WorldUrls};
pub use world::World;
