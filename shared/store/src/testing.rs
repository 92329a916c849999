//! A real DynamoDB in this process, with the tables of the template.

mod contract;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TimeToLiveSpecification,
};
use ponte_cloud::aws::Aws;
use ponte_cloud::env::Settings as _;
use ponte_kit::aws::variables;
use ponte_kit::examples::institution;
use ponte_kit::intermediary::{Exchange, Intermediary};
use ponte_kit::stub::Reply;
use ponte_values::Moment;
use tokio::net::TcpListener;

use crate::consents::{ConsentTable, PaymentConsentTable};
use crate::dynamo::Dynamo;
use crate::item::{Item, key};
use crate::payments::{PaymentTable, PaymentTables};
use crate::trail::TrailTables;

/// The clock by which a database cleans up.
pub(crate) struct TableClock(AtomicU64);

impl TableClock {
    pub(crate) fn at(now: Moment) -> Arc<Self> {
        Arc::new(Self(AtomicU64::new(now.seconds().unsigned_abs())))
    }

    pub(crate) fn set(&self, now: Moment) {
        self.0.store(now.seconds().unsigned_abs(), Ordering::Relaxed);
    }
}

impl dynoxide::storage_backend::Clock for TableClock {
    fn now_unix_secs(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn now_unix_secs_f64(&self) -> f64 {
        std::time::Duration::from_secs(self.now_unix_secs()).as_secs_f64()
    }
}

pub(crate) struct Database {
    address: SocketAddr,
    engine: dynoxide::Database,
    pub(crate) client: Client,
    pub(crate) dynamo: Dynamo,
}

impl Database {
    /// Starts an empty one; it ends with the runtime of the test.
    pub(crate) async fn start() -> Self {
        Self::serve(dynoxide::Database::memory().unwrap()).await
    }

    /// The same by a clock of its own.
    pub(crate) async fn start_with(clock: Arc<TableClock>) -> Self {
        Self::serve(dynoxide::Database::memory_with_clock(clock).unwrap()).await
    }

    async fn serve(engine: dynoxide::Database) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(dynoxide::server::serve_on(listener, engine.clone()));
        let client = aws_at(&format!("http://{address}")).dynamodb();
        for table in [
            "consents",
            "interactions",
            "grants",
            "clients",
            "block-list",
            "outbox",
            "pcm",
            "audit",
            "seals",
            "api-keys",
            "layer",
            "limits",
            "certificates",
            "operations",
            "quality",
            "resources",
            "payment-consents",
            "payments",
        ] {
            let (indexes, projection): (&[IndexKeys], _) = match table {
                "consents" | "payment-consents" => (CONSENT_INDEXES, ProjectionType::KeysOnly),
                "payments" => (PAYMENT_INDEXES, ProjectionType::KeysOnly),
                "audit" => (&[AUDIT_INDEX], ProjectionType::All),
                "operations" => (&[OPERATION_INDEX], ProjectionType::All),
                _ => (&[], ProjectionType::All),
            };
            create(&client, table, indexes, projection).await;
        }
        Self { address, engine, dynamo: Dynamo::new(client.clone(), &institution()), client }
    }

    /// From now on items of the table may be cleaned away after the moment in this attribute.
    pub(crate) async fn clean_by(&self, table: &str, attribute: &str) {
        let by = TimeToLiveSpecification::builder().enabled(true).attribute_name(attribute).build().unwrap();
        let request = self.client.update_time_to_live().table_name(table);
        request.time_to_live_specification(by).send().await.unwrap();
    }

    /// Cleans up as the service does now and then.
    pub(crate) async fn clean(&self) {
        let engine = self.engine.clone();
        tokio::task::spawn_blocking(move || engine.sweep_ttl()).await.unwrap().unwrap();
    }

    /// The same database, some of whose replies are lost; `swallow` names them by the number of the exchange.
    pub(crate) async fn losing(&self, swallow: impl Fn(usize) -> bool + Send + Sync + 'static) -> Dynamo {
        let lose = move |number, _: &_| if swallow(number) { Exchange::Lose } else { Exchange::Pass };
        let between = Intermediary::before(self.address, lose).await;
        Dynamo::new(aws_at(&between.url()).dynamodb(), &institution())
    }

    /// The same database behind one that answers the first exchanges with this fault and does nothing.
    pub(crate) async fn answering(&self, first: usize, status: u16, fault: &'static str) -> Dynamo {
        let body =
            format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{fault}","message":"on purpose"}}"#);
        self.disturbed(move |number| (number < first).then(|| Reply::json(status, body.clone()))).await
    }

    /// The same database behind one that answers some exchanges itself and does nothing then.
    pub(crate) async fn disturbed(
        &self,
        answer: impl Fn(usize) -> Option<Reply> + Send + Sync + 'static,
    ) -> Dynamo {
        let answer = move |number, _: &_| answer(number).map_or(Exchange::Pass, Exchange::Answer);
        let between = Intermediary::before(self.address, answer).await;
        Dynamo::new(aws_at(&between.url()).dynamodb(), &institution())
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

pub(crate) const CONSENT_INDEXES: &[IndexKeys] = &[
    ("by-person", "gsi1pk", "gsi1sk"),
    ("by-company", "gsi2pk", "gsi2sk"),
    ("by-creation", "gsi3pk", "gsi3sk"),
    ("due", "duepk", "due"),
];

pub(crate) const PAYMENT_INDEXES: &[IndexKeys] = &[
    ("by-creation", "createdpk", "place"),
    ("by-day", "daypk", "place"),
    ("by-core", "corepk", "sk"),
    ("due", "duepk", "due"),
];

/// The index of the audit rows; its sort key is that of the table.
pub(crate) const AUDIT_INDEX: IndexKeys = ("by-subject", "subjectpk", "sk");

/// The index of the operations.
pub(crate) const OPERATION_INDEX: IndexKeys = ("by-day", "daypk", "daysk");

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
        .key_schema(schema("pk", KeyType::Hash))
        .key_schema(schema("sk", KeyType::Range));
    for (name, pk, sk) in indexes {
        let index = GlobalSecondaryIndex::builder()
            .index_name(*name)
            .key_schema(schema(pk, KeyType::Hash))
            .key_schema(schema(sk, KeyType::Range))
            .projection(Projection::builder().projection_type(projection.clone()).build());
        request = request.global_secondary_indexes(index.build().unwrap());
    }
    // Every attribute is defined once, whichever indexes share it.
    let keys = indexes.iter().flat_map(|(_, pk, sk)| [*pk, *sk]);
    for name in keys.chain(["pk", "sk"]).collect::<BTreeSet<_>>() {
        request = request.attribute_definitions(attribute(name));
    }
    request.send().await.unwrap();
}

/// SDK clients that call `endpoint`, made the way a function makes them.
pub(crate) fn aws_at(endpoint: &str) -> Aws {
    Aws::read_from(&variables(endpoint)).unwrap()
}

/// The table of the consents with those that a commit writes besides.
pub(crate) fn consent_table(dynamo: &Dynamo) -> ConsentTable {
    ConsentTable::committing(dynamo, "consents", trail_tables()).deciding("interactions")
}

/// The same of the payment consents.
pub(crate) fn payment_consent_table(dynamo: &Dynamo) -> PaymentConsentTable {
    PaymentConsentTable::committing(dynamo, "payment-consents", trail_tables()).deciding("interactions")
}

/// The payments with all that they are written with.
pub(crate) fn payment_table(dynamo: &Dynamo) -> PaymentTable {
    let (payments, consents) = ("payments".to_owned(), "payment-consents".to_owned());
    PaymentTable::new(dynamo, PaymentTables { payments, consents, trail: trail_tables() })
}

fn trail_tables() -> TrailTables {
    TrailTables { outbox: "outbox".to_owned(), audit: "audit".to_owned() }
}
