//! Who calls: clients of the institution and callers of its own.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKeyId, ApiScope};
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, OrganisationId};

/// A client as its token names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// `client_id`.
    pub id: ClientId,
    /// Its organisation.
    pub organisation: OrganisationId,
}

/// A caller of the institution's own, as its certificate and its API key name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manager {
    /// The key it showed.
    pub key: ApiKeyId,
    /// Common name of its client certificate.
    pub caller: String,
    /// What the key opens; the route asked for one of them.
    pub scopes: BTreeSet<ApiScope>,
}

impl Manager {
    /// The actor of the audit rows it causes.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Manager(format!("{}/{}", self.caller, self.key))
    }
}
