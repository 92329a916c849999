//! Keys of a consent in the index of a customer's consents.

use serde::{Deserialize, Serialize};

/// Keyed pseudonyms that customers' consents are listed by, in place of their documents.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SearchKeys {
    /// Of the natural person.
    pub person: String,
    /// Of the company, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
}
