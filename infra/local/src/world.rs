//! The sandbox world beside the stack: it listens on ports of the stack's row and fills the template's parameters and secrets.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use ponte_machine::SandboxError;
use ponte_world::{BankFunction, OtherLayer, World, WorldConfig, WorldError, WorldPorts, WorldUrls};

use crate::aws::Invoked;
use crate::gateway::Identity;
use crate::ports::{Port, Ports, PortsError};
use crate::runtime::MAX_PAYLOAD;
use crate::stack::{Guest, host_url};
use crate::template::{ACCOUNT, REGION};

/// Short name of the sandbox institution.
pub const INSTITUTION: &str = "bancoexemplo";

/// Name of the sandbox bank as a Lambda function, in the account and the region of the local cloud.
pub const BANK_FUNCTION: &str = "bank";

/// The ports that the sandbox world listens on itself.
pub const PORTS: [Port; 6] =
    [Port::PcmAuth, Port::PcmApi, Port::Directory, Port::BankCore, Port::Participant, Port::PaymentCore];

/// Name of the payment core as a Lambda function, likewise.
pub const PAYMENT_CORE_FUNCTION: &str = "payment-core";

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
pub async fn prepare(
    directory: &Path,
    ports: &Ports,
    own: &[(Port, u16)],
    layer: Option<OtherLayer>,
    payments: bool,
) -> Result<World, NoWorld> {
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
            payment_core: ports.number(Port::PaymentCore),
        },
        public_url: url(Port::Public),
        mtls_url: url(Port::Mtls),
        management_url: url(Port::Management),
        payments,
        layer,
    };
    Ok(World::prepare(config).await?)
}

/// Certificate of the hosts.
#[must_use]
pub fn identity(world: &World) -> Identity {
    let identity = world.server_identity();
    Identity { chain_pem: identity.chain_pem.clone(), key_pem: identity.key.private_pem().to_owned() }
}

/// The bank and its payment core as functions, for a stack whose `InstitutionFunctionArn` and `PaymentConnectorFunctionArn` name them.
#[must_use]
pub fn guests(world: &World) -> BTreeMap<String, Guest> {
    let guest = |bank: BankFunction| -> Guest {
        Arc::new(move |event: Bytes| {
            let bank = Arc::clone(&bank);
            Box::pin(async move { returned(bank(&event)) })
        })
    };
    let bank = world.bank_function().map(|bank| (BANK_FUNCTION.to_owned(), guest(bank)));
    let core = world.payment_function();
    let core: Guest = Arc::new(move |event: Bytes| {
        let answer = core(event.into());
        Box::pin(async move { returned(answer.await) })
    });
    let arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{PAYMENT_CORE_FUNCTION}");
    world.payment_core().answers_at(&arn);
    bank.into_iter().chain([(PAYMENT_CORE_FUNCTION.to_owned(), core)]).collect()
}

/// How an invocation ended: what a function returns has at most 6 MB on Lambda.
fn returned(by: Result<Vec<u8>, String>) -> Invoked {
    match by {
        Ok(answer) if answer.len() <= MAX_PAYLOAD => Invoked::Answered(answer.into()),
        Ok(_) => Invoked::Failed {
            kind: "Function.ResponseSizeTooLarge".to_owned(),
            message: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
                .to_owned(),
        },
        Err(message) => Invoked::Failed { kind: "BankError".to_owned(), message },
    }
}

/// The port of every server of the world.
#[must_use]
pub fn ports(urls: &WorldUrls) -> [(Port, u16); 6] {
    let port = |url: &str| url.rsplit(':').next().and_then(|port| port.parse().ok()).unwrap_or_default();
    let urls = [
        &urls.pcm_auth,
        &urls.pcm_api,
        &urls.directory,
        &urls.bank_core,
        &urls.participant,
        &urls.payment_core,
    ];
    std::array::from_fn(|index| (PORTS[index], port(urls[index])))
}
