//! What is asked while the customer decides, and before a payment is taken: nothing moves.

use ponte_bank::customers::CUSTOMERS;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::judgement::{Judged, Stage};
use crate::contract::{Discovery, Item, Validation};
use crate::holders::{customer, holdings};
use crate::mode::Flaw;
use crate::payment::decimal;
use crate::said::{Said, invalid};
use crate::state::State;

/// `/account-discovery`.
pub(crate) fn discovery(state: &State, asked: &Discovery) -> Said {
    let consent = &asked.consent;
    let cnpj = consent.business_entity.as_ref().map(|company| company.document.identification.as_str());
    let cpf = &consent.logged_user.document.identification;
    let own = customer(cpf, cnpj);
    let everybody = state.flawed(Flaw::DiscoversEverybody);
    let customers = CUSTOMERS.iter().filter(|one| everybody || own.is_some_and(|own| own.name == one.name));
    let payers = customers.flat_map(holdings).filter(|holding| holding.pays);
    let payers = payers.filter(|_| !state.flawed(Flaw::DiscoversNothing));
    let resources: Vec<Value> = payers
        .map(|holding| {
            let authorizers: Vec<Value> =
                holding.authorizer.iter().map(|(cpf, name)| json!({ "cpf": cpf, "name": name })).collect();
            let mut resource = json!({
                "resourceLegacyId": holding.legacy_id, "resourceName": holding.name,
                "debtorAccount": holding.account, "authorizers": authorizers,
                "defaultSelected": authorizers.is_empty(),
            });
            if let Ok(cents) = u64::try_from(state.ledger.balance(&holding.account)) {
                resource["balance"] = json!({ "amount": decimal(cents), "currency": "BRL" });
            }
            if state.flawed(Flaw::NamesInWords) {
                resource["resourceName"] = json!(holding.account.to_string());
            }
            resource
        })
        .collect();
    Said::data(200, json!({ "resources": resources }))
}

/// `/payment-validation`.
pub(crate) fn validation(state: &State, asked: &Validation, now: Moment) -> Said {
    let data = &asked.request_body.data;
    let when = match data["validationStage"].as_str() {
        Some("POST_CONSENT") => Stage::Consent,
        Some("POST_PAYMENT") => Stage::Payment,
        Some("SETTLEMENT") => Stage::Settlement,
        _ => return invalid("validationStage é POST_CONSENT, POST_PAYMENT ou SETTLEMENT"),
    };
    let outcome = if when == Stage::Consent {
        state.judge(&Judged::consent(&asked.consent), now)
    } else {
        match serde_json::from_value::<Item>(data.clone()) {
            Ok(item) => state.judge(&Judged::payment(&asked.consent, &item, when), now),
            Err(problem) => return invalid(&problem.to_string()),
        }
    };
    match outcome {
        Ok(_) => Said::data(200, json!({})),
        Err(reason) => Said::refused(422, &reason.code, &reason.detail),
    }
}
