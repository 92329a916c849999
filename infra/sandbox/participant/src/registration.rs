//! Dynamic client registration and its management, as a receiver asks for them (S80 to S90).

use http::Method;
use ponte_directory::StatementRequest;
use ponte_machine::clock;
use ponte_web::caller::{Call, NoAnswer, Reply};
use serde_json::Value;

use crate::receiver::Receiver;
use crate::report::About;
use crate::software::{Registration, Software, managing, reading, registering, replacing};

impl Receiver {
    /// The registration this receiver works with.
    #[must_use]
    pub fn registration(&self) -> Registration {
        self.record.registration()
    }

    /// A software statement assertion of the directory, good or as bad as a test wants it.
    pub async fn statement(&self, asked: &StatementRequest) -> Result<String, NoAnswer> {
        self.software().statement(self.browser.caller(), asked).await
    }

    /// The metadata it registers with; tests change what they like.
    #[must_use]
    pub fn metadata(&self, statement: &str) -> Value {
        self.software().metadata(statement)
    }

    /// Registers a client.
    pub async fn register(&self, metadata: &Value) -> Result<Reply, NoAnswer> {
        let url = self.server.endpoint("registration_endpoint")?;
        let mut about = About::security("/register", &url);
        let webhooks = metadata["webhook_uris"].as_array().is_some_and(|uris| !uris.is_empty());
        about.info.insert("webhookEnable".into(), if webhooks { "TRUE" } else { "FALSE" }.into());
        self.manage(&about, registering(&url, metadata)).await
    }

    /// Reads a registration.
    pub async fn read_registration(&self, held: &Registration) -> Result<Reply, NoAnswer> {
        self.manage(&about(held), reading(held)).await
    }

    /// Replaces a registration by this metadata.
    pub async fn replace_registration(
        &self,
        held: &Registration,
        metadata: &Value,
    ) -> Result<Reply, NoAnswer> {
        self.manage(&about(held), replacing(held, metadata)).await
    }

    /// Deletes a registration.
    pub async fn delete_registration(&self, held: &Registration) -> Result<Reply, NoAnswer> {
        let call = Call::new(Method::DELETE, held.registration_client_uri.as_str());
        self.manage(&about(held), managing(call, held)).await
    }

    async fn manage(&self, about: &About, call: Call) -> Result<Reply, NoAnswer> {
        let result = self.mtls.send(call.header("x-fapi-interaction-id", clock::new_id())).await;
        self.note(about, None, &result);
        result
    }

    fn software(&self) -> Software {
        self.record.software(&self.around.directory)
    }
}

fn about(held: &Registration) -> About {
    About::security("/register/{clientId}", &held.registration_client_uri)
}
