//! HTTP on loopback: a small server for the sites of the world, plain or TLS, with or without client certificates, each
//! with faults that tests switch on; the client that everybody in the world calls with; and what the local cloud has in common with it,
//! the [`front`] and the faults.
//!
//! One more fault = a variant of [`faults::Effect`], its arm in `apply`, and its word in `infra/cli/src/faults.rs`.

pub mod browser;
pub mod caller;
pub mod faults;
pub mod front;
mod handshake;
mod message;
mod server;
#[cfg(test)]
mod tests;
mod tls;

pub use message::{Answer, Request};
pub use rustls::ServerConfig;
pub use server::{Server, Site, control_faults};
pub use tls::{server_only, with_client_certificates};
