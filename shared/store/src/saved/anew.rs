//! Rows that the code of today writes beside the saved ones, one of each kind: they lie under the same names.

use std::collections::BTreeSet;

use ponte_authorization::api_key::{ApiKey, ApiKeyId, ApiScope, NewApiKey};
use ponte_authorization::interaction::ArrivalId;
use ponte_authorization::ports::{
    ApiKeys as _, CertificateStatuses as _, Grants as _, Handoffs as _, Interactions as _, SignedCalls as _,
};
use ponte_authorization::target::Target;
use ponte_data_consent::consent::{ConsentPolicy, ExtensionRequest};
use ponte_data_consent::ports::{Consents as _, DiscoveredResources as _, DiscoveryCommit};
use ponte_fapi::revocation::CertificateStatus;
use ponte_kit::clock::ManualClock;
use ponte_kit::contract::certificates::record;
use ponte_kit::contract::{discovered, operations};
use ponte_kit::examples::{authorisation, client_id, created_as, interaction};
use ponte_metrics::ledger::shard_leases::ClaimTime;
use ponte_metrics::ledger::{Counts, Role, SettledRow};
use ponte_metrics::outbox::{Lease, Ticket, shard_of_key};
use ponte_metrics::ports::{Backlog as _, HeldReports as _, Ledger as _, Settlement, Settlements as _};
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::Trail;
use ponte_ports::audit::Actor;
use ponte_ports::audit_chain::AuditChain as _;
use ponte_ports::audit_chain::sealing::seal;
use ponte_ports::breaker::{Asker, BreakerRow};
use ponte_ports::operation::Operations as _;
use ponte_ports::outbox::SHARDS;
use ponte_ports::quality::Counted;
use ponte_ports::{Breakers as _, CallCounts as _, Outbox as _, Quality as _};
use ponte_values::TargetKind;

use super::consents::{go_on_with_the_round, resource_table};
use super::registrations::{certificate_table, key_table, register, remove};
use super::reports::{day, line, operation_table, outbox, pcm, pending_of, quality_table, report};
use super::rows::{Kind, Saved};
use super::sessions::{breaker_table, call_count, call_count_table, code, grants, refresh, short_code_of};
use super::{DAY, consent_id, minute, payments};
use crate::audit_chain::AuditChainTable;
use crate::interactions::InteractionTable;
use crate::keys::hash;
use crate::targets::{StoredStatus, StoredTarget, TargetTable};
use crate::testing::consent_table;

fn commit_id(number: u8) -> String {
    format!("20000000-0000-4000-8000-{number:012}")
}

#[tokio::test]
async fn rows_of_today_lie_as_the_saved_ones_do() {
    let saved = Saved::open().await;
    consents(&saved).await;
    payments::accept_another(&saved).await;
    payments::reply_again(&saved).await;
    sessions(&saved).await;
    registrations(&saved).await;
    go_on_with_the_round(&saved).await;
    waiting(&saved).await;
    told(&saved).await;
    breakers(&saved).await;
    let ordered = operation_table(&saved).begin(&operations::example("new", 1)).await.unwrap();
    assert_eq!(ordered, None);
    let found = [Counted { path: "data".to_owned(), rule: "type", count: 1 }];
    quality_table(&saved).count(day().plus_days(1), "new", &found).await.unwrap();
    let discovered =
        DiscoveryCommit { consent: consent_id("new"), ..discovered::commit(1, discovered::loans(1)) };
    resource_table(&saved).commit(discovered).await.unwrap();
    assert!(call_count_table(&saved).count(&call_count("new", 1_775_012_400), 8).await.unwrap());
    sealed(&saved).await;
    // There is one token, one round, one end of each chain and one proof of the nights, and they were saved.
    let once = [
        "token of the metrics platform",
        "round through the consents of removed clients",
        "end of the chain of seals",
        "proof of the nights",
    ];
    let all = Kind::all().into_iter().map(|kind| kind.name);
    let expected = all.filter(|name| !once.contains(name)).collect::<BTreeSet<_>>();
    assert_eq!(saved.written_since().await, expected);
}

/// The chain goes on behind the saved seals.
async fn sealed(saved: &Saved) {
    let table = AuditChainTable::new(&saved.database.dynamo, "audit", "seals");
    let clock = ManualClock::at(minute(DAY));
    let mut seals = 0;
    for shard in 0..SHARDS {
        seals += seal(&table, shard, &clock, minute(2 * DAY)).await.unwrap().seals;
        let head = table.head(shard).await.unwrap().unwrap();
        assert!(head.number >= 1 && head.day == minute(DAY).date_utc());
    }
    assert!(seals > 0);
}

async fn consents(saved: &Saved) {
    let table = consent_table(&saved.database.dynamo);
    let change = created_as(consent_id("new"), minute(0));
    let consent = change.consent.clone();
    table.commit(change.commit(commit_id(1), None)).await.unwrap();
    let change = consent.authorise(authorisation(), Actor::Operator).unwrap();
    let mut consent = change.consent.clone();
    table.commit(change.commit(commit_id(2), None)).await.unwrap();
    consent.expires_at = Some(minute(3 * DAY));
    let request = ExtensionRequest {
        logged_user: consent.logged_user.clone(),
        business: None,
        expires_at: Some(minute(9 * DAY)),
        ip_address: "203.0.113.9".to_owned(),
        user_agent: "Invented/3.0".to_owned(),
    };
    let in_force = consent.in_force(minute(5)).unwrap();
    let change = in_force.extend(request, None, ConsentPolicy::default(), Actor::Operator).unwrap();
    table.commit(change.commit(commit_id(3), None)).await.unwrap();
    let target = Target { kind: TargetKind::Enrollment, id: consent_id("new") };
    let stored = StoredTarget { client: client_id(), status: StoredStatus::Ended, ends_at: None };
    TargetTable::new(&saved.database.dynamo, "consents").put(&target, &stored).await.unwrap();
}

async fn sessions(saved: &Saved) {
    let table = InteractionTable::new(&saved.database.dynamo, "interactions");
    let begun = interaction("visit-new");
    table.start(&begun, None).await.unwrap();
    let shown = begun.hand_off(minute(1)).unwrap().unwrap();
    let arrival = ArrivalId::parse("visit-new").unwrap();
    table.open(&shown, (&arrival, &short_code_of(9)), &commit_id(4)).await.unwrap();
    assert!(table.claim("a jti", minute(1), minute(2), "a call").await.unwrap());
    let mut begun = interaction("visit-second");
    table.start(&begun, None).await.unwrap();
    let table = grants(saved);
    let mut pushed = table.pushed(&super::sessions::request_uri("login")).await.unwrap().unwrap();
    pushed.request_uri = "urn:ietf:params:oauth:request_uri:new".to_owned();
    table.push(&pushed).await.unwrap();
    begun.request_uri.clone_from(&pushed.request_uri);
    begun.version = 2;
    table.conclude(&begun, Some(&code("new", true))).await.unwrap();
    for _ in 0..2 {
        table.redeem(&code("new", true), &refresh("new", true)).await.unwrap();
    }
    assert!(table.claim_jti(&client_id(), "another jti", minute(DAY), "a call").await.unwrap());
}

async fn registrations(saved: &Saved) {
    register(saved, "3").await.unwrap();
    remove(saved).await;
    register(saved, "4").await.unwrap();
    let new = NewApiKey {
        id: ApiKeyId::parse("00000000000000ff").unwrap(),
        caller: "banco-app".to_owned(),
        scopes: [ApiScope::Customer].into(),
        hash: hash("new"),
        expires_at: None,
    };
    key_table(saved).commit(ApiKey::issue(new, minute(1)), commit_id(5)).await.unwrap();
    let good = record(CertificateStatus::Good, 60);
    assert!(certificate_table(saved).replace("new", &good).await.unwrap());
}

async fn waiting(saved: &Saved) {
    let table = outbox(saved);
    table.add(&report("new", minute(1))).await.unwrap();
    table.hold(&report("new", minute(2)), &consent_id("new")).await.unwrap();
    let lease = Lease { upto: "k".to_owned(), until: minute(9) };
    assert!(table.take_lease(1, None, &lease).await.unwrap());
}

async fn told(saved: &Saved) {
    let table = pcm(saved);
    let ticket = Ticket { shard: 1, from: "0".to_owned(), to: "9".to_owned() };
    let leases =
        table.leases(1).await.unwrap().claim(&ticket, "new", ClaimTime::of(minute(1), None)).unwrap();
    assert!(table.replace_leases(1, &leases).await.unwrap());
    let items = vec![SettledRow::new(pending_of(&report("new", minute(3))), ReportVerdict::Accepted)];
    let settlement = Settlement { shard: 1, owner: "new".to_owned(), at: minute(DAY), items };
    assert_eq!(table.settle(&settlement).await.unwrap().unwrap().len(), 1);
    let counts = Counts { sent: 1, ..Counts::default() };
    let order = Trail::new("a correction".to_owned());
    table
        .correct(&[(line("new", Role::None), Counts::default(), counts)], minute(DAY), &order)
        .await
        .unwrap();
    let check = table.check(day()).await.unwrap().unwrap();
    table.keep_check(day().plus_days(1), &check).await.unwrap();
    let refused = pending_of(&report("new", minute(1)));
    assert!(table.park(shard_of_key(&refused.sort_key), &refused, "reason", minute(4)).await.unwrap());
    assert!(table.add_once(&report("once-more", minute(5)), "a new marker").await.unwrap());
}

async fn breakers(saved: &Saved) {
    let asker = Asker { environment: "a", client: "client", suspect: true };
    let row = BreakerRow::new("/new", minute(1)).with_slot(&asker, minute(1)).unwrap();
    let row = row.opened("client", minute(1));
    let first = BreakerRow { version: 1, ..row };
    assert!(breaker_table(saved).replace(&first).await.unwrap());
}
