//! The servers of the world and their TLS.

use std::sync::Arc;

use ponte_machine::SandboxError;
use ponte_pki::{Authority, Identity};
use ponte_web::{Server, ServerConfig, server_only, with_client_certificates};

use crate::config::{WorldFaults, WorldPorts, WorldUrls};

/// The listeners, open and not answering yet.
pub(crate) struct Listeners {
    pub(crate) pcm_auth: Server,
    pub(crate) pcm_api: Server,
    pub(crate) directory: Server,
    pub(crate) bank_core: Server,
    pub(crate) participant: Server,
    pub(crate) payment_core: Server,
}

impl Listeners {
    /// The one without TLS comes first: certificates name its address.
    pub(crate) async fn plain(ports: WorldPorts) -> Result<Server, SandboxError> {
        Server::bind("the bank core", ports.bank_core, None).await
    }

    pub(crate) async fn open(
        ports: WorldPorts,
        bank_core: Server,
        (server, authority): (&Identity, &Authority),
        payment_core: Arc<ServerConfig>,
    ) -> Result<Self, SandboxError> {
        let one_way = server_only(server)?;
        let mutual = with_client_certificates(server, authority)?;
        Ok(Self {
            pcm_auth: Server::bind("the token server of PCM", ports.pcm_auth, Some(mutual)).await?,
            pcm_api: Server::bind("the API of PCM", ports.pcm_api, Some(Arc::clone(&one_way))).await?,
            directory: Server::bind("the directory", ports.directory, Some(Arc::clone(&one_way))).await?,
            bank_core,
            participant: Server::bind("the other participant", ports.participant, Some(one_way)).await?,
            payment_core: Server::bind("the payment core", ports.payment_core, Some(payment_core)).await?,
        })
    }

    pub(crate) fn urls(&self) -> WorldUrls {
        WorldUrls {
            pcm_auth: self.pcm_auth.url(),
            pcm_api: self.pcm_api.url(),
            directory: self.directory.url(),
            bank_core: self.bank_core.url(),
            participant: self.participant.url(),
            payment_core: self.payment_core.url(),
        }
    }

    pub(crate) fn faults(&self) -> WorldFaults {
        WorldFaults {
            pcm_auth: self.pcm_auth.faults().clone(),
            pcm_api: self.pcm_api.faults().clone(),
            directory: self.directory.faults().clone(),
            bank_core: self.bank_core.faults().clone(),
            payment_core: self.payment_core.faults().clone(),
        }
    }
}
