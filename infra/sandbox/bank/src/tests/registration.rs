//! The customers API through the wire contract.

use http::Method;
use ponte_web::Site as _;
use serde_json::{Value, json};

use super::official::Official;
use super::walk::{ask, common, judged, read, with};
use super::{bank, request};
use crate::customers::{CUSTOMERS, Customer};

const WORDS: [&str; 3] = ["identifications", "qualifications", "financial-relations"];

async fn about(customer: &Customer, kind: &str, word: &str) -> Value {
    read(&bank(), &format!("/customers/{kind}/{word}"), &common(customer, "", &[])).await["data"].clone()
}

fn estudio() -> &'static Customer {
    CUSTOMERS.iter().find(|customer| customer.cnpj == Some("EX3MPL0A000190")).unwrap()
}

#[tokio::test]
async fn every_answer_is_what_the_file_says() {
    let (bank, official) = (bank(), Official::open("customers-2.3.0"));
    for customer in CUSTOMERS {
        let (own, other) =
            if customer.cnpj.is_some() { ("business", "personal") } else { ("personal", "business") };
        let body = common(customer, "", &[]);
        for word in WORDS {
            let operation = format!("/customers/{own}/{word}");
            let answer = read(&bank, &operation, &body).await;
            assert_eq!(answer["meta"]["totalRecords"], 1, "{operation}");
            let judge = official.as_ref().map(|official| official.data(&format!("/{own}/{word}")));
            judged(judge.as_ref(), &operation, &answer["data"]);
            assert_eq!(ask(&bank, &format!("/customers/{other}/{word}"), &body).await.0, 404, "{operation}");
            assert_eq!(ask(&bank, &operation, &json!({})).await.0, 400, "{operation}");
            let mut wrong = request(&operation, &body);
            wrong.method = Method::PUT;
            assert_eq!(bank.answer(wrong).await.status, 405, "{operation}");
        }
        let listed = format!("/customers/{own}/identifications");
        let past = read(&bank, &listed, &with(body.clone(), "page", 2)).await;
        assert_eq!((&past["data"], &past["meta"]["totalPages"]), (&json!([]), &json!(1)));
        assert_eq!(ask(&bank, &listed, &with(body, "pageSize", 1001)).await.0, 400);
    }
}

#[tokio::test]
async fn z_cus_11_a_salary_comes_from_another_bank() {
    let with_it = about(&CUSTOMERS[0], "personal", "financial-relations").await;
    assert_eq!(with_it["portabilitiesReceived"][0]["employerName"], "Empregadora Exemplo S.A.");
    let without = about(&CUSTOMERS[1], "personal", "financial-relations").await;
    assert!(without.get("portabilitiesReceived").is_none());
}

#[tokio::test]
async fn z_cnp_02_letters_in_every_document_of_a_company() {
    let company = &about(estudio(), "business", "identifications").await[0];
    assert_eq!(company["cnpjNumber"], "EX3MPL0A000190");
    assert_eq!(company["parties"][0]["documentNumber"], "S0C10EXM000108");
    assert_eq!(company["companyName"].as_str().unwrap().chars().count(), 142);
    let relation = about(estudio(), "business", "financial-relations").await;
    assert_eq!(relation["procurators"][0]["cnpjCpfNumber"], "PR0CUR4D000105");
}

#[tokio::test]
async fn an_identifier_is_one_customers_and_has_nothing_of_their_documents() {
    let mut ids = std::collections::BTreeSet::new();
    for customer in CUSTOMERS {
        let (kind, name) =
            if customer.cnpj.is_some() { ("business", "businessId") } else { ("personal", "personalId") };
        let records = about(customer, kind, "identifications").await;
        let id = records[0][name].as_str().unwrap().to_owned();
        assert!(!id.contains(customer.cpf));
        ids.insert(id);
    }
    assert_eq!(ids.len(), CUSTOMERS.len(), "Célia and her company are two");
}
