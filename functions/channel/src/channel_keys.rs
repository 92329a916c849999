//! The institution's registered key set, and what its back end signs with it: authentications of customers, and calls.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::interaction::Assurance;
use ponte_authorization::ports::{Customer, Directory};
use ponte_edge::{Call, FetchedKeys, Refusal};
use ponte_fapi::claims::{ClaimFault, CustomerAuthentication, ReceivedCall, SignedCall, VerificationTime};
use ponte_fapi::jws::{CompactJws, JwsFault, Policy};
use ponte_values::Moment;
use serde::de::DeserializeOwned;

/// Seconds of difference granted to the clock of the back end; a signed call is as old at most.
const SKEW: u64 = 60;

/// The signature of a call that holds.
pub(crate) struct CallSignature {
    /// Good for one call.
    pub(crate) jti: String,
    /// When it holds no more.
    pub(crate) until: Moment,
}

/// Verifies the JWTs that the institution's back end signs about its customers.
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

    /// The customer that the JWT says was authenticated, if it carries this `jti`: that of a session.
    ///
    /// # Errors
    /// 401 for a JWT that does not hold, or that the key set could not be fetched.
    pub(crate) async fn customer(&self, jwt: &str, jti: &str, now: Moment) -> Result<Customer, Refusal> {
        let claims: CustomerAuthentication =
            self.verified(jwt, &Policy::CUSTOMER_AUTHENTICATION, now).await?;
        let who = claims.check(jti, clock(now)).map_err(|fault: ClaimFault| refused(&fault))?;
        let assurance = Assurance::of_acr(who.acr.as_str()).unwrap_or_default();
        Ok(Customer { cpf: who.cpf, cnpj: who.cnpj, assurance })
    }

    /// The signature of this very call. Whether its `jti` was used before is for the caller to find out.
    ///
    /// # Errors
    /// 401 for a JWS that does not hold, or that the key set could not be fetched.
    pub(crate) async fn signed_call(&self, jws: &str, call: &Call) -> Result<CallSignature, Refusal> {
        let claims: SignedCall = self.verified(jws, &Policy::SIGNED_CALL, call.now).await?;
        let request = &call.request;
        let received = ReceivedCall { method: &request.method, path: &request.path, body: request.body() };
        let verified = claims.check(received, clock(call.now)).map_err(|fault| refused(&fault))?;
        let signed_at = i64::try_from(verified.signed_at).unwrap_or_default();
        let until = Moment::from_seconds(signed_at).plus(Duration::from_secs(2 * SKEW));
        Ok(CallSignature { jti: verified.jti, until })
    }

    /// The claims of a token under a key of the set.
    async fn verified<T: DeserializeOwned>(
        &self,
        token: &str,
        policy: &Policy,
        now: Moment,
    ) -> Result<T, Refusal> {
        let compact = CompactJws::parse(token, policy).map_err(|fault| refused(&fault))?;
        let keys = self.keys.at(&self.uri, Some(compact.kid()), now).await?;
        let key = keys.signature_key(compact.kid()).ok_or_else(|| refused(&JwsFault::UnknownKey))?;
        compact.verify(key).map_err(|fault| refused(&fault))
    }
}

fn clock(now: Moment) -> VerificationTime {
    VerificationTime { now: u64::try_from(now.seconds()).unwrap_or_default(), skew: SKEW }
}

/// One refusal for every broken rule; the log says which. Neither names the person.
fn refused(fault: &dyn fmt::Display) -> Refusal {
    tracing::warn!(%fault, "signature of the institution refused");
    Refusal::authentication()
}
