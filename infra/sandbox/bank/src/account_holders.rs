//! `/check-account-holder`: whether the customer of a new consent is a customer of the bank.

use http::StatusCode;
use ponte_web::Answer;
use serde_json::json;

use crate::contract::{AccountHolder, CheckRequest};
use crate::customers::CUSTOMERS;

/// Answers for the person and, where there is one, for the company.
pub(crate) fn check(asked: &CheckRequest) -> Answer {
    let documents = &asked.request_body.data;
    let cpf = documents.logged_user_document.identification.as_str();
    let cnpj = documents.business_entity_document.as_ref().map(|company| company.identification.as_str());
    let logs_in = CUSTOMERS.iter().any(|customer| customer.cpf == cpf);
    let speaks_for =
        |cnpj: &str| CUSTOMERS.iter().any(|customer| customer.cnpj == Some(cnpj) && customer.cpf == cpf);
    let own = CUSTOMERS.iter().any(|customer| customer.cnpj.is_none() && customer.cpf == cpf);
    let authority = match cnpj {
        _ if !logs_in => None,
        Some(cnpj) if speaks_for(cnpj) => Some("FULL"),
        Some(_) => Some("PERSON_MISMATCH"),
        None if own => Some("FULL"),
        // Logs in for a company and has no account of their own.
        None => Some("NONE"),
    };
    let holder = AccountHolder { is_account_holder: Some(logs_in), authority };
    Answer::json(StatusCode::OK, &json!({ "data": holder }))
}
