//! A renewal as a client asks for it, and as the history of the consent keeps it (C32, C34).

use std::fmt;

use ponte_values::{Cnpj, Cpf, Moment};
use serde::{Deserialize, Serialize};

/// The request of a client to renew a consent for its customer.
#[derive(Clone)]
pub struct ExtensionRequest {
    /// The person at the client.
    pub logged_user: Cpf,
    /// The company the person acts for, if any.
    pub business: Option<Cnpj>,
    /// The new end; `None` is an indefinite term (C07).
    pub expires_at: Option<Moment>,
    /// `x-fapi-customer-ip-address` (C32).
    pub ip_address: String,
    /// `x-customer-user-agent` (C32).
    pub user_agent: String,
}

/// A renewal that happened (C34).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Extension {
    /// When it was asked for.
    pub requested_at: Moment,
    /// The person at the client.
    pub logged_user: Cpf,
    /// The new end; `None` is an indefinite term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Moment>,
    /// The end before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_expires_at: Option<Moment>,
    /// `x-fapi-customer-ip-address` of the call.
    pub ip_address: String,
    /// `x-customer-user-agent` of the call.
    pub user_agent: String,
}

/// Without address and user agent, which stay out of logs.
impl fmt::Debug for ExtensionRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExtensionRequest").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Without address and user agent, which stay out of logs.
impl fmt::Debug for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extension").field("requested_at", &self.requested_at).finish_non_exhaustive()
    }
}
