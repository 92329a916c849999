//! The real consent, driven by the same events and held against the model after each of them.

use crate::consent::{
    Authorisation, Consent, ConsentChange, ConsentFault, ConsentPolicy, ConsentRequest, EffectiveStatus,
    ExtensionRequest, InForce, InstitutionReason, NewConsent, RejectedBy, Rejection, RejectionReason,
    Resource, ResourceStatus,
};
use ponte_authorization::approval::{Approvals, Approver};
use ponte_authorization::search_keys::SearchKeys;
use ponte_ports::audit::Actor;
use ponte_values::{
    ClientId, Cnpj, ConsentId, Cpf, Moment, OrganisationId, Permission, PermissionSet, ResourceKind,
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use super::event::Event;
use super::reference_consent::{End, Model, State, Written};
use super::saw;

/// Plainly invented people; the first is the customer, the last approves nothing.
const PEOPLE: [&str; 5] = ["12345678909", "52998224725", "76109277673", "11144477735", "39053344705"];
const COMPANIES: [&str; 2] = ["11222333000181", "11444777000161"];
const START: i64 = 1_772_366_400_000;

/// The consent and how it ended, once it has.
#[derive(Default)]
pub(super) struct Subject {
    consent: Option<Consent>,
    over: Option<Rejection>,
}

impl StateMachineTest for Subject {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &<Self::Reference as ReferenceStateMachine>::State) -> Self {
        Self::default()
    }

    fn apply(mut subject: Self, model: &Model, event: Event) -> Self {
        // Time has passed already in the model; every other event happens at its time.
        let reply = match event {
            Event::Pass(_) => "done".to_owned(),
            ref event => subject.happen(event, at(model.now)),
        };
        assert_eq!(reply, model.reply, "{event:?} at {}", model.now);
        saw(event.name(), &reply);
        subject
    }

    fn check_invariants(subject: &Self, model: &Model) {
        let (Some(consent), Some(written)) = (&subject.consent, &model.consent) else {
            assert!(subject.consent.is_none() && model.consent.is_none());
            return;
        };
        compare(consent, written, model.now);
        if let Some(over) = subject.over {
            let EffectiveStatus::Rejected(rejection) = consent.at(at(model.now)) else {
                panic!("left a final state")
            };
            assert_eq!(rejection, over);
        }
    }
}

fn at(millis: i64) -> Moment {
    Moment::from_millis(START + millis)
}

fn compare(consent: &Consent, written: &Written, now: i64) {
    let moment = at(now);
    let state = match consent.at(moment) {
        EffectiveStatus::Awaiting => State::Awaiting,
        EffectiveStatus::Authorised(_) => State::Authorised,
        EffectiveStatus::Rejected(rejection) => State::Rejected(End {
            by: rejection.by.as_str(),
            why: rejection.reason.as_str(),
            at: rejection.at.millis() - START,
        }),
    };
    assert_eq!(state, written.at(now));
    assert_eq!(consent.expires_at, written.end.map(at));
    assert_eq!((consent.renewals, consent.version), (written.renewals, written.version));
    assert_eq!(consent.next_due(), written.next_due().map(at));
    let statuses: Vec<String> =
        consent.resources().iter().map(|resource| status_name(resource.at(moment))).collect();
    let expected: Vec<&str> = written.products.iter().map(|product| product.at(now)).collect();
    assert_eq!(statuses, expected);
    // What is due is done by one sweep, and then due no more.
    if consent.next_due().is_some_and(|due| due <= moment) {
        let swept = consent.clone().expire(moment).expect("something is due").consent;
        assert!(swept.next_due().is_none_or(|due| due > moment));
    } else {
        assert!(consent.clone().expire(moment).is_none(), "nothing is due");
    }
    // What is stored reads back the same.
    let stored = serde_json::to_string(consent).unwrap();
    let back: Consent = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), stored);
}

fn status_name(status: ResourceStatus) -> String {
    serde_json::to_value(status).unwrap().as_str().unwrap().to_owned()
}

impl Subject {
    fn happen(&mut self, event: &Event, now: Moment) -> String {
        let decided = match (event, self.consent.clone()) {
            (Event::Create { company, linked, served, ends_in }, _) => {
                let ends_at = ends_in.map(|ends_in| Moment::from_millis(now.millis() + ends_in));
                create(*company, (*linked, *served), ends_at, now).map(Some)
            }
            (event, Some(consent)) => decide(event, consent, now),
            (_, None) => Ok(None),
        };
        match decided {
            Ok(Some(change)) => {
                self.take(change, now);
                "done".to_owned()
            }
            Ok(None) => "nothing".to_owned(),
            Err(fault) => fault_name(fault),
        }
    }

    /// What an accepted change must look like, whatever it is.
    fn take(&mut self, change: ConsentChange, now: Moment) {
        let before = self.consent.as_ref();
        assert_eq!(change.consent.version, before.map_or(0, |consent| consent.version) + 1);
        assert_eq!(change.audit.before.is_some(), before.is_some());
        assert_eq!((change.audit.at, change.audit.subject.as_str()), (now, change.consent.id.as_str()));
        assert_eq!(change.extension.is_some(), change.audit.action == "consent.extended");
        assert_eq!(change.notices.is_empty(), before.is_none(), "others hear of every change but the first");
        assert!(self.over.is_none() || change.audit.action == "consent.expired", "changed after its end");
        if let EffectiveStatus::Rejected(rejection) = change.consent.at(now) {
            self.over = Some(rejection);
        }
        self.consent = Some(change.consent);
    }
}

fn fault_name(fault: ConsentFault) -> String {
    match fault {
        ConsentFault::Extension(fault) => format!("{fault:?}"),
        ConsentFault::Approval(fault) => format!("{fault:?}"),
        fault => format!("{fault:?}"),
    }
}

fn create(
    company: bool,
    (linked, served): (bool, bool),
    ends_at: Option<Moment>,
    now: Moment,
) -> Result<ConsentChange, ConsentFault> {
    let new = NewConsent {
        id: ConsentId::parse("urn:banco:1").unwrap(),
        client: ClientId::parse("client-1").unwrap(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    let request = ConsentRequest {
        logged_user: person(0),
        business: company.then(|| Cnpj::parse(COMPANIES[0]).unwrap()),
        permissions: PermissionSet::of(&[
            Permission::AccountsRead,
            Permission::AccountsBalancesRead,
            Permission::ResourcesRead,
        ]),
        expires_at: ends_at,
        linked,
    };
    Consent::create(new, request, ConsentPolicy { linked: served, ..ConsentPolicy::default() }, now)
}

fn decide(event: &Event, consent: Consent, now: Moment) -> Result<Option<ConsentChange>, ConsentFault> {
    let change = match event {
        Event::Create { .. } | Event::Pass(_) => return Ok(None),
        Event::PrimaryEnds => return Ok(consent.end_with_primary(RejectedBy::Tpp, now)),
        Event::Sweep => return Ok(consent.expire(now)),
        Event::Authorise(products) => consent.authorise(yes(products, now), actor()),
        Event::Refuse => {
            let reason = RejectionReason::CustomerManuallyRejected;
            consent.refuse(Rejection { by: RejectedBy::User, reason, at: now }, actor())
        }
        Event::Revoke(side) => {
            let side = [RejectedBy::User, RejectedBy::Aspsp, RejectedBy::Tpp][*side];
            consent.revoke(side, actor(), now)
        }
        Event::Withdraw(security) => {
            let reason =
                if *security { InstitutionReason::Security } else { InstitutionReason::TechnicalIssue };
            consent.withdraw(reason, actor(), now)
        }
        event => in_force(event, consent.in_force(now)?, now),
    };
    change.map(Some)
}

fn in_force(event: &Event, consent: InForce, now: Moment) -> Result<ConsentChange, ConsentFault> {
    let product = |number: &usize| format!("product-{number}");
    match event {
        Event::ApproverAnswer(who, only, yes) => {
            Ok(consent.answer(&person(*who), only.as_ref().map(product).as_deref(), *yes, actor())?)
        }
        Event::Settle(yes) => Ok(consent.settle(*yes, actor())?),
        Event::Became(number, status) => {
            let status = [
                ResourceStatus::Available,
                ResourceStatus::Unavailable,
                ResourceStatus::TemporarilyUnavailable,
                ResourceStatus::PendingAuthorisation,
            ][*status];
            Ok(consent.change_resource_status(&product(number), status, actor())?)
        }
        Event::Extend { same_person, company, ends_in } => {
            let request = ExtensionRequest {
                logged_user: person(if *same_person { 0 } else { 4 }),
                business: company.map(|same| Cnpj::parse(COMPANIES[usize::from(!same)]).unwrap()),
                expires_at: ends_in.map(|ends_in| Moment::from_millis(now.millis() + ends_in)),
                ip_address: "203.0.113.9".to_owned(),
                user_agent: "agent".to_owned(),
            };
            Ok(consent.extend(request, None, ConsentPolicy::default(), actor())?)
        }
        event => panic!("{event:?} does not need a consent in force"),
    }
}

fn yes(products: &[Vec<usize>], now: Moment) -> Authorisation {
    let deadline = now.plus(ConsentPolicy::default().approval_term);
    let product = |(number, people): (usize, &Vec<usize>)| {
        let people = people.iter().map(|number| Approver::new(person(*number), None)).collect();
        let approvals = Approvals::besides(&person(0), people, deadline);
        let legacy_id = format!(r#"[{{"key":"account","value":"{number}"}}]"#);
        let legacy_id = serde_json::from_str(&legacy_id).unwrap();
        Resource::awaiting(format!("product-{number}"), ResourceKind::Account, legacy_id, approvals)
    };
    let resources = products.iter().enumerate().map(product).collect();
    Authorisation { at: now, subject: "subject".to_owned(), resources }
}

fn person(number: usize) -> Cpf {
    Cpf::parse(PEOPLE[number]).unwrap()
}

fn actor() -> Actor {
    Actor::Channel("interaction".to_owned())
}
