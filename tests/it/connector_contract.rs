//! `docs/openapi/payment-connector.yaml` says what the code does: its operations and times, its codes, every example of a request as
//! our code sends it, and every example of an answer as our code reads it. The page beside it prints the table of codes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::search_keys::SearchKeys;
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};
use ponte_kit::breakers::BreakersInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::stub::{Reply, Stub};
use ponte_outbound::connector::{
    ANSWERS, AnswerSays, CODES, CodeMeans, CoreConnector, OPERATIONS, Party, Stage,
};
use ponte_outbound::http::{Trust, client};
use ponte_outbound::institution::{Breaker, Way};
use ponte_payment::connector::{
    CallContext, Capability, ConsentConnector as _, Dedupe, PaymentConnector as _, PaymentStage,
};
use ponte_payment::consent::{Authorisation, Debtor, NewPaymentConsent, PaymentConsent};
use ponte_payment::payment::Payment;
use ponte_payment::wire::{ApiVersion, PaymentItem};
use ponte_payment_core::{Parts, PaymentCore};
use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, ConsentId, Cpf, Date, InstitutionId, InteractionId, Moment, OrganisationId};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::checkout;

const BRAND: &str = "ponte-bank";
/// `iat` of the examples.
const NOW: i64 = 1_772_452_800;

fn file() -> Value {
    let path = checkout::root().join("docs/openapi/payment-connector.yaml");
    let text = std::fs::read_to_string(path).expect("the file can be read");
    serde_yaml_ng::from_str(&text).expect("the file is YAML")
}

/// Path → operation.
fn operations(file: &Value) -> BTreeMap<&str, &Value> {
    let paths = file["paths"].as_object().expect("paths");
    paths.iter().map(|(path, item)| (path.as_str(), &item["post"])).collect()
}

/// Examples of a request or of an answer.
fn examples(of: &Value) -> impl Iterator<Item = (&String, &Value)> {
    let examples = of["content"]["application/jwt"]["examples"].as_object();
    examples.into_iter().flatten().map(|(name, example)| (name, &example["value"]))
}

#[test]
fn the_file_has_the_operations_of_the_code_with_their_times() {
    let file = file();
    let operations = operations(&file);
    assert_eq!(operations.len(), OPERATIONS.len());
    for operation in OPERATIONS {
        let found = operations[operation.path];
        assert_eq!(
            found["x-answer-within-ms"],
            json!(u64::try_from(operation.budget.as_millis()).unwrap()),
            "{}",
            operation.path
        );
        assert_eq!(operation.has_effect, ["/payments", "/cancellation"].contains(&operation.path));
    }
}

#[test]
fn the_page_prints_the_tables_of_statuses_and_codes() {
    let path = checkout::root().join("docs/payment-connector.md");
    let page = std::fs::read_to_string(&path).expect("the page can be read");
    let printed =
        [("statuses", statuses()), ("codes", table())].iter().fold(page.clone(), |page, (of, table)| {
            let (head, rest) = page.split_once(&format!("<!-- {of} -->\n")).expect("a place for the table");
            let (_, tail) = rest.split_once(&format!("<!-- /{of} -->")).expect("an end of it");
            format!("{head}<!-- {of} -->\n{table}<!-- /{of} -->{tail}")
        });
    if std::env::var_os("PONTE_PRINT").is_some() {
        std::fs::write(&path, &printed).expect("the page can be written");
    }
    assert!(page == printed || std::env::var_os("PONTE_PRINT").is_some(), "PONTE_PRINT=1 prints it anew");
}

fn statuses() -> String {
    let mut text = "| status | signed by the connector | without that |\n|---|---|---|\n".to_owned();
    for row in ANSWERS {
        let (says, unsigned) = match row.says {
            AnswerSays::Data => ("`data`: what was asked for", "nothing"),
            AnswerSays::Refusal => ("a refusal, by the code of the stage", "nothing"),
            AnswerSays::NotFound => ("PAGAMENTO_NAO_ENCONTRADO: the core does not have it", "nothing"),
            AnswerSays::NotExecuted => {
                ("NAO_EXECUTADO: surely nothing was done", "nothing; asked again after `Retry-After`")
            }
            AnswerSays::Busy => ("nothing", "nothing; asked again after `Retry-After`"),
            AnswerSays::Silence => ("nothing", "nothing: the same as silence, which the breaker counts"),
            // Those that no contract names are told in one line.
            AnswerSays::Nothing => continue,
        };
        let (first, last) = (row.statuses.start(), row.statuses.end());
        let name = if first == last { first.to_string() } else { format!("{first}, {last}") };
        let _ = writeln!(text, "| `{name}` | {says} | {unsigned} |");
    }
    text.push_str("| every other | nothing | nothing |\n");
    text
}

fn table() -> String {
    let mut text = "| stage | code | means |\n|---|---|---|\n".to_owned();
    for row in CODES {
        let stage = match row.stage {
            Stage::PostConsent => "POST_CONSENT",
            Stage::PostPayment => "POST_PAYMENT, SETTLEMENT",
            Stage::Settlement => "SETTLEMENT",
            Stage::Payments => "/payments",
            Stage::Find => "/find",
            Stage::Cancellation => "/cancellation",
        };
        let means = match row.means {
            CodeMeans::ConsentRejected(code) => format!("the consent is REJECTED, {}", code.as_str()),
            CodeMeans::PaymentRejected(code) => format!("the payment is refused or RJCT, {}", code.as_str()),
            CodeMeans::KeyUsed => {
                "unknown outcome: the key stands for something else, the core is asked".to_owned()
            }
            CodeMeans::NotExecuted => "surely nothing was done; tried again later".to_owned(),
            CodeMeans::NotFound => "with status 404: the core does not have it".to_owned(),
            CodeMeans::CannotAsk => "the core cannot be asked by this key".to_owned(),
            CodeMeans::NotCancellable => "it cannot be cancelled any more".to_owned(),
        };
        let _ = writeln!(text, "| {stage} | {} | {means} |", row.code);
    }
    text
}

/// Keys of both sides: making one takes a tenth of a second.
fn signer(kid: &str) -> Signer {
    static PEM: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    let make = || {
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).expect("a key");
        key.serialize_pem()
    };
    Signer::from_pkcs8_pem(PEM.get_or_init(make), kid).expect("a signer")
}

fn keys() -> KeySet {
    KeySet::parse(&key_set_json(&[signer("key").public_jwk()])).expect("a key set")
}

fn claims_of(token: &str) -> Value {
    let compact = CompactJws::parse(token, &Policy::SIGNED_MESSAGE).expect("a signed message");
    compact.verify(keys().signature_key("key").expect("the key")).expect("signed")
}

fn read<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// The consent of an example, as Ponte has it stored.
fn consent_of(part: &Value) -> (PaymentConsent, Option<Debtor>) {
    let mut request = json!({});
    for name in ["loggedUser", "businessEntity", "creditor", "payment", "debtorAccount"] {
        if !part[name].is_null() {
            request[name] = part[name].clone();
        }
    }
    let new = NewPaymentConsent {
        id: ConsentId::parse(part["externalId"].as_str().expect("an id")).expect("a consent id"),
        client: ClientId::parse("client-1").expect("a client"),
        organisation: OrganisationId::parse(part["tpp"]["name"].as_str().expect("a name")).expect("an id"),
        api: read::<ApiVersion>(&part["apiVersion"]),
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    let created = Moment::parse(part["creationDateTime"].as_str().expect("a moment")).expect("a moment");
    let consent = PaymentConsent::create(new, read(&request), created).consent;
    let debtor = part["resources"].get(0).map(|chosen| Debtor {
        account: read(&chosen["debtorAccount"]),
        legacy_id: legacy_id(&chosen["resourceLegacyId"]),
    });
    (consent, debtor)
}

fn legacy_id(value: &Value) -> LegacyId {
    LegacyId::parse(&RawValue::from_string(value.to_string()).expect("JSON")).expect("a key")
}

/// The payment of an example, under its key and with this item.
fn payment_of(claims: &Value, item: &Value) -> (PaymentConsent, Payment) {
    let (consent, debtor) = consent_of(&claims["consent"]);
    let at = consent.created_at;
    let debtor = debtor.expect("an account is chosen");
    let authorisation = Authorisation { at, subject: "subject".to_owned(), debtor, after_approvals: false };
    let consent = consent.authorise(authorisation, vec![], None, Actor::Ponte).expect("awaiting").consent;
    let brand = InstitutionId::parse(BRAND).expect("a name");
    let items = vec![(read::<PaymentItem>(item), None)];
    let mut accepted = consent.accept(&brand, items, Actor::Ponte, at).expect("authorised");
    let mut payment = accepted.payments.remove(0);
    payment.id = read(&claims["idempotencyKey"]);
    payment.core_id = Some(&claims["paymentId"]).filter(|id| !id.is_null()).map(legacy_id);
    (accepted.consent.consent, payment)
}

/// The item of the example of /payments, which the questions about it do not repeat.
fn item(file: &Value) -> Value {
    file.pointer("/paths/~1payments/post/requestBody/content/application~1jwt/examples/pixByKey/value/requestBody/data")
        .expect("the example of /payments")
        .clone()
}

/// Sends what the example asks for to a core that answers so, and says whether our code could read the answer.
async fn asked(file: &Value, path: &str, claims: &Value, answer: (u16, Value)) -> (Value, bool) {
    let stub = Stub::start(move |_, request| {
        let sent = claims_of(&request.body);
        let mut claims = answer.1.clone();
        claims["iss"] = sent["aud"].clone();
        claims["inReplyTo"] = sent["jti"].clone();
        claims["iat"] = json!(NOW + 1);
        Reply::json(answer.0, signer("key").sign(TokenType::Jwt, &claims).expect("signed"))
    })
    .await;
    let clock = Arc::new(ManualClock::at(Moment::from_seconds(NOW)));
    let breaker = Breaker::new("environment".to_owned(), Arc::<BreakersInMemory>::default(), clock.clone());
    let way = Way::over_http(client(&Trust::webpki(), None).expect("a client"), stub.url(), clock.clone());
    let party = Party { brand: InstitutionId::parse(BRAND).expect("a name"), address: stub.url() };
    let capability = Capability { dedupe: Dedupe::ByKey, settle: Duration::ZERO };
    let core =
        CoreConnector::new(way, party, (signer("key"), keys()), capability, breaker, (clock.clone(), clock));
    let correlation = claims["requestMeta"]["correlationId"].as_str().expect("a correlation id");
    let correlation = InteractionId::parse(correlation).expect("a UUID");
    let context = CallContext { correlation, left: Duration::from_secs(20) };
    let data = &claims["requestBody"]["data"];
    let read_it = match path {
        "/account-discovery" => core.discover(&consent_of(&claims["consent"]).0, context).await.is_ok(),
        "/payment-validation" => {
            let (consent, debtor) = consent_of(&claims["consent"]);
            let debtor = debtor.expect("an account is chosen");
            match data["validationStage"].as_str() {
                Some("POST_CONSENT") => core.validate_consent(&consent, &debtor, context).await.is_ok(),
                stage => {
                    let settlement = stage == Some("SETTLEMENT");
                    let stage = if settlement { PaymentStage::Settlement } else { PaymentStage::PostPayment };
                    let item = read(&without(data, "validationStage"));
                    core.validate_payment(stage, &consent, &debtor, &item, context).await.is_ok()
                }
            }
        }
        "/payments" => {
            let (consent, payment) = payment_of(claims, data);
            let not_after = Moment::parse(claims["notAfter"].as_str().expect("a moment")).expect("a moment");
            let outcome = core.pay(&consent, &payment, not_after, context).await;
            outcome.is_ok()
        }
        "/find" => {
            let (consent, payment) = payment_of(claims, &item(file));
            core.find(&consent, &payment, context).await.is_ok()
        }
        "/cancellation" => {
            let (consent, payment) = payment_of(claims, &item(file));
            let by = &data["cancellation"]["cancelledBy"]["document"]["identification"];
            let by = Cpf::parse(by.as_str().expect("a CPF")).expect("a CPF");
            let outcome = core.cancel(&consent, &payment, &by, context).await;
            outcome.is_ok()
        }
        "/payments-of-day" => {
            let day = Date::parse(data["day"].as_str().expect("a day")).expect("a day");
            core.books(day, data["cursor"].as_str(), context).await.is_ok()
        }
        other => panic!("{other}: no call of the code"),
    };
    (claims_of(&stub.bodies()[0]), read_it)
}

fn without(value: &Value, name: &str) -> Value {
    let mut value = value.clone();
    value.as_object_mut().expect("an object").remove(name);
    value
}

#[tokio::test]
async fn our_code_sends_every_request_as_the_file_shows_it() {
    let file = file();
    let mut seen = 0;
    for (path, operation) in operations(&file) {
        for (name, example) in examples(&operation["requestBody"]) {
            let (status, answer) = first_answer(operation);
            let (sent, _) = asked(&file, path, example, (status, answer)).await;
            // What differs with every call.
            let own = |claims: &Value| {
                ["aud", "iat", "exp", "jti"].iter().fold(claims.clone(), |c, n| without(&c, n))
            };
            assert_eq!(own(&sent), own(example), "{path} {name}");
            assert!(sent["aud"].as_str().is_some_and(|aud| aud.ends_with(path)), "{path}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen} examples");
}

/// Status and claims of the first example of an answer.
fn first_answer(operation: &Value) -> (u16, Value) {
    let responses = operation["responses"].as_object().expect("responses");
    let (status, answer) = responses.iter().next().expect("an answer");
    let (_, example) = examples(answer).next().expect("an example");
    (status.parse().expect("a status"), example.clone())
}

#[tokio::test]
async fn our_code_reads_every_answer_that_the_file_shows() {
    let file = file();
    let mut seen = 0;
    for (path, operation) in operations(&file) {
        let (_, request) = examples(&operation["requestBody"]).next().expect("an example");
        for (status, answer) in operation["responses"].as_object().expect("responses") {
            for (name, example) in examples(answer) {
                let status: u16 = status.parse().expect("a status");
                let (_, could) = asked(&file, path, request, (status, example.clone())).await;
                let code = example["errors"][0]["code"].as_str().unwrap_or_default();
                // No outcome, by the table.
                let none = ["ERRO_IDEMPOTENCIA", "NAO_EXECUTADO"].contains(&code)
                    || (path == "/cancellation" && status == 404);
                assert_eq!(could, !none, "{path} {status} {name}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 20, "{seen} examples");
}

#[test]
fn every_example_fits_its_schema() {
    let file = file();
    for (path, operation) in operations(&file) {
        let answers = operation["responses"].as_object().expect("responses").values();
        for of in answers.chain([&operation["requestBody"]]) {
            let schema = &of["content"]["application/jwt"]["schema"];
            for (name, example) in examples(of) {
                let whole = json!({"$ref": schema["$ref"], "components": file["components"]});
                let validator = jsonschema::validator_for(&whole).expect("a schema");
                let faults: Vec<String> =
                    validator.iter_errors(example).map(|fault| fault.to_string()).collect();
                assert!(faults.is_empty(), "{path} {name}: {faults:?}");
            }
        }
    }
}

/// The sandbox's core, which does not know the money of the examples but reads every request of the file.
#[tokio::test]
async fn the_core_of_the_sandbox_reads_every_request_that_the_file_shows() {
    let file = file();
    let own = ponte_pki::RsaKey::generate().expect("a key");
    let parts = Parts {
        institution: BRAND.to_owned(),
        institution_keys: key_set_json(&[signer("key").public_jwk()]),
        own_key: (own.private_pem().to_owned(), own.kid().to_owned()),
        seed: "a seed".to_owned(),
        clock: Arc::new(|| Moment::from_seconds(NOW)),
    };
    let core = PaymentCore::new(parts).expect("a core");
    core.answers_at("https://conector.banco.example");
    let mut seen = 0;
    for (path, operation) in operations(&file) {
        for (name, example) in examples(&operation["requestBody"]) {
            let mut asked = example.clone();
            // A cursor is of whoever gave it.
            if let Some(data) = asked.pointer_mut("/requestBody/data").and_then(Value::as_object_mut) {
                data.remove("cursor");
            }
            let token = signer("key").sign(TokenType::Jwt, &asked).expect("signed");
            let answered = core.called(path, &token).await;
            assert!(answered.signed && answered.status != 400, "{path} {name}: {}", answered.body);
            let compact = CompactJws::parse(&answered.body, &Policy::SIGNED_MESSAGE).expect("signed");
            let keys = KeySet::parse(&core.published_keys().to_string()).expect("keys");
            let claims: Value =
                compact.verify(keys.signature_key(compact.kid()).expect("its key")).expect("it holds");
            let schema =
                &operation["responses"][answered.status.to_string()]["content"]["application/jwt"]["schema"];
            let whole = json!({"$ref": schema["$ref"], "components": file["components"]});
            let validator = jsonschema::validator_for(&whole).expect("a schema");
            let faults: Vec<String> = validator.iter_errors(&claims).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{path} {name} {}: {faults:?}", answered.status);
            seen += 1;
        }
    }
    assert!(seen >= 10, "{seen} examples");
}
