//! The members that may report: organisations of the directory, their software statements and clients.

/// An organisation that the platform knows, with one software statement and one client.
#[derive(Clone)]
pub struct Member {
    /// organisationId.
    pub id: String,
    /// Software statement id.
    pub software_statement_id: String,
    /// `client_id` at the platform.
    pub pcm_client_id: String,
}

/// The organisations the platform knows.
pub(crate) struct Members(pub(crate) Vec<Member>);

impl Members {
    pub(crate) fn is_organisation(&self, id: &str) -> bool {
        self.0.iter().any(|member| member.id == id)
    }

    /// Whether the software statement belongs to the organisation.
    pub(crate) fn owns(&self, organisation: &str, software_statement: &str) -> bool {
        self.0
            .iter()
            .any(|member| member.id == organisation && member.software_statement_id == software_statement)
    }

    /// Whether this client belongs to the organisation and software statement of a certificate (M01).
    pub(crate) fn is_client(&self, client: &str, organisation: &str, software_statement: &str) -> bool {
        self.0.iter().any(|member| {
            member.pcm_client_id == client
                && member.id == organisation
                && member.software_statement_id == software_statement
        })
    }
}
