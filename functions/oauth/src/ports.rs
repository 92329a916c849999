//! The ports of the authorization server: stores, the clients' key sets, its own keys and settings. The two hosts share
//! some of them; what browsers need besides, the function of the public host has alone.

use std::sync::Arc;

use ponte_authorization::ports::{Clients, Grants, Interactions, Targets};
use ponte_edge::{FetchedKeys, Revocations, TokenBlocks};
use ponte_ports::Ids;

use crate::keyring::Keyring;
use crate::server::Server;
use crate::site::Site;

/// Ports of the operations, those on the public host too.
pub struct Ports {
    /// Registered clients.
    pub clients: Arc<dyn Clients>,
    /// Consents and enrolments that customers authorise, read only.
    pub targets: Arc<dyn Targets>,
    /// Pushed requests, codes, refresh tokens, used `jti`s.
    pub grants: Arc<dyn Grants>,
    /// Key sets of the clients and of the directory, kept while they are fresh.
    pub client_keys: FetchedKeys,
    /// Clients and grants whose access tokens open nothing.
    pub blocks: TokenBlocks,
    /// Fresh ids and secrets.
    pub ids: Arc<dyn Ids>,
    /// Client certificates that their authorities revoked.
    pub revocations: Revocations,
    /// The keys of this server.
    pub keyring: Keyring,
    /// The names, addresses and policies of this server.
    pub server: Server,
}

/// Ports of the operations on the public host.
pub struct PublicPorts {
    /// Those that are not of this host alone.
    pub shared: Ports,
    /// Interactions of customers with the channel.
    pub interactions: Arc<dyn Interactions>,
    /// Documents and addresses for browsers.
    pub site: Site,
}
