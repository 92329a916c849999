//! Saved consents with their renewals, audit rows and notices, and the other targets.

use std::collections::BTreeSet;

use ponte_authorization::customer_listing::{ConsentOwner, Listing, Order};
use ponte_authorization::ports::Targets as _;
use ponte_authorization::removed_client::Removal;
use ponte_authorization::target::{Target, TargetState, TargetStatus};
use ponte_data_consent::consent::{
    Consent, EffectiveStatus, Note, RejectedBy, RejectionReason, ResourceStatus,
};
use ponte_data_consent::ports::{
    ConsentIndex as _, Consents as _, DiscoveredResources as _, DiscoveryCommit, Extensions as _,
    Removals as _,
};
use ponte_kit::contract::discovered;
use ponte_kit::examples::{client_id, now};
use ponte_kit::people::{ANA, BAKERY, BRUNO};
use ponte_metrics::ports::ConsentStock as _;
use ponte_ports::History as _;
use ponte_ports::audit::AuditRecord;
use ponte_ports::audit_chain::{AuditChain as _, AuditPart};
use ponte_ports::outbox::{NoticeKind, SHARDS, shard_of};
use ponte_values::{ClientId, ResourceKind, TargetKind};
use serde_json::{Value, json};

use super::rows::{Saved, body, kept, value};
use super::{DAY, consent_id, minute};
use crate::audit_chain::AuditChainTable;
use crate::discovered::ResourceTable;
use crate::history::AuditTable;
use crate::item::{Item, text};
use crate::removals::RemovalTable;
use crate::seal;
use crate::targets::TargetTable;
use crate::testing::consent_table;
use crate::trail::TrailTables;

/// Name, status as written, version, renewals.
const CONSENTS: [(&str, &str, u64, u32); 12] = [
    ("awaiting", "AWAITING_AUTHORISATION", 1, 0),
    ("authorised", "AUTHORISED", 5, 0),
    ("renewed", "AUTHORISED", 4, 2),
    ("near-its-end", "AUTHORISED", 3, 0),
    ("linked", "AUTHORISED", 2, 0),
    ("ended-hour", "REJECTED", 2, 0),
    ("ended-date", "REJECTED", 3, 0),
    ("ended-revoked", "REJECTED", 3, 0),
    ("ended-by-client", "REJECTED", 2, 0),
    ("ended-security", "REJECTED", 3, 0),
    ("ended-technical", "REJECTED", 2, 0),
    ("ended-refused", "REJECTED", 2, 0),
];

pub(super) async fn find(saved: &Saved, name: &str) -> Consent {
    let table = consent_table(&saved.database.dynamo);
    table.find(&consent_id(name)).await.unwrap().unwrap()
}

pub(super) async fn consents(saved: &Saved) {
    assert_eq!(saved.of("consent").len(), CONSENTS.len());
    for (name, status, version, renewals) in CONSENTS {
        let consent = find(saved, name).await;
        saved.kept("consent", &format!(":{name}"), &consent);
        assert_eq!(consent.at(consent.status_updated_at).status().as_str(), status, "{name}");
        assert_eq!((consent.id.clone(), consent.version), (consent_id(name), version));
        assert_eq!((consent.renewals, consent.created_at), (renewals, now()), "{name}");
        assert_eq!((&consent.client, consent.linked), (&client_id(), name == "linked"));
        assert_eq!(consent.seal, seal::of(saved.row("consent", &format!(":{name}"))));
    }
    awaiting(&find(saved, "awaiting").await);
    authorised(&find(saved, "authorised").await);
    assert_eq!(find(saved, "renewed").await.expires_at, None);
    assert_eq!(find(saved, "linked").await.link_id, Some(consent_id("recurring-authorised")));
    // Others were told of its end: only the end itself is due.
    assert_eq!(find(saved, "near-its-end").await.next_due(), Some(minute(2 * DAY)));
    ended(saved).await;
    found(saved).await;
}

fn awaiting(consent: &Consent) {
    assert!(matches!(consent.at(minute(59)), EffectiveStatus::Awaiting));
    assert_eq!(consent.logged_user.expose(), ANA);
    assert_eq!(consent.business.as_ref().unwrap().expose(), BAKERY);
    assert_eq!((consent.permissions.iter().count(), consent.expires_at), (34, Some(minute(90 * DAY))));
    assert_eq!(consent.search.person, "key-of-ana");
    assert_eq!(consent.search.company.as_deref(), Some("key-of-the-bakery"));
}

fn authorised(consent: &Consent) {
    let EffectiveStatus::Authorised(yes) = consent.at(minute(10)) else { panic!("{consent:?}") };
    assert_eq!((yes.at, yes.subject.as_str()), (minute(1), "subject-of-bruno"));
    assert_eq!((consent.logged_user.expose(), &consent.business), (BRUNO, &None));
    let resources = yes.resources.iter().map(|resource| (resource.id.as_str(), resource.at(minute(10))));
    let expected = [
        ("resource-1", ResourceStatus::Available),
        ("resource-joint", ResourceStatus::PendingAuthorisation),
        ("resource-missing", ResourceStatus::TemporarilyUnavailable),
        ("resource-gone", ResourceStatus::Unavailable),
    ];
    assert_eq!(resources.collect::<Vec<_>>(), expected);
    assert_eq!(yes.resources[0].legacy_id.as_str(), r#"[{"key":"accountId","value":"1"}]"#);
    let approvals = yes.resources[1].approvals().unwrap();
    let answers =
        approvals.approvers().iter().map(|person| person.answer.map(|said| (said.approved, said.at)));
    assert_eq!(answers.collect::<Vec<_>>(), [Some((true, minute(2))), None]);
    assert_eq!(approvals.approvers()[0].name.as_ref().unwrap().expose(), "Ana Inventada");
    assert_eq!(approvals.deadline(), minute(5 * DAY));
}

async fn ended(saved: &Saved) {
    use RejectedBy::{Aspsp, Tpp, User};
    use RejectionReason as Reason;
    for (name, by, reason, at, agreed) in [
        ("ended-hour", Aspsp, Reason::ConsentExpired, minute(60), false),
        ("ended-date", Aspsp, Reason::ConsentMaxDateReached, minute(3 * DAY), true),
        ("ended-revoked", User, Reason::CustomerManuallyRevoked, minute(30), true),
        ("ended-by-client", Tpp, Reason::CustomerManuallyRejected, minute(5), false),
        ("ended-security", Aspsp, Reason::InternalSecurityReason, minute(40), true),
        ("ended-technical", Aspsp, Reason::ConsentTechnicalIssue, minute(6), false),
        ("ended-refused", User, Reason::CustomerManuallyRejected, minute(7), false),
    ] {
        let consent = find(saved, name).await;
        let EffectiveStatus::Rejected(end) = consent.at(now()) else { panic!("{name}") };
        assert_eq!((end.by, end.reason, end.at), (by, reason, at), "{name}");
        assert_eq!(consent.authorisation().is_some(), agreed, "{name}");
        let note = consent.note().map(Note::as_str);
        assert_eq!(note, (name == "ended-revoked").then_some("Não quero mais"));
    }
}

/// Consents by customer, by what is due, and by whether they were in force.
async fn found(saved: &Saved) {
    let table = consent_table(&saved.database.dynamo);
    let listing = Listing { from: None, until: None, order: Order::Oldest, after: None, limit: 100 };
    for (owner, count) in [
        (ConsentOwner::Person("key-of-bruno".to_owned()), 11),
        (ConsentOwner::Person("key-of-ana".to_owned()), 1),
        (ConsentOwner::Company("key-of-the-bakery".to_owned()), 1),
    ] {
        assert_eq!(table.of_owner(&owner, listing).await.unwrap().consents.len(), count, "{owner:?}");
    }
    // Rows of that release are in no index by creation until they change.
    let period = Listing { from: Some(minute(0)), until: Some(minute(2 * DAY)), ..listing };
    assert!(table.of_owner(&ConsentOwner::Everybody, period).await.unwrap().consents.is_empty());
    let mut due = BTreeSet::new();
    for shard in 0..SHARDS {
        due.extend(table.due(shard, minute(400 * DAY), 100).await.unwrap().iter().map(ToString::to_string));
    }
    assert_eq!(
        due,
        ["authorised", "awaiting", "near-its-end"].map(|name| format!("urn:banco:{name}")).into()
    );
    assert_eq!(table.in_force(minute(2)).await.unwrap().total(), 7);
    assert_eq!(table.in_force(minute(100 * DAY)).await.unwrap().total(), 3);
}

pub(super) async fn renewals(saved: &Saved) {
    let table = consent_table(&saved.database.dynamo);
    let renewals = table.list(&consent_id("renewed"), 0, 10).await.unwrap();
    let ends = renewals.iter().map(|renewal| (renewal.requested_at, renewal.expires_at));
    let expected = [(minute(20), None), (minute(10), Some(minute(60 * DAY)))];
    assert_eq!(ends.collect::<Vec<_>>(), expected);
    let rows = saved.of("renewal of a consent");
    assert_eq!(rows.len(), renewals.len());
    for (row, renewal) in rows.iter().zip(renewals.iter().rev()) {
        kept(&body(row), &value(renewal), "renewal");
        assert_eq!((renewal.logged_user.expose(), renewal.ip_address.as_str()), (BRUNO, "203.0.113.7"));
    }
    assert_eq!(renewals[1].previous_expires_at, Some(minute(30 * DAY)));
}

pub(super) async fn targets(saved: &Saved) {
    use TargetKind::{Consent, Enrollment, RecurringConsent};
    let table = TargetTable::new(&saved.database.dynamo, "consents");
    let state = |status| Some(TargetState { client: client_id(), status });
    let authorised = || TargetStatus::Authorised { subject: "subject-of-bruno".to_owned() };
    for (kind, name, now, later) in [
        (RecurringConsent, "recurring-awaiting", TargetStatus::Awaiting, TargetStatus::Ended),
        (RecurringConsent, "recurring-authorised", authorised(), authorised()),
        (Enrollment, "enrolment-authorised", authorised(), TargetStatus::Ended),
        (Enrollment, "enrolment-ended", TargetStatus::Ended, TargetStatus::Ended),
        (Consent, "authorised", authorised(), authorised()),
        (Consent, "ended-revoked", TargetStatus::Ended, TargetStatus::Ended),
    ] {
        let target = Target { kind, id: consent_id(name) };
        assert_eq!(table.find(&target, minute(59)).await.unwrap(), state(now), "{name}");
        assert_eq!(table.find(&target, minute(DAY)).await.unwrap(), state(later), "{name}");
    }
    assert_eq!(saved.of("recurring consent, enrolment").len(), 4);
}

/// A row of the audit as it is told, in the names it is stored under.
fn told(row: &AuditRecord) -> Value {
    json!({
        "at": row.at, "actor": row.actor, "action": row.action, "before": row.before, "after": row.after,
        "reason": row.reason, "interaction": row.interaction,
    })
}

pub(super) async fn audit(saved: &Saved) {
    let table = AuditTable::new(&saved.database.dynamo, "audit");
    let mut rows = saved.of("audit row");
    assert_eq!(rows.len(), 40);
    rows.sort_by_key(|row| text(row, "sk"));
    let bodies = rows.iter().map(|row| body(row)).collect::<Vec<_>>();
    let subject = |body: &Value| body["subject"].as_str().unwrap().to_owned();
    let subjects = bodies.iter().map(subject).collect::<BTreeSet<_>>();
    assert_eq!(subjects.len(), CONSENTS.len() + 2 + 3);
    for of in &subjects {
        let mut stored = bodies.iter().filter(|body| subject(body) == *of).rev().cloned().collect::<Vec<_>>();
        let page = table.of(of, None, 100).await.unwrap();
        assert_eq!(page.entries.len(), stored.len(), "{of}");
        if of.starts_with("urn:") {
            // What a consent is now is what its last row says it became.
            let consent = saved.row("consent", &format!("C#{of}"));
            assert_eq!(stored[0]["afterSha256"].as_str(), seal::of(consent).as_deref());
        }
        for (stored, entry) in stored.iter_mut().zip(&page.entries) {
            let stored = stored.as_object_mut().unwrap();
            for name in ["subject", "beforeSha256", "afterSha256"] {
                stored.remove(name);
            }
            assert_eq!(Value::Object(stored.clone()), told(entry), "{of}");
        }
    }
}

/// Seals hold as they were written, and the end of each chain is its last one.
pub(super) async fn chain(saved: &Saved) {
    let table = AuditChainTable::new(&saved.database.dynamo, "audit", "seals");
    let mut sealed = 0;
    for shard in 0..SHARDS {
        let head = table.head(shard).await.unwrap().unwrap();
        assert_eq!((head.number, head.since.to_string().as_str()), (1, "2026-02-28"));
        let part = AuditPart { day: head.sealed_day.unwrap(), shard: Some(shard) };
        let seal = table.seal_after(part, 0).await.unwrap().unwrap();
        assert_eq!((seal.number, &seal.computed(), &seal.digest), (head.number, &head.digest, &head.digest));
        assert_eq!((seal.upto(), head.day), (head.upto.as_str(), part.day));
        sealed += seal.rows.len();
    }
    assert_eq!(sealed, 40);
    let (seals, heads) = (saved.of("seal of audit rows").len(), saved.of("end of the chain of seals").len());
    assert_eq!((seals, heads), (SHARDS.into(), SHARDS.into()));
}

/// A night goes on where it was, to its end.
pub(super) async fn nights(saved: &Saved) {
    let table = AuditChainTable::new(&saved.database.dynamo, "audit", "seals");
    let standing = table.standing().await.unwrap().unwrap();
    let day = standing.day.unwrap();
    assert_eq!((day, standing.night), (minute(0).date_utc(), minute(30 * DAY).date_utc()));
    assert!(standing.place.is_some() && standing.since < day && standing.version == 2);
    let done = standing.after(day, None);
    assert!(done.day.is_none() && table.stand(&done).await.unwrap());
    let row = saved.row("proof of the nights", "PROOF");
    saved.rewritten("seals", row, &[]).await;
}

/// Notices have no reader yet; they lie where their delivery will look.
pub(super) fn notices(saved: &Saved) {
    use NoticeKind::{Expiring, Extended, Resources, Status};
    let rows = saved.of("notice");
    let mut kinds = BTreeSet::new();
    for row in &rows {
        let (at, id) = text(row, "sk").unwrap().split_once('#').unwrap();
        assert_eq!(text(row, "pk"), Some(saved.database.dynamo.keys.notices(shard_of(id)).as_str()));
        kinds.insert(text(row, "kind").unwrap());
        let told = body(row);
        let of = told["consentId"].as_str().unwrap();
        assert!(saved.row("consent", &format!("C#{of}")).len() > 1 && at.starts_with("2026-03-0"));
        assert_eq!(told["clientId"], client_id().as_str());
    }
    let expected = [Expiring, Extended, Resources, Status].map(NoticeKind::as_str);
    assert_eq!((rows.len(), kinds), (20, expected.into()));
}

fn removals_of(saved: &Saved) -> RemovalTable {
    RemovalTable::new(&saved.database.dynamo, "outbox")
}

pub(super) async fn removals(saved: &Saved) {
    let waiting = removals_of(saved).waiting(minute(DAY), 9).await.unwrap();
    let removal = |id, at| Removal { client: ClientId::parse(id).unwrap(), at, organisation: None, by: None };
    assert_eq!(waiting, [removal("client-8", minute(2)), removal("client-9", minute(3))]);
    assert_eq!(saved.of("removed client whose consents are to be ended").len(), 2);
}

pub(super) async fn removal_round(saved: &Saved) {
    let round = removals_of(saved).round().await.unwrap().unwrap();
    assert_eq!((round.removals.len(), round.version), (1, 3));
    let places = round.places();
    assert_eq!((places.len(), places[0].after.as_deref()), (3, Some("I#banco#C#urn:banco:live META")));
    saved.kept("round through the consents of removed clients", "ROUND", &round);
}

pub(super) fn resource_table(saved: &Saved) -> ResourceTable {
    let trail = TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() };
    ResourceTable::new(&saved.database.dynamo, "resources", trail)
}

/// The body of a row that was written with the number of its schema, without that.
fn numberless(row: &Item) -> Value {
    let mut stored = body(row);
    assert_eq!(stored.as_object_mut().and_then(|stored| stored.remove("schema")), Some(1.into()));
    stored
}

pub(super) async fn discoveries(saved: &Saved) {
    let kind = "discoveries under a consent";
    let state = resource_table(saved).state(&consent_id("authorised")).await.unwrap().unwrap();
    kept(&numberless(saved.row(kind, "META")), &value(&state), kind);
    assert_eq!((state.version, state.count(ResourceKind::Loan)), (3, 2));
    assert!(!state.is_due(ResourceKind::Loan, minute(1)) && state.is_due(ResourceKind::Fund, minute(1)));
    assert_eq!(state.asked_since(ResourceKind::VariableIncome), Some(now()));
    let row = saved.row(kind, "META").clone();
    let change =
        DiscoveryCommit { state: state.announced(ResourceKind::Loan), ..discovered::commit(4, vec![]) };
    let change = DiscoveryCommit { consent: consent_id("authorised"), ..change };
    resource_table(saved).commit(change).await.unwrap();
    saved.rewritten("resources", &row, &[]).await;
}

pub(super) async fn discovered(saved: &Saved) {
    let table = resource_table(saved);
    let found = table.list(&consent_id("authorised"), None, 9).await.unwrap();
    let shown = found.known.iter().map(|found| (found.resource.id.as_str(), found.resource.at(minute(1))));
    let expected = [
        ("fund-1", ResourceStatus::TemporarilyUnavailable),
        ("loan-1", ResourceStatus::Available),
        ("loan-2", ResourceStatus::Unavailable),
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    for product in &found.known {
        let row = saved.row("discovered product", &format!("#{}", product.resource.id));
        kept(&numberless(row), &value(product), &product.resource.id);
    }
    let one = table.find(&consent_id("authorised"), ResourceKind::Loan, "loan-1").await.unwrap().unwrap();
    assert_eq!(one.kept_until, minute(365 * DAY));
}

/// Begins no round, because one is under way: goes on with it, which writes it anew.
pub(super) async fn go_on_with_the_round(saved: &Saved) {
    let round = removals_of(saved).round().await.unwrap().unwrap();
    removals_of(saved).advance(&round.step()).await.unwrap();
    let row = saved.row("round through the consents of removed clients", "ROUND");
    saved.rewritten("outbox", row, &[]).await;
}
