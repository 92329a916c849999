//! The servers of the world and their TLS.

use std::sync::Arc;

use super::config::{WorldFaults, WorldPorts, WorldUrls};
use crate::error::SandboxError;
use crate::pki::{Authority, Identity};
use crate::web::{Server, server_only, with_client_certificates};

/// The listeners, open and not answering yet.
pub(super) struct Listeners {
    pub(super) pcm_auth: Server,
    pub(super) pcm_api: Server,
    pub(super) directory: Server,
    pub(super) bank_core: Server,
    pub(super) participant: Server,
}

impl Listeners {
    pub(super) async fn open(
        ports: WorldPorts,
        server: &Identity,
        authority: &Authority,
    ) -> Result<Self, SandboxError> {
        let one_way = server_only(server)?;
        let mutual = with_client_certificates(server, authority)?;
        Ok(Self {
            pcm_auth: Server::bind("the token server of PCM", ports.pcm_auth, Some(mutual)).await?,
            pcm_api: Server::bind("the API of PCM", ports.pcm_api, Some(Arc::clone(&one_way))).await?,
            directory: Server::bind("the directory", ports.directory, Some(Arc::clone(&one_way))).await?,
            bank_core: Server::bind("the bank core", ports.bank_core, None).await?,
            participant: Server::bind("the other participant", ports.participant, Some(one_way)).await?,
        })
    }

    pub(super) fn urls(&self) -> WorldUrls {
        WorldUrls {
            pcm_auth: self.pcm_auth.url(),
            pcm_api: self.pcm_api.url(),
            directory: self.directory.url(),
            bank_core: self.bank_core.url(),
            participant: self.participant.url(),
        }
    }

    pub(super) fn faults(&self) -> WorldFaults {
        WorldFaults {
            pcm_auth: self.pcm_auth.faults().clone(),
            pcm_api: self.pcm_api.faults().clone(),
            directory: self.directory.faults().clone(),
            bank_core: self.bank_core.faults().clone(),
        }
    }
}
