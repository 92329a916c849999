//! A site with a fault around the answers of a healthy one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use ponte_web::{Answer, Request, Site};
use serde_json::{Value, json};

use super::answered;
use super::exchange::Exchange;
use super::fault::Fault;
use crate::customers::CUSTOMERS;

/// A site whose answers have a fault.
pub struct Faulty<S> {
    inner: S,
    credential: String,
    fault: Option<Fault>,
    /// Where the fault is.
    operation: &'static str,
    calls: AtomicU64,
    exchange: Exchange,
}

/// Longer than any endpoint may take.
const TOO_LONG: Duration = Duration::from_secs(7);

impl<S: Site> Faulty<S> {
    /// `inner`, which takes `credential`, with a fault in the operation that has it; healthy without one.
    pub fn new(inner: S, credential: &str, fault: Option<Fault>) -> Self {
        let (calls, exchange) = (AtomicU64::new(0), Exchange::default());
        let operation = fault.map_or("", Fault::operation);
        Self { inner, credential: credential.to_owned(), fault, operation, calls, exchange }
    }

    /// The same with the fault in another operation.
    #[must_use]
    pub fn in_operation(self, operation: &'static str) -> Self {
        Self { operation, ..self }
    }

    /// The answer with the fault.
    async fn faulty(&self, fault: Fault, mut request: Request) -> Answer {
        let asked: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if let Some(changed) = self.asked_otherwise(fault, &mut request, &asked) {
            request.body = changed.to_string().into();
        }
        let whole = match fault {
            Fault::WholeCustomer => Some(("/accounts/account-discovery", "ACCOUNT")),
            Fault::AnyProductsNote => Some(("/variable-incomes/discovery", "VARIABLE_INCOME")),
            _ => None,
        };
        if let Some((discovery, kind)) = whole {
            let mut changed = asked.clone();
            let products = self.products(&request, discovery).await.into_iter();
            let shared =
                products.map(|id| json!({ "type": kind, "resourceLegacyId": id })).collect::<Value>();
            if let Some(consent) = changed.get_mut("consent").and_then(Value::as_object_mut) {
                consent.insert("resources".to_owned(), shared);
                request.body = changed.to_string().into();
            }
        }
        let answer = self.inner.answer(again(&request)).await;
        match fault {
            Fault::OthersData if answer.status == StatusCode::FORBIDDEN => {
                self.anybodys(&request, &asked, answer).await
            }
            Fault::AnyCardsBill if answer.status == StatusCode::NOT_FOUND => {
                self.of_any_card(&request, &asked, answer).await
            }
            Fault::Slow => {
                tokio::time::sleep(TOO_LONG).await;
                answer
            }
            Fault::MixedUp => self.exchange.with_the_other(answer).await,
            _ => {
                let call = self.calls.fetch_add(1, Ordering::Relaxed);
                answered::otherwise(fault, (&asked, call), answer)
            }
        }
    }

    /// What the layer makes of a question; `None` where it is understood.
    fn asked_otherwise(&self, fault: Fault, request: &mut Request, asked: &Value) -> Option<Value> {
        let mut changed = asked.clone();
        let number = |name: &str| asked.get(name).and_then(Value::as_i64);
        match fault {
            Fault::OpenToAll => {
                let credential = HeaderValue::from_str(&format!("Bearer {}", self.credential)).ok()?;
                request.headers.insert(header::AUTHORIZATION, credential);
                return None;
            }
            Fault::GzipUnread if request.headers.contains_key(header::CONTENT_ENCODING) => {
                request.body = "\u{1f}".into();
                return None;
            }
            Fault::MediaTypeIgnored => {
                request.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
                return None;
            }
            Fault::WordIgnored => drop(changed.as_object_mut()?.remove("creditDebitIndicator")),
            Fault::DaysIgnored => {
                let object = changed.as_object_mut()?;
                object.insert("fromBookingDate".to_owned(), json!("2000-01-01"));
                object.insert("toBookingDate".to_owned(), json!("2999-12-31"));
            }
            Fault::PageSizeIgnored => changed["pageSize"] = json!(number("pageSize")?.min(25)),
            Fault::NegativePage => changed["page"] = json!(number("page")?.max(1)),
            Fault::LargePage => changed["pageSize"] = json!(number("pageSize")?.min(1_000)),
            Fault::EndlessPages => changed["page"] = json!(number("page")?.min(1)),
            _ => return None,
        }
        Some(changed)
    }

    /// Keys of the products that the customer of a question has of a kind.
    async fn products(&self, request: &Request, discovery: &str) -> Vec<Value> {
        let answer = self.inner.answer(Request { path: discovery.to_owned(), ..again(request) }).await;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let products = body["data"]["resources"].as_array().into_iter().flatten();
        products.map(|product| product["resourceLegacyId"].clone()).collect()
    }

    /// The answer under whichever card of the customer has one.
    async fn of_any_card(&self, request: &Request, asked: &Value, refused: Answer) -> Answer {
        for card in self.products(request, "/credit-cards-accounts/account-discovery").await {
            let mut changed = asked.clone();
            changed["resourceLegacyId"] = card;
            let answer =
                self.inner.answer(Request { body: changed.to_string().into(), ..again(request) }).await;
            if answer.status == StatusCode::OK {
                return answer;
            }
        }
        refused
    }

    /// The answer to whoever may ask this.
    async fn anybodys(&self, request: &Request, asked: &Value, refused: Answer) -> Answer {
        for customer in CUSTOMERS {
            let mut changed = asked.clone();
            changed["consent"]["loggedUser"]["document"]["identification"] = json!(customer.cpf);
            if let Some(consent) = changed["consent"].as_object_mut() {
                consent.remove("businessEntity");
                consent.extend(customer.cnpj.map(|cnpj| {
                    let document = json!({ "document": { "identification": cnpj, "rel": "CNPJ" } });
                    ("businessEntity".to_owned(), document)
                }));
            }
            let answer =
                self.inner.answer(Request { body: changed.to_string().into(), ..again(request) }).await;
            if answer.status == StatusCode::OK {
                return answer;
            }
        }
        refused
    }
}

impl<S: Site> Site for Faulty<S> {
    async fn answer(&self, request: Request) -> Answer {
        match self.fault {
            Some(fault) if self.operation == request.path => self.faulty(fault, request).await,
            _ => self.inner.answer(request).await,
        }
    }
}

/// The same request once more.
fn again(request: &Request) -> Request {
    let (method, headers): (Method, HeaderMap) = (request.method.clone(), request.headers.clone());
    Request {
        method,
        path: request.path.clone(),
        query: request.query.clone(),
        headers,
        body: request.body.clone(),
        certificate: request.certificate.clone(),
    }
}
