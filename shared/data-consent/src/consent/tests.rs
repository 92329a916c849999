//! Rules C02 to C41 on the consent itself.

mod approval;
mod authority;
mod cleaning;
mod expiry;
mod extension;
mod histories;
mod lifetime;
mod removal;

use std::time::Duration;

use ponte_values::{
    ClientId, Cnpj, ConsentId, Cpf, InstitutionId, Moment, OrganisationId, Permission, PermissionSet,
    ResourceKind,
};

use super::*;
use crate::groups::{PermissionFault, Products};
use ponte_authorization::approval::{Approvals, Approver};
use ponte_authorization::search_keys::SearchKeys;
use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_ports::outbox::NoticeKind;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn request() -> ConsentRequest {
    ConsentRequest {
        logged_user: Cpf::parse("12345678909").unwrap(),
        business: None,
        permissions: PermissionSet::of(&[
            Permission::AccountsRead,
            Permission::AccountsBalancesRead,
            Permission::ResourcesRead,
        ]),
        expires_at: None,
        linked: false,
    }
}

fn create(request: ConsentRequest) -> Result<Consent, ConsentFault> {
    create_under(ConsentPolicy { linked: true, ..ConsentPolicy::default() }, request)
}

fn create_under(policy: ConsentPolicy, request: ConsentRequest) -> Result<Consent, ConsentFault> {
    let institution = InstitutionId::parse("banco").unwrap();
    let new = NewConsent {
        id: ConsentId::mint(&institution, "1").unwrap(),
        client: ClientId::parse("client-1").unwrap(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    Consent::create(new, request, policy, now()).map(|change| change.consent)
}

fn authorisation(at: Moment) -> Authorisation {
    Authorisation { at, subject: "sub".to_owned(), resources: Vec::new().into() }
}

fn customer() -> Actor {
    Actor::Channel("interaction".to_owned())
}

fn client() -> Actor {
    Actor::Client("client-1".to_owned())
}

fn customer_cpf() -> Cpf {
    Cpf::parse("12345678909").unwrap()
}

fn other_cpf() -> Cpf {
    Cpf::parse("52998224725").unwrap()
}

fn authorised(request: ConsentRequest) -> Consent {
    create(request).unwrap().authorise(authorisation(now()), customer()).unwrap().consent
}

/// An authorised consent with products `r-0`, `r-1` and so on, each with those who must agree.
fn sharing(request: ConsentRequest, products: &[&[Cpf]]) -> Consent {
    let product = |(number, people): (usize, &&[Cpf])| {
        let people = people.iter().map(|cpf| Approver::new(cpf.clone(), None)).collect();
        let deadline = now().plus(ConsentPolicy::default().approval_term);
        let approvals = Approvals::besides(&customer_cpf(), people, deadline);
        let legacy_id: LegacyId = serde_json::from_str("[]").unwrap();
        Resource::awaiting(format!("r-{number}"), ResourceKind::Account, legacy_id, approvals)
    };
    let resources = products.iter().enumerate().map(product).collect();
    let authorisation = Authorisation { resources, ..authorisation(now()) };
    create(request).unwrap().authorise(authorisation, customer()).unwrap().consent
}

#[test]
fn c03_awaits_sixty_minutes_and_then_is_rejected_unwritten() {
    let consent = create(request()).unwrap();
    assert_eq!(
        consent.at(now().plus(Duration::from_millis(3_599_999))).status(),
        ConsentStatus::AwaitingAuthorisation
    );
    let EffectiveStatus::Rejected(rejection) = consent.at(now().plus(HOUR)) else { panic!("still waiting") };
    assert_eq!((rejection.by, rejection.reason), (RejectedBy::Aspsp, RejectionReason::ConsentExpired));
    assert_eq!(rejection.at, now().plus(HOUR));
    assert_eq!(
        consent.authorise(authorisation(now().plus(HOUR)), customer()).unwrap_err(),
        ConsentFault::NotAwaiting
    );
}

#[test]
fn c04_an_authorised_consent_ends_at_its_date() {
    let end = now().plus(24 * HOUR);
    let consent = create(ConsentRequest { expires_at: Some(end), ..request() }).unwrap();
    let consent = consent.authorise(authorisation(now()), customer()).unwrap().consent;
    assert_eq!(consent.version, 2);
    assert_eq!(consent.at(now().plus(23 * HOUR)).status(), ConsentStatus::Authorised);
    let EffectiveStatus::Rejected(rejection) = consent.at(end) else { panic!("still authorised") };
    assert_eq!(rejection.reason, RejectionReason::ConsentMaxDateReached);
}

#[test]
fn c07_no_date_is_an_indefinite_term() {
    let consent = create(request()).unwrap().authorise(authorisation(now()), customer()).unwrap().consent;
    assert_eq!(consent.at(now().plus(HOUR * 24 * 3650)).status(), ConsentStatus::Authorised);
}

#[test]
fn c08_the_date_lies_ahead_and_within_the_ceiling() {
    for end in [now(), Moment::from_seconds(0), now().plus(HOUR * 24 * 367)] {
        let refused = create(ConsentRequest { expires_at: Some(end), ..request() });
        assert_eq!(refused.unwrap_err(), ConsentFault::ExpirationDate);
    }
    let last = now().plus(HOUR * 24 * 366);
    for end in [now().plus(Duration::from_millis(1)), last] {
        assert_eq!(
            create(ConsentRequest { expires_at: Some(end), ..request() }).unwrap().expires_at,
            Some(end)
        );
    }
}

#[test]
fn c10_revoking_names_the_reason_and_happens_once() {
    let waiting = create(request()).unwrap();
    let actor = || Actor::Client("client-1".to_owned());
    let change = waiting.clone().revoke(RejectedBy::User, actor(), now()).unwrap();
    assert_eq!(change.audit.reason.as_deref(), Some("CUSTOMER_MANUALLY_REJECTED"));
    let authorised = waiting.authorise(authorisation(now()), customer()).unwrap().consent;
    let change = authorised.revoke(RejectedBy::User, actor(), now()).unwrap();
    assert_eq!(change.audit.reason.as_deref(), Some("CUSTOMER_MANUALLY_REVOKED"));
    assert_eq!((change.audit.before, change.audit.after), (Some("AUTHORISED"), "REJECTED"));
    assert_eq!(
        change.consent.revoke(RejectedBy::User, actor(), now()).unwrap_err(),
        ConsentFault::AlreadyRejected
    );
}

#[test]
fn c02_rejected_is_final() {
    let rejection =
        Rejection { by: RejectedBy::User, reason: RejectionReason::CustomerManuallyRejected, at: now() };
    let consent = create(request()).unwrap().refuse(rejection, customer()).unwrap().consent;
    assert_eq!(consent.clone().refuse(rejection, customer()).unwrap_err(), ConsentFault::NotAwaiting);
    assert_eq!(consent.authorise(authorisation(now()), customer()).unwrap_err(), ConsentFault::NotAwaiting);
}

#[test]
fn the_stored_form_reads_back_equal() {
    let legacy_id: LegacyId = serde_json::from_str(r#"[{"key":"branch","value":"0001"}]"#).unwrap();
    let (kind, status) = (ResourceKind::Account, ResourceStatus::Available);
    let resource = Resource::new("r-1".to_owned(), kind, status, legacy_id);
    let authorisation = Authorisation { resources: vec![resource].into(), ..authorisation(now()) };
    let consent = create(request()).unwrap().authorise(authorisation, customer()).unwrap().consent;
    let json = serde_json::to_string(&consent).unwrap();
    let back: Consent = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), json);
    assert!(json.contains(r#""state":{"AUTHORISED""#));
}

#[test]
fn s20_a_consent_names_the_person_and_the_company_or_none() {
    let consent = create(request()).unwrap();
    let (person, other) = (Cpf::parse("12345678909").unwrap(), Cpf::parse("52998224725").unwrap());
    let company = Cnpj::parse("11222333000181").unwrap();
    assert!(consent.names(&person, None));
    assert!(!consent.names(&other, None) && !consent.names(&person, Some(&company)));
    let consent = create(ConsentRequest { business: Some(company.clone()), ..request() }).unwrap();
    assert!(consent.names(&person, Some(&company)) && !consent.names(&person, None));
}

#[test]
fn c23_what_is_not_offered_is_not_granted() {
    let accounts = request().permissions;
    let cards = PermissionSet::of(&[
        Permission::CreditCardsAccountsRead,
        Permission::CreditCardsAccountsLimitsRead,
        Permission::ResourcesRead,
    ]);
    let both = ConsentRequest { permissions: accounts.union(cards), ..request() };
    let policy = ConsentPolicy { products: Products::parse("accounts").unwrap(), ..ConsentPolicy::default() };
    assert_eq!(create_under(policy, both).unwrap().permissions, accounts);
    let only_cards = ConsentRequest { permissions: cards, ..request() };
    assert_eq!(create_under(policy, only_cards).unwrap_err(), ConsentFault::NothingFunctional);
}

#[test]
fn c40_a_linked_consent_asks_for_balances_and_limits_where_journeys_are_served() {
    let linked = ConsentRequest { linked: true, ..request() };
    assert!(create(linked.clone()).unwrap().linked);
    let refused = create_under(ConsentPolicy::default(), linked.clone());
    assert_eq!(refused.unwrap_err(), ConsentFault::LinkedNotServed);
    let statements = PermissionSet::of(&[Permission::AccountsTransactionsRead]).union(linked.permissions);
    let refused = create(ConsentRequest { permissions: statements, ..linked });
    assert_eq!(refused.unwrap_err(), ConsentFault::Permissions(PermissionFault::NotWholeGroups));
}

#[test]
fn c40_a_decision_names_the_primary() {
    let primary = ConsentId::parse("urn:banco:primary").unwrap();
    let decided = |linked| {
        let consent = create(ConsentRequest { linked, ..request() }).unwrap();
        let change = consent.authorise(authorisation(now()), customer()).unwrap();
        change.with_link(primary.clone()).consent.link_id
    };
    assert_eq!(decided(true), Some(primary.clone()));
    assert_eq!(decided(false), None);
}

#[test]
fn c41_the_secondary_ends_with_its_primary_and_may_end_alone() {
    let linked = || authorised(ConsentRequest { linked: true, ..request() });
    let change = linked().end_with_primary(RejectedBy::User, now()).unwrap();
    assert_eq!(change.audit.action, "consent.ended_with_primary");
    assert_eq!(change.audit.reason.as_deref(), Some("CUSTOMER_MANUALLY_REVOKED"));
    assert!(change.consent.end_with_primary(RejectedBy::User, now()).is_none());
    assert!(authorised(request()).end_with_primary(RejectedBy::User, now()).is_none());
    assert!(linked().revoke(RejectedBy::User, client(), now()).is_ok());
}

#[test]
fn c04_the_institution_ends_a_consent_of_its_own_accord() {
    for (reason, code) in [
        (InstitutionReason::Security, "INTERNAL_SECURITY_REASON"),
        (InstitutionReason::TechnicalIssue, "CONSENT_TECHNICAL_ISSUE"),
    ] {
        for consent in [create(request()).unwrap(), authorised(request())] {
            let change = consent.withdraw(reason, Actor::Ponte, now()).unwrap();
            assert_eq!(change.audit.reason.as_deref(), Some(code));
            let again = change.consent.withdraw(reason, Actor::Ponte, now());
            assert_eq!(again.unwrap_err(), ConsentFault::AlreadyRejected);
        }
    }
}

#[test]
fn c06_an_end_takes_a_note_of_140_characters_and_nothing_else_does() {
    for wrong in ["", " x", "x ", "a\nb", &"x".repeat(141)] {
        assert!(Note::parse(wrong).is_err(), "{wrong:?}");
    }
    let note = Note::parse(&"x".repeat(140)).unwrap();
    assert_eq!(note.as_str(), "x".repeat(140));
    let change = authorised(request()).revoke(RejectedBy::Aspsp, customer(), now()).unwrap();
    let stored = serde_json::to_string(&change.with_note(Some(note.clone())).consent).unwrap();
    let back: Consent = serde_json::from_str(&stored).unwrap();
    assert_eq!(back.note(), Some(&note));
    let yes = create(request()).unwrap().authorise(authorisation(now()), customer()).unwrap();
    assert_eq!(yes.with_note(Some(note)).consent.note(), None);
}

#[test]
fn c05_an_interaction_that_came_to_nothing_leaves_the_consent_as_it_was() {
    // Errors and timeouts are no transitions: until the hour is over the same consent can be tried again.
    let consent = create(request()).unwrap();
    let last = now().plus(Duration::from_millis(3_599_999));
    let yes = consent.authorise(authorisation(last), customer()).unwrap().consent;
    assert_eq!((yes.status_updated_at, yes.created_at), (last, now()), "the status is as old as the yes");
}

#[test]
fn c06_an_end_keeps_what_was_decided_and_old_ends_still_read() {
    let consent = sharing(request(), &[&[other_cpf()], &[]]);
    let ended = consent.revoke(RejectedBy::User, customer(), now()).unwrap().consent;
    assert!(ended.resources().is_empty(), "nothing may be read any more");
    let stored = serde_json::to_string(&ended).unwrap();
    let back: Consent = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), stored);
    let had: Vec<&str> = back.authorisation().unwrap().resources.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(had, ["r-0", "r-1"]);
    let refused = create(request()).unwrap().revoke(RejectedBy::User, customer(), now()).unwrap().consent;
    assert!(refused.authorisation().is_none());
    // As ends were stored before.
    let mut old: serde_json::Value = serde_json::from_str(&stored).unwrap();
    old["state"]["REJECTED"].as_object_mut().unwrap().remove("authorisation");
    let old: Consent = serde_json::from_str(&old.to_string()).unwrap();
    assert!(old.authorisation().is_none() && matches!(old.at(now()), EffectiveStatus::Rejected(_)));
}
