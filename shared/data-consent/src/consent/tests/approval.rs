//! Several approvers of a product, and what becomes of products (C11, C60).

use super::*;

fn third_cpf() -> Cpf {
    Cpf::parse("76109277673").unwrap()
}

fn two_approvers() -> Consent {
    sharing(request(), &[&[other_cpf(), third_cpf()], &[]])
}

fn at(consent: &Consent, now: Moment) -> Vec<ResourceStatus> {
    consent.resources().iter().map(|resource| resource.at(now)).collect()
}

fn answer(consent: Consent, who: &Cpf, approved: bool) -> Result<ConsentChange, ApprovalFault> {
    consent.in_force(now()).unwrap().answer(who, None, approved, client())
}

const AVAILABLE: ResourceStatus = ResourceStatus::Available;
const CLOSED: ResourceStatus = ResourceStatus::Unavailable;
const PENDING: ResourceStatus = ResourceStatus::PendingAuthorisation;
const BLOCKED: ResourceStatus = ResourceStatus::TemporarilyUnavailable;

#[test]
fn c60_a_product_of_several_people_waits_for_all_of_them() {
    let consent = two_approvers();
    assert_eq!(consent.at(now()).status(), ConsentStatus::Authorised, "the consent itself is in force");
    assert_eq!(at(&consent, now()), [PENDING, AVAILABLE]);
    let change = answer(consent, &other_cpf(), true).unwrap();
    assert_eq!((change.audit.action, change.audit.after), ("consent.approval_given", "AUTHORISED"));
    assert_eq!(at(&change.consent, now()), [PENDING, AVAILABLE]);
    assert_eq!(change.consent.status_updated_at, now());
    let done = answer(change.consent, &third_cpf(), true).unwrap().consent;
    assert_eq!(at(&done, now()), [AVAILABLE, AVAILABLE]);
}

#[test]
fn c60_one_no_closes_the_product_for_good() {
    let change = answer(two_approvers(), &third_cpf(), false).unwrap();
    assert_eq!(change.audit.action, "consent.approval_refused");
    assert_eq!(at(&change.consent, now()), [CLOSED, AVAILABLE]);
    assert_eq!(answer(change.consent, &other_cpf(), true).unwrap_err(), ApprovalFault::NothingPending);
}

#[test]
fn an_answer_stands_and_only_approvers_give_one() {
    let consent = answer(two_approvers(), &other_cpf(), true).unwrap().consent;
    assert_eq!(answer(consent.clone(), &other_cpf(), false).unwrap_err(), ApprovalFault::AlreadyAnswered);
    assert_eq!(answer(consent.clone(), &customer_cpf(), true).unwrap_err(), ApprovalFault::NotAnApprover);
    let unknown = consent.in_force(now()).unwrap().answer(&third_cpf(), Some("r-9"), true, client());
    assert_eq!(unknown.unwrap_err(), ApprovalFault::UnknownResource);
}

#[test]
fn an_approver_answers_for_one_product_or_for_all() {
    let consent = sharing(request(), &[&[other_cpf()], &[other_cpf()], &[third_cpf()]]);
    let one = consent.clone().in_force(now()).unwrap().answer(&other_cpf(), Some("r-1"), true, client());
    assert_eq!(at(&one.unwrap().consent, now()), [PENDING, AVAILABLE, PENDING]);
    let all = answer(consent, &other_cpf(), true).unwrap().consent;
    assert_eq!(at(&all, now()), [AVAILABLE, AVAILABLE, PENDING]);
}

#[test]
fn an_answer_for_all_counts_where_it_can_and_else_the_most_telling_fault_is_told() {
    // The person answered for the second product already, which still waits for another.
    for (products, second, outcome) in [
        ([&[other_cpf()][..], &[other_cpf(), third_cpf()]], "r-1", Ok(vec![AVAILABLE, PENDING])),
        ([&[other_cpf(), third_cpf()][..], &[other_cpf()]], "r-0", Ok(vec![PENDING, AVAILABLE])),
        ([&[third_cpf()][..], &[other_cpf(), third_cpf()]], "r-1", Err(ApprovalFault::AlreadyAnswered)),
        ([&[other_cpf(), third_cpf()][..], &[third_cpf()]], "r-0", Err(ApprovalFault::AlreadyAnswered)),
    ] {
        let consent = sharing(request(), &products).in_force(now()).unwrap();
        let consent = consent.answer(&other_cpf(), Some(second), true, client()).unwrap().consent;
        let all = answer(consent, &other_cpf(), true).map(|change| at(&change.consent, now()));
        assert_eq!(all, outcome, "{second}");
    }
}

#[test]
fn c60_an_approval_that_does_not_come_in_five_days_closes_the_product() {
    let consent = two_approvers();
    let deadline = now().plus(DAY * 5);
    assert_eq!(at(&consent, deadline.minus(Duration::from_millis(1))), [PENDING, AVAILABLE]);
    assert_eq!(at(&consent, deadline), [CLOSED, AVAILABLE], "unwritten");
    assert_eq!(consent.next_due(), Some(deadline));
    let late = consent.clone().in_force(deadline).unwrap();
    assert_eq!(late.answer(&other_cpf(), None, true, client()).unwrap_err(), ApprovalFault::NothingPending);
    let change = consent.expire(deadline).unwrap();
    assert_eq!((change.audit.action, change.audit.actor), ("consent.approvals_lapsed", Actor::Ponte));
    assert_eq!(change.notices, [NoticeKind::Resources]);
    assert_eq!((at(&change.consent, now()), change.consent.next_due()), (vec![CLOSED, AVAILABLE], None));
}

#[test]
fn the_institution_settles_all_that_wait_at_once() {
    for (yes, status) in [(true, AVAILABLE), (false, CLOSED)] {
        let consent = sharing(request(), &[&[other_cpf()], &[third_cpf()], &[]]);
        let change = consent.in_force(now()).unwrap().settle(yes, client()).unwrap();
        assert_eq!(at(&change.consent, now()), [status, status, AVAILABLE]);
        let again = change.consent.in_force(now()).unwrap().settle(yes, client());
        assert_eq!(again.unwrap_err(), ApprovalFault::NothingPending);
    }
}

#[test]
fn c11_the_customer_is_not_asked_twice() {
    let people = |people: &[Cpf]| people.iter().map(|cpf| Approver::new(cpf.clone(), None)).collect();
    let deadline = now().plus(DAY);
    assert!(Approvals::besides(&customer_cpf(), Vec::new(), deadline).is_none());
    assert!(Approvals::besides(&customer_cpf(), people(&[customer_cpf()]), deadline).is_none());
    let several = people(&[other_cpf(), customer_cpf(), other_cpf()]);
    let approvals = Approvals::besides(&customer_cpf(), several, deadline).unwrap();
    assert_eq!((approvals.approvers().len(), approvals.deadline()), (1, deadline));
    let alone = sharing(request(), &[&[customer_cpf()]]);
    assert_eq!(at(&alone, now()), [AVAILABLE]);
}

#[test]
fn c60_products_go_from_status_to_status_as_the_machine_says() {
    let all = [AVAILABLE, CLOSED, BLOCKED, PENDING];
    let allowed = [
        (AVAILABLE, BLOCKED),
        (AVAILABLE, CLOSED),
        (BLOCKED, AVAILABLE),
        (BLOCKED, CLOSED),
        (PENDING, AVAILABLE),
        (PENDING, BLOCKED),
        (PENDING, CLOSED),
    ];
    for from in all {
        assert_eq!(serde_json::to_value(from).unwrap(), from.as_str(), "one name on the wire and on disk");
        for to in all {
            assert_eq!(from.leads_to(to), allowed.contains(&(from, to)), "{from:?} to {to:?}");
        }
    }
}

#[test]
fn c60_the_institution_says_what_became_of_a_product() {
    let became =
        |id: &str, to| two_approvers().in_force(now()).unwrap().change_resource_status(id, to, client());
    assert_eq!(at(&became("r-1", BLOCKED).unwrap().consent, now()), [PENDING, BLOCKED]);
    assert_eq!(at(&became("r-0", AVAILABLE).unwrap().consent, now()), [AVAILABLE, AVAILABLE]);
    assert_eq!(became("r-1", PENDING).unwrap_err(), ApprovalFault::Status);
    assert_eq!(became("r-9", CLOSED).unwrap_err(), ApprovalFault::UnknownResource);
}

#[test]
fn c60_what_a_discovery_misses_is_gone_for_now_and_never_for_good() {
    let found = |consent: Consent, ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        consent.in_force(now()).unwrap().rediscovered(ResourceKind::Account, &ids, client())
    };
    // r-0 waits for two people, r-1 is available.
    let gone = found(two_approvers(), &[]).unwrap();
    assert_eq!(
        (at(&gone.consent, now()), gone.audit.action),
        (vec![PENDING, BLOCKED], "consent.resources_rediscovered")
    );
    assert!(found(gone.consent.clone(), &[]).is_none(), "a second time changes nothing");
    let back = found(gone.consent, &["r-0", "r-1"]).unwrap();
    assert_eq!(at(&back.consent, now()), [PENDING, AVAILABLE]);
    let closed =
        two_approvers().in_force(now()).unwrap().change_resource_status("r-1", CLOSED, client()).unwrap();
    assert!(found(closed.consent, &["r-0", "r-1"]).is_none(), "closed stays closed");
}
