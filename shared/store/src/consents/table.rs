//! The table of the consents.

use crate::dynamo::Dynamo;
use crate::trail::TrailTables;

/// Name of the table in errors.
pub(super) const WHAT: &str = "consents table";

/// The consents of an institution.
pub struct ConsentTable {
    pub(super) dynamo: Dynamo,
    pub(super) table: String,
    /// `None` if the table is opened for reading only.
    pub(super) commit: Option<TrailTables>,
    /// Table of the interactions, for the function in which customers decide.
    pub(super) interactions: Option<String>,
}

impl ConsentTable {
    /// For functions that only look consents up.
    #[must_use]
    pub fn reading(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), commit: None, interactions: None }
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
