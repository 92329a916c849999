//! What an initiator of payments does: it asks, sends its customer, pays and looks. Each answer is opened by the keys that the institution
//! publishes in the directory (S60 to S64).

use std::time::Duration;

use http::Method;
use ponte_bank::channel::Decision;
use ponte_machine::clock::{self, Stopwatch};
use ponte_participant::{PaymentOrder, PaymentsApi, SignedRequest, Tokens};
use ponte_web::caller::{NoAnswer, Reply};
use serde_json::{Value, json};

use crate::decision;
use crate::expect::{CheckResult, interaction, list, require, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

/// Version of the API that is shown.
pub(crate) const API: PaymentsApi = PaymentsApi::V5;
/// The call that pays.
const PAY: &str = "POST pix/payments";
/// Longest time until a payment is where it is expected.
const DEADLINE: Duration = Duration::from_secs(20);
const PAUSE: Duration = Duration::from_millis(50);

/// The receiver in its other role, with a token of its own for payments.
pub(crate) struct Initiator<'a> {
    participants: &'a Participants,
    token: String,
}

/// An order that its customer agreed to.
pub(crate) struct Agreed {
    pub(crate) order: PaymentOrder,
    pub(crate) consent: String,
    /// Access token of the customer, good for one payment request.
    access: String,
}

/// A request for payments.
pub(crate) struct Request<'r> {
    pub(crate) title: &'r str,
    /// `data`.
    pub(crate) items: &'r Value,
    /// `x-idempotency-key`.
    pub(crate) key: &'r str,
    /// The payment that it must be, if it was asked for before.
    pub(crate) known: Option<&'r str>,
}

/// An answer, and the claims of its signed message or why they are not believed.
type Answer = (Result<Reply, NoAnswer>, Result<Value, String>);

/// A look at payments until they are where they are expected.
pub(crate) struct Look<'a> {
    pub(crate) title: &'a str,
    pub(crate) call: &'a str,
    pub(crate) path: String,
}

impl<'a> Initiator<'a> {
    /// Gets its token.
    pub(crate) async fn begin(
        runner: &mut Runner<'_>,
        participants: &'a Participants,
    ) -> Result<Self, Aborted> {
        let step = Step {
            title: "The receiver also initiates payments: a token for that",
            from: "initiator",
            to: "ponte",
            call: "POST /auth/token",
        };
        let reply = runner.answer(&step, participants.receiver.client_token("payments").await, |reply| {
            status(reply, 200)?;
            Tokens::of(reply).ok_or("access_token and expires_in")?;
            Ok("client_credentials, scope payments".into())
        })?;
        Ok(Self { participants, token: Tokens::of(&reply).ok_or(Aborted)?.access })
    }

    /// Asks for a consent and sends the customer, who says yes.
    pub(crate) async fn agreed(
        &self,
        runner: &mut Runner<'_>,
        title: &str,
        (order, note): (PaymentOrder, &str),
    ) -> Result<Agreed, Aborted> {
        let step = Step { title, from: "initiator", to: "ponte", call: "POST payments/v5/consents" };
        let path = API.consents();
        let (reply, claims) =
            self.send(Method::POST, (&path, &self.token), &order.consent, &clock::new_id()).await;
        let consent = |data: &Value| text(data, "/consentId").map(str::to_owned);
        runner.answer(&step, reply, |reply| {
            let data = believed(reply, 201, &claims)?;
            let state = text(data, "/status")?;
            require(state == "AWAITING_AUTHORISATION", || "status AWAITING_AUTHORISATION (P04)".into())?;
            require(data["payment"] == order.consent["payment"], || {
                "the payment as it was asked for".into()
            })?;
            consent(data).map(|_| note.to_owned())
        })?;
        let consent = consent(&claims.map_err(|_| Aborted)?["data"]).map_err(|_| Aborted)?;
        let access = self.customer(runner, &consent).await?;
        Ok(Agreed { order, consent, access })
    }

    /// The customer's way of chapters 3 and 4 in one step.
    async fn customer(&self, runner: &mut Runner<'_>, consent: &str) -> Result<String, Aborted> {
        let step = Step {
            title: "The customer logs in and says from which account",
            from: "browser",
            to: "ponte",
            call: "PAR, authorize, login, consent, resume, token",
        };
        let agreed =
            decision::agree(runner.endpoints, self.participants, (consent, "payments"), debtor).await;
        runner.fact(&step, agreed.map_err(|got| ("a customer who comes back with a code".to_owned(), got)))
    }

    /// Pays what was agreed; the ids of the payments.
    pub(crate) async fn pay(
        &self,
        runner: &mut Runner<'_>,
        agreed: &Agreed,
        request: Request<'_>,
    ) -> Result<Vec<String>, Aborted> {
        let Request { title, items, key, known } = request;
        let step = Step { title, from: "initiator", to: "ponte", call: PAY };
        let (reply, claims) = self.send(Method::POST, (&API.payments(), &agreed.access), items, key).await;
        let ids = |data: &Value| -> Vec<String> {
            let all = data.as_array().into_iter().flatten();
            all.filter_map(|one| one["paymentId"].as_str().map(str::to_owned)).collect()
        };
        let wanted = items.as_array().map_or(0, Vec::len);
        runner.answer(&step, reply, |reply| {
            let data = believed(reply, 201, &claims)?;
            let made = ids(data);
            require(made.len() == wanted, || format!("{wanted} payments"))?;
            require(items[0]["endToEndId"] == data[0]["endToEndId"], || {
                "the endToEndId of the request (P51)".into()
            })?;
            let same = known.is_none_or(|known| made == [known]);
            require(same, || format!("the payment {} and no other (P42)", known.unwrap_or_default()))?;
            Ok(format!("{}; {}", text(data, "/0/status")?, made.join(", ")))
        })?;
        Ok(ids(&claims.map_err(|_| Aborted)?["data"]))
    }

    /// Tries to pay once more what is paid, with another key and as another payment.
    pub(crate) async fn pay_twice(&self, runner: &mut Runner<'_>, agreed: &Agreed) -> Result<(), Aborted> {
        let title = "Once more with another key: the consent is used up";
        let step = Step { title, from: "initiator", to: "ponte", call: PAY };
        let (items, key) = (agreed.order.items(), clock::new_id());
        let (reply, claims) = self.send(Method::POST, (&API.payments(), &agreed.access), &items, &key).await;
        runner
            .answer(&step, reply, |reply| {
                let error = &signed(reply, 422, &claims)?["errors"][0];
                let code = text(error, "/code")?;
                require(code == "CONSENTIMENTO_INVALIDO", || "CONSENTIMENTO_INVALIDO (P31)".into())?;
                Ok(format!("{code}: {}", text(error, "/title")?))
            })
            .map(drop)
    }

    /// Cancels a payment at the wish of the customer.
    pub(crate) async fn cancel(&self, runner: &mut Runner<'_>, payment: &str) -> Result<(), Aborted> {
        let step = Step {
            title: "The customer takes the second of them back",
            from: "initiator",
            to: "ponte",
            call: "PATCH pix/payments/{id}",
        };
        let by = json!({ "document": { "identification": self.participants.cpf, "rel": "CPF" } });
        let wish = json!({ "status": "CANC", "cancellation": { "cancelledBy": by } });
        let path = format!("{}/{payment}", API.payments());
        let (reply, claims) = self.send(Method::PATCH, (&path, &self.token), &wish, &clock::new_id()).await;
        runner
            .answer(&step, reply, |reply| {
                let data = believed(reply, 200, &claims)?;
                require(text(data, "/status")? == "CANC", || "status CANC (P55)".into())?;
                Ok(format!("CANC, {}", text(data, "/cancellation/reason")?))
            })
            .map(drop)
    }

    /// Looks at one payment until it has this status.
    pub(crate) async fn until(
        &self,
        runner: &mut Runner<'_>,
        (title, payment): (&str, &str),
        wanted: &str,
    ) -> Result<(), Aborted> {
        let look =
            Look { title, call: "GET pix/payments/{id}", path: format!("{}/{payment}", API.payments()) };
        self.look(runner, look, |data| {
            require(data["status"] == wanted, || format!("status {wanted}"))?;
            Ok(wanted.to_owned())
        })
        .await
    }

    /// Looks until `there` holds of `data`.
    pub(crate) async fn look(
        &self,
        runner: &mut Runner<'_>,
        look: Look<'_>,
        there: impl Fn(&Value) -> CheckResult,
    ) -> Result<(), Aborted> {
        let watch = Stopwatch::start();
        let receiver = &self.participants.receiver;
        let (reply, claims) = loop {
            let (reply, claims) = self.opened(receiver.get_signed(&look.path, &self.token).await).await;
            let ended = claims.as_ref().is_ok_and(|claims| there(&claims["data"]).is_ok());
            if ended || watch.elapsed() > DEADLINE {
                break (reply, claims);
            }
            tokio::time::sleep(PAUSE).await;
        };
        let millis = watch.millis();
        let step = Step { title: look.title, from: "initiator", to: "ponte", call: look.call };
        let holds =
            |reply: &Reply| Ok(format!("{} after {millis} ms", there(believed(reply, 200, &claims)?)?));
        runner.answer(&step, reply, holds).map(drop)
    }

    async fn send(&self, method: Method, (path, token): (&str, &str), data: &Value, key: &str) -> Answer {
        let receiver = &self.participants.receiver;
        let message = receiver.message(path, data);
        let asked = SignedRequest { method, path, token, key: Some(key), message };
        self.opened(receiver.send_signed(asked).await).await
    }

    /// An answer with the claims of its signed message, or why they are not believed.
    async fn opened(&self, answer: Result<Reply, NoAnswer>) -> Answer {
        let claims = match &answer {
            Ok(reply) => self.participants.receiver.open(reply).await.map_err(|fault| {
                format!("an answer signed for it by a key of the directory (S60), not one with: {fault}")
            }),
            Err(problem) => Err(problem.reason.clone()),
        };
        (answer, claims)
    }
}

/// The first account that one person alone may debit, by its id, and what stands on it.
fn debtor(offered: &Value) -> Result<(Decision, String), String> {
    let accounts = list(offered, "/data/resources")?;
    let own = accounts.iter().find(|account| account["status"] == "AVAILABLE");
    let own = own.ok_or("an account AVAILABLE to debit")?;
    let balance = text(own, "/balanceAmount")?;
    let decision = Decision { resources: Some(vec![text(own, "/id")?.to_owned()]), ..Decision::default() };
    Ok((decision, format!("one of {} accounts, with BRL {balance}", accounts.len())))
}

/// `data` of an answer with this status, signed as it must be.
fn believed<'c>(reply: &Reply, wanted: u16, claims: &'c Result<Value, String>) -> Result<&'c Value, String> {
    Ok(&signed(reply, wanted, claims)?["data"])
}

/// The claims of an answer with this status, signed as it must be.
fn signed<'c>(reply: &Reply, wanted: u16, claims: &'c Result<Value, String>) -> Result<&'c Value, String> {
    status(reply, wanted)?;
    interaction(reply)?;
    claims.as_ref().map_err(Clone::clone)
}
