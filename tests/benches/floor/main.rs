//! The floor of an operation: the empty handler plus exactly the RSA operations and the calls to others that the
//! operation needs, with nothing of ours around them. The bench divides by it.

mod attribute;
mod recipe;
mod store;

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    KeyPair as _, ParsedPublicKey, RSA_PSS_2048_8192_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject as _;

use recipe::{Call, RECIPE, Recipe};

/// Whatever went wrong; the bench shows it.
type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Bytes of a token's signing input.
const MESSAGE: [u8; 700] = [b'm'; 700];

struct Floor {
    key: RsaKeyPair,
    public: ParsedPublicKey,
    signature: Vec<u8>,
    verifies: u32,
    signs: u32,
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
        let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(recipe.key.as_bytes())?;
        let key = RsaKeyPair::from_pkcs8(pkcs8.secret_pkcs8_der())?;
        let public = ParsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, key.public_key().as_ref())?;
        let client = store::client()?;
        let steps = recipe.calls.into_iter().map(|call| match call {
            Call::Aws { target, body } => {
                store::Request::prepare(&client, &target, &body).map(|request| Step::Store(Box::new(request)))
            }
            Call::Institution { url, body } => Ok(Step::Post(url, body)),
        });
        let mut floor = Self {
            steps: steps.collect::<Result<_, _>>()?,
            signature: vec![0; key.public_modulus_len()],
            key,
            public,
            verifies: recipe.verifies,
            signs: recipe.signs,
            http: http()?,
            answer: serde_json::from_value(recipe.answer)?,
        };
        floor.signature = floor.sign()?;
        Ok(floor)
    }

    fn sign(&self) -> Result<Vec<u8>, Fault> {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key.sign(&RSA_PSS_SHA256, &SystemRandom::new(), &MESSAGE, &mut signature)?;
        Ok(signature)
    }

    async fn call(&self) -> Result<ApiGatewayV2httpResponse, Fault> {
        for _ in 0..self.verifies {
            self.public.verify_sig(&MESSAGE, &self.signature)?;
        }
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
        for _ in 0..self.signs {
            self.sign()?;
        }
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
