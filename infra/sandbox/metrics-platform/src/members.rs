//! Who may report: organisations of the directory, their software statements and clients.

use std::sync::Arc;

use crate::organisation::Organisation;

/// The organisations the platform knows.
pub(crate) struct Members(Vec<Member>);

struct Member {
    organisation: String,
    software_statement: String,
    client: String,
}

impl Members {
    pub(crate) fn of(organisations: &[Arc<Organisation>]) -> Self {
        Self(
            organisations
                .iter()
                .map(|organisation| Member {
                    organisation: organisation.id.clone(),
                    software_statement: organisation.software_statement_id.clone(),
                    client: organisation.pcm_client_id.clone(),
                })
                .collect(),
        )
    }

    pub(crate) fn is_organisation(&self, id: &str) -> bool {
        self.0.iter().any(|member| member.organisation == id)
    }

    /// Whether the software statement belongs to the organisation.
    pub(crate) fn owns(&self, organisation: &str, software_statement: &str) -> bool {
        self.0.iter().any(|member| {
            member.organisation == organisation && member.software_statement == software_statement
        })
    }

    /// Whether this client belongs to the organisation and software statement of a certificate (M01).
    pub(crate) fn is_client(&self, client: &str, organisation: &str, software_statement: &str) -> bool {
        self.0.iter().any(|member| {
            member.client == client
                && member.organisation == organisation
                && member.software_statement == software_statement
        })
    }
}
