//! Tests of the bank through its wire contract.

use http::{HeaderMap, Method};
use ponte_machine::clock;
use ponte_web::{Answer, Request, Site as _};
use serde_json::{Value, json};

use super::*;
use crate::channel::Channel;

mod accounts;
mod cards;
mod credit;
mod discovered;
mod exchanges;
mod investments;
mod official;
mod orders;
mod registration;
mod walk;

const CREDENTIAL: &str = "credential-of-the-test";

fn bank() -> Bank {
    Bank::new(
        CREDENTIAL.into(),
        TokenBox::new(&[7; 32]).unwrap(),
        Channel::new("https://localhost:1", "test", "").unwrap(),
    )
}

fn request(path: &str, body: &Value) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {CREDENTIAL}").parse().unwrap());
    headers.insert("content-type", "application/json".parse().unwrap());
    Request {
        method: Method::POST,
        path: path.into(),
        query: String::new(),
        headers,
        body: body.to_string().into(),
        certificate: None,
    }
}

/// The common part of `docs/integration-layer.md` for Ana and her current account, with more properties.
fn asked(more: &Value) -> Value {
    let account = json!([{ "key": "accountId", "value": "0001-00012345" }]);
    let mut body = walk::common(&customers::CUSTOMERS[0], "ACCOUNT", &[account]);
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn account() -> Value {
    json!({ "resourceLegacyId": [{ "key": "accountId", "value": "0001-00012345" }] })
}

async fn call(path: &str, body: &Value) -> (u16, Value) {
    let answer = bank().answer(request(path, body)).await;
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap())
}

#[tokio::test]
async fn discovery_names_the_accounts_of_the_customer() {
    let (status, body) = call("/accounts/account-discovery", &asked(&json!({}))).await;
    assert_eq!(status, 200);
    let resources = body["data"]["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 2);
    assert_eq!(resources[0]["resourceLegacyId"], account()["resourceLegacyId"]);
    assert_eq!(body["meta"]["totalRecords"], 2);
}

#[tokio::test]
async fn a_company_is_found_by_its_cnpj_only() {
    let company = |cnpj: Option<&str>| {
        let mut body = asked(&json!({}));
        body["consent"]["loggedUser"]["document"]["identification"] = "11122233396".into();
        if let Some(cnpj) = cnpj {
            body["consent"]["businessEntity"] =
                json!({ "document": { "identification": cnpj, "rel": "CNPJ" } });
        }
        body
    };
    assert_eq!(call("/accounts/account-discovery", &company(Some("11222333000181"))).await.0, 200);
    assert_eq!(call("/accounts/account-discovery", &company(None)).await.0, 404);
    assert_eq!(call("/accounts/account-discovery", &company(Some("12345678000195"))).await.0, 404);
}

#[tokio::test]
async fn only_the_accounts_of_the_consent_are_listed() {
    let (status, body) = call("/accounts/accounts", &asked(&json!({}))).await;
    assert_eq!(status, 200);
    assert_eq!(body["data"].as_array().unwrap().len(), 1);
    assert_eq!(body["data"][0]["type"], "CONTA_DEPOSITO_A_VISTA");
    assert!(body["data"][0].get("accountId").is_none());
    let (_, none) = call("/accounts/accounts", &asked(&json!({ "accountType": "CONTA_POUPANCA" }))).await;
    assert_eq!((&none["data"], &none["meta"]["totalPages"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn single_records_have_the_regulatory_shape() {
    for (path, field) in [
        ("/accounts/find", "currency"),
        ("/accounts/balances", "availableAmount"),
        ("/accounts/overdraft-limits", "overdraftContractedLimit"),
    ] {
        let (status, body) = call(path, &asked(&account())).await;
        assert_eq!(status, 200, "{path}");
        assert!(body["data"].get(field).is_some(), "{path}");
    }
    let (_, reserved) = call("/accounts/reserved-balances", &asked(&account())).await;
    assert_eq!(reserved["data"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn c52_pages_add_up_to_the_whole() {
    let (bank, today) = (bank(), clock::now().date_brasilia());
    let ask = |page: u32, size: u32| {
        let mut body = asked(&account());
        body["fromBookingDate"] = today.plus_days(-60).to_string().into();
        body["toBookingDate"] = today.to_string().into();
        body["page"] = page.into();
        body["pageSize"] = size.into();
        request("/accounts/transactions", &body)
    };
    let read = |answer: Answer| serde_json::from_slice::<Value>(&answer.body).unwrap();
    let first = read(bank.answer(ask(1, 100)).await);
    let (records, pages) =
        (first["meta"]["totalRecords"].as_u64().unwrap(), first["meta"]["totalPages"].as_u64().unwrap());
    assert!(records > 300 && pages == records.div_ceil(100));
    let mut seen = std::collections::HashSet::new();
    for page in 1..=pages {
        let body = read(bank.answer(ask(u32::try_from(page).unwrap(), 100)).await);
        for record in body["data"].as_array().unwrap() {
            assert!(seen.insert(record["transactionId"].as_str().unwrap().to_owned()));
        }
    }
    assert_eq!(seen.len() as u64, records);
    let beyond = read(bank.answer(ask(u32::MAX, 100)).await);
    assert_eq!((&beyond["data"], &beyond["meta"]["totalRecords"]), (&json!([]), &json!(records)));
}

#[tokio::test]
async fn c57_filters_by_direction_and_reach() {
    let today = clock::now().date_brasilia();
    let ask = |path: &'static str, more: Value| async move {
        let mut body = asked(&account());
        body["fromBookingDate"] = today.plus_days(-400).to_string().into();
        body["toBookingDate"] = today.plus_days(400).to_string().into();
        body["pageSize"] = 1000.into();
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        call(path, &body).await.1
    };
    let credits = ask("/accounts/transactions", json!({ "creditDebitIndicator": "CREDITO" })).await;
    let debits = ask("/accounts/transactions", json!({ "creditDebitIndicator": "DEBITO" })).await;
    let all = ask("/accounts/transactions", json!({})).await;
    let total = |body: &Value| body["meta"]["totalRecords"].as_u64().unwrap();
    assert_eq!(total(&credits) + total(&debits), total(&all));
    assert!(total(&all) > 3_000);
    assert!(credits["data"].as_array().unwrap().iter().all(|one| one["creditDebitType"] == "CREDITO"));

    let current = ask("/accounts/transactions-current", json!({})).await;
    let dates: Vec<&str> = current["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["transactionDateTime"].as_str().unwrap())
        .collect();
    assert!(dates[0] > today.plus_days(300).to_string().as_str());
    assert!(*dates.last().unwrap() >= today.plus_days(-6).to_string().as_str());
}

#[tokio::test]
async fn decrypt_tells_who_it_is() {
    let bank = bank();
    let company = &customers::CUSTOMERS[2];
    let decrypt = async |login| {
        let token = bank.tokens.issue(company, login, None).unwrap();
        let answer = bank.answer(request("/authentication/decrypt", &json!({ "accessToken": token }))).await;
        serde_json::from_slice::<Value>(&answer.body).unwrap()
    };
    let mut person =
        json!({ "cpf": "11122233396", "cnpj": "11222333000181", "name": "Padaria Exemplo Ltda" });
    assert_eq!(decrypt(Login::OneFactor).await, json!({ "data": person }));
    // S15: two factors are said, one is not.
    person["acr"] = "urn:brasil:openbanking:loa3".into();
    assert_eq!(decrypt(Login::TwoFactors).await, json!({ "data": person }));
}

#[tokio::test]
async fn refusals_say_why() {
    let mut foreign = asked(&account());
    foreign["resourceLegacyId"][0]["value"] = "0003-00090001".into();
    let mut unknown = foreign.clone();
    unknown["resourceLegacyId"][0]["value"] = "9999-1".into();
    for (path, body, status, code) in [
        ("/accounts/find", &foreign, 403, "RECURSO_DE_OUTRO_CLIENTE"),
        ("/accounts/find", &unknown, 404, "RECURSO_NAO_ENCONTRADO"),
        ("/accounts/find", &asked(&json!({})), 400, "REQUISICAO_INVALIDA"),
        ("/accounts/find", &json!({}), 400, "REQUISICAO_INVALIDA"),
        ("/accounts/nothing", &asked(&json!({})), 404, "RECURSO_NAO_ENCONTRADO"),
        ("/cards/find", &asked(&json!({})), 404, "RECURSO_NAO_ENCONTRADO"),
        (
            "/accounts/transactions",
            &asked(&json!({ "resourceLegacyId": account()["resourceLegacyId"], "pageSize": 1001 })),
            400,
            "REQUISICAO_INVALIDA",
        ),
        ("/authentication/decrypt", &json!({ "accessToken": "x" }), 422, "TOKEN_INVALIDO"),
    ] {
        let (got, answer) = call(path, body).await;
        assert_eq!((got, &answer["errors"][0]["code"]), (status, &json!(code)), "{path}");
        assert_eq!(answer["meta"]["requestDateTime"].as_str().unwrap().len(), 20);
    }
    for (change, status) in [("authorization", 401), ("content-type", 415)] {
        let mut request = request("/accounts/find", &asked(&account()));
        request.headers.insert(change, "wrong".parse().unwrap());
        assert_eq!(bank().answer(request).await.status, status);
    }
    let mut request = request("/accounts/find", &asked(&account()));
    request.method = Method::GET;
    assert_eq!(bank().answer(request).await.status, 405);
}

#[tokio::test]
async fn the_login_page_names_itself_and_escapes() {
    let page = |query: &'static str| async move {
        let mut request = request("/login", &json!({}));
        request.method = Method::GET;
        request.query = query.into();
        String::from_utf8(bank().answer(request).await.body.to_vec()).unwrap()
    };
    let shown = page("interaction=abc-123").await;
    assert!(shown.contains("Sandbox bank") && shown.contains("Ana Exemplo da Silva"));
    assert!(shown.contains("value=\"abc-123\""));
    let hostile = page("interaction=%22%3E%3Cscript%3E").await;
    assert!(!hostile.contains("<script>") && hostile.contains("Nobody was sent here"));
}

#[tokio::test]
async fn m38_the_bank_says_who_is_its_customer_and_for_whom() {
    let asked = |cpf: &str, cnpj: Option<&str>| {
        let mut data = json!({ "loggedUserDocument": { "identification": cpf, "rel": "CPF" } });
        if let Some(cnpj) = cnpj {
            data["businessEntityDocument"] = json!({ "identification": cnpj, "rel": "CNPJ" });
        }
        json!({ "requestMeta": { "correlationId": "c", "brandId": "ponte-bank" }, "requestBody": { "data": data } })
    };
    let full = json!({ "isAccountHolder": true, "authority": "FULL" });
    for (cpf, cnpj, holder) in [
        ("76109277673", None, full.clone()),
        ("11122233396", Some("11222333000181"), full),
        ("52998224725", None, json!({ "isAccountHolder": false })),
        ("52998224725", Some("11222333000181"), json!({ "isAccountHolder": false })),
        (
            "76109277673",
            Some("11222333000181"),
            json!({ "isAccountHolder": true, "authority": "PERSON_MISMATCH" }),
        ),
        ("11122233396", None, json!({ "isAccountHolder": true, "authority": "NONE" })),
        ("33344455508", None, json!({ "isAccountHolder": true, "authority": "FULL" })),
        ("33344455508", Some("EX3MPL0A000190"), json!({ "isAccountHolder": true, "authority": "FULL" })),
    ] {
        let (status, body) = call("/check-account-holder", &asked(cpf, cnpj)).await;
        assert_eq!((status, &body["data"]), (200, &holder), "{cpf} {cnpj:?}");
    }
    let nobody =
        json!({ "requestMeta": { "correlationId": "c", "brandId": "b" }, "requestBody": { "data": {} } });
    assert_eq!(call("/check-account-holder", &nobody).await.0, 400);
}
