//! What a consent was worth at a moment that is past (M50).

use super::*;

fn second(number: u64) -> Moment {
    now().plus(Duration::from_secs(number))
}

#[test]
fn m50_a_consent_is_in_force_from_the_yes_on() {
    let consent = create(request()).unwrap();
    assert!(!consent.was_in_force(second(10)), "nobody said yes");
    let consent = consent.authorise(authorisation(second(10)), customer()).unwrap().consent;
    assert!(!consent.was_in_force(second(10).minus(Duration::from_millis(1))));
    assert!(consent.was_in_force(second(10)) && consent.was_in_force(now().plus(DAY * 5_000)));
}

#[test]
fn m50_a_consent_that_ended_later_was_in_force() {
    let consent = authorised(request());
    let ended = consent.revoke(RejectedBy::User, customer(), second(20)).unwrap().consent;
    assert!(ended.was_in_force(second(20).minus(Duration::from_millis(1))));
    assert!(!ended.was_in_force(second(20)) && !ended.was_in_force(second(21)));
    let refused =
        create(request()).unwrap().revoke(RejectedBy::User, customer(), second(20)).unwrap().consent;
    assert!(!refused.was_in_force(second(10)) && refused.lifetime().is_none());
}

#[test]
fn m50_a_date_ends_a_consent_whether_written_down_or_not() {
    let end = now().plus(DAY * 10);
    let consent = authorised(ConsentRequest { expires_at: Some(end), ..request() });
    let before = end.minus(Duration::from_millis(1));
    assert!(consent.was_in_force(before) && !consent.was_in_force(end));
    let swept = consent.clone().expire(end.plus(HOUR)).unwrap().consent;
    assert_eq!(swept.lifetime(), consent.lifetime());
}

#[test]
fn m50_a_look_at_the_present_agrees_with_what_the_consent_is_worth() {
    let end = now().plus(DAY);
    for consent in [
        create(request()).unwrap(),
        authorised(request()),
        authorised(ConsentRequest { expires_at: Some(end), ..request() }),
        authorised(request()).revoke(RejectedBy::Tpp, client(), now()).unwrap().consent,
    ] {
        for at in [second(1), end.minus(HOUR), end, end.plus(HOUR)] {
            let worth = consent.at(at).status() == ConsentStatus::Authorised;
            assert_eq!(consent.was_in_force(at), worth);
        }
    }
}
