//! The sandbox bank, healthy and with each of its faults, under the check; calls go from memory to memory, and time is that of
//! the runtime.

mod available;
mod faults;
mod gzip;
mod healthy;
mod not_ready;

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue, Method, header};
use ponte_bank::customers::CUSTOMERS;
use ponte_bank::faulty::{Fault, Faulty};
use ponte_bank::{Bank, Login, TokenBox, channel::Channel};
use ponte_machine::clock;
use ponte_web::{Request, Site};

use crate::{Customer, Plan, Received, Report, Sent, Transport, run};

const CREDENTIAL: &str = "credential-of-the-test";

/// A site that is called without a network.
struct InProcess<S>(S);

#[async_trait]
impl<S: Site + 'static> Transport for InProcess<S> {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sent.content_type));
        if sent.gzip {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some(credential) = &sent.credential {
            headers.insert(header::AUTHORIZATION, format!("Bearer {credential}").parse().unwrap());
        }
        let answer = self.0.answer(Request {
            method: sent.method.parse::<Method>().unwrap(),
            path: sent.path.to_owned(),
            query: String::new(),
            headers,
            body: sent.body.into(),
            certificate: None,
        });
        let answer = answer.await;
        let text =
            |name| answer.headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap().to_owned());
        Ok(Received {
            status: answer.status.as_u16(),
            content_type: text(header::CONTENT_TYPE).unwrap_or_default(),
            takes_gzip: text(header::ACCEPT_ENCODING).is_some_and(|codings| codings.contains("gzip")),
            retry_after: text(header::RETRY_AFTER).map(|wait| wait.parse().unwrap()),
            body: answer.body.to_vec(),
        })
    }
}

fn tokens() -> TokenBox {
    TokenBox::new(&[7; 32]).unwrap()
}

fn bank() -> Bank {
    Bank::new(CREDENTIAL.into(), tokens(), Channel::new("https://localhost:1", "test", "").unwrap())
}

/// The report about the bank with a fault, in its operation or in another one, of operations that begin with these.
async fn checked(fault: Option<Fault>, operation: Option<&'static str>, only: &[&str]) -> Report {
    let faulty = Faulty::new(bank(), CREDENTIAL, fault);
    let faulty = match operation {
        Some(operation) => faulty.in_operation(operation),
        None => faulty,
    };
    report(InProcess(faulty), only).await
}

/// The report about what answers there.
async fn report(transport: impl Transport + 'static, only: &[&str]) -> Report {
    let customer = |customer: &ponte_bank::customers::Customer| Customer {
        cpf: customer.cpf.to_owned(),
        cnpj: customer.cnpj.map(str::to_owned),
        token: Some(tokens().issue(customer, Login::OneFactor, None).unwrap()),
    };
    let plan = Plan {
        transport: Arc::new(transport),
        credential: CREDENTIAL.to_owned(),
        customers: CUSTOMERS.iter().map(customer).collect(),
        brand: "ponte-bank".to_owned(),
        now: clock::now(),
        only: only.iter().map(|only| (*only).to_owned()).collect(),
    };
    run(plan, &|_| ()).await
}
