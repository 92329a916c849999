//! The world on one machine: authorities, directory, bank core, PCM, another participant. Everything is made at run
//! time below one directory and found again at the next start; every listener is on 127.0.0.1.
//!
//! One more server of the world = a module that implements `web::Site`, one port in `WorldPorts`, one line in
//! `World::prepare`.

pub mod app;
pub mod bank;
pub mod caller;
pub mod channel;
pub mod clock;
mod described;
mod directory;
pub mod error;
pub mod faults;
mod files;
mod handshake;
pub mod manual;
mod organisation;
pub mod participant;
mod pcm;
pub mod pki;
pub mod reporter;
pub mod system;
#[cfg(test)]
mod test_world;
mod web;
mod world;

pub use directory::{StatementRequest, StatementSignature};
pub use error::SandboxError;
pub use world::{World, WorldConfig, WorldFaults, WorldPorts, WorldUrls};
