//! The institution's channel: its app or internet bank acting on Ponte's interaction API.

use ponte_machine::SandboxError;
use ponte_values::Device;
use ponte_web::caller::{Call, Caller, NoAnswer, Reply};
use serde_json::{Value, json};

use crate::sessions::Sessions;

/// A channel of one institution. It keeps the secret of each login and shows it at every later step.
#[derive(Clone)]
pub struct Channel {
    http: Caller,
    base: String,
    sessions: Sessions,
}

/// The customer's decision.
#[derive(Clone, Default)]
pub struct Decision {
    /// Whether other people still have to agree; nothing is said of it when absent.
    pub partial_approval: Option<bool>,
    /// Account to debit, for payments.
    pub debtor_account: Option<Value>,
    /// Ids of the resources to share; all that were offered when absent.
    pub resources: Option<Vec<String>>,
}

impl Channel {
    /// A channel that calls the interaction API at `public_url` under the name `client_name`.
    pub fn new(public_url: &str, client_name: &str, trust_pem: &str) -> Result<Self, SandboxError> {
        Ok(Self {
            http: Caller::new(trust_pem, None)?,
            base: format!("{public_url}/api/{client_name}/consents/v1/interactions"),
            sessions: Sessions::default(),
        })
    }

    /// The same channel with no login yet, or with this secret of one.
    #[must_use]
    pub(crate) fn with_session(&self, session: Option<(&str, String)>) -> Self {
        let sessions = Sessions::default();
        if let Some((interaction, secret)) = session {
            sessions.put(interaction, secret);
        }
        Self { sessions, ..self.clone() }
    }

    /// The same channel with the logins of another, as after a restart of the institution's systems.
    #[must_use]
    pub fn with_sessions_of(&self, other: &Self) -> Self {
        Self { sessions: other.sessions.clone(), ..self.clone() }
    }

    /// Reads what the channel shows to the customer.
    pub async fn show(&self, interaction: &str) -> Result<Reply, NoAnswer> {
        let call = Call::get(format!("{}/{interaction}", self.base));
        self.http.send(self.sessions.show(interaction, call)).await
    }

    /// The customer logged in; `access_token` is the channel's own.
    pub async fn login(
        &self,
        interaction: &str,
        access_token: &str,
        device: &Device,
    ) -> Result<Reply, NoAnswer> {
        let body = json!({ "accessToken": access_token, "device": device });
        let reply = self.step(interaction, "login", &body).await?;
        self.sessions.keep(interaction, &reply);
        Ok(reply)
    }

    /// The customer said yes.
    pub async fn consent(
        &self,
        interaction: &str,
        decision: &Decision,
        device: &Device,
    ) -> Result<Reply, NoAnswer> {
        let mut body = json!({ "device": device });
        if let Some(partial) = decision.partial_approval {
            body["partialApproval"] = json!(partial);
        }
        if let Some(account) = &decision.debtor_account {
            body["debtorAccount"] = account.clone();
        }
        if let Some(resources) = &decision.resources {
            body["resources"] = json!(resources);
        }
        self.step(interaction, "consent", &body).await
    }

    /// The customer said no.
    pub async fn cancel(&self, interaction: &str, device: &Device) -> Result<Reply, NoAnswer> {
        self.step(interaction, "cancel", &json!({ "device": device })).await
    }

    async fn step(&self, interaction: &str, step: &str, body: &Value) -> Result<Reply, NoAnswer> {
        let call = Call::post_json(format!("{}/{interaction}/{step}", self.base), body);
        self.http.send(self.sessions.show(interaction, call)).await
    }
}
