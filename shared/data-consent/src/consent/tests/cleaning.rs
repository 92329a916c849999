//! When a consent that nobody authorised may be cleaned away (T66).

use super::*;

const KEPT: Duration = Duration::from_hours(90 * 24);

#[test]
fn t66_what_nobody_authorised_may_go_whatever_became_of_it() {
    let consent = create(request()).unwrap();
    let from = Some(now().plus(KEPT));
    assert_eq!(consent.discard_at(), from);
    let hour = consent.clone().expire(now().plus(HOUR)).unwrap();
    assert_eq!(hour.consent.discard_at(), from, "the hour went by");
    let ended = consent.clone().revoke(RejectedBy::Tpp, customer(), now()).unwrap();
    assert_eq!(ended.consent.discard_at(), from, "the client took it back");
    let refusal = Rejection {
        by: RejectedBy::User,
        reason: RejectionReason::CustomerManuallyRejected,
        at: now().plus(HOUR / 2),
    };
    let refused = consent.refuse(refusal, customer()).unwrap();
    assert_eq!(refused.consent.discard_at(), from, "the customer said no");
}

#[test]
fn t66_an_authorised_consent_stays_also_after_its_end() {
    let consent = authorised(request());
    assert_eq!(consent.discard_at(), None);
    let ended = consent.revoke(RejectedBy::User, customer(), now().plus(DAY)).unwrap();
    assert_eq!(ended.consent.discard_at(), None);
    let stored = serde_json::to_string(&ended.consent).unwrap();
    assert!(!stored.contains("discardAt"), "{stored}");
}

#[test]
fn t66_the_time_is_a_setting_and_a_consent_keeps_its_own() {
    let under = |unauthorised_kept| {
        let policy = ConsentPolicy { unauthorised_kept, ..ConsentPolicy::default() };
        create_under(policy, request()).unwrap()
    };
    assert_eq!(under(Some(DAY)).discard_at(), Some(now().plus(DAY)));
    assert_eq!(under(None).discard_at(), None);
    let mut stored = serde_json::to_value(under(Some(DAY))).unwrap();
    let read: Consent = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(read.discard_at(), Some(now().plus(DAY)));
    stored.as_object_mut().unwrap().remove("discardAt");
    let older: Consent = serde_json::from_value(stored).unwrap();
    assert_eq!(older.discard_at(), None, "a consent of an older release stays");
}

#[test]
fn t66_nothing_but_the_table_asks_for_the_time() {
    let consent = create(request()).unwrap();
    let late = now().plus(KEPT * 2);
    assert!(matches!(consent.at(late), EffectiveStatus::Rejected(_)), "the hour counts, not the cleaning");
    assert_eq!(consent.next_due(), Some(now().plus(HOUR)));
}
