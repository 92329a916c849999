//! HTTP on loopback: a small server for the sites of the world, plain or TLS, with or without client certificates, each
//! with faults that tests switch on; and the client that everybody in the world calls with.
//!
//! One more fault = a variant of [`faults::Effect`] and its arm in `server.rs`.

pub mod browser;
pub mod caller;
pub mod faults;
mod handshake;
mod message;
mod server;
#[cfg(test)]
mod tests;
mod tls;

pub use message::{Answer, Request};
pub use server::{Server, Site};
pub use tls::{server_only, with_client_certificates};
