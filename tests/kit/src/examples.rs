//! Example values: a consent and its authorisation, an interaction, a row of the outbox.

use std::time::Duration;

use ponte_authorization::interaction::{Assurance, Interaction, NewInteraction};
use ponte_authorization::search_keys::SearchKeys;
use ponte_authorization::target::Target;
use ponte_data_consent::consent::{
    Authorisation, Consent, ConsentChange, ConsentPolicy, ConsentRequest, NewConsent, Resource,
    ResourceStatus,
};
use ponte_ports::outbox::OutboxRow;
use ponte_values::{
    ClientId, ConsentId, Cpf, InstitutionId, Moment, OrganisationId, Permission, PermissionSet, ResourceKind,
};

/// The institution.
#[must_use]
pub fn institution() -> InstitutionId {
    InstitutionId::parse("banco").unwrap()
}

/// The time at which tests run.
#[must_use]
pub fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00.250Z").unwrap()
}

/// A client.
#[must_use]
pub fn client_id() -> ClientId {
    ClientId::parse("client-1").unwrap()
}

/// The id of its consent.
#[must_use]
pub fn consent_id() -> ConsentId {
    ConsentId::parse("urn:banco:1").unwrap()
}

/// A consent just created.
#[must_use]
pub fn created() -> ConsentChange {
    created_as(consent_id(), now())
}

/// The same under another id and at another time.
#[must_use]
pub fn created_as(id: ConsentId, at: Moment) -> ConsentChange {
    let new = NewConsent {
        id,
        client: client_id(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    created_for(new, "12345678909", at)
}

/// A consent of this client, just created for the person of a CPF: accounts with their balances, without an end.
#[must_use]
pub fn created_for(new: NewConsent, cpf: &str, at: Moment) -> ConsentChange {
    let request = ConsentRequest {
        logged_user: Cpf::parse(cpf).unwrap(),
        business: None,
        permissions: PermissionSet::of(&[
            Permission::AccountsRead,
            Permission::AccountsBalancesRead,
            Permission::ResourcesRead,
        ]),
        expires_at: None,
        linked: false,
    };
    Consent::create(new, request, ConsentPolicy::default(), at).unwrap()
}

/// The authorisation of one account.
#[must_use]
pub fn authorisation() -> Authorisation {
    let legacy_id = r#"[{"key":"accountId","value":"0001-00012345"}]"#;
    Authorisation {
        at: now().plus(Duration::from_mins(1)),
        subject: "subject".to_owned(),
        resources: vec![Resource::new(
            "resource-1".to_owned(),
            ResourceKind::Account,
            ResourceStatus::Available,
            serde_json::from_str(legacy_id).unwrap(),
        )]
        .into(),
    }
}

/// An interaction just begun, under an id to be told apart by.
#[must_use]
pub fn interaction(id: &str) -> Interaction {
    let new = NewInteraction {
        target: Target::consent(consent_id()),
        linked: None,
        assurance: Assurance::Loa2,
        client: client_id(),
        client_name: "Receptora Exemplo".to_owned(),
        redirect_uri: "https://receptora.example/cb".to_owned(),
        request_uri: "urn:ietf:params:oauth:request_uri:1".to_owned(),
        arrival_key: "key".to_owned(),
    };
    let mut interaction = Interaction::start(new, now());
    id.clone_into(&mut interaction.id);
    interaction
}

/// A row of the outbox.
#[must_use]
pub fn row(id: &str, at: Moment) -> OutboxRow {
    OutboxRow {
        id: id.to_owned(),
        at,
        path: "/report-api/v1/private/report",
        body: format!("{{\"id\":\"{id}\"}}"),
    }
}
