//! The table of the consents, and the tables a commit writes besides.

use ponte_cloud::env;

use crate::dynamo::Dynamo;

/// The table in errors.
pub(super) const WHAT: &str = "consents table";

/// Names of the tables a commit writes besides that of the consents.
#[derive(Clone, Debug)]
pub struct CommitTables {
    /// Outbox.
    pub outbox: String,
    /// Audit rows.
    pub audit: String,
}

ponte_cloud::settings! {
    impl CommitTables {
        outbox: env::OUTBOX_TABLE,
        audit: env::AUDIT_TABLE,
    }
}

/// The consents of an institution.
pub struct ConsentTable {
    pub(super) dynamo: Dynamo,
    pub(super) table: String,
    /// None if the table is opened for reading only.
    pub(super) commit: Option<CommitTables>,
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
    pub fn committing(dynamo: &Dynamo, table: &str, commit: CommitTables) -> Self {
        Self { commit: Some(commit), ..Self::reading(dynamo, table) }
    }

    /// For the function in which customers decide: interactions change with their consents.
    #[must_use]
    pub fn deciding(self, interactions: &str) -> Self {
        Self { interactions: Some(interactions.to_owned()), ..self }
    }
}
