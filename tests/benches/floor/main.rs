//! The floor of an operation: the empty handler plus exactly the RSA operations and the calls to others that the
//! operation needs, with nothing of ours around them. The bench divides by it.

mod attribute;
mod recipe;
mod rsa;
mod store;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use lambda_runtime::{LambdaEvent, Runtime, service_fn};

use recipe::{Call, RECIPE, Recipe, RsaWork};
use rsa::Rsa;

/// Any error; the bench prints it.
type Fault = Box<dyn std::error::Error + Send + Sync>;

struct Floor {
    rsa: Rsa,
    work: RsaWork,
    steps: Vec<Step>,
    http: reqwest::Client,
    answer: ApiGatewayV2httpResponse,
}

enum Step {
    Store(Box<store::Request>),
    Post(String, String),
}

fn main() -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let text = std::fs::read_to_string(variable(RECIPE)?)?;
    let floor = Floor::new(serde_json::from_str(&text)?)?;
    let service = service_fn(|_: LambdaEvent<ApiGatewayV2httpRequest>| floor.call());
    runtime.block_on(Runtime::new(service).run())
}

fn variable(name: &str) -> Result<String, Fault> {
    std::env::var(name).map_err(|_| format!("{name} is missing; the bench sets it").into())
}

impl Floor {
    fn new(recipe: Recipe) -> Result<Self, Fault> {
        let clients = store::clients()?;
        let steps = recipe.calls.into_iter().map(|call| match call {
            Call::Aws { target, body } => store::Request::prepare(&clients, &target, &body)
                .map(|request| Step::Store(Box::new(request))),
            Call::Institution { url, body } => Ok(Step::Post(url, body)),
        });
        Ok(Self {
            rsa: Rsa::new(&recipe.key)?,
            work: recipe.rsa,
            steps: steps.collect::<Result<_, _>>()?,
            http: http()?,
            answer: serde_json::from_value(recipe.answer)?,
        })
    }

    async fn call(&self) -> Result<ApiGatewayV2httpResponse, Fault> {
        self.rsa.open(self.work)?;
        for step in &self.steps {
            match step {
                Step::Store(request) => request.send().await?,
                Step::Post(url, body) => {
                    let request = self.http.post(url).header("content-type", "application/json");
                    let request = request.header("authorization", "Bearer floor").body(body.clone());
                    request.send().await?.error_for_status()?.bytes().await?;
                }
            }
        }
        self.rsa.sign(self.work)?;
        Ok(self.answer.clone())
    }
}

fn http() -> Result<reqwest::Client, Fault> {
    let provider = std::sync::Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    Ok(reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy().build()?)
}
