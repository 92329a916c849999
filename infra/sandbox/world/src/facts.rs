//! Facts of the world that others are told: the template by its parameters and secrets, programs by `endpoints.json`.

use std::path::PathBuf;
use std::sync::Arc;

use super::config::{WorldConfig, WorldUrls};
use super::state::State;
use super::systems::Systems;
use crate::organisation::Organisation;
use crate::pki::RsaKey;

/// Who is in the world and where everything is.
pub(super) struct Facts {
    pub(super) config: WorldConfig,
    pub(super) state: State,
    /// The institution first, then the participants.
    pub(super) organisations: Vec<Arc<Organisation>>,
    /// What of the institution calls its management API.
    pub(super) systems: Systems,
    /// The institution's back end signs with it who its app's customers are.
    pub(super) channel_key: RsaKey,
    pub(super) urls: WorldUrls,
}

impl Facts {
    /// PEM file of the authority that every caller in this world trusts.
    pub(super) fn ca_file(&self) -> PathBuf {
        self.config.dir.join("ca.pem")
    }

    pub(super) fn institution(&self) -> &Organisation {
        &self.organisations[0]
    }

    pub(super) fn participants(&self) -> impl Iterator<Item = &Arc<Organisation>> {
        self.organisations.iter().skip(1)
    }
}
