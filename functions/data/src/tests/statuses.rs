//! Every status of the layer and what becomes of it outside: the table of `docs/integration-layer.md`, walked row by row.

use std::sync::Arc;
use std::time::Duration;

use ponte_catalog::accounts;
use ponte_edge::Refusal;
use ponte_kit::breakers::BreakersInMemory;
use ponte_kit::stub::{self, Stub};
use ponte_outbound::http::{self, Trust};
use ponte_outbound::institution::{Breaker, IntegrationLayer, Means, STATUSES, StatusRow, Way};
use ponte_ports::{InstitutionFault, Limit, PortError};
use ponte_values::{InstitutionId, SecretText};

use super::world::{Reply, World};

/// The row that is asked by, one that every status is printed for.
const PATH: &str = "/open-banking/accounts/v2/accounts/public-1/balances";
const CODED: &str = r#"{"errors":[{"code":"RECURSO_DE_OUTRO_CLIENTE","title":"t","detail":"d"}]}"#;

/// A layer that answers with the status in the operation's stead, over HTTP as on AWS.
async fn answering(status: u16, body: &'static str) -> Stub {
    Stub::start(move |_, _| stub::Reply::json(status, body)).await
}

async fn asked(stub: &Stub) -> Reply {
    let (clock, shared) =
        (Arc::new(ponte_kit::clock::ManualClock::default()), Arc::<BreakersInMemory>::default());
    let client = http::client(&Trust::webpki(), None).unwrap();
    let way = Way::over_http(client, stub.url(), clock.clone());
    let breaker = Breaker::new("environment".to_owned(), shared, clock.clone());
    let credential = SecretText::from("credential".to_owned());
    let brand = InstitutionId::parse("banco").unwrap();
    let layer = IntegrationLayer::new(way, credential, brand, breaker, clock);
    World::asking(Arc::new(layer)).get(PATH, "").await
}

/// What a participant gets for it.
fn outside(row: &StatusRow, coded: bool) -> (i64, &'static str) {
    match row.means {
        Means::Answer => (200, ""),
        Means::Unknown => (404, "NAO_ENCONTRADO"),
        Means::Refused if coded => (422, "ERRO_NAO_MAPEADO"),
        Means::Limited(Limit::Operational) => (423, "LIMITE_OPERACIONAL_EXCEDIDO"),
        Means::Limited(Limit::Traffic) => (429, "LIMITE_TRAFEGO_EXCEDIDO"),
        Means::Overloaded => (529, "SOBRECARGA"),
        Means::Silence => (504, "TEMPO_ESGOTADO"),
        // Balances are no discovery.
        Means::NotReady | Means::Refused | Means::Fault => (500, "ERRO_INTERNO"),
    }
}

fn ends(row: &StatusRow) -> Vec<u16> {
    // HTTP carries no answer with 1xx alone, and no body with 204 and 304.
    let (first, last) = (*row.statuses.start(), *row.statuses.end());
    let mut both = vec![first, last];
    both.dedup();
    both.retain(|status| *status >= 200);
    both
}

#[tokio::test]
async fn t63_every_status_of_the_layer_becomes_what_the_table_says() {
    for row in STATUSES {
        for status in ends(row) {
            for body in [CODED, "<html>Erro 76109277673</html>"] {
                let body = if row.means == Means::Answer {
                    r#"{"data":{"a":1},"meta":{"totalRecords":1}}"#
                } else {
                    body
                };
                let stub = answering(status, body).await;
                let reply = asked(&stub).await;
                let wanted = outside(row, body == CODED);
                assert_eq!((reply.status, reply.code()), wanted, "{status} {body}");
                assert!(!reply.body.to_string().contains("76109277673"), "{status}");
                assert_eq!(stub.heads().len(), 1, "{status} is an answer and not asked again");
            }
        }
    }
}

#[test]
fn t63_no_row_answers_with_a_status_that_its_file_does_not_print() {
    let faults: [fn() -> InstitutionFault; 8] = [
        || InstitutionFault::NotFound,
        || InstitutionFault::Refused("RECURSO_DE_OUTRO_CLIENTE".to_owned()),
        || InstitutionFault::Limited(Limit::Operational, None),
        || InstitutionFault::Limited(Limit::Traffic, None),
        || InstitutionFault::NotReady(Some(Duration::from_secs(1))),
        || InstitutionFault::Port(PortError::overloaded("layer", "529")),
        || InstitutionFault::Port(PortError::timeout("layer", "504")),
        || InstitutionFault::Port(PortError::new("layer", "500")),
    ];
    let asked = || ponte_catalog::ALL.iter().copied().flatten().filter(|row| row.layer.is_some());
    assert!(asked().count() >= accounts::ROWS.len());
    for row in asked() {
        for fault in faults {
            let (fault, told) = (fault(), format!("{:?}", fault()));
            let status = Refusal::from(fault).within(row.codes).status();
            assert!(row.codes.contains(&status), "{}: {told} as {status}", row.operation);
        }
    }
}

/// The table of the page, as the code has it.
fn printed() -> String {
    let mut lines = vec![
        "| status of the layer | when | with an error body | without |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    for row in STATUSES {
        let (first, last) = (row.statuses.start(), row.statuses.end());
        let statuses = if first == last { first.to_string() } else { format!("{first} to {last}") };
        let told = |coded| match outside(row, coded) {
            (status, "") => status.to_string(),
            (status, code) => format!("{status} `{code}`"),
        };
        lines.push(format!("| {statuses} | {} | {} | {} |", row.when, told(true), told(false)));
    }
    lines.join("\n")
}

#[test]
fn t63_the_page_prints_the_table_of_the_code() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/integration-layer.md");
    let page = std::fs::read_to_string(page).unwrap();
    let table = printed();
    assert!(page.contains(&table), "docs/integration-layer.md does not have:\n{table}");
}
