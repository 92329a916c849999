//! A small HTTP/1.1 server for the sites of the world: plain or TLS, with or without client certificates, always on
//! 127.0.0.1, each with its own faults.

mod message;
mod server;
#[cfg(test)]
mod tests;
mod tls;

pub(crate) use message::{Answer, Request};
pub(crate) use server::{Server, Site};
pub(crate) use tls::{brcac_of, caller, server_only, with_client_certificates};
