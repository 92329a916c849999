//! Section 4: customers v2.3.0.

use super::consents::every_permission;
use super::endpoints::OF_COMPANY;
use super::repeated::{call_often, interaction_ids};
use super::*;

/// The two kinds of customers, each with an example and its permissions.
const KINDS: [(&str, usize, [&str; 3]); 2] =
    [("personal", ANA, OF_CUSTOMER), ("business", PADARIA, OF_COMPANY)];
/// Calls of the limits module at each endpoint.
const CALLS: usize = 30;

fn endpoint(kind: &str, name: &str) -> String {
    format!("/open-banking/customers/v2/{kind}/{name}")
}

#[tokio::test]
async fn z_cus_05_z_cus_06_every_other_permission_opens_no_registration_data() {
    let scene = Scene::begin().await;
    for (kind, customer, _) in KINDS {
        let mut others = every_permission();
        others.retain(|permission| !permission.starts_with("CUSTOMERS"));
        let granted = scene.granted_by(customer, &others).await;
        for name in ["identifications", "qualifications", "financial-relations"] {
            let path = endpoint(kind, name);
            want(403, &path, scene.get(&path, &granted.tokens.access).await);
        }
    }
}

async fn limits(share: usize) {
    // One stack for both.
    let _shared = Scene::begin().await.shared;
    for client in 0..2 {
        let scene = Scene::begin_as(client).await;
        for (kind, customer, permissions) in KINDS {
            let granted = scene.granted_by(customer, &permissions).await;
            for name in ["identifications", "qualifications", "financial-relations"] {
                call_often(&scene, &granted, &endpoint(kind, name), (CALLS * share).div_ceil(100)).await;
            }
        }
    }
}

#[tokio::test]
async fn z_cus_07_z_cus_08_a_twentieth_of_the_calls_of_the_limits_module_is_served() {
    limits(5).await;
}

#[tokio::test]
#[ignore = "takes a while: all calls of the operational limits module, 360 in a row"]
async fn z_cus_07_z_cus_08_every_call_of_the_limits_module_is_served() {
    limits(100).await;
}

#[tokio::test]
async fn z_cus_09_z_cus_10_the_interaction_id_is_asked_for_and_comes_back() {
    let scene = Scene::begin().await;
    for (kind, customer, permissions) in KINDS {
        let granted = scene.granted_by(customer, &permissions).await;
        interaction_ids(&scene, &granted, &endpoint(kind, "identifications")).await;
    }
}

#[tokio::test]
async fn z_cus_11_a_salary_that_comes_from_another_bank_is_shown() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_CUSTOMER).await;
    let body = scene.read(&endpoint("personal", "financial-relations"), &granted).await;
    let received = body["data"]["portabilitiesReceived"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(!received.is_empty(), "{body}");
    for one in received {
        for name in ["employerName", "employerCnpjCpf", "paycheckBankDetainerCnpj", "portabilityApprovalDate"]
        {
            assert!(one[name].is_string(), "{name}: {one}");
        }
    }
}
