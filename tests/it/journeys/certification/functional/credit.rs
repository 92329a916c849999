//! Section 7: loans v2.6.0, financings v2.4.0, invoice financings v2.4.0 and overdrafts beyond the limit v2.5.0.

use serde_json::Value;

use super::endpoints::{CREDIT_APIS, OF_CREDIT, list_of, path_of, row_of};
use super::lists::items;
use super::repeated::{interaction_ids_of, limits_of, wrong_permissions};
use super::*;

#[tokio::test]
async fn z_cre_03_ids_of_another_consent_are_forbidden_not_unknown() {
    let scene = Scene::begin().await;
    let (right, wrong) = (scene.granted(&OF_CREDIT).await, scene.granted(&OF_CUSTOMER).await);
    for api in CREDIT_APIS {
        wrong_permissions(&scene, api, &right, &wrong).await;
    }
}

#[tokio::test]
async fn z_cre_04_a_twentieth_of_the_calls_of_the_limits_module_is_served() {
    for api in CREDIT_APIS {
        limits_of(api, &OF_CREDIT, |_| 30, 5).await;
    }
}

#[tokio::test]
#[ignore = "takes minutes: all calls of the operational limits module, 2,160 in a row"]
async fn z_cre_04_every_call_of_the_limits_module_is_served() {
    for api in CREDIT_APIS {
        limits_of(api, &OF_CREDIT, |_| 30, 100).await;
    }
}

#[tokio::test]
async fn z_cre_05_the_interaction_id_is_asked_for_at_every_endpoint_and_comes_back() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CREDIT).await;
    for api in CREDIT_APIS {
        interaction_ids_of(&scene, &granted, api).await;
    }
}

#[tokio::test]
async fn z_cre_06_z_cre_07_a_contract_that_may_go_to_another_bank_says_all_that_it_takes() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CREDIT).await;
    let list = scene.read(list_of("loans").template, &granted).await;
    for category in ["CREDITO_PESSOAL_CLEAN", "CONSIGNADO_SIAPE"] {
        let listed = items(&list).iter().find(|one| one["productSubTypeCategory"] == category);
        let listed = listed.unwrap_or_else(|| panic!("no {category}: {list}"));
        let contract = listed["contractId"].as_str().expect("an id");
        let about = async |end: &str| {
            scene.read(&path_of(row_of("loans", end), contract), &granted).await["data"].take()
        };
        // What the file asks for of the two categories alone.
        let detail = about("/{contractId}").await;
        let payments = about("/payments").await;
        for (record, name) in [
            (listed, "companyCnpj"),
            (listed, "ipocCode"),
            (&detail, "nextInstalmentAmount"),
            (&payments, "lastUpdatedContractOutstandingBalance"),
            (&payments, "totalRemainingAmount"),
        ] {
            assert!(record[name].is_string(), "{category} {name}: {record}");
        }
        assert!(detail["hasInsuranceContracted"].is_boolean(), "{category}: {detail}");
        let rate_of = |kind: &str| {
            let rates = detail["interestRates"].as_array().into_iter().flatten();
            rates.into_iter().find(|rate| rate["taxType"] == kind && rate["taxPeriodicity"] == "AA")
        };
        let rates: Vec<Option<&Value>> = ["NOMINAL", "EFETIVA"].into_iter().map(rate_of).collect();
        assert!(rates.iter().all(Option::is_some), "{category}: {detail}");
    }
}
