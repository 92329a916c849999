//! A call that may proceed: the request, its interaction id, and who stands behind it.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKeyId, ApiScope};
use ponte_catalog::Row;
use ponte_data_consent::consent::{Authorisation, Consent, Standing};
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, InteractionId, Moment, OrganisationId};

use crate::door::Desk;
use crate::refusal::Refusal;
use crate::request::Request;

/// A call past the guard.
#[derive(Debug)]
pub struct Admitted {
    /// The call.
    pub request: Request,
    /// `x-fapi-interaction-id`: the caller's, or a fresh one on routes that do not require it.
    pub interaction: InteractionId,
    /// Now, read once for the whole call.
    pub now: Moment,
    /// Who calls.
    pub caller: Caller,
    pub(crate) desk: Desk,
    pub(crate) row: Option<&'static Row>,
}

/// Who calls.
#[derive(Debug)]
pub enum Caller {
    /// Nobody the guard knows: routes outside the catalog check for themselves.
    Unknown,
    /// A client in its own name (client_credentials).
    Client(Client),
    /// A client for a customer who authorised this consent.
    Customer(Client, Box<Consent>),
    /// A caller of the institution's own, over the management host.
    Manager(Manager),
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
    /// Who an audit row says it was.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Manager(format!("{}/{}", self.caller, self.key))
    }
}

/// A client as its token names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// `client_id`.
    pub id: ClientId,
    /// Its organisation.
    pub organisation: OrganisationId,
}

impl Admitted {
    /// The client behind the call. Only rows of the catalog have one.
    pub fn client(&self) -> Result<&Client, Refusal> {
        match &self.caller {
            Caller::Client(client) | Caller::Customer(client, _) => Ok(client),
            Caller::Unknown | Caller::Manager(_) => Err(Refusal::unauthenticated()),
        }
    }

    /// The institution's own caller behind the call. Only managed routes have one.
    pub fn manager(&self) -> Result<&Manager, Refusal> {
        match &self.caller {
            Caller::Manager(manager) => Ok(manager),
            Caller::Unknown | Caller::Client(_) | Caller::Customer(..) => Err(Refusal::unknown_manager()),
        }
    }

    /// The consent the call rests on and what the customer decided. Only rows with a permission have one.
    pub fn consent(&self) -> Result<(&Consent, &Authorisation), Refusal> {
        match &self.caller {
            Caller::Customer(_, consent) => match consent.at(self.now) {
                Standing::Authorised(authorisation) => Ok((consent, authorisation)),
                _ => Err(Refusal::unauthenticated()),
            },
            _ => Err(Refusal::unauthenticated()),
        }
    }

    /// The row of the catalog this call came in by, if any.
    #[must_use]
    pub const fn row(&self) -> Option<&'static Row> {
        self.row
    }

    /// A fresh UUIDv4.
    #[must_use]
    pub fn uuid(&self) -> String {
        self.desk.ids.uuid()
    }

    /// A fresh 256-bit secret, base64url.
    #[must_use]
    pub fn secret(&self) -> String {
        self.desk.ids.secret()
    }
}
