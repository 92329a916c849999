//! The guard of managed routes: a certificate of the institution's authority, and an API key that belongs to it.
//!
//! The key is read strongly consistent at each call and not cached, so a revocation counts from the next call on.

use std::sync::Arc;

use http::Uri;
use ponte_authorization::api_key;
use ponte_authorization::api_key::{ApiKeyFault, ApiScope};
use ponte_authorization::ports::ApiKeys;
use ponte_fapi::certificate::ClientCertificate;
use ponte_fapi::secret;
use ponte_refusals::Refusal;
use ponte_values::Moment;

use crate::caller::Manager;
use crate::report::AccessLog;
use crate::request::Request;

/// The only header a key is read from.
const HEADER: &str = "x-api-key";
/// Port of a URL that names none.
const HTTPS: u16 = 443;

/// The guard of the management host: its callers and their API keys.
pub struct Managers {
    keys: Arc<dyn ApiKeys>,
    url: String,
    /// `None` if the URL has no host; then no call is on the management host.
    host: Option<(String, u16)>,
}

impl Managers {
    /// Callers who come to the host of `management_url` with one of `keys`.
    #[must_use]
    pub fn new(keys: Arc<dyn ApiKeys>, management_url: String) -> Self {
        let uri = management_url.parse::<Uri>().ok();
        let host = uri.and_then(|uri| Some((uri.host()?.to_owned(), uri.port_u16().unwrap_or(HTTPS))));
        Self { keys, url: management_url, host }
    }

    /// Scheme and host in the links of answers to these callers.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Whether a call came to the management host. The gateway sets name and port, not the caller.
    pub(crate) fn serves(&self, request: &Request) -> bool {
        let port = match request.header("x-forwarded-port") {
            None => Some(HTTPS),
            Some(text) => text.parse().ok(),
        };
        self.host
            .as_ref()
            .is_some_and(|(name, number)| name.eq_ignore_ascii_case(&request.host) && port == Some(*number))
    }

    /// The caller of a route that any of these scopes opens; `access` collects what the log may know.
    pub(crate) async fn admit(
        &self,
        any_of: &[ApiScope],
        request: &Request,
        now: Moment,
        access: &mut AccessLog,
    ) -> Result<Manager, Refusal> {
        access.decided("certificate missing or unfit");
        let certificate =
            request.certificate.as_deref().and_then(|pem| ClientCertificate::from_pem(pem).ok());
        let certificate = certificate.filter(|certificate| certificate.check(seconds(now)).is_ok());
        let caller = certificate.as_ref().and_then(ClientCertificate::common_name);
        let caller = caller.ok_or_else(Refusal::unknown_manager)?;

        access.decided("key missing or malformed");
        let presented = request.header(HEADER).and_then(api_key::parse);
        let (id, secret) = presented.ok_or_else(Refusal::unknown_manager)?;
        access.of(&id);
        access.decided("key not read");
        let found = self.keys.find(&id).await?;
        access.decided("key unknown");
        let key = found.ok_or_else(Refusal::unknown_manager)?;
        let verdict = key.admits(&secret::hash(secret), caller, any_of, now);
        access.decided(match verdict {
            Ok(()) => "admitted",
            Err(ApiKeyFault::Unauthenticated(mismatch)) => mismatch.as_str(),
            Err(ApiKeyFault::Scope) => "scope missing",
        });
        verdict?;
        Ok(Manager { key: key.id, caller: key.caller, scopes: key.scopes })
    }
}

fn seconds(now: Moment) -> u64 {
    u64::try_from(now.seconds()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
