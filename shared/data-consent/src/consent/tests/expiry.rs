//! What time does, and when somebody must look (C03, C04, C07), with what others hear of it.

use super::*;

fn until(end: Moment) -> ConsentRequest {
    ConsentRequest { expires_at: Some(end), ..request() }
}

#[test]
fn c03_the_hour_is_written_down_as_it_counted() {
    let consent = create(request()).unwrap();
    let deadline = now().plus(HOUR);
    assert_eq!(consent.next_due(), Some(deadline));
    assert!(consent.clone().expire(deadline.minus(Duration::from_millis(1))).is_none());
    let change = consent.clone().expire(now().plus(HOUR * 3)).unwrap();
    let EffectiveStatus::Rejected(unwritten) = consent.at(now().plus(HOUR * 3)) else {
        panic!("still waiting")
    };
    let EffectiveStatus::Rejected(written) = change.consent.at(now()) else { panic!("not written") };
    assert_eq!(unwritten, written);
    assert_eq!((written.by, written.reason), (RejectedBy::Aspsp, RejectionReason::ConsentExpired));
    assert_eq!(change.consent.status_updated_at, deadline, "not when somebody looked");
    assert_eq!(
        (change.audit.reason.as_deref(), change.audit.at),
        (Some("CONSENT_EXPIRED"), now().plus(HOUR * 3))
    );
    assert!(change.consent.clone().expire(now().plus(HOUR * 4)).is_none());
    assert_eq!(change.consent.next_due(), None);
}

#[test]
fn c04_an_end_within_the_hour_comes_first() {
    let end = now().plus(HOUR / 2);
    let consent = create(until(end)).unwrap();
    assert_eq!(consent.next_due(), Some(end));
    let change = consent.clone().expire(end).unwrap();
    assert_eq!(change.audit.reason.as_deref(), Some("CONSENT_MAX_DATE_REACHED"));
    assert_eq!(consent.authorise(authorisation(end), customer()).unwrap_err(), ConsentFault::NotAwaiting);
    let both = create(until(now().plus(HOUR))).unwrap().expire(now().plus(HOUR)).unwrap();
    assert_eq!(both.audit.reason.as_deref(), Some("CONSENT_EXPIRED"));
}

#[test]
fn c04_the_date_ends_an_authorised_consent_after_one_notice() {
    let end = now().plus(DAY * 10);
    let consent = authorised(until(end));
    let notice_at = end.minus(DAY);
    assert_eq!(consent.next_due(), Some(notice_at));
    let told = consent.expire(notice_at).unwrap();
    assert_eq!((told.audit.action, &told.notices[..]), ("consent.expiring", &[NoticeKind::Expiring][..]));
    assert_eq!(told.consent.at(notice_at).status(), ConsentStatus::Authorised);
    assert!(told.consent.clone().expire(notice_at).is_none(), "others hear of it once");
    assert_eq!(told.consent.next_due(), Some(end));
    let ended = told.consent.expire(end).unwrap();
    assert_eq!(
        (ended.audit.reason.as_deref(), &ended.notices[..]),
        (Some("CONSENT_MAX_DATE_REACHED"), &[NoticeKind::Status][..])
    );
}

#[test]
fn c04_a_renewal_gives_another_notice() {
    let end = now().plus(DAY * 10);
    let told = authorised(until(end)).expire(end.minus(DAY)).unwrap().consent;
    let request = ExtensionRequest {
        logged_user: customer_cpf(),
        business: None,
        expires_at: Some(end.plus(DAY * 10)),
        ip_address: "203.0.113.9".to_owned(),
        user_agent: "agent".to_owned(),
    };
    let now = end.minus(HOUR);
    let renewed = told.in_force(now).unwrap().extend(request, None, ConsentPolicy::default(), client());
    assert_eq!(renewed.unwrap().consent.next_due(), Some(end.plus(DAY * 9)));
}

#[test]
fn a_term_shorter_than_the_notice_has_none() {
    let end = now().plus(HOUR * 20);
    assert_eq!(authorised(until(end)).next_due(), Some(end));
}

#[test]
fn c07_an_indefinite_term_is_never_due() {
    assert_eq!(authorised(request()).next_due(), None);
    assert!(authorised(request()).expire(now().plus(DAY * 36_500)).is_none());
}

#[test]
fn approvals_that_lapse_on_the_day_of_the_notice_are_one_change() {
    let end = now().plus(DAY * 6);
    let consent = sharing(until(end), &[&[other_cpf()]]);
    assert_eq!(consent.next_due(), Some(now().plus(DAY * 5)));
    let change = consent.expire(now().plus(DAY * 5)).unwrap();
    assert_eq!(change.notices, [NoticeKind::Resources, NoticeKind::Expiring]);
    assert_eq!((change.consent.version, change.consent.next_due()), (3, Some(end)));
}

#[test]
fn what_others_hear_names_nobody() {
    let change = sharing(until(now().plus(DAY * 3)), &[&[other_cpf()]]);
    let change = change.revoke(RejectedBy::Tpp, client(), now()).unwrap();
    let commit = change.commit("c-1".to_owned(), Some("i-1".to_owned()));
    let [notice] = &commit.trail.notices[..] else { panic!("one notice") };
    assert_eq!((notice.kind.as_str(), notice.id.as_str(), notice.at), ("consent.status", "c-1-0", now()));
    let body: serde_json::Value = serde_json::from_str(&notice.body).unwrap();
    let expected = serde_json::json!({
        "consentId": "urn:banco:1", "clientId": "client-1",
        "organisationId": "c770aef3-6784-41f7-8e0e-ff5f97bddb3a",
        "status": "REJECTED", "statusUpdateDateTime": "2026-03-01T12:00:00Z",
        "expirationDateTime": "2026-03-04T12:00:00Z",
        "rejectedBy": "TPP", "reason": "CUSTOMER_MANUALLY_REVOKED", "version": 3,
    });
    assert_eq!(body, expected);
    assert_eq!(commit.trail.audit[0].interaction.as_deref(), Some("i-1"));
}
