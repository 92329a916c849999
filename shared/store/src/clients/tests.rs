//! A registration is whole or not there, and one for a software statement: S88, S89. The block list, the answers and
//! the word for the sweep are there with it or not at all: T60, T61.

use std::sync::Arc;

use ponte_authorization::client::RegistrationChange;
use ponte_authorization::ports::Blocks as _;
use ponte_data_consent::ports::Removals as _;
use ponte_ports::audit::OperatorReason;
use ponte_values::{OrganisationId, SoftwareStatementId};
use tokio::sync::Barrier;

use super::*;
use crate::block_list::BlockListTable;
use crate::removals::RemovalTable;
use crate::testing::Database;
use ponte_kit::examples::now;

const SOFTWARE: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const CLIENT_KEY: &str = "I#banco#CLIENT#client-1";
const SOFTWARE_KEY: &str = "I#banco#SOFTWARE#c770aef3-6784-41f7-8e0e-ff5f97bddb3a";

fn tables() -> ClientTables {
    let name = |name: &str| name.to_owned();
    ClientTables {
        clients: name("clients"),
        grants: name("grants"),
        block_list: name("block-list"),
        outbox: name("outbox"),
        audit: name("audit"),
    }
}

fn table(dynamo: &Dynamo) -> ClientTable {
    ClientTable::new(dynamo, tables())
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
        grant_types: None,
        response_types: None,
        blocked_at: None,
        unused: false,
    };
    ClientRegistration::new(client, format!("hash-{id}"), r#"{"scope":"openid"}"#.to_owned(), now())
}

/// The client as it is found before its first token.
fn unused_one(registration: &ClientRegistration) -> Client {
    Client { unused: true, ..registration.client.clone() }
}

fn audit(registration: &ClientRegistration, change: RegistrationChange) -> AuditEntry {
    registration.audit(change, now(), "interaction".to_owned())
}

async fn register(table: &ClientTable, new: &ClientRegistration) -> Result<(), RegisterFault> {
    table.register(new, &answer(new), &audit(new, RegistrationChange::Registered)).await
}

fn answer(new: &ClientRegistration) -> RegistrationAnswer {
    RegistrationAnswer {
        key: format!("key-{}", new.client.id),
        client: new.client.id.clone(),
        version: new.version,
        sealed_token: "sealed".to_owned(),
        at: now(),
    }
}

async fn removed(
    table: &ClientTable,
    gone: &ClientRegistration,
    by: RemovedBy,
) -> Result<RemovedClient, CommitFault> {
    let kept = RemovedClient::of(gone, by, now());
    table.remove(&kept, &audit(gone, RegistrationChange::Removed)).await.map(|()| kept)
}

async fn replace(table: &ClientTable, changed: &ClientRegistration) -> Result<(), CommitFault> {
    table.replace(changed, &audit(changed, RegistrationChange::Replaced)).await
}

async fn remove(table: &ClientTable, gone: &ClientRegistration) -> Result<(), CommitFault> {
    removed(table, gone, RemovedBy::Client).await.map(|_| ())
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
    assert_eq!(table.find(&first.client.id).await.unwrap(), Some(unused_one(&first)));
    assert_eq!(table.registration(&first.client.id).await.unwrap().as_ref(), Some(&first));

    let renamed = Client { name: "Receptora Nova".to_owned(), ..first.client.clone() };
    let second = first.clone().replaced(renamed, "{}".to_owned());
    replace(&table, &second).await.unwrap();
    assert_eq!(table.registration(&first.client.id).await.unwrap().as_ref(), Some(&second));
    assert_eq!(table.find(&first.client.id).await.unwrap().as_ref(), Some(&unused_one(&second)));
    assert!(matches!(replace(&table, &second).await, Err(CommitFault::Conflict)), "not its successor");
    assert!(matches!(remove(&table, &first).await, Err(CommitFault::Conflict)), "not the stored version");

    remove(&table, &second).await.unwrap();
    assert!(table.find(&first.client.id).await.unwrap().is_none());
    assert!(table.registration(&first.client.id).await.unwrap().is_none());
    assert_eq!(database.items("clients").await.len(), 1, "what tells of its end is left");
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
    assert!(matches!(register(&table, &registration("client-2")).await, Err(RegisterFault::Taken)));
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
    // And so does the first of a removal: it reads whether there is anything to shut.
    let lossy = database.losing(|exchange| exchange == 1).await;
    remove(&table(&lossy), &second).await.unwrap();
    assert_eq!(database.items("clients").await.len(), 1);
    assert_eq!(rows(&database).await, 3);
}

#[tokio::test]
async fn t06_a_repetition_that_the_store_forgot_is_recognised_by_its_owner() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let new = registration("client-1");
    let came = audit(&new, RegistrationChange::Registered);
    for token in ["a", "b"] {
        let mut transaction =
            table.registering(&new, &answer(&new), &came, &StoredClient::of_new(), "owner-1").unwrap();
        transaction.forget_token(token);
        assert!(table.run(transaction).await.is_ok(), "{token}");
    }
    let went = audit(&new, RegistrationChange::Removed);
    for token in ["c", "d"] {
        let mut transaction = table
            .removing(&RemovedClient::of(&new, RemovedBy::Client, now()), &went, true, "owner-2")
            .unwrap();
        transaction.forget_token(token);
        assert!(transaction.commit(&table.dynamo).await.is_ok(), "{token}");
    }
    assert!(database.item("clients", CLIENT_KEY, REGISTRATION).await.is_none());
    assert_eq!(rows(&database).await, 2);
}

#[tokio::test]
async fn t60_the_block_list_follows_a_client_in_its_transaction() {
    let database = Database::start().await;
    let (table, list) = (table(&database.dynamo), BlockListTable::new(&database.dynamo, "block-list"));
    let first = registration("client-1");
    register(&table, &first).await.unwrap();
    let reason = OperatorReason::parse("fraude").unwrap();
    let blocked = first.clone().blocked(now()).unwrap();
    let audit = |of: &ClientRegistration, change| of.audit_by_operator(change, now(), &reason);
    table.replace(&blocked, &audit(&blocked, RegistrationChange::Blocked)).await.unwrap();
    assert_eq!(table.find(&first.client.id).await.unwrap(), None, "as one that does not exist");
    assert_eq!(table.registration(&first.client.id).await.unwrap().as_ref(), Some(&blocked));
    let entry = Block { blocked: Blocked::Client(first.client.id.clone()), until: None };
    assert_eq!(list.all(now()).await.unwrap(), [entry]);

    // The other operator decided on the version before: nothing of it happens, the list included.
    let late = first.clone().replaced(first.client.clone(), "{}".to_owned());
    assert!(matches!(replace(&table, &late).await, Err(CommitFault::Conflict)));
    assert_eq!(list.all(now()).await.unwrap().len(), 1);
    let again = table.replace(&blocked, &audit(&blocked, RegistrationChange::Blocked)).await;
    assert!(matches!(again, Err(CommitFault::Conflict)), "of two operators at once one");

    let open = blocked.unblocked().unwrap();
    table.replace(&open, &audit(&open, RegistrationChange::Unblocked)).await.unwrap();
    assert_eq!(list.all(now()).await.unwrap(), []);
    assert_eq!(table.find(&first.client.id).await.unwrap(), Some(unused_one(&first)));
    let kept = database.items("audit").await;
    let reasons = kept.iter().filter(|row| text(row, "body").unwrap().contains(r#""reason":"fraude""#));
    assert_eq!((reasons.count(), kept.len()), (2, 3), "each change with its row");
}

#[tokio::test]
async fn t60_a_removal_leaves_word_for_the_sweep_and_an_entry_that_ends() {
    let database = Database::start().await;
    let (table, list) = (table(&database.dynamo), BlockListTable::new(&database.dynamo, "block-list"));
    let removals = RemovalTable::new(&database.dynamo, "outbox");
    let new = registration("client-1");
    register(&table, &new).await.unwrap();
    assert!(table.first_token(&new.client.id).await.unwrap());
    let gone = removed(&table, &new, RemovedBy::Client).await.unwrap();
    assert_eq!(table.removed(&new.client.id).await.unwrap().as_ref(), Some(&gone));
    assert_eq!(list.all(now()).await.unwrap(), [gone.block()]);
    let removal = Removal {
        client: new.client.id.clone(),
        at: now(),
        organisation: Some(new.client.organisation.clone()),
        by: Some(RemovedBy::Client),
    };
    assert_eq!(removals.waiting(now(), 9).await.unwrap(), [removal]);
    assert_eq!(table.of_software(&new.client.software).await.unwrap(), None, "free for a new client");
    register(&table, &registration("client-2")).await.unwrap();
}

/// Whoever registers and goes without a token does not fill the block list. The sweep hears of it: a release that knows no mark may
/// have given it a token, and with that a consent was made.
#[tokio::test]
async fn t60_d8_what_never_had_a_token_leaves_nothing_to_shut_and_word_for_the_sweep() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let new = registration("client-1");
    register(&table, &new).await.unwrap();
    let changed = new.clone().replaced(new.client.clone(), "{}".to_owned());
    replace(&table, &changed).await.unwrap();
    assert!(table.find(&new.client.id).await.unwrap().unwrap().unused, "a change is no use");
    let gone = removed(&table, &changed, RemovedBy::Client).await.unwrap();
    assert_eq!(table.removed(&new.client.id).await.unwrap().as_ref(), Some(&gone));
    assert_eq!((database.count("block-list").await, database.count("outbox").await), (0, 1));
    let removals = RemovalTable::new(&database.dynamo, "outbox");
    assert_eq!(removals.waiting(now(), 9).await.unwrap(), [Removal::of(&gone)]);
    assert!(!table.first_token(&new.client.id).await.unwrap(), "and nothing of it comes back");
    assert_eq!(database.items("clients").await.len(), 1);

    // An operator's word needs no mark.
    let second = registration("client-2");
    register(&table, &second).await.unwrap();
    removed(&table, &second, RemovedBy::Operator).await.unwrap();
    let entries = database.items("block-list").await;
    assert_eq!(text(&entries[0], "sk"), Some("CLIENT#client-2"), "read before whatever ends by itself");
    assert_eq!((entries.len(), database.count("outbox").await), (1, 2));
}

#[tokio::test]
async fn t60_s88_an_operator_takes_the_statement_of_a_client_that_removed_itself() {
    let database = Database::start().await;
    let (table, list) = (table(&database.dynamo), BlockListTable::new(&database.dynamo, "block-list"));
    let (new, reason) = (registration("client-1"), OperatorReason::parse("fraude").unwrap());
    register(&table, &new).await.unwrap();
    let gone = removed(&table, &new, RemovedBy::Client).await.unwrap();
    let withheld = gone.clone().withheld();
    let audit = withheld.audit_of_withholding(now(), &reason);
    table.withhold(&withheld, &audit).await.unwrap();
    assert!(matches!(table.withhold(&withheld, &audit).await, Err(CommitFault::Conflict)), "once");
    assert_eq!(table.removed(&new.client.id).await.unwrap().as_ref(), Some(&withheld));
    assert_eq!(table.of_software(&new.client.software).await.unwrap().as_ref(), Some(&new.client.id));
    let second = registration("client-2");
    assert!(matches!(register(&table, &second).await, Err(RegisterFault::Taken)));
    assert_eq!(list.all(now()).await.unwrap(), [withheld.block()], "whatever the mark says");
    let removals = RemovalTable::new(&database.dynamo, "outbox");
    assert_eq!(removals.waiting(now(), 9).await.unwrap(), [Removal::of(&withheld)], "before all others");

    table.release(&withheld, &withheld.audit_of_reset(now(), &reason)).await.unwrap();
    register(&table, &second).await.unwrap();
    assert!(matches!(table.withhold(&withheld, &audit).await, Err(CommitFault::Conflict)), "it is another's");
    let unknown = RemovedClient::of(&registration("client-3"), RemovedBy::Operator, now());
    assert!(matches!(table.withhold(&unknown, &audit).await, Err(CommitFault::Conflict)));
    assert_eq!(rows(&database).await, 5);
}

#[tokio::test]
async fn t06_d8_a_statement_is_taken_once_and_what_is_kept_of_its_client_keeps_what_only_a_later_release_knows()
 {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let new = registration("client-1");
    register(&table, &new).await.unwrap();
    let gone = removed(&table, &new, RemovedBy::Client).await.unwrap();
    let stored = database.item("clients", CLIENT_KEY, REMOVED).await.unwrap();
    let body = text(&stored, "body").unwrap().replacen('{', r#"{"later":7,"#, 1);
    database.dynamo.put(WHAT, "clients", item(stored, [("body", s(body))])).await.unwrap();
    let audit = gone.audit_of_withholding(now(), &OperatorReason::parse("fraude").unwrap());
    // The first exchange reads what is kept.
    let lossy = database.losing(|exchange| exchange == 1).await;
    super::ClientTable::new(&lossy, tables()).withhold(&gone.clone().withheld(), &audit).await.unwrap();
    let stored = database.item("clients", CLIENT_KEY, REMOVED).await.unwrap();
    assert!(text(&stored, "body").unwrap().contains(r#""later":7"#), "{stored:?}");
    assert_eq!(table.removed(&new.client.id).await.unwrap(), Some(gone.withheld()));
    assert_eq!(rows(&database).await, 3);
}

#[tokio::test]
async fn t60_a_client_replaces_its_registration_so_often_in_an_hour_and_an_operator_always() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let mut stored = registration("client-1");
    register(&table, &stored).await.unwrap();
    let next = |stored: &ClientRegistration| stored.clone().replaced(stored.client.clone(), "{}".to_owned());
    let at = |of: &ClientRegistration, at| of.audit(RegistrationChange::Replaced, at, "i".to_owned());
    for _ in 0..MOST_REPLACEMENTS {
        stored = next(&stored);
        table.replace_metadata(&stored, &at(&stored, now())).await.unwrap();
    }
    let more = next(&stored);
    assert!(matches!(table.replace_metadata(&more, &at(&more, now())).await, Err(RegisterFault::TooMany)));
    assert_eq!(table.registration(&stored.client.id).await.unwrap().as_ref(), Some(&stored));
    let late = table.replace_metadata(&stored, &at(&stored, now())).await;
    assert!(matches!(late, Err(RegisterFault::Taken)), "whoever comes second reads again");
    let mut other = registration("client-2");
    other.client.software = SoftwareStatementId::parse("b1b2c3d4-0000-4000-8000-000000000002").unwrap();
    register(&table, &other).await.unwrap();
    removed(&table, &other, RemovedBy::Client).await.unwrap();
    let late = table.replace_metadata(&next(&other), &at(&other, now())).await;
    assert!(matches!(late, Err(RegisterFault::Taken)), "a removal was faster, not too many");
    let blocked = stored.blocked(now()).unwrap();
    table.replace(&blocked, &audit(&blocked, RegistrationChange::Blocked)).await.unwrap();
    let ends = CountWindow::hour(now()).ends();
    let more = next(&blocked);
    table.replace_metadata(&more, &at(&more, ends)).await.unwrap();
    let (pk, sk) = ("I#banco#REPLS#client-1", CountWindow::hour(now()).starts().with_millis());
    let counted = database.item("grants", pk, &sk).await.unwrap();
    assert_eq!(
        (&counted["registrations"], &counted["expires_at"]),
        (&n(MOST_REPLACEMENTS), &n(CountWindow::hour(now()).forgotten_at().seconds()))
    );
}

#[tokio::test]
async fn t60_a_first_token_and_a_change_or_removal_at_once_never_lose_the_mark() {
    for change in 0..2 {
        let database = Database::start().await;
        let table = table(&database.dynamo);
        let new = registration("client-1");
        register(&table, &new).await.unwrap();
        // Both decided on the client as it was before its first token.
        let before = table.stored_client(&new.client.id).await.unwrap();
        assert!(before.unused);
        assert!(table.first_token(&new.client.id).await.unwrap());
        let late = if change == 0 {
            let mut late = Transaction::new(WHAT, "late");
            let changed = new.clone().replaced(new.client.clone(), "{}".to_owned());
            table.put(&mut late, &changed, &before, "late").unwrap();
            late
        } else {
            let gone = RemovedClient::of(&new, RemovedBy::Client, now());
            table.removing(&gone, &audit(&new, RegistrationChange::Removed), true, "late").unwrap()
        };
        assert!(matches!(late.commit(&database.dynamo).await, Err(CommitFault::Conflict)), "{change}");
        assert!(!table.find(&new.client.id).await.unwrap().unwrap().unused);
        assert!(table.first_token(&new.client.id).await.unwrap(), "repeating it is harmless");
        remove(&table, &new).await.unwrap();
        assert_eq!((database.count("block-list").await, database.count("outbox").await), (1, 1), "{change}");
    }
}

#[tokio::test]
async fn t60_of_an_organisation_so_many_register_in_an_hour_and_no_more() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let numbered = |number: u32, at: Moment| {
        let mut new = registration(&format!("client-{number}"));
        new.client.software =
            SoftwareStatementId::parse(&format!("c770aef3-6784-41f7-8e0e-ff5f97{number:06}")).unwrap();
        (RegistrationAnswer { at, ..answer(&new) }, new)
    };
    let register = async |(answer, new): &(RegistrationAnswer, ClientRegistration)| {
        table.register(new, answer, &audit(new, RegistrationChange::Registered)).await
    };
    for number in 0..MOST_REGISTRATIONS {
        register(&numbered(number, now())).await.unwrap();
    }
    let more = numbered(MOST_REGISTRATIONS, now());
    assert!(matches!(register(&more).await, Err(RegisterFault::TooMany)));
    assert_eq!(table.find(&more.1.client.id).await.unwrap(), None, "nothing of it is stored");
    assert_eq!(rows(&database).await, usize::try_from(MOST_REGISTRATIONS).unwrap());
    assert!(matches!(register(&numbered(0, now())).await, Err(RegisterFault::Taken)), "S88 goes before");
    // Another organisation, and the next hour.
    let mut other = numbered(MOST_REGISTRATIONS, now());
    other.1.client.organisation = OrganisationId::parse("0b2bd2c1-8f5d-4c0e-9a3d-0a1b2c3d4e01").unwrap();
    register(&other).await.unwrap();
    let window = CountWindow::hour(now());
    register(&numbered(MOST_REGISTRATIONS + 1, window.ends())).await.unwrap();
    let (pk, sk) = (format!("I#banco#REGS#{SOFTWARE}"), window.starts().with_millis());
    let counted = database.item("grants", &pk, &sk).await.unwrap();
    assert_eq!(counted["registrations"], n(MOST_REGISTRATIONS));
    assert_eq!(counted["expires_at"], n(window.forgotten_at().seconds()), "the table forgets it");
}

#[tokio::test]
async fn t60_s88_what_an_operator_removed_registers_only_after_a_reset() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let new = registration("client-1");
    register(&table, &new).await.unwrap();
    let gone = removed(&table, &new, RemovedBy::Operator).await.unwrap();
    assert_eq!(table.of_software(&new.client.software).await.unwrap().as_ref(), Some(&new.client.id));
    let second = registration("client-2");
    assert!(matches!(register(&table, &second).await, Err(RegisterFault::Taken)));
    let audit = gone.audit_of_reset(now(), &OperatorReason::parse("engano").unwrap());
    table.release(&gone, &audit).await.unwrap();
    assert!(matches!(table.release(&gone, &audit).await, Err(CommitFault::Conflict)));
    register(&table, &second).await.unwrap();
    assert!(matches!(table.release(&gone, &audit).await, Err(CommitFault::Conflict)), "another's by now");
    assert_eq!(rows(&database).await, 4);
}

#[tokio::test]
async fn t60_t61_a_client_that_was_reset_registers_once_more_with_an_answer_of_its_own() {
    let database = Database::start().await;
    let table = table(&database.dynamo);
    let new = registration("client-1");
    register(&table, &new).await.unwrap();
    assert_eq!(table.answer("key-client-1").await.unwrap(), Some(answer(&new)));
    assert_eq!(table.answer("another").await.unwrap(), None);
    let stored = database.item("grants", "I#banco#REG#key-client-1", META).await.unwrap();
    assert_eq!(stored["expires_at"], n(now().seconds() + 61), "the table forgets it");
    let reset = new.clone().reset(now()).unwrap();
    table.replace(&reset, &audit(&reset, RegistrationChange::Reset)).await.unwrap();
    let again = reset.registered_again(new.client.clone(), "hash".to_owned(), "{}".to_owned()).unwrap();
    let both = (register(&table, &again).await, register(&table, &again).await);
    assert!(matches!(both, (Ok(()), Err(RegisterFault::Taken))), "once");
    assert_eq!(table.registration(&new.client.id).await.unwrap().as_ref(), Some(&again));
    assert_eq!(table.answer("key-client-1").await.unwrap().map(|answer| answer.version), Some(3));
}
