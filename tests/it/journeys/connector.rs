//! A payment connector that somebody is writing: `ponte connector check` says what is wrong with it, and everything that goes over the
//! wire is what `docs/openapi/payment-connector.yaml` says.

use std::path::Path;
use std::sync::Arc;

use http::StatusCode;
use ponte_fapi::base64url;
use ponte_machine::clock::now;
use ponte_payment_core::{Behaviour, Flaw, Mode, Order, Parts, PaymentCore};
use ponte_pki::RsaKey;
use ponte_web::{Answer, Request, Server, Site};
use serde_json::{Value, json};

use crate::checkout;
use crate::stack;

const BANK: &str = "bancoexemplo";

/// The core behind a plain listener; every request that it opens and every answer that it signs fits the file.
struct Core {
    core: Arc<PaymentCore>,
    file: Value,
}

/// The claims of a JWT, whoever signed it; none of what is no JWT.
fn claims(token: &str) -> Option<Value> {
    serde_json::from_slice(&base64url::decode(token.split('.').nth(1)?)?).ok()
}

impl Core {
    /// Faults of claims against a schema of the file.
    fn faults(&self, of: &Value, claims: &Value) -> Vec<String> {
        let schema = &of["content"]["application/jwt"]["schema"];
        let whole = json!({"$ref": schema["$ref"], "components": self.file["components"]});
        let validator = jsonschema::validator_for(&whole).expect("a schema");
        validator.iter_errors(claims).map(|fault| format!("{}: {fault}", fault.instance_path)).collect()
    }
}

impl Site for Core {
    async fn answer(&self, request: Request) -> Answer {
        let token = String::from_utf8(request.body.to_vec()).expect("a text");
        let answered = self.core.called(&request.path, &token).await;
        let status = StatusCode::from_u16(answered.status).expect("a status");
        let operation = &self.file["paths"][&request.path]["post"];
        if answered.signed {
            let asked = self.faults(&operation["requestBody"], &claims(&token).expect("a request"));
            assert!(asked.is_empty(), "the check asks {}: {asked:?}", request.path);
            let answer = &operation["responses"][answered.status.to_string()];
            let told = self.faults(answer, &claims(&answered.body).expect("an answer"));
            assert!(told.is_empty(), "the core answers {} {status}: {told:?}", request.path);
        }
        Answer::json_text(status, answered.body)
    }
}

/// The files that the check needs, in a folder.
struct Files {
    ours: RsaKey,
    folder: tempfile::TempDir,
}

impl Files {
    fn new() -> Self {
        let (ours, stranger) = (RsaKey::generate().expect("a key"), RsaKey::generate().expect("a key"));
        let folder = tempfile::tempdir().expect("a folder can be made");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("a file can be written");
        };
        write("ours.pem", ours.private_pem());
        write("stranger.pem", stranger.private_pem());
        Self { ours, folder }
    }

    /// A core with a flaw behind a listener of its own; its URL.
    async fn core(&self, flaw: Option<Flaw>) -> String {
        let own = RsaKey::generate().expect("a key");
        let parts = Parts {
            institution: BANK.to_owned(),
            institution_keys: json!({"keys": [self.ours.signature_jwk()]}).to_string(),
            own_key: (own.private_pem().to_owned(), own.kid().to_owned()),
            seed: "a seed".to_owned(),
            clock: Arc::new(now),
        };
        let core = Arc::new(PaymentCore::new(parts).expect("a core"));
        core.become_mode(Mode { flaws: flaw.into_iter().collect(), ..Mode::default() });
        core.order(Order::always(Behaviour::Hold).of_amount("1.11"));
        let keys = self.folder.path().join("keys.json");
        std::fs::write(keys, core.published_keys().to_string()).expect("a file can be written");
        let server = Server::bind("a core", 0, None).await.expect("a free port");
        let url = server.url();
        core.answers_at(&url);
        server.spawn(Arc::new(Core { core, file: file() }));
        url
    }

    /// Runs the check: exit code, standard output and standard error.
    fn check(&self, url: &str, more: &[&str]) -> (Option<i32>, String, String) {
        let path = |name: &str| self.folder.path().join(name).to_str().expect("a text").to_owned();
        let (ours, stranger, keys) = (path("ours.pem"), path("stranger.pem"), path("keys.json"));
        let arguments = [
            ["connector", "check", url, "--signing-key", &ours, "--kid", self.ours.kid()],
            ["--stranger-key", &stranger, "--keys", &keys, "--brand", BANK, "--settle-ms=100"],
        ];
        let people = [
            ["--customer", "76109277673", "--other", "12345678909"],
            ["--creditor", "00099901:0007:00012345678:CACC", "--beyond", "40000.00"],
        ];
        let all = [arguments.as_flattened(), people.as_flattened(), more].concat();
        let output = stack::run_with(Path::new(self.folder.path()), &[], &all);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }
}

fn file() -> Value {
    let path = checkout::root().join("docs/openapi/payment-connector.yaml");
    let text = std::fs::read_to_string(path).expect("the file can be read");
    serde_yaml_ng::from_str(&text).expect("the file is YAML")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exit_code_says_whether_a_connector_has_faults_or_could_not_be_checked() {
    let files = Files::new();
    let well = files.core(None).await;
    let (code, told, aside) = files.check(&well, &["--held", "1.11", "--json"]);
    assert_eq!(code, Some(0), "{told}{aside}");
    let report: Value = serde_json::from_str(&told).expect("JSON and nothing else");
    let findings = report["findings"].as_array().expect("a list");
    assert!(findings.len() > 40 && findings.iter().all(|one| one["outcome"] == "held"), "{told}");
    assert!(report["settled_after_ms"].is_u64(), "{told}");
    assert!(aside.contains("/payments-of-day"), "progress is told aside: {aside}");
    let (code, told, _) = files.check(&well, &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("no amount is known that the core holds for analysis"), "{told}");
    let ill = files.core(Some(Flaw::TakesOtherData)).await;
    let (code, told, _) = files.check(&ill, &[]);
    assert_eq!(code, Some(1), "{told}");
    let fault = told.lines().find(|line| line.contains("FAULT")).expect("a fault");
    assert!(fault.contains("the same key, other data") && told.ends_with("checks\n"), "{told}");
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        format!("http://{}", listener.local_addr().expect("it has an address"))
    };
    let (code, told, aside) = files.check(&gone, &[]);
    assert_eq!((code, told.as_str()), (Some(2), ""));
    assert!(aside.contains(&gone), "{aside}");
    let (code, ..) = files.check(&well, &["--held", "much"]);
    assert_eq!(code, Some(2), "no amount");
}
