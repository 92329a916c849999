//! The tables of the consents: those of data and those of payments, one mechanism.

use std::marker::PhantomData;

use ponte_data_consent::consent::Consent;
use ponte_payment::consent::PaymentConsent;

use crate::dynamo::Dynamo;
use crate::trail::TrailTables;

/// Name of the table of the data consents in errors.
pub(super) const WHAT: &str = "consents table";

/// The data consents of an institution.
pub type ConsentTable = TableOf<Consent>;

/// The payment consents of an institution.
pub type PaymentConsentTable = TableOf<PaymentConsent>;

/// The consents of a kind.
pub struct TableOf<C> {
    pub(super) dynamo: Dynamo,
    pub(super) table: String,
    /// `None` if the table is opened for reading only.
    pub(super) commit: Option<TrailTables>,
    /// Table of the interactions, for the function in which customers decide.
    pub(super) interactions: Option<String>,
    kind: PhantomData<fn() -> C>,
}

impl<C> TableOf<C> {
    /// For functions that only look consents up.
    #[must_use]
    pub fn reading(dynamo: &Dynamo, table: &str) -> Self {
        Self {
            dynamo: dynamo.clone(),
            table: table.to_owned(),
            commit: None,
            interactions: None,
            kind: PhantomData,
        }
    }

    /// For the function that changes them.
    #[must_use]
    pub fn committing(dynamo: &Dynamo, table: &str, commit: TrailTables) -> Self {
        Self { commit: Some(commit), ..Self::reading(dynamo, table) }
    }

    /// For the function in which customers decide: interactions change with their consents.
    #[must_use]
    pub fn deciding(self, interactions: &str) -> Self {
        Self { interactions: Some(interactions.to_owned()), ..self }
    }
}
