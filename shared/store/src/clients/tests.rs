//! A registration is whole or not there, and one for a software statement: S88, S89.

use std::sync::Arc;

use ponte_authorization::client::RegistrationChange;
use ponte_values::{OrganisationId, SoftwareStatementId};
use tokio::sync::Barrier;

use super::*;
use crate::testing::Database;
use ponte_kit::examples::now;

const SOFTWARE: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const CLIENT_KEY: &str = "I#banco#CLIENT#client-1";
const SOFTWARE_KEY: &str = "I#banco#SOFTWARE#c770aef3-6784-41f7-8e0e-ff5f97bddb3a";

fn table(dynamo: &Dynamo) -> ClientTable {
    ClientTable::new(dynamo, "clients", "audit")
}

fn registration(id: &str) -> ClientRegistration {
    let client = Client {
        id: ClientId::parse(id).unwrap(),
        organisation: OrganisationId::parse(SOFTWARE).unwrap(),
        software: SoftwareStatementId::parse(SOFTWARE).unwrap(),
        name: "Receptora Exemplo".to_owned(),
        jwks_uri: "https://keystore.example/jwks".to_owned(),
        redirect_uris: vec!["https://receptora.example/cb".to_owned()],
        scopes: vec!["openid".to_owned(), "accounts".to_owned()],
        webhook_uris: vec!["https://receptora.example".to_owned()],
    };
    ClientRegistration::new(client, format!("hash-{id}"), r#"{"scope":"openid"}"#.to_owned(), now())
}

fn audit(registration: &ClientRegistration, change: RegistrationChange) -> AuditEntry {
    registration.audit(change, now(), "interaction".to_owned())
}

async fn register(table: &ClientTable, new: &ClientRegistration) -> Result<(), CommitFault> {
    table.register(new, &audit(new, RegistrationChange::Registered)).await
}

async fn replace(table: &ClientTable, changed: &ClientRegistration) -> Result<(), CommitFault> {
    table.replace(changed, &audit(changed, RegistrationChange::Replaced)).await
}

async fn remove(table: &ClientTable, gone: &ClientRegistration) -> Result<(), CommitFault> {
    table.remove(gone, &audit(gone, RegistrationChange::Removed)).await
}

async fn rows(database: &Database) -> usize {
    database.items("audit").await.len()
}

#[tokio::test]
async fn s89_a_registration_comes_changes_and_goes() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let first = registration("client-1");
    assert_eq!(table.find(&first.client.id).await.unwrap(), None);
    register(&table, &first).await.unwrap();
    assert_eq!(table.find(&first.client.id).await.unwrap().as_ref(), Some(&first.client));
    assert_eq!(table.registration(&first.client.id).await.unwrap().as_ref(), Some(&first));

    let renamed = Client { name: "Receptora Nova".to_owned(), ..first.client.clone() };
    let second = first.clone().replaced(renamed, "{}".to_owned());
    replace(&table, &second).await.unwrap();
    assert_eq!(table.registration(&first.client.id).await.unwrap().as_ref(), Some(&second));
    assert_eq!(table.find(&first.client.id).await.unwrap().as_ref(), Some(&second.client));
    assert!(matches!(replace(&table, &second).await, Err(CommitFault::Conflict)), "not its successor");
    assert!(matches!(remove(&table, &first).await, Err(CommitFault::Conflict)), "not the stored version");

    remove(&table, &second).await.unwrap();
    assert_eq!(database.items("clients").await.len(), 0, "nothing of it is left");
    assert!(matches!(remove(&table, &second).await, Err(CommitFault::Conflict)));
    let third = second.clone().replaced(second.client.clone(), String::new());
    assert!(matches!(replace(&table, &third).await, Err(CommitFault::Conflict)));
    assert_eq!(rows(&database).await, 3, "one row for each change that happened");
    register(&table, &registration("client-2")).await.unwrap();
}

#[tokio::test]
async fn s88_one_registration_for_a_software_statement() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    register(&table, &registration("client-1")).await.unwrap();
    assert!(matches!(register(&table, &registration("client-2")).await, Err(CommitFault::Conflict)));
    assert!(table.find(&ClientId::parse("client-2").unwrap()).await.unwrap().is_none());
    assert_eq!(rows(&database).await, 1);
    let taken = database.item("clients", SOFTWARE_KEY, META).await.unwrap();
    assert_eq!(taken["client"].as_s().unwrap(), "client-1");
}

#[tokio::test]
async fn s88_of_sixty_four_at_once_one_is_registered() {
    let database = Database::start().await;
    let table = Arc::new(table(&database.dynamo));
    let barrier = Arc::new(Barrier::new(64));
    let calls: Vec<_> = (0..64)
        .map(|number| {
            let (table, barrier) = (Arc::clone(&table), Arc::clone(&barrier));
            tokio::spawn(async move {
                let new = registration(&format!("client-{number}"));
                barrier.wait().await;
                register(&table, &new).await.is_ok()
            })
        })
        .collect();
    let mut registered = 0;
    for call in calls {
        registered += usize::from(call.await.unwrap());
    }
    assert_eq!((registered, rows(&database).await), (1, 1));
    assert_eq!(database.items("clients").await.len(), 3);
}

#[tokio::test]
async fn t06_a_lost_reply_does_not_turn_a_registration_into_a_conflict() {
    let database = Database::start().await;
    let first = registration("client-1");
    let lossy = database.losing(|exchange| exchange == 0).await;
    register(&table(&lossy), &first).await.unwrap();
    let second = first.clone().replaced(first.client.clone(), "{}".to_owned());
    // The first exchange of a change reads the form that it is laid over.
    let lossy = database.losing(|exchange| exchange == 1).await;
    replace(&table(&lossy), &second).await.unwrap();
    let lossy = database.losing(|exchange| exchange == 0).await;
    remove(&table(&lossy), &second).await.unwrap();
    assert_eq!(database.items("clients").await.len(), 0);
    assert_eq!(rows(&database).await, 3);
}

#[tokio::test]
async fn t06_a_repetition_that_the_store_forgot_is_recognised_by_its_owner() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let new = registration("client-1");
    let came = audit(&new, RegistrationChange::Registered);
    for token in ["a", "b"] {
        let mut transaction = table.registering(&new, &came, "owner-1").unwrap();
        transaction.forget_token(token);
        assert!(table.run(transaction).await.is_ok(), "{token}");
    }
    let went = audit(&new, RegistrationChange::Removed);
    for token in ["c", "d"] {
        let mut transaction = table.removing(&new, &went, "owner-2").unwrap();
        transaction.forget_token(token);
        assert!(table.run(transaction).await.is_ok(), "{token}");
    }
    assert!(database.item("clients", CLIENT_KEY, REGISTRATION).await.is_none());
    assert_eq!(rows(&database).await, 2);
}
