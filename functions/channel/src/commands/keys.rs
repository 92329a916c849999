//! The institution's registered key set, and what its back end signs with it.

use std::fmt;
use std::sync::Arc;

use ponte_authorization::interaction::{Assurance, Interaction};
use ponte_authorization::ports::{Customer, Directory};
use ponte_edge::{FetchedKeys, Refusal};
use ponte_fapi::claims::{ClaimFault, CustomerAuthentication, VerificationTime};
use ponte_fapi::jws::{CompactJws, JwsFault, Policy};
use ponte_fapi::secret;
use ponte_values::Moment;

/// Seconds of difference granted to the clock of the back end.
const SKEW: u64 = 60;

/// Verifies what the institution's back end signs.
#[derive(Debug)]
pub struct ChannelKeys {
    keys: FetchedKeys,
    uri: String,
}

impl ChannelKeys {
    /// The key set at `uri`, fetched by `directory`.
    #[must_use]
    pub fn new(directory: Arc<dyn Directory>, uri: String) -> Self {
        Self { keys: FetchedKeys::new(directory), uri }
    }

    /// The customer whom the JWT says was authenticated in this interaction.
    pub(super) async fn customer(
        &self,
        jwt: &str,
        interaction: &Interaction,
        now: Moment,
    ) -> Result<Customer, Refusal> {
        let compact =
            CompactJws::parse(jwt, &Policy::CUSTOMER_AUTHENTICATION).map_err(|fault| refused(&fault))?;
        let keys = self.keys.at(&self.uri, Some(compact.kid()), now).await?;
        let key = keys.signature_key(compact.kid()).ok_or_else(|| refused(&JwsFault::UnknownKey))?;
        let claims: CustomerAuthentication = compact.verify(key).map_err(|fault| refused(&fault))?;
        let clock = VerificationTime { now: u64::try_from(now.seconds()).unwrap_or_default(), skew: SKEW };
        let who = claims.check(&jti(interaction), clock).map_err(|fault: ClaimFault| refused(&fault))?;
        let assurance = Assurance::of_acr(who.acr.as_str()).unwrap_or_default();
        Ok(Customer { cpf: who.cpf, cnpj: who.cnpj, assurance })
    }
}

/// The `jti` that an authentication for this interaction must carry: good for no other, and telling nothing of its id.
/// Within the interaction a second use changes nothing (C05).
pub(super) fn jti(interaction: &Interaction) -> String {
    secret::hash(&format!("authentication:{}", interaction.id))
}

/// The caller hears that it does not hold; which rule broke is for the log. Neither names the person.
fn refused(fault: &dyn fmt::Display) -> Refusal {
    tracing::warn!(%fault, "authentication of a customer refused");
    Refusal::authentication()
}
