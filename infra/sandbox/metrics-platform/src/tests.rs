//! Tests of the platform, over requests as its listeners hand them on.

mod builders;
mod kinds;
mod load;
mod pairing;
mod private;
mod requests;
mod tokens;

use std::sync::{Arc, OnceLock};

use http::{HeaderMap, Method};
use ponte_machine::clock;
use ponte_pki::RsaKey;
use ponte_values::Moment;
use ponte_web::{Answer, Request, Site as _};
use serde_json::{Value, json};

use super::*;

const INTERACTION: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";
const PRIVATE: &str = "/report-api/v1/private/report";

/// The key that all tests of the process share: making one costs a tenth of a second, reading it nothing.
fn key() -> RsaKey {
    static PEM: OnceLock<String> = OnceLock::new();
    RsaKey::from_pem(PEM.get_or_init(|| RsaKey::generate().unwrap().private_pem().to_owned())).unwrap()
}

fn member() -> Member {
    Member {
        id: clock::new_id(),
        software_statement_id: clock::new_id(),
        pcm_client_id: clock::random_text::<16>(),
    }
}

/// A platform with three members, one of them with no part in anything.
struct Bench {
    pcm: Arc<Pcm>,
    client: Arc<Member>,
    server: Arc<Member>,
    third: Arc<Member>,
    key: RsaKey,
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let [client, server, third] = [(); 3].map(|()| Arc::new(member()));
        let (key, folder) = (key(), tempfile::tempdir().unwrap());
        let pcm = Self::open(&folder, &key, [&client, &server, &third]);
        Self { pcm, client, server, third, key, folder }
    }

    fn open(folder: &tempfile::TempDir, key: &RsaKey, members: [&Arc<Member>; 3]) -> Arc<Pcm> {
        let file = folder.path().join("reports.jsonl");
        Arc::new(
            Pcm::open(&file, Tokens::new(key).unwrap(), members.map(|member| Member::clone(member)).into())
                .unwrap(),
        )
    }

    fn restarted(self) -> Self {
        let pcm = Self::open(&self.folder, &self.key, [&self.client, &self.server, &self.third]);
        Self { pcm, ..self }
    }

    /// A good report of a side.
    fn report(&self, role: &str) -> Value {
        let mut item = json!({
            "fapiInteractionId": INTERACTION,
            "endpoint": "/open-banking/accounts/v2/accounts",
            "statusCode": 200,
            "httpMethod": "GET",
            "timestamp": clock::now().with_millis(),
            "processTimespan": 12,
            "clientOrgId": self.client.id,
            "serverOrgId": self.server.id,
            "role": role,
        });
        if role == "CLIENT" {
            item["clientSSId"] = self.client.software_statement_id.clone().into();
            item["endpointUriPrefix"] = "https://localhost:1".into();
            item["additionalInfo"] = json!({ "consentId": "urn:x:1", "tokenId": "AAAAAAAAAAAA" });
        }
        item
    }

    fn headers(&self, reporter: &Member) -> HeaderMap {
        let token = self.pcm.tokens.issue(&reporter.pcm_client_id, &reporter.id, clock::now()).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        headers.insert("content-type", "application/json".parse().unwrap());
        headers
    }

    /// Posts `body`, or asks when it is null.
    async fn send(&self, reporter: &Member, path: &str, body: &Value) -> (u16, Value) {
        let method = if body.is_null() { Method::GET } else { Method::POST };
        self.raw(method, path, self.headers(reporter), body.to_string()).await
    }

    async fn raw(&self, method: Method, path: &str, headers: HeaderMap, body: String) -> (u16, Value) {
        let answer = self.answer(method, path, headers, body).await;
        (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
    }

    async fn answer(&self, method: Method, path: &str, headers: HeaderMap, body: String) -> Answer {
        let (path, body) = (path.into(), body.into());
        let request = Request { method, path, query: String::new(), headers, body, certificate: None };
        PcmApi(Arc::clone(&self.pcm)).answer(request).await
    }

    /// Sends one report of a side, returns its verdict.
    async fn report_one(&self, item: &Value) -> Value {
        let reporter = if item["role"] == "SERVER" { &self.server } else { &self.client };
        let (_, verdicts) = self.send(reporter, PRIVATE, &json!([item])).await;
        verdicts[0].clone()
    }

    async fn summary(&self) -> Value {
        self.raw(Method::GET, "/sandbox/summary", HeaderMap::new(), String::new()).await.1
    }

    async fn statuses(&self) -> Value {
        self.summary().await["private"]["byStatus"].clone()
    }

    /// The reports of the interaction as a party sees them.
    async fn told(&self, who: &Member) -> (u16, Value) {
        self.send(who, &format!("{PRIVATE}/{INTERACTION}"), &Value::Null).await
    }
}

/// An item with one field changed; null takes it away.
fn with(mut item: Value, field: &str, value: Value) -> Value {
    if value.is_null() {
        item.as_object_mut().unwrap().remove(field);
    } else {
        item[field] = value;
    }
    item
}
