//! Section 9: exchanges v1.1.0.

use super::endpoints::{OF_EXCHANGES, list_of, path_of, row_of};
use super::lists::{all_pages, busiest};
use super::repeated::{interaction_ids, page_sizes, wrong_permissions};
use super::*;

const API: &str = "exchanges";

#[tokio::test]
async fn z_exc_03_the_interaction_id_is_asked_for_and_comes_back() {
    let scene = Scene::begin().await;
    let granted = scene.granted(&OF_EXCHANGES).await;
    interaction_ids(&scene, &granted, list_of(API).template).await;
}

#[tokio::test]
async fn z_exc_04_ids_of_another_consent_are_forbidden_not_unknown() {
    let scene = Scene::begin().await;
    let (right, wrong) = (scene.granted(&OF_EXCHANGES).await, scene.granted(&OF_CUSTOMER).await);
    wrong_permissions(&scene, API, &right, &wrong).await;
}

#[tokio::test]
async fn z_exc_06_z_exc_07_pages_of_operations_and_of_events_lead_from_the_first_to_the_last() {
    let scene = Scene::begin().await;
    let granted = scene.granted_by(DARIO, &OF_EXCHANGES).await;
    let list = list_of(API).template;
    page_sizes(&scene, &granted, list).await;
    let operations = all_pages(&scene, &granted, format!("{list}?page-size=25")).await;
    assert!(operations.len() > 50, "{}", operations.len());
    let operation = busiest(&scene, &granted, API, "/events").await;
    let events = path_of(row_of(API, "/events"), &operation);
    page_sizes(&scene, &granted, &events).await;
    let events = all_pages(&scene, &granted, format!("{events}?page-size=25")).await;
    assert!(events.len() > 50, "{}", events.len());
}
