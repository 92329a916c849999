//! Facts of the world for others: the template gets them as parameters and secrets, programs by `endpoints.json`.

use std::path::PathBuf;
use std::sync::Arc;

use ponte_directory::Organisation;
use ponte_pki::RsaKey;

use crate::config::{WorldConfig, WorldUrls};
use crate::payment_core::PaymentCoreKeys;
use crate::plain;
use crate::profiles::INSTITUTION;
use crate::state::State;
use crate::systems::Systems;

/// Organisations of the world, its systems and its addresses.
pub(crate) struct Facts {
    pub(crate) config: WorldConfig,
    pub(crate) state: State,
    /// The institution first, then the participants.
    pub(crate) organisations: Vec<Arc<Organisation>>,
    /// The institution's own systems, which call its management API.
    pub(crate) systems: Systems,
    /// The institution's back end signs with it who its app's customers are.
    pub(crate) channel_key: RsaKey,
    /// Keys and certificates around the payment core.
    pub(crate) payment_core: PaymentCoreKeys,
    pub(crate) urls: WorldUrls,
}

impl Facts {
    /// PEM file of the authority that every caller in this world trusts.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.config.dir.join("ca.pem")
    }

    /// File of the Bearer credential that the layer expects, mode 0600.
    pub(crate) fn layer_credential_file(&self) -> PathBuf {
        self.config.dir.join(INSTITUTION.folder).join("layer-credential")
    }

    /// The credential that the layer expects.
    pub(crate) fn layer_credential(&self) -> &str {
        let other = self.config.layer.as_ref().and_then(|layer| layer.credential.as_deref());
        other.unwrap_or(&self.state.credential)
    }

    /// URL of the payment core's controls.
    pub(crate) fn payment_core_control(&self) -> String {
        format!("{}{}", self.urls.bank_core, plain::PAYMENT_CORE)
    }

    pub(crate) fn institution(&self) -> &Organisation {
        &self.organisations[0]
    }

    pub(crate) fn participants(&self) -> impl Iterator<Item = &Arc<Organisation>> {
        self.organisations.iter().skip(1)
    }
}
