//! Renewal (C30 to C34).

use super::*;

fn ending(days: u32) -> ConsentRequest {
    ConsentRequest { expires_at: Some(now().plus(DAY * days)), ..request() }
}

fn company() -> Cnpj {
    Cnpj::parse("11222333000181").unwrap()
}

fn asked(expires_at: Option<Moment>) -> ExtensionRequest {
    ExtensionRequest {
        logged_user: customer_cpf(),
        business: None,
        expires_at,
        ip_address: "203.0.113.9".to_owned(),
        user_agent: "agent".to_owned(),
    }
}

fn in_force(request: ConsentRequest) -> InForce {
    authorised(request).in_force(now().plus(HOUR)).unwrap()
}

fn extend(consent: InForce, request: ExtensionRequest) -> Result<ConsentChange, ExtensionFault> {
    consent.extend(request, None, ConsentPolicy::default(), client())
}

#[test]
fn c30_only_the_end_changes_and_it_moves_on() {
    let before = authorised(ending(10));
    let later = now().plus(DAY * 20);
    let change = extend(in_force(ending(10)), asked(Some(later))).unwrap();
    let consent = &change.consent;
    assert_eq!((consent.expires_at, consent.renewals, consent.version), (Some(later), 1, 3));
    assert_eq!(consent.status_updated_at, before.status_updated_at);
    assert_eq!(consent.permissions, before.permissions);
    assert_eq!(consent.at(now().plus(DAY * 15)).status(), ConsentStatus::Authorised);
    assert_eq!((change.audit.action, change.audit.before), ("consent.extended", Some("AUTHORISED")));
    let indefinite = extend(in_force(ending(10)), asked(None)).unwrap().consent;
    assert_eq!(indefinite.expires_at, None);
}

#[test]
fn c30_an_end_that_is_not_later_is_refused() {
    let current = now().plus(DAY * 10);
    for end in [current, current.minus(Duration::from_millis(1)), now(), now().minus(DAY)] {
        let refused = extend(in_force(ending(10)), asked(Some(end)));
        assert_eq!(refused.unwrap_err(), ExtensionFault::ExpirationDate, "{end:?}");
    }
    for end in [None, Some(now().plus(DAY * 4000))] {
        let refused = extend(in_force(request()), asked(end));
        assert_eq!(
            refused.unwrap_err(),
            ExtensionFault::ExpirationDate,
            "nothing lies after an indefinite term"
        );
    }
}

#[test]
fn c08_a_ceiling_for_renewals_is_a_setting() {
    let far = asked(Some(now().plus(DAY * 1000)));
    assert!(extend(in_force(ending(10)), far.clone()).is_ok());
    let policy = ConsentPolicy { longest_renewal: Some(DAY * 366), ..ConsentPolicy::default() };
    let refused = in_force(ending(10)).extend(far, None, policy, client());
    assert_eq!(refused.unwrap_err(), ExtensionFault::ExpirationDate);
}

#[test]
fn c30_only_an_authorised_consent_is_renewed() {
    let waiting = create(ending(10)).unwrap();
    assert_eq!(waiting.clone().in_force(now()).unwrap_err(), ConsentFault::NotAuthorised);
    let over = waiting.revoke(RejectedBy::User, client(), now()).unwrap().consent;
    assert_eq!(over.in_force(now()).unwrap_err(), ConsentFault::NotAuthorised);
    let expired = authorised(ending(10)).in_force(now().plus(DAY * 10));
    assert_eq!(expired.unwrap_err(), ConsentFault::NotAuthorised);
}

#[test]
fn c31_a_person_s_consent_is_renewed_by_that_person_alone() {
    let later = Some(now().plus(DAY * 20));
    let other = ExtensionRequest { logged_user: other_cpf(), ..asked(later) };
    assert_eq!(extend(in_force(ending(10)), other).unwrap_err(), ExtensionFault::OtherCustomer);
    let for_company = ExtensionRequest { business: Some(company()), ..asked(later) };
    assert_eq!(extend(in_force(ending(10)), for_company).unwrap_err(), ExtensionFault::OtherCustomer);
}

#[test]
fn c31_a_company_s_consent_is_renewed_by_anyone_of_it() {
    let of_company = || in_force(ConsentRequest { business: Some(company()), ..ending(10) });
    let later = Some(now().plus(DAY * 20));
    let colleague = ExtensionRequest { logged_user: other_cpf(), business: Some(company()), ..asked(later) };
    let change = extend(of_company(), colleague).unwrap();
    assert_eq!(change.extension.unwrap().logged_user, other_cpf());
    assert_eq!(change.consent.logged_user, customer_cpf(), "the one who decided stays");
    let other = Cnpj::parse("11444777000161").unwrap();
    let other = ExtensionRequest { business: Some(other), ..asked(later) };
    assert_eq!(extend(of_company(), other).unwrap_err(), ExtensionFault::OtherCustomer);
    assert_eq!(extend(of_company(), asked(later)).unwrap_err(), ExtensionFault::CompanyNotNamed);
}

#[test]
fn c31_several_approvers_forbid_a_renewal_even_after_they_agreed() {
    let later = asked(Some(now().plus(DAY * 20)));
    let consent = sharing(ending(10), &[&[other_cpf()]]);
    let refused = extend(consent.clone().in_force(now()).unwrap(), later.clone());
    assert_eq!(refused.unwrap_err(), ExtensionFault::SeveralApprovers);
    let agreed = consent.in_force(now()).unwrap().settle(true, client()).unwrap().consent;
    let refused = extend(agreed.in_force(now()).unwrap(), later);
    assert_eq!(refused.unwrap_err(), ExtensionFault::SeveralApprovers);
}

#[test]
fn c33_a_linked_consent_is_not_renewed() {
    let linked = ConsentRequest { linked: true, ..ending(10) };
    let refused = extend(in_force(linked), asked(Some(now().plus(DAY * 20))));
    assert_eq!(refused.unwrap_err(), ExtensionFault::Linked);
}

#[test]
fn c33_who_asks_comes_before_what_is_asked() {
    let linked = ConsentRequest { linked: true, ..ending(10) };
    let stranger = ExtensionRequest { logged_user: other_cpf(), ..asked(Some(now())) };
    assert_eq!(extend(in_force(linked), stranger).unwrap_err(), ExtensionFault::OtherCustomer);
    let consent = sharing(ending(10), &[&[other_cpf()]]).in_force(now()).unwrap();
    assert_eq!(extend(consent, asked(Some(now()))).unwrap_err(), ExtensionFault::SeveralApprovers);
}

#[test]
fn c34_the_history_says_who_when_from_where_and_from_what_to_what() {
    let later = now().plus(DAY * 20);
    let change = extend(in_force(ending(10)), asked(Some(later))).unwrap();
    let entry = change.extension.clone().unwrap();
    assert_eq!(entry.requested_at, now().plus(HOUR));
    assert_eq!((entry.expires_at, entry.previous_expires_at), (Some(later), Some(now().plus(DAY * 10))));
    assert_eq!((entry.ip_address.as_str(), entry.user_agent.as_str()), ("203.0.113.9", "agent"));
    assert_eq!(format!("{entry:?}"), "Extension { requested_at: 2026-03-01T13:00:00.000Z, .. }");
    assert_eq!(format!("{:?}", asked(None)), "ExtensionRequest { expires_at: None, .. }", "and nobody");
    let commit = change.commit("c".to_owned(), None);
    assert_eq!((commit.extension, commit.trail.notices[0].kind), (Some(entry), NoticeKind::Extended));
}

#[test]
fn lb15_t61_a_renewal_that_is_asked_for_again_within_a_minute_is_the_one_before() {
    let end = now().plus(DAY * 20);
    let change = extend(in_force(ending(10)), asked(Some(end))).unwrap();
    let (consent, last) = (change.consent, change.extension.unwrap());
    let again = |consent: &Consent, request: ExtensionRequest, last: &Extension, millis| {
        let later = last.requested_at.plus(Duration::from_millis(millis));
        consent.clone().in_force(later).unwrap().was_extended_by(&request, last)
    };
    for millis in [0, 60_000] {
        assert!(again(&consent, asked(Some(end)), &last, millis), "{millis}");
    }
    assert!(!again(&consent, asked(Some(end)), &last, 60_001), "too late");
    let other = ExtensionRequest { logged_user: other_cpf(), ..asked(Some(end)) };
    assert!(!again(&consent, other, &last, 0), "another person");
    let other = ExtensionRequest { business: Some(company()), ..asked(Some(end)) };
    assert!(!again(&consent, other, &last, 0), "for a company");
    let moved = Consent { expires_at: Some(now().plus(DAY * 30)), ..consent.clone() };
    assert!(!again(&moved, asked(Some(end)), &last, 0), "renewed once more since");
    let before = Extension { expires_at: Some(now().plus(DAY * 15)), ..last };
    assert!(!again(&consent, asked(Some(end)), &before, 0), "that one had another end");
}

#[test]
fn c34_a_renewal_lies_behind_the_last_one_whatever_the_clocks_say() {
    let at = now().plus(HOUR);
    let request = || asked(Some(now().plus(DAY * 20)));
    let renew = |last: Option<&Extension>| {
        let change = in_force(ending(10)).extend(request(), last, ConsentPolicy::default(), client());
        change.unwrap()
    };
    let made = |requested_at: Moment| Extension { requested_at, ..renew(None).extension.unwrap() };
    let step = Duration::from_millis(1);
    // The last renewal was made before, at the same moment, and by a clock that is ahead of ours.
    for (last, expected) in [
        (None, at),
        (Some(at.minus(step)), at),
        (Some(at), at.plus(step)),
        (Some(at.plus(HOUR)), at.plus(HOUR + step)),
    ] {
        let change = renew(last.map(made).as_ref());
        assert_eq!(change.extension.unwrap().requested_at, expected, "{last:?}");
        assert_eq!(change.audit.at, expected, "its audit row has the same place");
    }
}
