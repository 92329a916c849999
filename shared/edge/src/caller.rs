//! Callers: clients of the institution, and the institution's own.

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

/// One of the institution's own callers, as its certificate and its API key name it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manager {
    /// Id of its API key.
    pub key: ApiKeyId,
    /// Common name of its client certificate.
    pub caller: String,
    /// Scopes of the key; the route requires one of them.
    pub scopes: BTreeSet<ApiScope>,
}

impl Manager {
    /// The actor of the audit rows it causes.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Manager(format!("{}/{}", self.caller, self.key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t44_an_audit_row_names_a_caller_by_its_certificate_and_its_key() {
        let key = ApiKeyId::parse("0123456789abcdef").unwrap();
        let manager = Manager { key, caller: "app.banco.example".to_owned(), scopes: BTreeSet::new() };
        assert_eq!(manager.actor(), Actor::Manager("app.banco.example/0123456789abcdef".to_owned()));
    }
}
