//! Section 13: a CNPJ with letters passes through as the institution has it (30/06/2026).

use ponte_machine::clock;
use ponte_values::Moment;
use serde_json::{Value, json};

use super::endpoints::{OF_COMPANY, OF_CREDIT, OF_EXCHANGES, OF_INVESTMENTS, call_of, list_of, row_of};
use super::*;

/// The values of a member in a body, however deep.
fn values_of<'a>(body: &'a Value, name: &str, found: &mut Vec<&'a str>) {
    match body {
        Value::Object(members) => {
            found.extend(members.get(name).and_then(Value::as_str));
            members.values().for_each(|value| values_of(value, name, found));
        }
        Value::Array(items) => items.iter().for_each(|item| values_of(item, name, found)),
        _ => {}
    }
}

/// Whether it is a CNPJ, and one with letters.
fn has_letters(text: &str) -> bool {
    let (base, check) = text.split_at(text.len().min(12));
    let allowed = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    (base.len(), check.len()) == (12, 2)
        && base.bytes().all(allowed)
        && check.bytes().all(|byte| byte.is_ascii_digit())
        && base.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Asserts that a member of one of these bodies is this CNPJ.
#[track_caller]
fn shown(bodies: &[Value], name: &str, cnpj: &str) {
    assert!(has_letters(cnpj), "{cnpj}");
    let mut found = Vec::new();
    for body in bodies {
        values_of(body, name, &mut found);
    }
    assert!(found.contains(&cnpj), "{name}: {found:?}");
}

#[tokio::test]
async fn z_cnp_01_a_consent_of_a_company_with_letters_is_given_and_extended() {
    let scene = Scene::begin().await;
    let company = &CUSTOMERS[ESTUDIO];
    let cnpj = company.cnpj.expect("a company");
    assert!(has_letters(cnpj), "{cnpj}");
    let end = Moment::from_seconds(clock::now().seconds()).plus(DAY * 30);
    let consent = scene.created_of(company, &OF_ACCOUNTS, Some(end)).await;
    let Granted { consent, tokens } = scene.grant_by(ESTUDIO, consent).await;
    let data = json!({
        "loggedUser": document(company.cpf, "CPF"), "businessEntity": document(cnpj, "CNPJ"),
        "expirationDateTime": in_days(60),
    });
    want(201, "extends", scene.extend_with(&consent, &tokens.access, &data).await);
}

#[tokio::test]
async fn z_cnp_02_registration_data_of_a_company_with_letters() {
    let scene = Scene::begin().await;
    let granted = scene.granted_by(ESTUDIO, &OF_COMPANY).await;
    let about = async |end: &str| [scene.read(row_of("customers", end).template, &granted).await];
    let identification = about("/business/identifications").await;
    shown(&identification, "cnpjNumber", CUSTOMERS[ESTUDIO].cnpj.expect("a company"));
    shown(&identification, "documentNumber", "S0C10EXM000108");
    shown(&about("/business/financial-relations").await, "cnpjCpfNumber", "PR0CUR4D000105");
}

#[tokio::test]
async fn z_cnp_03_the_other_side_of_a_transaction_with_letters() {
    let scene = Scene::begin().await;
    let granted = scene.granted_by(ESTUDIO, &OF_ACCOUNTS).await;
    let account = scene.accounts(&granted).await.remove(0);
    for end in ["/transactions", "/transactions-current"] {
        let path = format!("{}&page-size=1000", call_of(row_of("accounts", end), &account));
        shown(&[scene.read(&path, &granted).await], "partieCnpjCpf", "F4V0REC1D00120");
    }
}

/// The details of every product of an API.
async fn details(scene: &Scene, granted: &Granted, api: &str) -> Vec<Value> {
    let list = list_of(api).template;
    let mut details = Vec::new();
    for product in scene.products(granted, api).await {
        details.push(scene.read(&format!("{list}/{product}"), granted).await);
    }
    details
}

/// The file of 2.7.0, which the module of the suite is for, is not here: shown with 2.6.0.
#[tokio::test]
async fn z_cnp_04_the_employer_of_a_loan_with_letters() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CREDIT).await;
    shown(&details(&scene, &granted, "loans").await, "cnpjConsignor", "EXEMPL0E000180");
}

#[tokio::test]
async fn z_cnp_05_the_institutions_of_an_exchange_with_letters() {
    let scene = Scene::begin().await;
    let granted = scene.granted_by(ESTUDIO, &OF_EXCHANGES).await;
    let found = details(&scene, &granted, "exchanges").await;
    shown(&found, "authorizedInstitutionCnpjNumber", "EXEMPL0C000191");
    shown(&found, "intermediaryInstitutionCnpjNumber", "EXEMPL0I000169");
}

#[tokio::test]
async fn z_cnp_06_z_cnp_07_z_cnp_08_funds_and_issuers_with_letters() {
    let scene = Scene::begin().await;
    let granted = scene.granted_by(ESTUDIO, &OF_INVESTMENTS).await;
    for (api, name, cnpj) in [
        ("funds", "cnpjNumber", "EXEMPL0F000125"),
        ("bank-fixed-incomes", "issuerInstitutionCnpjNumber", "EXEMPL0B000147"),
        ("variable-incomes", "issuerInstitutionCnpjNumber", "EXEMPL0I000169"),
    ] {
        shown(&details(&scene, &granted, api).await, name, cnpj);
    }
}
