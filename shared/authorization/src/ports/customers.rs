//! The customers of the institution, as its own systems authenticate them.

use std::time::Duration;

use async_trait::async_trait;
use ponte_ports::InstitutionFault;
use ponte_values::{Cnpj, Cpf, OrganisationId};

use crate::interaction::Assurance;

/// The customer behind an access token of the institution's channel.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Customer {
    /// The person.
    pub cpf: Cpf,
    /// The company the person acts for, if any.
    pub cnpj: Option<Cnpj>,
    /// How strongly the channel authenticated the person (S15).
    pub assurance: Assurance,
}

/// The institution's authentication of customers.
#[async_trait]
pub trait Customers: Send + Sync {
    /// The customer behind an access token of the institution's channel, asked for in an interaction of a client of
    /// `organisation` by a call that has `left` to answer (4 s budget within it).
    async fn identify(
        &self,
        access_token: &str,
        organisation: &OrganisationId,
        left: Duration,
    ) -> Result<Customer, InstitutionFault>;
}
