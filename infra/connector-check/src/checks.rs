//! What is asked, in order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;
use ponte_layer_check::Transport;
use ponte_values::Moment;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::connector::{Connector, Said, Sides};
use crate::report::Report;
use crate::requests::{Pix, Scene};

const DISCOVERY: &str = "/account-discovery";
const VALIDATION: &str = "/payment-validation";
const PAYMENTS: &str = "/payments";
const FIND: &str = "/find";
const CANCELLATION: &str = "/cancellation";
const BOOKS: &str = "/payments-of-day";

/// Times of the contract.
const TIMES: [(&str, u64); 6] = [
    (DISCOVERY, 5_000),
    (VALIDATION, 3_000),
    (PAYMENTS, 8_000),
    (FIND, 3_000),
    (CANCELLATION, 3_000),
    (BOOKS, 8_000),
];
/// Pause between two questions.
const LOOK: Duration = Duration::from_millis(50);
/// Longest chain of pages.
const MOST_PAGES: usize = 1_000;

/// How the core recognises what it has executed, as it says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dedupe {
    /// The same key is executed once.
    ByKey,
    /// It can be asked by key.
    QueryOnly,
    /// Neither.
    None,
}

/// What is to be checked.
pub struct Plan {
    /// Carries calls to the connector.
    pub transport: Arc<dyn Transport>,
    /// Names and keys of both sides.
    pub sides: Sides,
    /// Who pays whom.
    pub scene: Scene,
    /// What the connector says of itself.
    pub dedupe: Dedupe,
    /// `settle_ms` of the connector.
    pub settle: Duration,
    /// The clock.
    pub now: Box<dyn Fn() -> Moment + Send + Sync>,
}

/// The check while it runs.
struct Check {
    connector: Connector,
    scene: Scene,
    dedupe: Dedupe,
    settle: Duration,
    report: Report,
    /// Longest time of each operation.
    times: BTreeMap<&'static str, Duration>,
    /// What must be in the books once, and what must not.
    executed: Vec<Pix>,
    never: Vec<Pix>,
}

/// Drives the connector; `progress` is told each operation before it is asked.
pub async fn run(plan: Plan, progress: &(dyn Fn(&str) + Sync)) -> Report {
    let Plan { transport, sides, scene, dedupe, settle, now } = plan;
    let mut check = Check {
        connector: Connector { transport, sides, now },
        scene,
        dedupe,
        settle,
        report: Report::default(),
        times: BTreeMap::new(),
        executed: Vec::new(),
        never: Vec::new(),
    };
    progress(DISCOVERY);
    let customer = check.scene.customer.clone();
    let Some(account) = check.discovery(&customer).await else { return check.report };
    progress(VALIDATION);
    check.validation(&account).await;
    progress(PAYMENTS);
    check.payments(&account).await;
    check.refusals(&account).await;
    check.forgeries(&account).await;
    progress(CANCELLATION);
    check.cancellation(&account).await;
    progress(BOOKS);
    check.books().await;
    check.time();
    check.report
}

impl Check {
    fn now(&self) -> Moment {
        (self.connector.now)()
    }

    async fn ask(&mut self, path: &'static str, body: &Value) -> Result<Said, String> {
        let said = self.connector.ask(path, body).await?;
        let longest = self.times.entry(path).or_default();
        *longest = said.took.max(*longest);
        Ok(said)
    }

    /// The first account of the customer.
    async fn discovery(&mut self, customer: &str) -> Option<Value> {
        let consent = self.scene.consent(("discovery", self.now()), (customer, &self.scene.amount), None);
        let said = self.ask(DISCOVERY, &json!({"consent": consent})).await;
        let found = said.and_then(|said| {
            let resources = said.data(200)?["resources"].as_array().cloned();
            let account = resources.ok_or("data.resources missing or no list")?.into_iter().next();
            let account = account.ok_or("the test customer has no account: nothing else can be asked")?;
            let pairs = |name: &str| {
                let pair = |pair: &Value| pair["key"].is_string() && pair["value"].is_string();
                account[name].as_array().is_some_and(|pairs| !pairs.is_empty() && pairs.iter().all(pair))
            };
            for name in ["resourceLegacyId", "resourceName"] {
                if !pairs(name) {
                    return Err(format!("data.resources[].{name} missing or no list of pairs"));
                }
            }
            let debtor = &account["debtorAccount"];
            let known = debtor["ispb"].as_str().is_some_and(|ispb| ispb.len() == 8)
                && debtor["number"].is_string()
                && ["CACC", "SVGS", "TRAN"].contains(&debtor["accountType"].as_str().unwrap_or_default());
            if known { Ok(account) } else { Err("data.resources[].debtorAccount is no account".to_owned()) }
        });
        let told = found.as_ref().map(drop).map_err(Clone::clone);
        self.report.note((DISCOVERY, "accounts of a customer"), told);
        found.ok()
    }

    async fn validation(&mut self, account: &Value) {
        let customer = self.scene.customer.clone();
        let pix = self.scene.pix(&customer, account, self.now());
        for (check, stage) in [
            ("a fine consent", "POST_CONSENT"),
            ("a fine payment", "POST_PAYMENT"),
            ("a fine settlement", "SETTLEMENT"),
        ] {
            let body = self.scene.validation(&pix, stage);
            let fine = self.ask(VALIDATION, &body).await.and_then(|said| said.data(200).map(drop));
            self.report.note((VALIDATION, check), fine);
        }
        let poor = Pix { amount: "999999999.98".to_owned(), ..pix.clone() };
        let body = self.scene.validation(&poor, "POST_PAYMENT");
        let codes = ["SALDO_INSUFICIENTE", "VALOR_ACIMA_LIMITE"];
        let refused = self.ask(VALIDATION, &body).await.and_then(|said| said.refused(422, &codes));
        self.report.note((VALIDATION, "more than there is"), refused);
        let foreign = Pix { customer: self.scene.other.clone(), ..pix };
        let body = self.scene.validation(&foreign, "POST_PAYMENT");
        let refused = self.ask(VALIDATION, &body).await.and_then(|said| said.refused(422, &[]));
        self.report.note((VALIDATION, "another customer's account"), refused);
    }

    /// The answer of /payments to this payment is about it.
    fn is_about(data: &Value, pix: &Pix) -> Result<(), String> {
        let known = ["RCVD", "PDNG", "ACCP", "ACPD", "ACSC", "RJCT"];
        for (what, holds) in [
            ("idempotencyKey", data["idempotencyKey"] == pix.key.as_str()),
            ("endToEndId", data["endToEndId"] == pix.end_to_end_id.as_str()),
            ("payment.amount", data["payment"]["amount"] == pix.amount.as_str()),
            ("payment.currency", data["payment"]["currency"] == "BRL"),
            ("status", known.contains(&data["status"].as_str().unwrap_or_default())),
        ] {
            if !holds {
                return Err(format!("data.{what} is not that of the request"));
            }
        }
        Ok(())
    }

    async fn pay(&mut self, pix: &Pix) -> Result<Value, String> {
        let body = self.scene.payment(pix);
        let said = self.ask(PAYMENTS, &body).await?;
        let data = said.data(201)?;
        Self::is_about(data, pix)?;
        if data["status"] == "RJCT" {
            return Err("a fine payment is RJCT".to_owned());
        }
        Ok(data.clone())
    }

    async fn payments(&mut self, account: &Value) {
        let customer = self.scene.customer.clone();
        let pix = self.scene.pix(&customer, account, self.now());
        self.unknown(&pix, "before it is paid").await;
        let paid = self.pay(&pix).await;
        let fine = paid.is_ok();
        self.report.note((PAYMENTS, "a fine payment"), paid.as_ref().map(drop).map_err(Clone::clone));
        if !fine {
            return;
        }
        self.executed.push(pix.clone());
        self.found(&pix).await;
        if self.dedupe != Dedupe::ByKey {
            for check in ["the same key twice", "the same key, other data", "two at once"] {
                self.report.skipped((PAYMENTS, check), "the core does not recognise keys");
            }
            return;
        }
        let again = self.pay(&pix).await.and_then(|data| {
            let same = paid.is_ok_and(|first| first["paymentId"] == data["paymentId"]);
            if same { Ok(()) } else { Err("another paymentId".to_owned()) }
        });
        self.report.note((PAYMENTS, "the same key twice"), again);
        let other = Pix { amount: "0.01".to_owned(), ..pix };
        let body = self.scene.payment(&other);
        let refused =
            self.ask(PAYMENTS, &body).await.and_then(|said| said.refused(422, &["ERRO_IDEMPOTENCIA"]));
        self.report.note((PAYMENTS, "the same key, other data"), refused);
        self.two_at_once(account).await;
    }

    async fn two_at_once(&mut self, account: &Value) {
        let customer = self.scene.customer.clone();
        let pix = self.scene.pix(&customer, account, self.now());
        let body = self.scene.payment(&pix);
        let (one, other) =
            join(self.connector.ask(PAYMENTS, &body), self.connector.ask(PAYMENTS, &body)).await;
        let same = one.and_then(|one| {
            let other = other?;
            let (one, other) = (one.data(201)?, other.data(201)?);
            Self::is_about(one, &pix)?;
            Self::is_about(other, &pix)?;
            if one["paymentId"] == other["paymentId"] { Ok(()) } else { Err("two paymentIds".to_owned()) }
        });
        self.report.note((PAYMENTS, "two at once"), same);
        self.executed.push(pix);
    }

    /// A payment that was executed is found in the time that the connector says.
    async fn found(&mut self, pix: &Pix) {
        if self.dedupe == Dedupe::None {
            return self.report.skipped((FIND, "what was paid"), "the core cannot be asked by key");
        }
        let start = Instant::now();
        let found = loop {
            let body = self.scene.find(pix);
            let waited = start.elapsed();
            match self.ask(FIND, &body).await {
                Ok(said) if said.refused(404, &["PAGAMENTO_NAO_ENCONTRADO"]).is_ok() => {
                    if waited > self.settle {
                        break Err(format!("not found {} ms after it was paid", waited.as_millis()));
                    }
                    sleep(LOOK).await;
                }
                Ok(said) => break said.data(200).and_then(|data| Self::is_about(data, pix)).map(|()| waited),
                Err(why) => break Err(why),
            }
        };
        if let Ok(waited) = &found {
            let millis = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
            self.report.settled_after_ms = self.report.settled_after_ms.max(Some(millis));
        }
        self.report.note((FIND, "what was paid"), found.map(drop));
    }

    /// A payment that was never executed is not found, signed.
    async fn unknown(&mut self, pix: &Pix, check: &'static str) {
        if self.dedupe == Dedupe::None {
            return self.report.skipped((FIND, check), "the core cannot be asked by key");
        }
        let body = self.scene.find(pix);
        let said = self.ask(FIND, &body).await;
        self.report
            .note((FIND, check), said.and_then(|said| said.refused(404, &["PAGAMENTO_NAO_ENCONTRADO"])));
    }

    /// Payments that a core must refuse, and must not have executed.
    async fn refusals(&mut self, account: &Value) {
        let customer = self.scene.customer.clone();
        let fresh = |check: &Self| check.scene.pix(&customer, account, check.now());
        let late = Pix { not_after: self.now().minus(Duration::from_secs(5)), ..fresh(self) };
        let poor = Pix { amount: "999999999.98".to_owned(), ..fresh(self) };
        let foreign = Pix { customer: self.scene.other.clone(), ..fresh(self) };
        let refusals: [(&str, Pix, &[&str]); 3] = [
            ("after notAfter", late, &["NAO_EXECUTADO"]),
            ("more than there is", poor, &["SALDO_INSUFICIENTE", "VALOR_ACIMA_LIMITE"]),
            ("another customer's account", foreign, &[]),
        ];
        for (check, pix, codes) in refusals {
            let body = self.scene.payment(&pix);
            let refused = self.ask(PAYMENTS, &body).await.and_then(|said| said.refused(422, codes));
            self.report.note((PAYMENTS, check), refused);
            self.never.push(pix);
        }
    }

    /// Requests that are not ours, not for this connector, or not of now.
    async fn forgeries(&mut self, account: &Value) {
        let customer = self.scene.customer.clone();
        for (check, name, value) in [
            ("a signature of a stranger", "", Value::Null),
            ("for another operation", "aud", json!(format!("{}{FIND}", self.connector.sides.address))),
            ("of another institution", "iss", json!("somebody-else")),
            ("too old", "exp", json!(self.now().seconds() - 120)),
        ] {
            let pix = self.scene.pix(&customer, account, self.now());
            let mut claims = self.connector.claims(PAYMENTS, &self.scene.payment(&pix));
            let signer = if name.is_empty() {
                &self.connector.sides.stranger
            } else {
                claims[name] = value;
                &self.connector.sides.signer
            };
            let said = self.connector.send(PAYMENTS, &claims, signer).await;
            let refused = said.and_then(|said| is_client_error(said.status));
            self.report.note((PAYMENTS, check), refused);
            self.never.push(pix);
        }
        let plain = self.connector.carried(("POST", PAYMENTS), "application/json", b"{}".to_vec()).await;
        let refused = plain.and_then(|(received, _)| is_client_error(received.status));
        self.report.note((PAYMENTS, "not signed"), refused);
        self.replayed(account).await;
    }

    /// The same signed request twice: its `jti` counts once.
    async fn replayed(&mut self, account: &Value) {
        let customer = self.scene.customer.clone();
        let pix = self.scene.pix(&customer, account, self.now());
        let claims = self.connector.claims(PAYMENTS, &self.scene.payment(&pix));
        let signer = &self.connector.sides.signer;
        let first = self.connector.send(PAYMENTS, &claims, signer).await;
        let paid = first.and_then(|said| said.data(201).map(drop));
        let second = self.connector.send(PAYMENTS, &claims, signer).await;
        let refused = second.and_then(|said| is_client_error(said.status));
        self.report.note((PAYMENTS, "the same jti twice"), paid.and(refused));
        self.executed.push(pix);
    }

    async fn cancellation(&mut self, account: &Value) {
        let customer = self.scene.customer.clone();
        let pix = self.scene.pix(&customer, account, self.now());
        let body = self.scene.cancellation(&pix);
        let unknown = self.ask(CANCELLATION, &body).await;
        let unknown = unknown.and_then(|said| said.refused(404, &["PAGAMENTO_NAO_ENCONTRADO"]));
        self.report.note((CANCELLATION, "an unknown payment"), unknown);
        let Some(paid) = self.executed.first().cloned() else { return };
        let held = match self.ask(FIND, &self.scene.find(&paid)).await {
            Ok(said) => said.data(200).is_ok_and(|data| data["status"] == "PDNG"),
            Err(_) => false,
        };
        if held {
            return self
                .report
                .skipped((CANCELLATION, "what is on its way"), "the core held the test payment");
        }
        let body = self.scene.cancellation(&paid);
        let codes = ["PAGAMENTO_NAO_PERMITE_CANCELAMENTO"];
        let refused = self.ask(CANCELLATION, &body).await.and_then(|said| said.refused(422, &codes));
        self.report.note((CANCELLATION, "what is on its way"), refused);
    }

    /// The books have what was executed once, with its amount, and nothing of what was refused.
    async fn books(&mut self) {
        sleep(self.settle).await;
        let entries = self.entries().await;
        let check = (BOOKS, "what was paid, once");
        let entries = match entries {
            Ok(entries) => entries,
            Err(why) => return self.report.note(check, Err(why)),
        };
        let of = |pix: &Pix| {
            entries
                .iter()
                .filter(|entry| entry["endToEndId"] == pix.end_to_end_id.as_str())
                .collect::<Vec<_>>()
        };
        let wrong = self.executed.iter().find_map(|pix| match of(pix)[..] {
            [entry]
                if entry["payment"]["amount"] == pix.amount.as_str()
                    && entry["idempotencyKey"] == pix.key.as_str() =>
            {
                None
            }
            [_] => Some("another amount or key".to_owned()),
            [] => Some("a payment is missing".to_owned()),
            ref several => Some(format!("a payment is there {} times", several.len())),
        });
        self.report.note(check, wrong.map_or(Ok(()), Err));
        let moved = |entry: &&Value| entry["status"] != "RJCT" && entry["status"] != "CANC";
        let wrong = self.never.iter().any(|pix| of(pix).iter().any(moved));
        let told = if wrong { Err("a payment that was refused is in the books".to_owned()) } else { Ok(()) };
        self.report.note((BOOKS, "nothing that was refused"), told);
    }

    async fn entries(&mut self) -> Result<Vec<Value>, String> {
        let (mut entries, mut cursor) = (Vec::new(), Value::Null);
        let day = self.now().date_brasilia().to_string();
        for _ in 0..MOST_PAGES {
            let body = json!({"requestBody": {"data": {"day": day, "cursor": cursor}}});
            let said = self.ask(BOOKS, &body).await?;
            let data = said.data(200)?;
            entries.extend(
                data["payments"].as_array().ok_or("data.payments missing or no list")?.iter().cloned(),
            );
            if data["nextCursor"].is_null() {
                return Ok(entries);
            }
            cursor = data["nextCursor"].clone();
        }
        Err("pages without an end".to_owned())
    }

    fn time(&mut self) {
        for (path, budget) in TIMES {
            let Some(took) = self.times.get(path) else { continue };
            let slow = took.as_millis() > u128::from(budget);
            let told = || format!("{} ms where {budget} ms are allowed", took.as_millis());
            let told = if slow { Err(told()) } else { Ok(()) };
            self.report.note((path, "time"), told);
        }
    }
}

/// Whether a request was refused as wrong.
fn is_client_error(status: u16) -> Result<(), String> {
    if (400..500).contains(&status) { Ok(()) } else { Err(format!("status {status} where 400 is due")) }
}
