//! Canned answers for every call of a function: DynamoDB, Secrets Manager, SQS, the integration layer, the payment core and the
//! directory.
//!
//! The tables are filled through the real adapters, so that the items look as the functions expect them. Afterwards
//! writes succeed and change nothing, which is what makes every call of a round alike.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use ponte_fapi::jws::Signer;
use serde_json::{Value, json};
use tokio_rustls::TlsAcceptor;

use super::institution;
use super::metered_tables::{MeteredTables, Units};
use super::payments::Core;
use super::recipe::Call;
use super::serve::{Server, json as answer, serve};
use super::{Fault, now};

/// Path of the payment core.
const CORE: &str = "/core";

/// Table of the products that were discovered.
pub(crate) const RESOURCES: &str = "resources";

/// The servers behind the functions.
pub(crate) struct Canned {
    state: Rc<State>,
    plain: Server,
    directory: Server,
}

#[derive(Default)]
struct State {
    filling: Cell<bool>,
    /// Answers of GetItem by table and key.
    items: RefCell<HashMap<String, Bytes>>,
    /// What was written in transactions, for queries.
    written: RefCell<MeteredTables>,
    /// Answers of those queries.
    found: RefCell<HashMap<String, Bytes>>,
    secrets: RefCell<HashMap<String, String>>,
    jwks: RefCell<Bytes>,
    core: OnceCell<Core>,
    /// Tables that keep what is written, in place of the canned ones.
    kept: RefCell<Option<MeteredTables>>,
    /// Calls since the last [`Canned::watch`].
    seen: RefCell<Vec<Call>>,
    watching: Cell<bool>,
}

impl Canned {
    /// Starts the servers; the directory speaks TLS.
    pub(crate) async fn start(tls: TlsAcceptor) -> Result<Self, Fault> {
        let state = Rc::new(State::default());
        let behind = Rc::clone(&state);
        let plain = serve(None, async move |request| behind.answer(&request)).await?;
        let behind = Rc::clone(&state);
        let directory = serve(Some(tls), async move |request| behind.directory(&request)).await?;
        Ok(Self { state, plain, directory })
    }

    /// Endpoint of the AWS services.
    pub(crate) fn aws_url(&self) -> String {
        format!("http://{}", self.plain.address)
    }

    /// Base URL of the integration layer.
    pub(crate) fn institution_url(&self) -> String {
        format!("http://{}/institution", self.plain.address)
    }

    /// Base URL of the payment core.
    pub(crate) fn core_url(&self) -> String {
        format!("{}{CORE}", self.aws_url())
    }

    /// Lets the payment core answer with signatures of this key.
    pub(crate) fn open_core(&self, signer: Signer) {
        let _ = self.state.core.set(Core::new(signer, self.core_url()));
    }

    /// Base URL of the directory's keystore.
    pub(crate) fn directory_url(&self) -> String {
        format!("https://{}", self.directory.address)
    }

    /// Whether writes fill the tables (true) or only succeed (false).
    pub(crate) fn fill(&self, filling: bool) {
        self.state.filling.set(filling);
    }

    /// Whether these tables answer, which keep what is written.
    pub(crate) fn keep(&self, tables: Option<MeteredTables>) {
        *self.state.kept.borrow_mut() = tables;
    }

    /// What they charged.
    pub(crate) fn units(&self) -> Units {
        self.state.kept.borrow().as_ref().map(|tables| tables.units).unwrap_or_default()
    }

    /// A secret.
    pub(crate) fn secret(&self, name: &str, value: String) {
        self.state.secrets.borrow_mut().insert(name.to_owned(), value);
    }

    /// The key set of every client.
    pub(crate) fn publish(&self, jwks: String) {
        *self.state.jwks.borrow_mut() = jwks.into();
    }

    /// Forgets the calls seen so far and notes the ones that follow.
    pub(crate) fn watch(&self) {
        self.state.seen.borrow_mut().clear();
        self.state.watching.set(true);
    }

    /// The calls noted; stops noting.
    pub(crate) fn seen(&self) -> Vec<Call> {
        self.state.watching.set(false);
        self.state.seen.take()
    }
}

impl State {
    fn note(&self, call: impl FnOnce() -> Call) {
        if self.watching.get() {
            self.seen.borrow_mut().push(call());
        }
    }

    fn answer(&self, request: &Request<Bytes>) -> Response<Full<Bytes>> {
        let body = request.body();
        let Some(target) = request.headers().get("x-amz-target").and_then(|value| value.to_str().ok()) else {
            let url = format!(
                "http://{}{}",
                request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default(),
                request.uri().path()
            );
            self.note(|| Call::Institution { url, body: String::from_utf8_lossy(body).into_owned() });
            let path = request.uri().path();
            return match (path.strip_prefix(CORE), self.core.get()) {
                (Some(path), Some(core)) => core.answer(path, body, now()),
                _ => institution::answer(path, body),
            };
        };
        let Ok(body) = serde_json::from_slice::<Value>(body) else { return answer(400, "{}") };
        let response = self.aws(target, &body);
        self.note(|| Call::Aws { target: target.to_owned(), body });
        response
    }

    fn aws(&self, target: &str, body: &Value) -> Response<Full<Bytes>> {
        let operation = target.rsplit('.').next().unwrap_or_default();
        if let (true, Some(tables)) = (target.starts_with("DynamoDB"), self.kept.borrow_mut().as_mut()) {
            return answer(200, tables.answer(operation, body).to_string());
        }
        match operation {
            "GetSecretValue" => {
                let name = body["SecretId"].as_str().unwrap_or_default();
                // Nothing was ever rotated here.
                let current = body["VersionStage"].as_str().is_none_or(|stage| stage == "AWSCURRENT");
                match self.secrets.borrow().get(name).filter(|_| current) {
                    Some(value) => answer(200, version(name, value).to_string()),
                    None => answer(400, json!({ "__type": "ResourceNotFoundException" }).to_string()),
                }
            }
            "GetItem" => {
                let items = self.items.borrow();
                answer(
                    200,
                    items.get(&place(body, &body["Key"])).cloned().unwrap_or(Bytes::from_static(b"{}")),
                )
            }
            "PutItem" => {
                self.put(body);
                answer(200, "{}")
            }
            "TransactWriteItems" => {
                if self.filling.get() {
                    self.found.borrow_mut().clear();
                    self.written.borrow_mut().answer("TransactWriteItems", body);
                }
                for item in body["TransactItems"].as_array().into_iter().flatten() {
                    self.put(&item["Put"]);
                }
                answer(200, "{}")
            }
            "SendMessageBatch" => answer(
                200,
                json!({
                    "Successful": [{ "Id": "0", "MessageId": "5fea7756-0ea4-451a-a703-a558b933e274",
                        "MD5OfMessageBody": "fafb00f5732ab283681e124bf8747ed1" }],
                    "Failed": [],
                })
                .to_string(),
            ),
            // A count of calls is always far from its limit.
            "UpdateItem" => answer(200, r#"{"Attributes":{"calls":{"N":"1"}}}"#),
            "Query" if body["TableName"] == RESOURCES => {
                let mut found = self.found.borrow_mut();
                let query = || self.written.borrow_mut().answer("Query", body).to_string().into();
                answer(200, found.entry(body.to_string()).or_insert_with(query).clone())
            }
            "Query" => answer(200, r#"{"Items":[],"Count":0,"ScannedCount":0}"#),
            _ => answer(200, "{}"),
        }
    }

    fn put(&self, put: &Value) {
        if self.filling.get() {
            let found = json!({ "Item": put["Item"] }).to_string();
            self.items.borrow_mut().insert(place(put, &put["Item"]), found.into());
        }
    }

    fn directory(&self, request: &Request<Bytes>) -> Response<Full<Bytes>> {
        self.note(|| Call::Institution {
            url: format!("directory{}", request.uri().path()),
            body: String::new(),
        });
        answer(200, self.jwks.borrow().clone())
    }
}

/// A secret as Secrets Manager answers.
fn version(name: &str, value: &str) -> Value {
    json!({
        "Name": name, "SecretString": value, "VersionId": "EXAMPLE1-90ab-cdef-fedc-ba987SECRET1",
        "VersionStages": ["AWSCURRENT"], "CreatedDate": 1_772_366_400,
    })
}

/// Table and key as one text.
fn place(request: &Value, key: &Value) -> String {
    format!("{} {} {}", request["TableName"], key["pk"]["S"], key["sk"]["S"])
}
