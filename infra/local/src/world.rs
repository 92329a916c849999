//! The sandbox world beside the stack: its ports are the stack's, its values fill the template's parameters and secrets.

use std::io::ErrorKind;
use std::path::Path;

use ponte_machine::SandboxError;
use ponte_world::{World, WorldConfig, WorldError, WorldPorts, WorldUrls};

use crate::gateway::Identity;
use crate::ports::{Door, Ports, PortsError};
use crate::stack::host_url;

/// Short name of the sandbox institution.
pub const INSTITUTION: &str = "bancoexemplo";

/// The doors that the world opens itself.
pub const DOORS: [Door; 5] =
    [Door::PcmAuth, Door::PcmApi, Door::Directory, Door::BankCore, Door::Participant];

/// Why there is no world.
#[derive(Debug, thiserror::Error)]
pub enum NoWorld {
    /// A port of the world is taken.
    #[error(transparent)]
    Ports(#[from] PortsError),
    /// Anything else.
    #[error("the sandbox world: {0}")]
    World(WorldError),
}

impl From<WorldError> for NoWorld {
    fn from(error: WorldError) -> Self {
        match error {
            WorldError::Sandbox(SandboxError::Port { port, source, .. })
                if source.kind() == ErrorKind::AddrInUse =>
            {
                Self::Ports(PortsError::Busy { port })
            }
            other => Self::World(other),
        }
    }
}

/// Makes or finds the world below `directory`, beside a stack with the ports in `own`; its doors are open, nothing answers yet.
pub async fn prepare(directory: &Path, ports: &Ports, own: &[(Door, u16)]) -> Result<World, NoWorld> {
    let url = |door| {
        let number = own.iter().find(|(own, _)| *own == door).map(|(_, number)| *number);
        host_url(number.unwrap_or_default())
    };
    let config = WorldConfig {
        dir: directory.join("world"),
        institution: INSTITUTION.to_owned(),
        ports: WorldPorts {
            pcm_auth: ports.number(Door::PcmAuth),
            pcm_api: ports.number(Door::PcmApi),
            directory: ports.number(Door::Directory),
            bank_core: ports.number(Door::BankCore),
            participant: ports.number(Door::Participant),
        },
        public_url: url(Door::Public),
        mtls_url: url(Door::Mtls),
        management_url: url(Door::Management),
    };
    Ok(World::prepare(config).await?)
}

/// Certificate of the hosts.
#[must_use]
pub fn identity(world: &World) -> Identity {
    let identity = world.server_identity();
    Identity { chain_pem: identity.chain_pem.clone(), key_pem: identity.key.private_pem().to_owned() }
}

/// The port of every server of the world.
#[must_use]
pub fn doors(urls: &WorldUrls) -> [(Door, u16); 5] {
    let port = |url: &str| url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
    let urls = [&urls.pcm_auth, &urls.pcm_api, &urls.directory, &urls.bank_core, &urls.participant];
    std::array::from_fn(|index| (DOORS[index], port(urls[index])))
}
