//! Rules C02 to C10 on the consent itself.

use ponte_values::Institution;

use super::*;

const HOUR: Duration = Duration::from_hours(1);

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
    }
}

fn create(request: ConsentRequest) -> Result<Consent, ConsentFault> {
    let institution = Institution::parse("banco").unwrap();
    let new = NewConsent {
        id: ConsentId::mint(&institution, "1").unwrap(),
        client: ClientId::parse("client-1").unwrap(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
    };
    Consent::create(new, request, ConsentPolicy::default(), now()).map(|change| change.consent)
}

fn authorisation(at: Moment) -> Authorisation {
    Authorisation { at, subject: "sub".to_owned(), resources: Vec::new() }
}

fn customer() -> Actor {
    Actor::Channel("interaction".to_owned())
}

#[test]
fn c03_awaits_sixty_minutes_and_then_is_rejected_unwritten() {
    let consent = create(request()).unwrap();
    assert_eq!(
        consent.at(now().plus(Duration::from_millis(3_599_999))).status(),
        ConsentStatus::AwaitingAuthorisation
    );
    let Standing::Rejected(rejection) = consent.at(now().plus(HOUR)) else { panic!("still waiting") };
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
    let Standing::Rejected(rejection) = consent.at(end) else { panic!("still authorised") };
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
}

#[test]
fn c10_revoking_names_the_reason_and_happens_once() {
    let waiting = create(request()).unwrap();
    let actor = || Actor::Client("client-1".to_owned());
    let change = waiting.clone().revoke(RejectedBy::User, actor(), now()).unwrap();
    assert_eq!(change.audit.reason, Some("CUSTOMER_MANUALLY_REJECTED"));
    let authorised = waiting.authorise(authorisation(now()), customer()).unwrap().consent;
    let change = authorised.revoke(RejectedBy::User, actor(), now()).unwrap();
    assert_eq!(change.audit.reason, Some("CUSTOMER_MANUALLY_REVOKED"));
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
    let resource = Resource {
        id: "r-1".to_owned(),
        kind: ResourceKind::Account,
        status: ResourceStatus::Available,
        legacy_id,
    };
    let authorisation = Authorisation { resources: vec![resource], ..authorisation(now()) };
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
