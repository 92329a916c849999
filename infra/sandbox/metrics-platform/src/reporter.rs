//! A member of the metrics platform as its client: a token over mTLS, then reports and questions by Bearer (M01, M02).
//! The institution of a stack and its receivers can all be one, by `endpoints.json` alone.

use http::Method;
use ponte_machine::{SandboxError, files};
use ponte_web::caller::{Call, Caller, ClientCertificate, NoAnswer, Reply};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::OnceCell;

const PRIVATE: &str = "/report-api/v1/private/report";

/// A member and its token, fetched once.
pub struct Reporter {
    record: Record,
    auth: String,
    api: String,
    mutual: Caller,
    plain: Caller,
    token: OnceCell<String>,
}

#[derive(Deserialize)]
struct Record {
    organisation_id: String,
    software_statement_id: String,
    pcm_client_id: String,
    transport_cert: String,
    transport_key: String,
}

#[derive(Deserialize)]
struct Endpoints {
    ca_file: String,
    pcm: Urls,
}

#[derive(Deserialize)]
struct Urls {
    auth: String,
    api: String,
}

impl Reporter {
    /// The institution that Ponte runs for.
    pub fn institution(endpoints: &Value) -> Result<Self, SandboxError> {
        Self::of(endpoints, &endpoints["institution"])
    }

    /// The participant at `position` of `clients`.
    pub fn participant(endpoints: &Value, position: usize) -> Result<Self, SandboxError> {
        Self::of(endpoints, &endpoints["clients"][position])
    }

    fn of(endpoints: &Value, record: &Value) -> Result<Self, SandboxError> {
        let record = Record::deserialize(record).map_err(SandboxError::unusable)?;
        let Endpoints { ca_file, pcm } = Endpoints::deserialize(endpoints).map_err(SandboxError::unusable)?;
        let (trust, chain, key) =
            (file(&ca_file)?, file(&record.transport_cert)?, file(&record.transport_key)?);
        let certificate = ClientCertificate { chain_pem: &chain, key_pem: &key };
        Ok(Self {
            record,
            auth: pcm.auth,
            api: pcm.api,
            mutual: Caller::new(&trust, Some(certificate))?,
            plain: Caller::new(&trust, None)?,
            token: OnceCell::new(),
        })
    }

    /// organisationId.
    #[must_use]
    pub fn organisation(&self) -> &str {
        &self.record.organisation_id
    }

    /// Software statement id.
    #[must_use]
    pub fn software_statement(&self) -> &str {
        &self.record.software_statement_id
    }

    /// `client_id` at the platform.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.record.pcm_client_id
    }

    /// Asks for a token as the manual says: JSON over mTLS at the address with a slash at its end.
    pub async fn ask_for_token(&self) -> Result<Reply, NoAnswer> {
        let body = serde_json::json!({ "client_id": self.client_id(), "grant_type": "client_credentials" });
        self.mutual.send(Call::post_json(format!("{}/token/", self.auth), &body)).await
    }

    /// Posts private reports.
    pub async fn report(&self, items: &[Value]) -> Result<Reply, NoAnswer> {
        self.post(PRIVATE, &Value::Array(items.to_vec())).await
    }

    /// Posts a body to a path of the platform.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply, NoAnswer> {
        let call = Call::post_json(format!("{}{path}", self.api), body).bearer(self.token().await?);
        self.plain.send(call).await
    }

    /// The reports of an interaction as the platform shows them to this member.
    pub async fn reports_of(&self, interaction: &str) -> Result<Reply, NoAnswer> {
        let call = Call::get(format!("{}{PRIVATE}/{interaction}", self.api)).bearer(self.token().await?);
        self.plain.send(call).await
    }

    /// Counts of the platform: of everything, or of `{"interactions":[..],"correlations":[..]}` alone.
    pub async fn summary(&self, selection: &Value) -> Result<Value, NoAnswer> {
        Ok(self.control("/sandbox/summary", selection).await?.json())
    }

    /// Calls a test control of the platform: `/sandbox/faults`, `/discards`, `/tokens`, `/endpoints`. Null takes the fault
    /// back.
    pub async fn control(&self, path: &str, body: &Value) -> Result<Reply, NoAnswer> {
        self.plain.send(control_call(format!("{}{path}", self.api), body)).await
    }

    /// Calls `/sandbox/faults` of the token server, over mTLS.
    pub async fn control_token_server(&self, fault: &Value) -> Result<Reply, NoAnswer> {
        self.mutual.send(control_call(format!("{}/sandbox/faults", self.auth), fault)).await
    }

    async fn token(&self) -> Result<&str, NoAnswer> {
        let fetched = self.token.get_or_try_init(|| async {
            let reply = self.ask_for_token().await?;
            match reply.json()["access_token"].as_str() {
                Some(token) => Ok(token.to_owned()),
                None => Err(reply.unexpected("a token of the platform")),
            }
        });
        fetched.await.map(String::as_str)
    }
}

fn control_call(url: String, body: &Value) -> Call {
    if body.is_null() { Call::new(Method::DELETE, url) } else { Call::post_json(url, body) }
}

fn file(path: &str) -> Result<String, SandboxError> {
    let path = std::path::Path::new(path);
    files::read(path)?.ok_or_else(|| SandboxError::unusable(format!("there is no {}", path.display())))
}
