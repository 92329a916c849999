//! A real DynamoDB in this process, with the tables of the template, and things to store in it.

use std::net::SocketAddr;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use ponte_authorization::interaction::{Assurance, Interaction, NewInteraction};
use ponte_authorization::target::Target;
use ponte_data_consent::consent::{
    Authorisation, Consent, ConsentChange, ConsentPolicy, ConsentRequest, NewConsent, Resource,
    ResourceStatus, SearchKeys,
};
use ponte_ports::outbox::OutboxRow;
use ponte_values::{
    ClientId, ConsentId, Cpf, Institution, Moment, OrganisationId, Permission, PermissionSet, ResourceKind,
};
use tokio::net::TcpListener;

use super::Dynamo;
use super::item::{Item, key};
use crate::testing::{aws_at, lossy};

pub(crate) struct Database {
    address: SocketAddr,
    pub(crate) client: Client,
    pub(crate) dynamo: Dynamo,
}

impl Database {
    /// Starts an empty one; it ends with the runtime of the test.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
        let client = aws_at(&format!("http://{address}")).dynamodb();
        for table in ["consents", "interactions", "grants", "clients", "outbox", "pcm", "audit", "api-keys"] {
            let (indexes, projection): (&[IndexKeys], _) = match table {
                "consents" => (CONSENT_INDEXES, ProjectionType::KeysOnly),
                "audit" => (&[AUDIT_INDEX], ProjectionType::All),
                _ => (&[], ProjectionType::All),
            };
            create(&client, table, indexes, projection).await;
        }
        Self { address, dynamo: Dynamo::new(client.clone(), &institution()), client }
    }

    /// The same database, some of whose replies are lost; `swallow` names them by the number of the exchange.
    pub(crate) async fn losing(&self, swallow: impl Fn(usize) -> bool + Send + Sync + 'static) -> Dynamo {
        let proxy = lossy(self.address, swallow).await;
        Dynamo::new(aws_at(&format!("http://{proxy}")).dynamodb(), &institution())
    }

    /// How many items a table has, whatever their size.
    pub(crate) async fn count(&self, table: &str) -> usize {
        let mut pages = self.client.scan().table_name(table).into_paginator().send();
        let mut count = 0;
        while let Some(page) = pages.next().await {
            count += usize::try_from(page.unwrap().count).unwrap();
        }
        count
    }

    /// Every item of a table.
    pub(crate) async fn items(&self, table: &str) -> Vec<Item> {
        self.client.scan().table_name(table).send().await.unwrap().items.unwrap()
    }

    pub(crate) async fn item(&self, table: &str, pk: &str, sk: &str) -> Option<Item> {
        let request = self.client.get_item().table_name(table);
        request.set_key(Some(key(pk.to_owned(), sk))).send().await.unwrap().item
    }
}

/// Name, partition key and sort key of an index.
pub(crate) type IndexKeys = (&'static str, &'static str, &'static str);

pub(crate) const CONSENT_INDEXES: &[IndexKeys] =
    &[("by-person", "gsi1pk", "gsi1sk"), ("by-company", "gsi2pk", "gsi2sk"), ("due", "duepk", "due")];

/// The index of the audit rows; its sort key is that of the table.
pub(crate) const AUDIT_INDEX: IndexKeys = ("by-subject", "subjectpk", "sk");

async fn create(client: &Client, table: &str, indexes: &[IndexKeys], projection: ProjectionType) {
    let attribute = |name: &str| {
        let attribute = AttributeDefinition::builder().attribute_name(name);
        attribute.attribute_type(ScalarAttributeType::S).build().unwrap()
    };
    let schema = |name: &str, kind: KeyType| {
        KeySchemaElement::builder().attribute_name(name).key_type(kind).build().unwrap()
    };
    let mut request = client
        .create_table()
        .table_name(table)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk"))
        .attribute_definitions(attribute("sk"))
        .key_schema(schema("pk", KeyType::Hash))
        .key_schema(schema("sk", KeyType::Range));
    for (name, pk, sk) in indexes {
        let index = GlobalSecondaryIndex::builder()
            .index_name(*name)
            .key_schema(schema(pk, KeyType::Hash))
            .key_schema(schema(sk, KeyType::Range))
            .projection(Projection::builder().projection_type(projection.clone()).build());
        request =
            request.attribute_definitions(attribute(pk)).global_secondary_indexes(index.build().unwrap());
        // Every attribute is defined once; the sort key of the table is already.
        if *sk != "sk" {
            request = request.attribute_definitions(attribute(sk));
        }
    }
    request.send().await.unwrap();
}

pub(crate) fn institution() -> Institution {
    Institution::parse("banco").unwrap()
}

pub(crate) fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00.250Z").unwrap()
}

pub(crate) fn client_id() -> ClientId {
    ClientId::parse("client-1").unwrap()
}

pub(crate) fn consent_id() -> ConsentId {
    ConsentId::parse("urn:banco:1").unwrap()
}

/// A consent just created.
pub(crate) fn created() -> ConsentChange {
    created_as(consent_id(), now())
}

/// The same under another id and at another time.
pub(crate) fn created_as(id: ConsentId, at: Moment) -> ConsentChange {
    let new = NewConsent {
        id,
        client: client_id(),
        organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    let request = ConsentRequest {
        logged_user: Cpf::parse("12345678909").unwrap(),
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

/// What the customer decided: one account.
pub(crate) fn authorisation() -> Authorisation {
    let legacy_id = r#"[{"key":"accountId","value":"0001-00012345"}]"#;
    Authorisation {
        at: now().plus(Duration::from_mins(1)),
        subject: "subject".to_owned(),
        resources: vec![Resource::new(
            "resource-1".to_owned(),
            ResourceKind::Account,
            ResourceStatus::Available,
            serde_json::from_str(legacy_id).unwrap(),
        )],
    }
}

/// A visit just begun.
pub(crate) fn visit(id: &str) -> Interaction {
    let new = NewInteraction {
        id: id.to_owned(),
        target: Target::consent(consent_id()),
        linked: None,
        assurance: Assurance::Loa2,
        client: client_id(),
        client_name: "Receptora Exemplo".to_owned(),
        redirect_uri: "https://receptora.example/cb".to_owned(),
        request_uri: "urn:ietf:params:oauth:request_uri:1".to_owned(),
    };
    Interaction::start(new, now())
}

pub(crate) fn row(id: &str, at: Moment) -> OutboxRow {
    OutboxRow {
        id: id.to_owned(),
        at,
        path: "/report-api/v1/private/report",
        body: format!("{{\"id\":\"{id}\"}}"),
    }
}
