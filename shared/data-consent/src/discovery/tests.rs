//! Steps, rounds and statuses of discoveries, whatever comes in whatever order.

use std::collections::BTreeMap;
use std::time::Duration;

use ponte_values::{Moment, ResourceKind};
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::consent::{Consent, Resource, ResourceStatus};
use ponte_ports::LegacyId;

const LOAN: ResourceKind = ResourceKind::Loan;
const FUND: ResourceKind = ResourceKind::Fund;
const DAY: Duration = Duration::from_hours(24);

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn consent(end: Option<Moment>) -> Consent {
    let mut consent: Consent = serde_json::from_value(json!({
        "id": "urn:banco:1", "client": "client-1", "organisation": "c770aef3-6784-41f7-8e0e-ff5f97bddb3a",
        "loggedUser": "12345678909", "permissions": ["LOANS_READ", "RESOURCES_READ"],
        "createdAt": "2026-03-01T11:00:00Z", "statusUpdatedAt": "2026-03-01T11:00:00Z",
        "search": {"person": "key"}, "version": 2, "state": {"AWAITING_AUTHORISATION": null},
    }))
    .unwrap_or_else(|error| panic!("{error}"));
    consent.expires_at = end;
    consent
}

fn resource(kind: ResourceKind, id: &str, status: ResourceStatus) -> Resource {
    let legacy_id: LegacyId = serde_json::from_value(json!([{"key": "contract", "value": id}])).unwrap();
    Resource::new(id.to_owned(), kind, status, legacy_id)
}

fn answer(kind: ResourceKind, round: u64, listed: Vec<Resource>) -> KindAnswer {
    KindAnswer { kind, round, listed, valid_until: now().plus(DAY) }
}

fn many(count: u32) -> Vec<Resource> {
    (0..count).map(|number| resource(LOAN, &number.to_string(), ResourceStatus::Available)).collect()
}

#[test]
fn c60_a_long_answer_is_written_in_steps_and_counts_with_the_last() {
    for (count, sizes) in
        [(0, vec![0]), (1, vec![1]), (80, vec![80]), (81, vec![80, 1]), (161, vec![80, 80, 1])]
    {
        let stored = StoredResources::default();
        let answers = [answer(LOAN, 0, many(count)), answer(FUND, 0, Vec::new())];
        let steps = steps(&consent(None), DiscoveryState::default(), &stored, &answers, now());
        assert_eq!(steps.iter().map(|step| step.resources.len()).collect::<Vec<_>>(), sizes);
        let (last, before) = steps.split_last().unwrap();
        for step in before {
            assert!(!step.state.is_answered(LOAN) && !step.state.is_answered(FUND) && !step.needs_notice);
            assert_eq!(step.state.round(LOAN), 0, "the same answer still counts");
        }
        assert!(last.state.is_answered(LOAN) && last.state.is_answered(FUND));
        assert_eq!((last.state.count(LOAN), last.state.count(FUND)), (u64::from(count), 0));
        let versions: Vec<u64> = steps.iter().map(|step| step.state.version).collect();
        assert_eq!(versions, (1..=u64::try_from(steps.len()).unwrap()).collect::<Vec<_>>());
        assert!(!last.state.is_due(LOAN, now()) && last.state.is_due(LOAN, now().plus(DAY)));
    }
}

#[test]
fn c60_an_answer_of_an_earlier_round_changes_nothing() {
    let state = DiscoveryState::default().announced(LOAN);
    let stored = StoredResources::default();
    let old = answer(LOAN, 0, many(3));
    assert!(steps(&consent(None), state.clone(), &stored, std::slice::from_ref(&old), now()).is_empty());
    let both = steps(&consent(None), state.clone(), &stored, &[old, answer(FUND, 0, Vec::new())], now());
    assert!(both[0].resources.is_empty() && !both[0].state.is_answered(LOAN));
    assert!(both[0].state.is_answered(FUND));
    assert!(
        steps(&consent(None), state.notified(LOAN), &stored, &[answer(LOAN, 1, many(1))], now()).is_empty()
    );
}

#[test]
fn d8_a_product_that_cannot_be_read_is_not_written() {
    let stored = StoredResources { known: Vec::new(), unread: [("1".to_owned(), LOAN)].into() };
    let made = steps(&consent(None), DiscoveryState::default(), &stored, &[answer(LOAN, 0, many(3))], now());
    let ids: Vec<&str> = made[0].resources.iter().map(|product| product.resource.id.as_str()).collect();
    assert_eq!(ids, ["0", "2"]);
    assert_eq!(made[0].state.count(LOAN), 3, "it has its place in the list");
}

#[test]
fn c61_what_the_table_cleaned_away_is_not_counted_from_the_next_answer_on() {
    let made = steps(
        &consent(None),
        DiscoveryState::default(),
        &StoredResources::default(),
        &[answer(LOAN, 0, many(3)), answer(FUND, 0, vec![resource(FUND, "9", ResourceStatus::Available)])],
        now(),
    );
    let state = made[0].state.clone();
    assert_eq!((state.count(LOAN), state.count(FUND)), (3, 1));
    let left: Vec<_> =
        made[0].resources.iter().filter(|product| product.resource.id != "2").cloned().collect();
    let stored = StoredResources { known: left, ..StoredResources::default() };
    // The count of a kind that nobody asked for stays.
    for (listed, count) in [(many(2), 2), (many(1), 2), (Vec::new(), 2), (many(120), 120)] {
        let made = steps(&consent(None), state.clone(), &stored, &[answer(LOAN, 1, listed)], now());
        let last = &made.last().unwrap().state;
        assert_eq!((last.count(LOAN), last.count(FUND)), (count, 1));
    }
}

#[test]
fn c61_a_kind_is_forgotten_before_the_table_may_clean_its_products_away() {
    for (end, days) in [(None, 180), (Some(300), 180), (Some(10), 100)] {
        let consent = consent(end.map(|days| now().plus(days * DAY)));
        let answers = [answer(LOAN, 0, many(2)), answer(FUND, 0, Vec::new())];
        let made = steps(&consent, DiscoveryState::default(), &StoredResources::default(), &answers, now());
        let until = now().plus(days * DAY);
        let before = made[0].state.clone().at(until.minus(Duration::from_secs(1)));
        assert_eq!(before, made[0].state);
        let after = made[0].state.clone().at(until);
        assert!(!after.is_answered(LOAN) && after.is_due(LOAN, until) && after.count(LOAN) == 0);
        assert_eq!((after.version, after.round(LOAN)), (made[0].state.version, made[0].state.round(LOAN)));
        assert!(made[0].resources.iter().all(|product| product.kept_until >= until));
        // What is still there is no news when it is listed again, and is kept anew.
        let stored = StoredResources { known: made[0].resources[..1].to_vec(), ..StoredResources::default() };
        let again = steps(&consent, after, &stored, &[answer(LOAN, 1, many(2))], until);
        assert!(!again[0].needs_notice);
        assert_eq!(again[0].state.count(LOAN), 2);
    }
}

#[test]
fn d8_kinds_of_a_later_release_stay_where_they_are() {
    let text = r#"{"version":7,"kinds":{"PENSION_NEXT":{"round":3,"count":2,"answered":true}}}"#;
    let state: DiscoveryState = serde_json::from_str(text).unwrap();
    let state = state.asked(&[LOAN], now()).unwrap();
    let stored = serde_json::to_value(&state).unwrap();
    let next = json!({"round": 3, "count": 2, "answered": true});
    assert_eq!((state.version, &stored["kinds"]["PENSION_NEXT"]), (8, &next));
    assert_eq!(state.asked(&[LOAN], now()), None, "it is known already");
}

#[test]
fn a_product_is_kept_for_a_year_and_not_long_after_the_end_of_its_consent() {
    let kept = |end| {
        DiscoveredResource::new(resource(LOAN, "1", ResourceStatus::Available), &consent(end), now())
            .kept_until
    };
    assert_eq!(kept(None), now().plus(365 * DAY));
    assert_eq!(kept(Some(now().plus(10 * DAY))), now().plus(100 * DAY));
    assert_eq!(kept(Some(now().plus(300 * DAY))), now().plus(365 * DAY));
}

/// What happens to the products under a consent.
#[derive(Clone, Debug)]
enum Event {
    /// The institution answers what was asked so many events ago: these statuses, by product.
    Answer(usize, BTreeMap<u8, ResourceStatus>),
    /// It says this of one product.
    Push(u8, ResourceStatus),
    /// It announces a change.
    Announce,
}

fn statuses() -> impl Strategy<Value = ResourceStatus> {
    use ResourceStatus::{Available, PendingAuthorisation, TemporarilyUnavailable, Unavailable};
    prop::sample::select(vec![Available, PendingAuthorisation, TemporarilyUnavailable, Unavailable])
}

fn events() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0..4_usize, prop::collection::btree_map(0..6_u8, statuses(), 0..6))
            .prop_map(|(late, listed)| Event::Answer(late, listed)),
        2 => (0..6_u8, statuses()).prop_map(|(product, status)| Event::Push(product, status)),
        1 => Just(Event::Announce),
    ]
}

proptest! {
    #[test]
    fn c60_whatever_comes_in_whatever_order_no_status_goes_a_way_that_there_is_not(
        events in prop::collection::vec(events(), 1..40)
    ) {
        let consent = consent(None);
        let mut stored: BTreeMap<String, DiscoveredResource> = BTreeMap::new();
        let mut states = vec![DiscoveryState::default()];
        for event in events {
            let state = states.last().unwrap().clone();
            let before = stored.clone();
            let next = match event {
                Event::Answer(late, listed) => {
                    let asked = &states[states.len().saturating_sub(1 + late)];
                    let listed = listed.into_iter().map(|(id, status)| resource(LOAN, &id.to_string(), status));
                    let answer = answer(LOAN, asked.round(LOAN), listed.collect());
                    let there = StoredResources { known: stored.values().cloned().collect(), ..Default::default() };
                    let made = steps(&consent, state.clone(), &there, std::slice::from_ref(&answer), now());
                    prop_assert_eq!(made.is_empty(), answer.round != state.round(LOAN));
                    for product in made.iter().flat_map(|step| &step.resources) {
                        stored.insert(product.resource.id.clone(), product.clone());
                    }
                    made.last().map_or(state.clone(), |step| step.state.clone())
                }
                Event::Push(id, status) => {
                    let product = stored.get(&id.to_string()).and_then(|product| product.to(status, now()));
                    match product {
                        Some(product) => {
                            stored.insert(id.to_string(), product);
                            state.clone().notified(LOAN)
                        }
                        None => state.clone(),
                    }
                }
                Event::Announce => state.clone().announced(LOAN),
            };
            prop_assert_eq!(next.count(LOAN), u64::try_from(stored.len()).unwrap());
            prop_assert!(next.version >= state.version && next.round(LOAN) >= state.round(LOAN));
            for (id, product) in &before {
                let (was, is) = (product.resource.at(now()), stored[id].resource.at(now()));
                prop_assert!(was == is || was.leads_to(is), "{:?} to {:?}", was, is);
            }
            states.push(next);
        }
    }
}
