//! Saved rows as the code of today goes on with them: what it writes over them is written, and nothing of them is lost.

use std::sync::Arc;
use std::time::Duration;

use ponte_authorization::client::{Client, RegistrationChange};
use ponte_authorization::grant::Redemption;
use ponte_authorization::interaction::{CodeReader, Interaction, Outcome, Takeover};
use ponte_authorization::ports::{
    ApiKeys as _, Clients as _, Grants as _, Handoffs as _, InteractionChanges as _, InteractionCommit,
    Interactions as _,
};
use ponte_authorization::removed_client::{RemovedBy as RemovedByWhom, RemovedClient};
use ponte_data_consent::consent::{
    Authorisation, ConsentChange, ConsentPolicy, EffectiveStatus, ExtensionRequest, RejectedBy,
    RejectionReason, ResourceStatus,
};
use ponte_data_consent::ports::{ConsentDecisions as _, ConsentIndex as _, Consents as _, Extensions as _};
use ponte_kit::clock::ManualClock;
use ponte_kit::examples::client_id;
use ponte_metrics::ledger::{Role, SettledRow};
use ponte_metrics::outbox::{Lease, PendingRow, shard_of_key};
use ponte_metrics::ports::{
    Backlog as _, ConsentStock as _, HeldReports as _, Ledger as _, Settlement, Settlements as _,
    SharedToken, SharedTokens as _,
};
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::Trail;
use ponte_ports::audit::Actor;
use ponte_values::{Cpf, SecretText};

use super::consents::find;
use super::registrations::{api_key, client_table, key_table, register};
use super::reports::{WORKER, day, line, noted, outbox, pcm, pending_of, report, rows};
use super::rows::{Saved, body};
use super::sessions::{code, grants, interaction, refresh, request_uri, short_code_of};
use super::{DAY, consent_id, minute};
use crate::grants::GrantTable;
use crate::interactions::InteractionTable;
use crate::item::{Item, text};
use crate::keys::hash;
use crate::seal;
use crate::testing::consent_table;
use crate::trail::TrailTables;

const COMMIT: &str = "10000000-0000-4000-8000-000000000001";

fn channel() -> Actor {
    Actor::Channel("visit-decision".to_owned())
}

async fn commit(saved: &Saved, change: ConsentChange) {
    let change = change.commit(COMMIT.to_owned(), None);
    consent_table(&saved.database.dynamo).commit(change).await.unwrap();
}

#[tokio::test]
async fn a_waiting_consent_is_authorised_together_with_its_interaction() {
    let saved = Saved::open().await;
    let consent = find(&saved, "awaiting").await;
    let yes =
        Authorisation { at: minute(5), subject: "subject-of-ana".to_owned(), resources: Vec::new().into() };
    let change = consent.authorise(yes, channel()).unwrap().commit(COMMIT.to_owned(), None);
    let decided = interaction(&saved, "decision").await.grant(hash("ticket"), minute(5)).unwrap();
    consent_table(&saved.database.dynamo).decide(change, decided).await.unwrap();
    let consent = find(&saved, "awaiting").await;
    assert!(
        matches!(consent.at(minute(6)), EffectiveStatus::Authorised(yes) if yes.subject == "subject-of-ana")
    );
    assert_eq!((consent.version, interaction(&saved, "decision").await.version), (2, 3));
    saved.rewritten("consents", saved.row("consent", ":awaiting"), &[]).await;
    saved.rewritten("interactions", saved.row("interaction", "-decision"), &[]).await;
}

#[tokio::test]
async fn an_authorised_consent_is_revoked() {
    let saved = Saved::open().await;
    let consent = find(&saved, "authorised").await;
    commit(&saved, consent.revoke(RejectedBy::User, channel(), minute(20)).unwrap()).await;
    let consent = find(&saved, "authorised").await;
    let EffectiveStatus::Rejected(end) = consent.at(minute(20)) else { panic!("{consent:?}") };
    assert_eq!((end.by, end.reason), (RejectedBy::User, RejectionReason::CustomerManuallyRevoked));
    assert_eq!(consent.authorisation().unwrap().resources.len(), 4);
    let row = saved.row("consent", ":authorised");
    // Nothing of it is due any more.
    saved.rewritten("consents", row, &["due", "duepk"]).await;
    let table = consent_table(&saved.database.dynamo);
    assert_eq!(table.in_force(minute(10)).await.unwrap().total(), 7);
    assert_eq!(table.in_force(minute(20)).await.unwrap().total(), 6);
    assert_eq!(saved.written_since().await, ["audit row", "notice"].into());
    let rows = saved.database.items("audit").await;
    let ours = body(rows.iter().find(|row| text(row, "owner") == Some(COMMIT)).unwrap());
    assert_eq!(ours["beforeSha256"].as_str(), seal::of(row).as_deref());
    assert_eq!(ours["afterSha256"].as_str(), consent.seal.as_deref());
}

#[tokio::test]
async fn a_pending_product_is_approved_and_a_consent_renewed() {
    let saved = Saved::open().await;
    let carla = Cpf::parse("98765432100").unwrap();
    let consent = find(&saved, "authorised").await.in_force(minute(30)).unwrap();
    commit(&saved, consent.answer(&carla, None, true, channel()).unwrap()).await;
    let consent = find(&saved, "authorised").await;
    assert_eq!(consent.resources()[1].at(minute(31)), ResourceStatus::Available);
    let consent = find(&saved, "near-its-end").await;
    let request = ExtensionRequest {
        logged_user: consent.logged_user.clone(),
        business: None,
        expires_at: Some(minute(40 * DAY)),
        ip_address: "203.0.113.8".to_owned(),
        user_agent: "Invented/2.0".to_owned(),
    };
    let in_force = consent.in_force(minute(DAY + 2)).unwrap();
    let actor = Actor::Client(client_id().to_string());
    let change = in_force.extend(request, None, ConsentPolicy::default(), actor).unwrap();
    let change = change.commit("10000000-0000-4000-8000-000000000002".to_owned(), None);
    let table = consent_table(&saved.database.dynamo);
    table.commit(change).await.unwrap();
    let renewals = table.list(&consent_id("near-its-end"), 0, 10).await.unwrap();
    assert_eq!(renewals[0].previous_expires_at, Some(minute(2 * DAY)));
}

#[tokio::test]
async fn what_is_due_of_a_saved_consent_happens() {
    let saved = Saved::open().await;
    let consent = find(&saved, "awaiting").await;
    let shard = ponte_ports::outbox::shard_of(consent.id.as_str());
    let table = consent_table(&saved.database.dynamo);
    let due = async || table.due(shard, minute(61), 10).await.unwrap().contains(&consent_id("awaiting"));
    assert!(due().await);
    commit(&saved, consent.expire(minute(61)).unwrap()).await;
    assert!(!due().await);
}

async fn step(saved: &Saved, interaction: Interaction) {
    let tables = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    let table = InteractionTable::committing(&saved.database.dynamo, "interactions", tables);
    let trail = Trail::new(format!("10000000-0000-4000-8000-{:012}", interaction.version));
    table.commit(InteractionCommit { interaction, trail }).await.unwrap();
}

#[tokio::test]
async fn a_decided_interaction_is_completed_and_its_code_redeemed() {
    let saved = Saved::open().await;
    let table = grants(&saved);
    let decided = interaction(&saved, "granted").await;
    let (completed, outcome) = decided.complete(&hash("ticket"), minute(3)).unwrap();
    assert!(matches!(outcome, Outcome::Granted { .. }));
    table.conclude(&completed, Some(&code("new", false))).await.unwrap();
    assert_eq!(table.pushed(&request_uri("granted")).await.unwrap(), None);
    let row = saved.row("pushed request", &hash(&request_uri("granted")));
    let consumed = saved.rewritten("grants", row, &[]).await;
    let before = saved.row("pushed request", &hash(&request_uri("spent")));
    assert_eq!(consumed.get("consumed"), before.get("consumed"));
    let found = table.code(&hash("code-new")).await.unwrap().unwrap();
    assert_eq!(table.redeem(&found, &refresh("new", false)).await.unwrap(), Redemption::First);
    assert_eq!(saved.written_since().await, ["code", "refresh token"].into());
}

#[tokio::test]
async fn an_interaction_that_was_handed_off_goes_on() {
    let saved = Saved::open().await;
    let table = InteractionTable::new(&saved.database.dynamo, "interactions");
    let arrival = table.arrival_of(&short_code_of(5), minute(1)).await.unwrap().unwrap();
    let shown = table.find(arrival.interaction()).await.unwrap().unwrap();
    assert!(!shown.is_through_another(&arrival), "its id has no arrival");
    let reader = CodeReader { secret_hash: hash("phone"), signed: false };
    let Takeover::First(taken) = shown.take_over("another page", reader, minute(1)) else {
        panic!("it was read before")
    };
    step(&saved, taken).await;
    let page = interaction(&saved, "page").await.with_page(&hash("page")).unwrap();
    step(&saved, page.finish(hash("new ticket"), minute(5)).unwrap()).await;
    let (_, outcome) = interaction(&saved, "page").await.complete(&hash("new ticket"), minute(6)).unwrap();
    assert!(matches!(outcome, Outcome::Granted { .. }));
    saved.rewritten("interactions", saved.row("interaction", "-page"), &[]).await;
}

#[tokio::test]
async fn codes_and_refresh_tokens_that_were_issued_go_on() {
    let saved = Saved::open().await;
    let table = grants(&saved);
    let redeem =
        async |name: &str, token: &str| table.redeem(&code(name, true), &refresh(token, true)).await.unwrap();
    let live =
        async |name: &str| table.refresh_token(&hash(&format!("refresh-{name}"))).await.unwrap().is_some();
    assert_eq!(redeem("unspent", "new").await, Redemption::First);
    assert!(live("new").await && live("live").await);
    // A saved code that comes again takes back what it got then.
    assert_eq!(redeem("spent", "other").await, Redemption::Replayed);
    assert!(live("new").await && !live("live").await && !live("other").await);
    assert_eq!(
        saved.written_since().await,
        ["audit row", "entry of the block list that ends by itself", "refresh token"].into()
    );
}

#[tokio::test]
async fn a_used_jti_is_forgotten_at_its_end() {
    let saved = Saved::open().await;
    let clock = Arc::new(ManualClock::at(minute(DAY)));
    let table = GrantTable::of_tests(&saved.database.dynamo, clock);
    let until = minute(2 * DAY);
    assert!(table.claim_jti(&client_id(), "an invented jti", until, "another call").await.unwrap());
}

#[tokio::test]
async fn clients_and_keys_change() {
    let saved = Saved::open().await;
    let table = client_table(&saved);
    let stored = table.registration(&client_id()).await.unwrap().unwrap();
    let renamed = Client { name: "Nova Inventada".to_owned(), ..stored.client.clone() };
    let changed = stored.replaced(renamed, "{}".to_owned());
    let audit = |change| changed.audit(change, minute(9), "interaction".to_owned());
    table.replace(&changed, &audit(RegistrationChange::Replaced)).await.unwrap();
    assert_eq!(table.find(&client_id()).await.unwrap().unwrap().name, "Nova Inventada");
    saved.rewritten("clients", saved.row("client", "client-1"), &[]).await;
    saved.rewritten("clients", saved.row("registration of a client", "client-1"), &[]).await;
    let gone = RemovedClient::of(&changed, RemovedByWhom::Client, minute(9));
    table.remove(&gone, &audit(RegistrationChange::Removed)).await.unwrap();
    register(&saved, "1").await.unwrap();
    let rotated = api_key(&saved, 1).await.rotate(hash("new"), Duration::ZERO, minute(9)).unwrap();
    key_table(&saved).commit(rotated, COMMIT.to_owned()).await.unwrap();
    saved.rewritten("api-keys", saved.row("API key", "01"), &[]).await;
    let revoked = api_key(&saved, 2).await.revoke(minute(9)).unwrap();
    key_table(&saved).commit(revoked, "10000000-0000-4000-8000-000000000002".to_owned()).await.unwrap();
    assert_eq!(api_key(&saved, 2).await.revoked_at, Some(minute(9)));
}

#[tokio::test]
async fn a_claim_that_was_left_is_settled_and_finished() {
    let saved = Saved::open().await;
    let (table, outbox) = (pcm(&saved), outbox(&saved));
    let fresh = pending_of(&report("fresh", minute(1)));
    let items = vec![SettledRow::new(fresh.clone(), ReportVerdict::Accepted)];
    let settlement = Settlement { shard: 0, owner: WORKER.to_owned(), at: minute(DAY), items };
    assert_eq!(table.settle(&settlement).await.unwrap().unwrap().len(), 1);
    let leases = table.leases(0).await.unwrap();
    let parts = leases.claims[0].parts.clone();
    let mut settled = Vec::new();
    for part in &parts {
        let items = table.part(part).await.unwrap().unwrap().items;
        settled.extend(items.into_iter().map(|item| item.row.sort_key));
    }
    assert_eq!((parts.len(), settled.len()), (2, 4));
    outbox.done(0, &settled).await.unwrap();
    assert!(!rows(&saved, 0).await.contains(&fresh));
    assert!(table.replace_leases(0, &leases.without(WORKER).unwrap()).await.unwrap());
    saved.rewritten("pcm", saved.row("leases of a shard", "BOARD"), &[]).await;
    let lines = table.lines(day()).await.unwrap();
    let line = lines.iter().find(|found| found.key == line("accounts/v2", Role::Server)).unwrap();
    assert_eq!((line.counts.sent, line.counts.accepted, line.counts.late), (5, 2, 2));
}

#[tokio::test]
async fn rows_that_wait_go_on() {
    let saved = Saved::open().await;
    let (table, outbox) = (pcm(&saved), outbox(&saved));
    let later = Lease { upto: "2026-03-01T13".to_owned(), until: minute(90) };
    assert!(outbox.take_lease(0, Some(&noted()), &later).await.unwrap());
    saved.rewritten("outbox", saved.row("lease of the sweeper", "LEASE"), &[]).await;
    let held = outbox.held(0, 10).await.unwrap();
    assert!(outbox.release(&held[0], "{}").await.unwrap());
    let parked = table.parked(None, None, 10).await.unwrap().found;
    assert!(table.unpark(&parked[0], &parked[0].row.again(), minute(DAY)).await.unwrap());
    let repeated = rows(&saved, 0).await.into_iter().find(|row| row.repeat).unwrap();
    let mended = PendingRow { repairs: 1, ..repeated.again() };
    assert!(table.mend(shard_of_key(&repeated.sort_key), &repeated, &mended).await.unwrap());
    let found = rows(&saved, 0).await;
    let has = |row: &PendingRow| found.contains(row);
    let released = PendingRow { body: "{}".to_owned(), ..pending_of(&report("held", minute(4))) };
    assert!(has(&released) && has(&parked[0].row.again()) && has(&mended) && !has(&repeated));
    let both = |row: &Item| row.contains_key("repairs") && row.contains_key("repeated");
    assert!(saved.database.items("outbox").await.iter().any(both));
    assert_eq!(outbox.waiting(day()).await.unwrap().held, 0);
    assert!(table.add_once(&report("other", minute(9)), "another marker").await.unwrap());
}

#[tokio::test]
async fn the_token_is_renewed_in_the_turn_that_was_taken() {
    let saved = Saved::open().await;
    let table = pcm(&saved);
    let text = SecretText::from("another invented text".to_owned());
    let token = SharedToken { text, renew_at: minute(18), ends_at: minute(20) };
    assert!(!table.take_turn(1, "third owner", minute(8)..minute(9)).await.unwrap());
    assert!(table.keep(1, "second owner", &token).await.unwrap());
    let known = table.look().await.unwrap();
    assert_eq!((known.version, known.leased_until), (2, None));
    let row = saved.row("token of the metrics platform", "TOKEN");
    saved.rewritten("pcm", row, &["leased_until"]).await;
}
