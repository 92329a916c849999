//! The sandbox world beside the stack: it listens on ports of the stack's row and fills the template's parameters and secrets.

use std::io::ErrorKind;
use std::path::Path;

use ponte_machine::SandboxError;
use ponte_world::{World, WorldConfig, WorldError, WorldPorts, WorldUrls};

use crate::gateway::Identity;
use crate::ports::{Port, Ports, PortsError};
use crate::stack::host_url;

/// Short name of the sandbox institution.
pub const INSTITUTION: &str = "bancoexemplo";

/// The ports that the sandbox world listens on itself.
pub const PORTS: [Port; 5] =
    [Port::PcmAuth, Port::PcmApi, Port::Directory, Port::BankCore, Port::Participant];

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

/// Makes or finds the world below `directory`, beside a stack with the ports in `own`. It listens; nothing answers yet.
pub async fn prepare(directory: &Path, ports: &Ports, own: &[(Port, u16)]) -> Result<World, NoWorld> {
    let url = |port| {
        let number = own.iter().find(|(own, _)| *own == port).map(|(_, number)| *number);
        host_url(number.unwrap_or_default())
    };
    let config = WorldConfig {
        dir: directory.join("world"),
        institution: INSTITUTION.to_owned(),
        ports: WorldPorts {
            pcm_auth: ports.number(Port::PcmAuth),
            pcm_api: ports.number(Port::PcmApi),
            directory: ports.number(Port::Directory),
            bank_core: ports.number(Port::BankCore),
            participant: ports.number(Port::Participant),
        },
        public_url: url(Port::Public),
        mtls_url: url(Port::Mtls),
        management_url: url(Port::Management),
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
pub fn ports(urls: &WorldUrls) -> [(Port, u16); 5] {
    let port = |url: &str| url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
    let urls = [&urls.pcm_auth, &urls.pcm_api, &urls.directory, &urls.bank_core, &urls.participant];
    std::array::from_fn(|index| (PORTS[index], port(urls[index])))
}
