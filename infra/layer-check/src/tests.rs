//! The sandbox bank, healthy and with each of its faults, under the check; calls go from memory to memory, and time is that of
//! the runtime.

mod faults;
mod healthy;

use std::sync::Arc;

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue, Method, header};
use ponte_bank::customers::CUSTOMERS;
use ponte_bank::faulty::{Fault, Faulty};
use ponte_bank::{Bank, Login, TokenBox, channel::Channel};
use ponte_machine::clock;
use ponte_web::{Request, Site as _};

use crate::{Customer, Plan, Received, Report, Sent, Transport, run};

const CREDENTIAL: &str = "credential-of-the-test";

struct InProcess(Faulty<Bank>);

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sent.content_type));
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
        let kind = answer.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let (status, content_type) = (answer.status.as_u16(), kind.unwrap_or_default());
        Ok(Received { status, content_type, body: answer.body.to_vec() })
    }
}

/// The report about the bank with a fault, of operations that begin with these.
async fn checked(fault: Option<Fault>, only: &[&str]) -> Report {
    let tokens = || TokenBox::new(&[7; 32]).unwrap();
    let channel = Channel::new("https://localhost:1", "test", "").unwrap();
    let bank = Bank::new(CREDENTIAL.into(), tokens(), channel);
    let customer = |customer: &ponte_bank::customers::Customer| Customer {
        cpf: customer.cpf.to_owned(),
        cnpj: customer.cnpj.map(str::to_owned),
        token: Some(tokens().issue(customer, Login::OneFactor, None).unwrap()),
    };
    let plan = Plan {
        transport: Arc::new(InProcess(Faulty::new(bank, CREDENTIAL, fault))),
        credential: CREDENTIAL.to_owned(),
        customers: CUSTOMERS.iter().map(customer).collect(),
        brand: "ponte-bank".to_owned(),
        now: clock::now(),
        only: only.iter().map(|only| (*only).to_owned()).collect(),
    };
    run(plan, &|_| ()).await
}
