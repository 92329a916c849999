//! The table of the consents, and the tables a commit writes besides.

use ponte_cloud::env;

use crate::dynamo::Dynamo;

/// The table in errors.
pub(super) const WHAT: &str = "consents table";

/// Names of the tables a commit writes besides that of the consents.
#[derive(Clone, Debug)]
pub struct CommitTables {
    /// Interactions.
    pub interactions: String,
    /// Outbox.
    pub outbox: String,
    /// Audit rows.
    pub audit: String,
}

ponte_cloud::settings! {
    impl CommitTables {
        interactions: env::INTERACTIONS_TABLE,
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
}

impl ConsentTable {
    /// For functions that only look consents up.
    #[must_use]
    pub fn reading(dynamo: &Dynamo, table: &str) -> Self {
        Self { dynamo: dynamo.clone(), table: table.to_owned(), commit: None }
    }

    /// For the function that changes them.
    #[must_use]
    pub fn committing(dynamo: &Dynamo, table: &str, commit: CommitTables) -> Self {
        Self { commit: Some(commit), ..Self::reading(dynamo, table) }
    }
}
