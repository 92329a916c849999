//! Configuration of the world: its inputs, and the addresses it gives out.

use std::path::PathBuf;

use ponte_web::faults::Faults;

/// Where the world is and what surrounds it.
pub struct WorldConfig {
    /// Everything is kept below this directory.
    pub dir: PathBuf,
    /// Short name of the institution, `[a-z0-9-]{1,31}`.
    pub institution: String,
    /// Ports of the servers; 0 = any free one.
    pub ports: WorldPorts,
    /// URL of the public host of Ponte, such as `https://localhost:8441`.
    pub public_url: String,
    /// URL of the mTLS host of Ponte.
    pub mtls_url: String,
    /// URL of the host of Ponte for the institution's own callers.
    pub management_url: String,
    /// Whether the institution serves payments.
    pub payments: bool,
    /// The layer that answers in place of the sandbox bank's, if one does.
    pub layer: Option<OtherLayer>,
}

/// An integration layer that somebody is writing. No `Debug`: it has a secret.
#[derive(Clone)]
pub struct OtherLayer {
    /// Base URL, http or https.
    pub url: String,
    /// The Bearer credential that it expects; that of the world without.
    pub credential: Option<String>,
}

/// Ports of the servers of the world.
#[derive(Clone, Copy, Default)]
pub struct WorldPorts {
    /// Token server of the metrics platform (https, client certificates).
    pub pcm_auth: u16,
    /// Reporting API of the metrics platform (https).
    pub pcm_api: u16,
    /// Directory (https).
    pub directory: u16,
    /// Bank core (http).
    pub bank_core: u16,
    /// The other participant (https).
    pub participant: u16,
    /// Payment core of the bank (https, client certificates).
    pub payment_core: u16,
}

/// URLs of the servers of the world.
#[derive(Clone)]
pub struct WorldUrls {
    /// Token server of the metrics platform.
    pub pcm_auth: String,
    /// Reporting API of the metrics platform.
    pub pcm_api: String,
    /// Directory.
    pub directory: String,
    /// Bank core.
    pub bank_core: String,
    /// The other participant.
    pub participant: String,
    /// Payment core of the bank.
    pub payment_core: String,
}

/// Programmable faults of each server, from inside the process.
#[derive(Clone)]
pub struct WorldFaults {
    /// Token server of the metrics platform.
    pub pcm_auth: Faults,
    /// Reporting API of the metrics platform.
    pub pcm_api: Faults,
    /// Directory.
    pub directory: Faults,
    /// Bank core.
    pub bank_core: Faults,
    /// Payment core of the bank, over HTTPS, as a function and by queue.
    pub payment_core: Faults,
}
