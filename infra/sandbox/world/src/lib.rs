//! The world on one machine: authorities, directory, bank core, metrics platform and another participant, put together.
//! Everything is made at run time below one directory and found again at the next start; every listener is on 127.0.0.1.
//!
//! One more server of the world = a type that implements `ponte_web::Site`, one port in [`WorldPorts`], one line in
//! `listeners.rs` and one in `world.rs`.

mod config;
mod describe;
mod error;
mod facts;
mod listeners;
mod members;
mod payment_core;
mod plain;
mod profiles;
mod registration;
mod relay;
mod state;
mod systems;
mod world;

pub use config::{OtherLayer, WorldConfig, WorldFaults, WorldPorts, WorldUrls};
pub use error::WorldError;
pub use payment_core::{Connector, PaymentFunction, PaymentInvocation, PaymentMessages, Replying};
pub use world::{BankFunction, World};
