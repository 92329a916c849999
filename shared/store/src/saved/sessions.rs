//! Saved interactions with their short codes, and what the authorization server remembers.

use std::sync::Arc;

use ponte_authorization::grant::{Code, Grant, PushedRequest, RefreshToken};
use ponte_authorization::interaction::{Assurance, Interaction, Outcome, PageStatus, ShortCode, Waiting};
use ponte_authorization::ports::{Grants as _, Handoffs as _, Interactions as _};
use ponte_authorization::target::Target;
use ponte_kit::clock::ManualClock;
use ponte_kit::examples::{client_id, now};
use ponte_ports::limits::CallCount;
use ponte_ports::{Breakers as _, CallCounts as _};
use ponte_values::{Moment, TargetKind};

use super::rows::Saved;
use super::{DAY, consent_id, minute};
use crate::breakers::BreakerTable;
use crate::call_counts::CallCountTable;
use crate::grants::GrantTable;
use crate::interactions::InteractionTable;
use crate::keys::hash;

/// Name, stage, version, whether it is about two targets.
const INTERACTIONS: [(&str, &str, u64, bool); 11] = [
    ("login", "login", 1, true),
    ("decision", "decision", 2, true),
    ("granted", "yes", 3, false),
    ("denied", "no", 2, false),
    ("shown", "login", 2, false),
    ("taken", "login", 3, false),
    ("page", "page", 5, false),
    ("aborted", "no", 3, false),
    ("unspent", "completed", 4, true),
    ("spent", "completed", 4, true),
    ("replayed", "completed", 4, false),
];

pub(super) fn grants(saved: &Saved) -> GrantTable {
    let clock = Arc::new(ManualClock::at(now()));
    GrantTable::of_tests(&saved.database.dynamo, clock)
}

pub(super) async fn interaction(saved: &Saved, name: &str) -> Interaction {
    let table = InteractionTable::new(&saved.database.dynamo, "interactions");
    table.find(&format!("visit-{name}")).await.unwrap().unwrap()
}

/// One target or two, as every saved interaction and request has them.
fn targets(two: bool, recurring: &str, consent: &str) -> (Target, Option<Target>) {
    let consent = Target::consent(consent_id(consent));
    let recurring = Target { kind: TargetKind::RecurringConsent, id: consent_id(recurring) };
    if two { (recurring, Some(consent)) } else { (consent, None) }
}

const fn assurance(two: bool) -> Assurance {
    if two { Assurance::Loa3 } else { Assurance::Loa2 }
}

fn yes(assurance: Assurance) -> Outcome {
    Outcome::Granted { subject: "subject-of-bruno".to_owned(), authenticated_at: minute(1), assurance }
}

/// What an interaction waits for, in a word.
fn waits(interaction: &Interaction) -> &'static str {
    let login = assurance(interaction.linked.is_some());
    match interaction.at(minute(9)) {
        Waiting::Login => "login",
        Waiting::Decision(login) if login.subject == "subject-of-bruno" && login.at == minute(1) => {
            "decision"
        }
        Waiting::Page(outcome) if *outcome == yes(login) => "page",
        Waiting::Browser(decision) if decision.ticket_hash != hash("ticket") => "another ticket",
        Waiting::Browser(decision) if decision.outcome == yes(login) => "yes",
        Waiting::Browser(decision) if decision.outcome == Outcome::Denied => "no",
        Waiting::Nothing => "completed",
        _ => "something else",
    }
}

pub(super) async fn interactions(saved: &Saved) {
    assert_eq!(saved.of("interaction").len(), INTERACTIONS.len());
    for (name, stage, version, two) in INTERACTIONS {
        let interaction = interaction(saved, name).await;
        saved.kept("interaction", &format!("#visit-{name}"), &interaction);
        assert_eq!((waits(&interaction), interaction.version), (stage, version), "{name}");
        let both = targets(two, "recurring-awaiting", "awaiting");
        assert_eq!(
            (interaction.target.clone(), interaction.linked.clone(), interaction.assurance),
            (both.0, both.1, assurance(two))
        );
        assert_eq!(
            (&interaction.client, interaction.client_name.as_str()),
            (&client_id(), "Receptora Inventada")
        );
        assert_eq!(interaction.redirect_uri, "https://receptora.example/cb");
        assert_eq!(interaction.request_uri, request_uri(name));
        assert_eq!((interaction.started_at, interaction.expires_at()), (now(), minute(10)));
    }
    for (name, shows) in [
        ("shown", PageStatus::Ready),
        ("taken", PageStatus::Read),
        ("page", PageStatus::Completed),
        ("aborted", PageStatus::Aborted),
    ] {
        let page = interaction(saved, name).await.with_page(&hash("page")).unwrap();
        assert_eq!(page.status(minute(9)), shows, "{name}");
    }
    assert!(!interaction(saved, "granted").await.is_handed_off());
}

/// The saved one is of 5.
pub(super) fn short_code_of(last: u8) -> ShortCode {
    ShortCode::of_bits([1, 2, 3, 4, last])
}

pub(super) async fn short_codes(saved: &Saved) {
    let table = InteractionTable::new(&saved.database.dynamo, "interactions");
    let found = table.arrival_of(&short_code_of(5), minute(9)).await.unwrap().unwrap();
    let kept = (saved.of("short code of an interaction").len(), found.as_str(), found.interaction());
    assert_eq!(kept, (1, "visit-shown", "visit-shown"));
}

pub(super) fn request_uri(name: &str) -> String {
    format!("urn:ietf:params:oauth:request_uri:{name}")
}

pub(super) async fn pushed_requests(saved: &Saved) {
    let table = grants(saved);
    for (name, two) in [("login", true), ("granted", false)] {
        let found = table.pushed(&request_uri(name)).await.unwrap().unwrap();
        let (target, linked) = targets(two, "recurring-awaiting", "awaiting");
        let expected = PushedRequest {
            request_uri: request_uri(name),
            client: client_id(),
            target,
            linked,
            assurance: assurance(two),
            redirect_uri: "https://receptora.example/cb".to_owned(),
            scope: "openid consent:urn:banco:awaiting accounts".to_owned(),
            state: two.then(|| "state-of-the-client".to_owned()),
            nonce: "nonce-of-the-client".to_owned(),
            code_challenge: "challenge-of-the-client".to_owned(),
            expires_at: minute(10),
        };
        assert_eq!(found, expected);
        saved.kept("pushed request", &hash(&request_uri(name)), &found);
    }
    for consumed in ["unspent", "spent", "replayed"] {
        assert_eq!(table.pushed(&request_uri(consumed)).await.unwrap(), None, "{consumed}");
    }
    assert_eq!(saved.of("pushed request").len(), 5);
}

fn grant(two: bool) -> Grant {
    let (target, linked) = targets(two, "recurring-authorised", "authorised");
    Grant {
        subject: "subject-of-bruno".to_owned(),
        target,
        linked,
        scope: "openid accounts resources".to_owned(),
        assurance: assurance(two),
        authenticated_at: minute(1),
    }
}

/// A code as it was saved under its name, or as it would be issued.
pub(super) fn code(name: &str, two: bool) -> Code {
    Code {
        hash: hash(&format!("code-{name}")),
        client: client_id(),
        redirect_uri: "https://receptora.example/cb".to_owned(),
        code_challenge: "challenge-of-the-client".to_owned(),
        nonce: "nonce-of-the-client".to_owned(),
        grant: grant(two),
        expires_at: minute(4),
    }
}

pub(super) async fn codes(saved: &Saved) {
    assert_eq!(saved.of("code").len(), 3);
    for (name, two) in [("unspent", true), ("spent", true), ("replayed", false)] {
        let expected = code(name, two);
        assert_eq!(grants(saved).code(&expected.hash).await.unwrap().as_ref(), Some(&expected), "{name}");
        saved.kept("code", &expected.hash, &expected);
    }
}

/// A refresh token as it was saved under its name, or as it would be issued.
pub(super) fn refresh(name: &str, two: bool) -> RefreshToken {
    let hash = hash(&format!("refresh-{name}"));
    RefreshToken { hash, client: client_id(), grant: grant(two), issued_at: minute(4) }
}

pub(super) async fn refresh_tokens(saved: &Saved) {
    let (live, revoked) = (refresh("live", true), refresh("revoked", false));
    assert_eq!(grants(saved).refresh_token(&live.hash).await.unwrap().as_ref(), Some(&live));
    assert_eq!(grants(saved).refresh_token(&revoked.hash).await.unwrap(), None);
    saved.kept("refresh token", &live.hash, &live);
    saved.kept("refresh token", &revoked.hash, &revoked);
    assert_eq!(saved.of("refresh token").len(), 2);
}

pub(super) async fn jtis(saved: &Saved) {
    let table = grants(saved);
    let claim =
        async |owner| table.claim_jti(&client_id(), "an invented jti", minute(DAY), owner).await.unwrap();
    assert_eq!(saved.of("used `jti`").len(), 1);
    assert!(!claim("second call").await);
    assert!(claim("first call").await, "a repetition of the call that used it");
}

/// The breaker that was saved, as it is read.
pub(super) async fn breakers(saved: &Saved) {
    let rows = breaker_table(saved).rows().await.unwrap();
    let [row] = &rows[..] else { panic!("{rows:?}") };
    saved.kept("breaker of an operation", "/accounts/balances", row);
    assert!(
        breaker_table(saved).replace(&row.closed("client", minute(1))).await.unwrap(),
        "it is gone on with"
    );
}

pub(super) fn breaker_table(saved: &Saved) -> BreakerTable {
    BreakerTable::new(&saved.database.dynamo, "layer")
}

pub(super) fn call_count_table(saved: &Saved) -> CallCountTable {
    CallCountTable::new(&saved.database.dynamo, "limits")
}

/// The calls of a name in the window that ends then.
pub(super) fn call_count(of: &str, ends: i64) -> CallCount {
    CallCount { of: of.to_owned(), ends: Moment::from_seconds(ends) }
}

pub(super) async fn call_counts(saved: &Saved) {
    let table = call_count_table(saved);
    let (second, month) = (call_count("second", 1_772_366_401), call_count("month", 1_775_012_400));
    assert_eq!(table.add(&second, 2).await.unwrap(), 9);
    assert!(!table.count(&month, 8).await.unwrap(), "it is used up");
    assert!(table.count(&month, 9).await.unwrap());
}
