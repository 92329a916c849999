//! The controls of the payment core: what it is ordered to do, and what its books say.

use http::Method;
use ponte_web::caller::{Call, Caller};
use serde_json::{Value, json};

use crate::journeys::steps::want;
use crate::stack::Stack;

/// The payment core of a stack.
#[derive(Clone)]
pub(in crate::journeys) struct Core {
    url: String,
    plain: Caller,
}

impl Core {
    pub(in crate::journeys) fn of(stack: &Stack, plain: &Caller) -> Self {
        Self { url: stack.text("/payment_core/control").to_owned(), plain: plain.clone() }
    }

    async fn control(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}/sandbox/{path}", self.url);
        let call = if method == Method::GET { Call::get(url) } else { Call::json(method, url, body) };
        want(200, path, self.plain.send(call).await.expect("the core's controls answer")).json()
    }

    /// What it is to do until that is taken back.
    pub(in crate::journeys) async fn order(&self, order: &Value) {
        self.control(Method::POST, "orders", order).await;
    }

    /// Takes all orders back.
    pub(in crate::journeys) async fn clear(&self) {
        self.control(Method::DELETE, "orders", &Value::Null).await;
    }

    /// Lets what it holds go, or refuses it.
    pub(in crate::journeys) async fn release(&self, payment: &str, approved: bool) {
        let released =
            self.control(Method::POST, "release", &json!({ "key": payment, "approved": approved })).await;
        assert_eq!(released["released"], 1, "{payment}");
    }

    /// Puts cents on an account.
    pub(in crate::journeys) async fn deposit(&self, account: &Value, cents: u64) {
        self.control(Method::POST, "deposits", &json!({ "account": account, "cents": cents })).await;
    }

    /// Says a status of a payment to the institution's management host; the status that it was answered with.
    pub(in crate::journeys) async fn notify(&self, payment: &str, status: &str) -> Value {
        self.control(Method::POST, "notifications", &json!({ "key": payment, "status": status })).await
    }

    /// Every payment that it took, with how often it was called.
    pub(in crate::journeys) async fn payments(&self) -> Vec<Value> {
        let mut told = self.control(Method::GET, "payments", &Value::Null).await;
        told["payments"].as_array_mut().map(std::mem::take).unwrap_or_default()
    }

    /// What it knows of one payment; null if nothing.
    pub(in crate::journeys) async fn payment(&self, payment: &str) -> Value {
        let found = self.payments().await.into_iter().find(|one| one["idempotencyKey"] == payment);
        found.unwrap_or_default()
    }

    /// Its books.
    pub(in crate::journeys) async fn books(&self) -> Value {
        self.control(Method::GET, "books", &Value::Null).await
    }

    /// Cents on an account.
    pub(in crate::journeys) async fn balance(&self, account: &Value) -> i64 {
        let told = self.control(Method::GET, "accounts", &Value::Null).await;
        let mut accounts = told["accounts"].as_array().into_iter().flatten();
        let found = accounts.find(|one| one["account"] == *account);
        found.and_then(|one| one["cents"].as_i64()).unwrap_or_default()
    }

    /// The books add up, and exactly these cents have moved by so many payments; what was put on accounts from outside aside.
    pub(in crate::journeys) async fn moved(&self, payments: usize, cents: u64) {
        let told = self.control(Method::GET, "entries", &Value::Null).await;
        let entries = told["entries"].as_array().into_iter().flatten();
        let amounts: Vec<u64> =
            entries.filter(|entry| entry["key"] != "").filter_map(|entry| entry["amount"].as_u64()).collect();
        assert_eq!((amounts.len(), amounts.iter().sum::<u64>()), (payments, cents), "{told}");
        let books = self.books().await;
        assert_eq!((&books["difference"], &books["wrongAccounts"]), (&json!(0), &json!(0)), "{books}");
        assert_eq!(books["opening"], books["now"], "{books}");
    }
}
