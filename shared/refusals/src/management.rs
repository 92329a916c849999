//! Texts for callers of the management API who may not act like this.
//!
//! To add one: a variant, and an arm with its text, which must not repeat what was sent.

use crate::refusal::Refusal;

/// A caller of the management API that may not act like this (403).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ManagementFault {
    /// `x-brand-id` names another institution.
    OtherBrand,
    /// A key for customers without `x-customer-cpf`.
    CustomerNotNamed,
    /// A key for customers that ends a consent in the name of the institution.
    NotForInstitution,
}

impl From<ManagementFault> for Refusal {
    fn from(fault: ManagementFault) -> Self {
        Self::denied(match fault {
            ManagementFault::OtherBrand => "X-Brand-ID é de outra instituição",
            ManagementFault::CustomerNotNamed => "esta chave de API exige x-customer-cpf em toda chamada",
            ManagementFault::NotForInstitution => {
                "esta chave de API encerra consentimentos somente a pedido do cliente (USER)"
            }
        })
    }
}
