//! Every status of the integration layer and what becomes of it outside: the table of `docs/integration-layer.md`, walked row
//! by row through the data function of a running stack.

use ponte_outbound::institution::{Means, STATUSES, StatusRow};
use ponte_participant::DataRequest;
use ponte_ports::Limit;
use serde_json::json;

use super::steps::{ACCOUNTS, World, want};
use crate::checkout;
use crate::stack::Stack;

const CODED: &str = r#"{"errors":[{"code":"RECURSO_DE_OUTRO_CLIENTE","title":"t","detail":"d"}]}"#;
const UNCODED: &str = "<html>Erro 76109277673</html>";

/// Status and code of what a participant gets, where its file prints every status.
fn outside(row: &StatusRow, coded: bool) -> (u16, &'static str) {
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

/// First and last status of a row; what is below 200 is no end of an answer.
fn ends(row: &StatusRow) -> Vec<u16> {
    let mut both = vec![*row.statuses.start(), *row.statuses.end()];
    both.dedup();
    both.retain(|status| *status > 200);
    both
}

#[tokio::test]
async fn t63_every_status_of_the_layer_becomes_what_the_table_says() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let client = world.client_token().await;
    let consent = world.create_consent(&client).await;
    let token = world.agree(&world.log_in(&consent).await).await.access;
    let listed = want(200, "accounts", world.accounts(&token, &consent).await).json();
    let account = listed["data"][0]["accountId"].as_str().expect("an account").to_owned();
    let path = format!("{ACCOUNTS}/{account}/balances");
    let balances = async || {
        let (path, token, consent) = (path.as_str(), token.as_str(), consent.as_str());
        let asked = DataRequest { path, template: ACCOUNTS, token, consent, without_interaction: false };
        world.receiver.get(&asked).await.expect("the data API answers")
    };
    want(200, "balances", balances().await);
    let mut walked = 0;
    for row in STATUSES {
        for status in ends(row) {
            for body in [CODED, UNCODED] {
                let fault = json!({ "kind": "status", "status": status, "body": body, "path": "/accounts/balances", "times": 1 });
                world.order("/bank_core", &fault).await;
                let reply = balances().await;
                let told = reply.json();
                let code = told["errors"][0]["code"].as_str().unwrap_or_default();
                assert_eq!((reply.status, code), outside(row, body == CODED), "{status} {body}");
                assert!(!told.to_string().contains("76109277673"), "{status}");
                assert_eq!(
                    world.faults("/bank_core").await.len(),
                    0,
                    "{status} is an answer, asked for once"
                );
                walked += 1;
            }
        }
    }
    assert!(walked > 60, "{walked}");
    want(200, "balances as ever", balances().await);
}

/// The table of the page, as the code has it.
fn printed() -> String {
    let mut lines = vec![
        "| status of the layer | when | with an error body | without |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    let line = |statuses: &str, when: &str, row: &StatusRow| {
        let told = |coded| match outside(row, coded) {
            (status, "") => status.to_string(),
            (status, code) => format!("{status} `{code}`"),
        };
        format!("| {statuses} | {when} | {} | {} |", told(true), told(false))
    };
    let mut others = Vec::new();
    for row in STATUSES {
        let (first, last) = (row.statuses.start(), row.statuses.end());
        let statuses = if first == last { first.to_string() } else { format!("{first} to {last}") };
        match row.when {
            Some(when) => lines.push(line(&statuses, when, row)),
            None => others.push(row),
        }
    }
    assert!(others.iter().all(|row| row.means == Means::Fault));
    lines.push(line("any other", "no answer of the contract", others[0]));
    lines.join("\n")
}

#[test]
fn t63_the_page_prints_the_table_of_the_code() {
    let page = checkout::root().join("docs/integration-layer.md");
    let page = std::fs::read_to_string(page).expect("the page can be read");
    let table = printed();
    assert!(page.contains(&table), "docs/integration-layer.md does not have:\n{table}");
}
