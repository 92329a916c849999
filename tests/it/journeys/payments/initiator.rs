//! An initiator around a stack: each step makes one call, opens the answer and checks what is the same for all of them.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use ponte_bank::channel::Decision;
use ponte_bank::customers::CUSTOMERS;
use ponte_machine::clock;
use ponte_participant::{CallbackFault, PaymentOrder, PaymentsApi, SignedRequest, Tokens};
use ponte_values::Date;
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use super::payment_core::Core;
use crate::journeys::steps::{OpenInteraction, World, device, want};
use crate::journeys::systems::System;
use crate::stack::{SharedStack, Sharing};

/// Positions of customers among those of the bank.
pub(in crate::journeys) const ANA: usize = 0;
pub(in crate::journeys) const BRUNO: usize = 1;
pub(in crate::journeys) const ESTUDIO: usize = 6;

/// Accounts as the payment system names them: ISPB, branch, number and kind.
pub(in crate::journeys) const ANA_ACCOUNT: [&str; 4] = ["11444777", "0001", "000123456", "CACC"];
pub(in crate::journeys) const BRUNO_JOINT: [&str; 4] = ["11444777", "0002", "000557778", "CACC"];
pub(in crate::journeys) const ESTUDIO_ACCOUNT: [&str; 4] = ["11444777", "0006", "000600015", "CACC"];

/// Looks of 100 ms at a payment until it is as it should be.
const LOOKS: usize = 900;
/// Cents that the first customer gets at the beginning, so that she can pay whatever the tests want.
const PLENTY: u64 = 1_000_000_000;
/// Tests that run at the same time call more often in a second than the regulation leaves an institution (L04).
const TOGETHER: &[&str] = &["CallsPerSecond=100000"];

static SHARED: Sharing = Sharing::new();

/// An initiator, the institution's back office, and the payment core.
pub(in crate::journeys) struct Initiator {
    pub(in crate::journeys) world: World,
    pub(in crate::journeys) office: System,
    pub(in crate::journeys) core: Core,
    /// Its own token.
    pub(in crate::journeys) own: String,
    pub(in crate::journeys) shared: Arc<SharedStack>,
}

/// An answer and what is in it: the claims of a signed one, the JSON of any other.
#[derive(Debug)]
pub(in crate::journeys) struct Answered {
    pub(in crate::journeys) status: u16,
    pub(in crate::journeys) body: Value,
    pub(in crate::journeys) signed: bool,
    what: String,
}

/// An account of [`ANA_ACCOUNT`] and the like.
pub(in crate::journeys) fn account([ispb, issuer, number, kind]: [&str; 4]) -> Value {
    json!({ "ispb": ispb, "issuer": issuer, "number": number, "accountType": kind })
}

/// Today in Brasília.
pub(in crate::journeys) fn today() -> Date {
    clock::now().date_brasilia()
}

/// The day after it.
pub(in crate::journeys) fn tomorrow() -> Date {
    today().plus_days(1)
}

impl Answered {
    /// It must have this status.
    #[track_caller]
    pub(in crate::journeys) fn with(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {}", self.what, self.body);
        self
    }

    /// It must be a refusal with one of these codes, signed as all 422 are.
    #[track_caller]
    pub(in crate::journeys) fn refused(self, codes: &[&str]) -> Self {
        let refusal = self.with(422);
        assert!(refusal.signed, "{}", refusal.what);
        assert!(codes.contains(&refusal.code()), "{} {codes:?}: {}", refusal.what, refusal.body);
        refusal
    }

    /// Code of the first error.
    pub(in crate::journeys) fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or_default()
    }

    pub(in crate::journeys) fn data(&self) -> &Value {
        &self.body["data"]
    }

    /// A text of `data` by JSON pointer.
    #[track_caller]
    pub(in crate::journeys) fn text(&self, place: &str) -> String {
        let found = self.body["data"].pointer(place).and_then(Value::as_str).map(str::to_owned);
        found.unwrap_or_else(|| panic!("{}: nothing at {place} of {}", self.what, self.body))
    }
}

impl Initiator {
    pub(in crate::journeys) async fn begin() -> Self {
        Self::around(SHARED.stack(TOGETHER).await, 0).await
    }

    /// As this one of the participants.
    pub(in crate::journeys) async fn begin_as(client: usize) -> Self {
        Self::around(SHARED.stack(TOGETHER).await, client).await
    }

    /// Around a stack of its own with these parameters.
    pub(in crate::journeys) async fn alone(parameters: &[&str]) -> Self {
        let parameters: Vec<&str> = TOGETHER.iter().chain(parameters).copied().collect();
        Self::around(SharedStack::up(&parameters), 0).await
    }

    pub(in crate::journeys) async fn around(shared: Arc<SharedStack>, client: usize) -> Self {
        let world = World::around_client(&shared.stack, client).await;
        let office = System::named(&shared.stack, "backoffice");
        let core = Core::of(&shared.stack, &world.plain);
        let own = own_token(&world).await;
        if core.balance(&account(ANA_ACCOUNT)).await < PLENTY.cast_signed() / 2 {
            core.deposit(&account(ANA_ACCOUNT), PLENTY).await;
        }
        Self { world, office, core, own, shared }
    }

    /// Another of its own tokens, after the clock was moved.
    pub(in crate::journeys) async fn renew(&mut self) {
        self.own = own_token(&self.world).await;
    }

    /// Opens an answer. What leaves by the rules of signed answers is signed, the rest is JSON (P37, S60).
    pub(in crate::journeys) async fn opened(&self, reply: Reply) -> Answered {
        let what = format!("{} {} {}", reply.method, reply.url, reply.status);
        let interaction = reply.header("x-fapi-interaction-id").unwrap_or_default();
        assert_eq!(interaction.len(), 36, "{what}: an interaction id comes back: {}", reply.excerpt());
        let signed = matches!(reply.status, 200 | 201 | 422);
        let body = if signed {
            let claims = self.world.receiver.open(&reply).await;
            claims.unwrap_or_else(|fault| panic!("{what}: {fault}"))
        } else {
            let kind = reply.header("content-type").unwrap_or_default();
            assert!(reply.body.is_empty() || kind.starts_with("application/json"), "{what}: {kind}");
            reply.json()
        };
        if reply.status < 300 && signed {
            assert!(body["links"]["self"].is_string(), "{what}: {body}");
            assert!(body["meta"]["requestDateTime"].is_string(), "{what}: {body}");
        }
        Answered { status: reply.status, body, signed, what }
    }

    /// A signed call with a fresh message.
    pub(in crate::journeys) async fn signed(
        &self,
        (method, path): (Method, &str),
        token: &str,
        key: &str,
        data: &Value,
    ) -> Answered {
        let message = self.world.receiver.message(path, data);
        self.sent(SignedRequest { method, path, token, key: Some(key), message }).await
    }

    /// A signed call as it is.
    pub(in crate::journeys) async fn sent(&self, asked: SignedRequest<'_>) -> Answered {
        let reply = self.world.receiver.send_signed(asked).await.expect("the payments API answers");
        self.opened(reply).await
    }

    pub(in crate::journeys) async fn get(&self, path: &str) -> Answered {
        let reply = self.world.receiver.get_signed(path, &self.own).await;
        self.opened(reply.expect("the payments API answers")).await
    }

    /// `POST /consents`.
    pub(in crate::journeys) async fn create(&self, order: &PaymentOrder) -> Answered {
        let path = order.api.consents();
        self.signed((Method::POST, &path), &self.own, &clock::new_id(), &order.consent).await
    }

    /// A consent that awaits its customer.
    pub(in crate::journeys) async fn created(&self, order: &PaymentOrder) -> String {
        let answer = self.create(order).await.with(201);
        assert_eq!(answer.data()["status"], "AWAITING_AUTHORISATION", "{}", answer.body);
        answer.text("/consentId")
    }

    /// `data` of a consent.
    pub(in crate::journeys) async fn consent(&self, api: PaymentsApi, consent: &str) -> Value {
        let path = format!("{}/{consent}", api.consents());
        self.get(&path).await.with(200).body["data"].take()
    }

    /// Sends a customer to the institution, where she logs in.
    pub(in crate::journeys) async fn log_in(&self, consent: &str, customer: usize) -> OpenInteraction {
        let interaction = self.world.depart_for(consent, "payments").await;
        let token = self.world.channel_token(customer);
        let login = self.world.channel.login(&interaction.interaction, token, &device()).await;
        want(200, "login", login.expect("the channel API answers"));
        interaction
    }

    /// The customer says yes to a debit of this account; the status of the consent, and a token if the browser came back with a code.
    pub(in crate::journeys) async fn decided(
        &self,
        consent: &str,
        customer: usize,
        debtor: [&str; 4],
    ) -> (String, Option<String>) {
        let interaction = self.log_in(consent, customer).await;
        self.decided_in(&interaction, debtor).await
    }

    pub(in crate::journeys) async fn decided_in(
        &self,
        interaction: &OpenInteraction,
        debtor: [&str; 4],
    ) -> (String, Option<String>) {
        let decision = Decision { debtor_account: Some(account(debtor)), ..Decision::default() };
        let reply = self.world.channel.consent(&interaction.interaction, &decision, &device()).await;
        let body = want(200, "consent", reply.expect("the channel API answers")).json();
        let status = body["data"]["status"].as_str().unwrap_or_default().to_owned();
        let back = body["data"]["redirectUri"].as_str().expect("the channel learns where to send her");
        match self.world.come_back(interaction, back).await {
            Ok(callback) => (status, Some(self.world.redeem(interaction, &callback.code).await.access)),
            Err(CallbackFault::Refused(error)) => {
                assert_eq!(error, "access_denied");
                (status, None)
            }
            Err(fault) => panic!("{fault}"),
        }
    }

    /// The customer says no.
    pub(in crate::journeys) async fn declined(&self, consent: &str, customer: usize) {
        let interaction = self.log_in(consent, customer).await;
        let reply = self.world.channel.cancel(&interaction.interaction, &device()).await;
        let body = want(200, "cancel", reply.expect("the channel API answers")).json();
        let back = body["data"]["redirectUri"].as_str().expect("the channel learns where to send her");
        let fault = self.world.come_back(&interaction, back).await.err();
        assert!(matches!(fault, Some(CallbackFault::Refused(_))), "{fault:?}");
    }

    /// A new consent that the first customer authorised, and her token.
    pub(in crate::journeys) async fn authorised(&self, order: &PaymentOrder) -> (String, String) {
        let consent = self.created(order).await;
        let (status, token) = self.decided(&consent, ANA, ANA_ACCOUNT).await;
        assert_eq!(status, "AUTHORISED", "{}", self.consent(order.api, &consent).await);
        (consent, token.expect("an authorised consent has a code"))
    }

    /// A new consent that ends as rejected although its customer says yes.
    pub(in crate::journeys) async fn rejected(&self, order: &PaymentOrder, codes: &[&str]) {
        self.rejected_from(order, (ANA, ANA_ACCOUNT), codes).await;
    }

    pub(in crate::journeys) async fn rejected_from(
        &self,
        order: &PaymentOrder,
        (customer, debtor): (usize, [&str; 4]),
        codes: &[&str],
    ) {
        let consent = self.created(order).await;
        let (status, token) = self.decided(&consent, customer, debtor).await;
        assert_eq!((status.as_str(), token), ("REJECTED", None), "{codes:?}");
        self.is_rejected(order.api, &consent, codes).await;
    }

    pub(in crate::journeys) async fn is_rejected(&self, api: PaymentsApi, consent: &str, codes: &[&str]) {
        let read = self.consent(api, consent).await;
        let code = read["rejectionReason"]["code"].as_str().unwrap_or_default();
        assert!(read["status"] == "REJECTED" && codes.contains(&code), "{codes:?}: {read}");
        assert!(read["rejectionReason"]["detail"].is_string(), "{read}");
    }

    /// `POST /pix/payments`.
    pub(in crate::journeys) async fn post(&self, api: PaymentsApi, token: &str, items: &Value) -> Answered {
        self.signed((Method::POST, &api.payments()), token, &clock::new_id(), items).await
    }

    /// A new consent, and what POST /pix/payments says to these items.
    pub(in crate::journeys) async fn tried(&self, order: &PaymentOrder, items: &Value) -> (String, Answered) {
        let (consent, token) = self.authorised(order).await;
        let answer = self.post(order.api, &token, items).await;
        (consent, answer)
    }

    /// A new consent whose payment is refused with one of these codes, at once or later; either way the consent is used up (P08).
    pub(in crate::journeys) async fn refused(&self, order: &PaymentOrder, items: &Value, codes: &[&str]) {
        let (consent, answer) = self.tried(order, items).await;
        if answer.status == 201 {
            let payment = self.until(order.api, &answer.text("/0/paymentId"), "RJCT").await;
            let code = payment["rejectionReason"]["code"].as_str().unwrap_or_default();
            assert!(codes.contains(&code), "{codes:?}: {payment}");
        } else {
            answer.refused(codes);
        }
        assert_eq!(self.consent(order.api, &consent).await["status"], "CONSUMED");
    }

    /// `data` of a payment.
    pub(in crate::journeys) async fn payment(&self, api: PaymentsApi, payment: &str) -> Value {
        self.get(&format!("{}/{payment}", api.payments())).await.with(200).body["data"].take()
    }

    /// Reads a payment until it has this status; what it is then.
    pub(in crate::journeys) async fn until(&self, api: PaymentsApi, payment: &str, status: &str) -> Value {
        let mut read = Value::Null;
        for _ in 0..LOOKS {
            read = self.payment(api, payment).await;
            if read["status"] == status {
                return read;
            }
            let is_over = ["ACSC", "RJCT", "CANC"].iter().any(|over| read["status"] == *over);
            assert!(!is_over, "{status} was wanted: {read}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("not {status} after {LOOKS} looks: {read}");
    }

    /// A whole payment: consent, decision, payment, settlement. `data` of the consent when it was used up, and of the payment.
    pub(in crate::journeys) async fn pays(&self, order: &PaymentOrder) -> (Value, Value) {
        let (consent, answer) = self.tried(order, &order.items()).await;
        let answer = answer.with(201);
        let first = answer.data()[0].clone();
        assert_eq!(answer.data().as_array().map(Vec::len), Some(1), "{first}");
        let payment = self.until(order.api, &answer.text("/0/paymentId"), "ACSC").await;
        assert_eq!(payment["endToEndId"], first["endToEndId"]);
        let read = self.consent(order.api, &consent).await;
        assert_eq!(read["status"], "CONSUMED");
        (read, payment)
    }

    /// A consent for later days, and its payments, which are all scheduled.
    pub(in crate::journeys) async fn schedules(
        &self,
        order: &PaymentOrder,
        days: &[Date],
    ) -> (String, Vec<String>) {
        let (consent, answer) = self.tried(order, &order.items_on(days)).await;
        let answer = answer.with(201);
        let ids: Vec<String> = (0..days.len()).map(|at| answer.text(&format!("/{at}/paymentId"))).collect();
        for id in &ids {
            self.until(order.api, id, "SCHD").await;
        }
        (consent, ids)
    }

    /// `data` of a cancellation by the first customer.
    pub(in crate::journeys) fn cancellation() -> Value {
        let document = json!({ "identification": CUSTOMERS[ANA].cpf, "rel": "CPF" });
        json!({ "status": "CANC", "cancellation": { "cancelledBy": { "document": document } } })
    }

    /// `PATCH /pix/payments/{paymentId}`.
    pub(in crate::journeys) async fn cancel(&self, api: PaymentsApi, payment: &str) -> Answered {
        let path = format!("{}/{payment}", api.payments());
        self.signed((Method::PATCH, &path), &self.own, &clock::new_id(), &Self::cancellation()).await
    }

    /// PATCH of all payments of a consent.
    pub(in crate::journeys) async fn cancel_all(&self, api: PaymentsApi, consent: &str) -> Answered {
        let path = api.payments_of(consent);
        self.signed((Method::PATCH, &path), &self.own, &clock::new_id(), &Self::cancellation()).await
    }
}

async fn own_token(world: &World) -> String {
    let reply = world.receiver.client_token("payments").await.expect("the token endpoint answers");
    Tokens::of(&want(200, "client token", reply)).expect("a token").access
}
