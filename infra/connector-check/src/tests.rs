//! A core that keeps the contract has no fault, and every fault is found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use ponte_fapi::jwk::{KeySet, key_set_json};
use ponte_fapi::jws::{CompactJws, Policy, Signer, TokenType};
use ponte_layer_check::{Received, Sent, Transport};
use ponte_values::Moment;
use serde_json::{Value, json};

use crate::{Dedupe, Outcome, Plan, Report, Scene, Sides, run};

const ADDRESS: &str = "https://conector.example";
const NOW: i64 = 1_772_452_800;
const ANA: &str = "76109277673";
const BRUNO: &str = "11122233396";

/// What the core of the tests gets wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Fault {
    None,
    ExecutesTwice,
    TakesOtherData,
    ExecutesLate,
    DebitsOthers,
    DebitsMoreThanThereIs,
    TakesStrangers,
    TakesOtherAudiences,
    TakesOtherIssuers,
    TakesOldRequests,
    TakesJtiTwice,
    AnswersUnsigned,
    AnswersSomethingElse,
    NotFoundUnsigned,
    FindsLate,
    OtherAmount,
    CancelsWhatIsSettled,
    BooksLack,
    BooksWrongAmount,
    NoAccount,
    NoName,
}

/// A key by its number: making one takes a tenth of a second.
fn signer(number: usize) -> Signer {
    static PEMS: [OnceLock<String>; 3] = [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let make = || rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap().serialize_pem();
    Signer::from_pkcs8_pem(PEMS[number].get_or_init(make), ["ours", "core", "stranger"][number]).unwrap()
}

fn keys(numbers: &[usize]) -> KeySet {
    let keys: Vec<_> = numbers.iter().map(|number| signer(*number).public_jwk()).collect();
    KeySet::parse(&key_set_json(&keys)).unwrap()
}

struct Core {
    fault: Fault,
    books: Mutex<Vec<Value>>,
    used: Mutex<BTreeSet<String>>,
    asked: Mutex<BTreeMap<String, u32>>,
}

fn error(status: u16, code: &str) -> (u16, Value) {
    (status, json!({"errors": [{"code": code, "title": code, "detail": "x"}]}))
}

fn account(cpf: &str) -> Value {
    let debtor = json!({"ispb": "87654321", "issuer": "0001", "number": cpf, "accountType": "CACC"});
    let pairs = |value: &str| json!([{"key": "conta", "value": value}]);
    json!({"resourceLegacyId": pairs(cpf), "resourceName": pairs("1"), "debtorAccount": debtor})
}

impl Core {
    fn answer(&self, path: &str, claims: &Value) -> (u16, Value) {
        let person =
            claims["consent"]["loggedUser"]["document"]["identification"].as_str().unwrap_or_default();
        match path {
            "/account-discovery" => {
                let mut account = account(person);
                if self.fault == Fault::NoName {
                    account["resourceName"] = json!("1");
                }
                let accounts = if self.fault == Fault::NoAccount { vec![] } else { vec![account] };
                (200, json!({"data": {"resources": accounts}}))
            }
            "/payment-validation" => self.refusal(claims, person).unwrap_or((200, json!({"data": {}}))),
            "/payments" => self.pay(claims, person),
            "/find" => self.find(claims),
            "/cancellation" => match self.known(claims) {
                None => error(404, "PAGAMENTO_NAO_ENCONTRADO"),
                Some(mut entry) if self.fault == Fault::CancelsWhatIsSettled => {
                    entry["status"] = json!("CANC");
                    (200, json!({"data": entry}))
                }
                Some(_) => error(422, "PAGAMENTO_NAO_PERMITE_CANCELAMENTO"),
            },
            _ => {
                let mut entries = self.books.lock().unwrap().clone();
                match self.fault {
                    Fault::BooksLack => drop(entries.pop()),
                    Fault::BooksWrongAmount => entries[0]["payment"]["amount"] = json!("0.02"),
                    _ => {}
                }
                (200, json!({"data": {"payments": entries}}))
            }
        }
    }

    fn refusal(&self, claims: &Value, person: &str) -> Option<(u16, Value)> {
        let owner = &claims["consent"]["resources"][0]["resourceLegacyId"][0]["value"];
        if owner != person && self.fault != Fault::DebitsOthers {
            return Some(error(422, "CONTA_NAO_PERMITE_PAGAMENTO"));
        }
        let rich = self.fault == Fault::DebitsMoreThanThereIs;
        (claims["consent"]["payment"]["amount"] == "999999999.98" && !rich)
            .then(|| error(422, "SALDO_INSUFICIENTE"))
    }

    fn known(&self, claims: &Value) -> Option<Value> {
        let books = self.books.lock().unwrap();
        books.iter().find(|entry| entry["idempotencyKey"] == claims["idempotencyKey"]).cloned()
    }

    fn pay(&self, claims: &Value, person: &str) -> (u16, Value) {
        let late = Moment::parse(claims["notAfter"].as_str().unwrap()).unwrap().seconds() < NOW;
        if late && self.fault != Fault::ExecutesLate {
            return error(422, "NAO_EXECUTADO");
        }
        let item = &claims["requestBody"]["data"];
        if let Some(known) = self.known(claims).filter(|_| self.fault != Fault::ExecutesTwice) {
            let same = known["payment"] == item["payment"] || self.fault == Fault::TakesOtherData;
            return if same { (201, json!({"data": known})) } else { error(422, "ERRO_IDEMPOTENCIA") };
        }
        if let Some(refusal) = self.refusal(claims, person) {
            return refusal;
        }
        let mut books = self.books.lock().unwrap();
        let id = json!([{"key": "pix", "value": books.len().to_string()}]);
        let entry = json!({
            "idempotencyKey": claims["idempotencyKey"], "endToEndId": item["endToEndId"], "paymentId": id,
            "payment": item["payment"], "status": "ACSC",
        });
        books.push(entry.clone());
        let mut told = entry;
        if self.fault == Fault::OtherAmount {
            told["payment"]["amount"] = json!("0.02");
        }
        (201, json!({"data": told}))
    }

    fn find(&self, claims: &Value) -> (u16, Value) {
        let key = claims["idempotencyKey"].as_str().unwrap().to_owned();
        let mut asked = self.asked.lock().unwrap();
        let times = asked.entry(key).or_default();
        *times += 1;
        match self.known(claims) {
            // The first question came before the payment.
            Some(_) if *times < if self.fault == Fault::FindsLate { 60 } else { 4 } => {
                error(404, "PAGAMENTO_NAO_ENCONTRADO")
            }
            Some(entry) => (200, json!({"data": entry})),
            None => error(404, "PAGAMENTO_NAO_ENCONTRADO"),
        }
    }

    /// Whether the claims are those of a request to this operation, now and once.
    fn accepts(&self, path: &str, claims: &Value) -> bool {
        let fault = |fault| self.fault == fault;
        let jti = claims["jti"].as_str().unwrap().to_owned();
        let fresh =
            path != "/payments" || self.used.lock().unwrap().insert(jti) || fault(Fault::TakesJtiTwice);
        fresh
            && (claims["aud"] == format!("{ADDRESS}{path}") || fault(Fault::TakesOtherAudiences))
            && (claims["iss"] == "ponte-bank" || fault(Fault::TakesOtherIssuers))
            && (claims["exp"].as_i64().unwrap() > NOW || fault(Fault::TakesOldRequests))
    }
}

#[async_trait]
impl Transport for Core {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let received = |status, body: String| Received {
            takes_gzip: false,
            status,
            content_type: "application/jwt".to_owned(),
            retry_after: None,
            body: body.into_bytes(),
        };
        let known = if self.fault == Fault::TakesStrangers { keys(&[0, 2]) } else { keys(&[0]) };
        let token = String::from_utf8(sent.body).unwrap();
        let opened = CompactJws::parse(&token, &Policy::SIGNED_MESSAGE).ok().and_then(|compact| {
            let key = known.signature_key(compact.kid())?;
            compact.verify::<Value>(key).ok()
        });
        let claims = opened.filter(|claims| self.accepts(sent.path, claims));
        let Some(claims) = claims else { return Ok(received(400, String::new())) };
        let (status, body) = self.answer(sent.path, &claims);
        let unsigned = self.fault == Fault::AnswersUnsigned && status == 201
            || self.fault == Fault::NotFoundUnsigned && status == 404;
        if unsigned {
            return Ok(received(status, body.to_string()));
        }
        let mut answer = json!({
            "iss": claims["aud"], "aud": claims["iss"], "iat": NOW, "jti": "1", "inReplyTo": claims["jti"],
        });
        if self.fault == Fault::AnswersSomethingElse {
            answer["inReplyTo"] = json!("another");
        }
        answer.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        Ok(received(status, signer(1).sign(TokenType::Jwt, &answer).unwrap()))
    }
}

async fn checked(fault: Fault, dedupe: Dedupe) -> Report {
    let core = Core { fault, books: Mutex::default(), used: Mutex::default(), asked: Mutex::default() };
    let creditor = json!({"ispb": "12345678", "issuer": "0001", "number": "1", "accountType": "CACC"});
    let plan = Plan {
        transport: Arc::new(core),
        sides: Sides {
            brand: "ponte-bank".to_owned(),
            address: ADDRESS.to_owned(),
            signer: signer(0),
            stranger: signer(2),
            keys: keys(&[1]),
        },
        scene: Scene {
            customer: ANA.to_owned(),
            other: BRUNO.to_owned(),
            creditor,
            amount: "1.00".to_owned(),
        },
        dedupe,
        settle: Duration::from_secs(1),
        now: Box::new(|| Moment::from_seconds(NOW)),
    };
    run(plan, &|_| {}).await
}

#[tokio::test(start_paused = true)]
async fn a_core_that_keeps_the_contract_has_no_fault_and_is_asked_everything() {
    let report = checked(Fault::None, Dedupe::ByKey).await;
    assert_eq!(report.faults(), 0, "{}", report.text());
    assert_eq!(report.made(), report.findings.len(), "{}", report.text());
    assert!(report.made() >= 28, "{}", report.text());
    assert!(report.settled_after_ms.is_some_and(|millis| millis <= 1_000), "{}", report.text());
}

#[tokio::test(start_paused = true)]
async fn a_core_is_not_asked_for_what_it_says_that_it_cannot_do() {
    let report = checked(Fault::None, Dedupe::None).await;
    assert_eq!(report.faults(), 0, "{}", report.text());
    let skipped = report.findings.iter().filter(|finding| finding.outcome == Outcome::Skipped).count();
    assert_eq!(skipped, 5, "{}", report.text());
    let twice = checked(Fault::ExecutesTwice, Dedupe::QueryOnly).await;
    assert_eq!(twice.faults(), 0, "it says that it does: {}", twice.text());
}

macro_rules! faults_are_found {
    ($($name:ident: $fault:ident by $check:literal;)*) => {
        $(
            #[tokio::test(start_paused = true)]
            async fn $name() {
                let report = checked(Fault::$fault, Dedupe::ByKey).await;
                let found = report.findings.iter().any(|one| one.check == $check && one.outcome == Outcome::Broken);
                assert!(found, "{}", report.text());
            }
        )*
    };
}

faults_are_found! {
    a_key_that_is_executed_twice_is_found: ExecutesTwice by "the same key twice";
    two_at_once_that_are_executed_twice_are_found: ExecutesTwice by "two at once";
    other_data_under_a_key_are_found: TakesOtherData by "the same key, other data";
    a_payment_after_its_last_moment_is_found: ExecutesLate by "after notAfter";
    a_late_payment_in_the_books_is_found: ExecutesLate by "nothing that was refused";
    anothers_account_is_found: DebitsOthers by "another customer's account";
    more_than_there_is_is_found: DebitsMoreThanThereIs by "more than there is";
    a_stranger_that_is_believed_is_found: TakesStrangers by "a signature of a stranger";
    another_audience_is_found: TakesOtherAudiences by "for another operation";
    another_issuer_is_found: TakesOtherIssuers by "of another institution";
    an_old_request_is_found: TakesOldRequests by "too old";
    a_request_that_counts_twice_is_found: TakesJtiTwice by "the same jti twice";
    an_answer_that_nobody_signed_is_found: AnswersUnsigned by "a fine payment";
    an_answer_to_something_else_is_found: AnswersSomethingElse by "accounts of a customer";
    an_unsigned_404_is_found: NotFoundUnsigned by "before it is paid";
    a_core_that_knows_too_late_is_found: FindsLate by "what was paid";
    another_amount_is_found: OtherAmount by "a fine payment";
    p55_a_cancellation_of_what_is_settled_is_found: CancelsWhatIsSettled by "what is on its way";
    books_that_lack_a_payment_are_found: BooksLack by "what was paid, once";
    books_with_another_amount_are_found: BooksWrongAmount by "what was paid, once";
    a_discovery_without_an_account_is_found: NoAccount by "accounts of a customer";
    a_name_that_is_a_text_is_found: NoName by "accounts of a customer";
}
