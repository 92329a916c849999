//! What becomes of records that break the standard: refused where the institution is strict, passed on where it is tolerant,
//! in both cases told by field and rule and never by value.

use std::sync::atomic::Ordering;

use ponte_data_consent::consent::ResourceStatus as Status;
use ponte_kit::lines::Lines;
use ponte_ports::Quality as _;
use ponte_values::Date;
use serde_json::{Value, json};

use super::world::{Reply, World};

const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";
const TRANSACTIONS: &str = "/open-banking/accounts/v2/accounts/public-1/transactions";
const RESERVED: &str = "/open-banking/accounts/v2/accounts/public-1/reserved-balances";
/// In every value that must not be told.
const SECRET: &str = "segredo";

fn tolerant() -> World {
    World::sharing(&[Status::Available, Status::Available])
}

fn account(number: u32) -> Value {
    json!({
        "resourceLegacyId": [{"key": "account", "value": number.to_string()}], "brandName": "Banco",
        "companyCnpj": "21128159000166", "type": "CONTA_POUPANCA", "compeCode": "001", "number": "12345678",
    })
}

fn transaction() -> Value {
    json!({
        "transactionId": "t-1", "completedAuthorisedPaymentType": "TRANSACAO_EFETIVADA",
        "creditDebitType": "CREDITO", "transactionName": "Padaria São João", "type": "PIX",
        "transactionAmount": {"amount": "12.34", "currency": "BRL"},
        "transactionDateTime": "2026-02-28T23:59:59.000Z", "partieCnpjCpf": "12345678909",
    })
}

fn with(change: impl Fn(&mut Value)) -> Value {
    let mut record = transaction();
    change(&mut record);
    record
}

/// The findings that were counted of the last call: `path rule count`.
async fn counted(world: &World) -> Vec<String> {
    let day = Date::parse("2026-03-01").unwrap();
    let days = world.quality.of_days(day, day).await.unwrap();
    let told = |found: &ponte_ports::quality::Found| format!("{} {} {}", found.path, found.rule, found.count);
    days.iter().flat_map(|of| of.found.iter().map(told)).collect()
}

/// What the operator was warned of.
fn warnings(lines: &Lines) -> Vec<Value> {
    lines.read().into_iter().filter(|line| line["level"] == "WARN").collect()
}

fn assert_refused(reply: &Reply, what: &str) {
    assert_eq!((reply.status, reply.code()), (500, "ERRO_INTERNO"), "{what}: {}", reply.body);
    assert!(!reply.body.to_string().contains(SECRET), "{}", reply.body);
}

#[tokio::test]
async fn what_keeps_to_the_standard_passes_and_nothing_is_told() {
    let lines = Lines::default();
    let _listening = lines.listen();
    let world = World::strict();
    world.answers(&json!([transaction(), transaction()]), Some(2));
    let reply = world.get(TRANSACTIONS, "").await;
    assert_eq!((reply.status, &reply.body["data"]), (200, &json!([transaction(), transaction()])));
    world.answers(&json!([account(1)]), Some(1));
    assert_eq!(world.get(ACCOUNTS, "").await.status, 200);
    assert_eq!(world.quality.writes.load(Ordering::Relaxed), 0, "no write without findings");
    assert_eq!(warnings(&lines), Vec::<Value>::new());
}

#[tokio::test]
async fn a_lie_in_each_kind_of_field_is_refused_or_passed_on_and_told_without_its_value() {
    let wrong = [
        (
            with(|record| record["transactionId"] = json!("segredo do cliente")),
            "data[].transactionId pattern 1",
        ),
        (
            with(|record| record["transactionName"] = json!(SECRET.repeat(30))),
            "data[].transactionName length 1",
        ),
        (with(|record| record["transactionName"] = json!(7)), "data[].transactionName type 1"),
        (with(|record| record["type"] = json!("SEGREDO segredo")), "data[].type enum 1"),
        (with(|record| record["creditDebitType"] = Value::Null), "data[].creditDebitType null 1"),
        (with(|record| drop(record.as_object_mut().unwrap().remove("type"))), "data[].type missing 1"),
        (
            with(|record| record["transactionDateTime"] = json!("2026-02-30T00:00:00.000Z")),
            "data[].transactionDateTime date 1",
        ),
        (
            with(|record| record["transactionAmount"]["amount"] = json!("12,34 segredo")),
            "data[].transactionAmount.amount pattern 1",
        ),
        (with(|record| record["transactionAmount"] = json!([SECRET])), "data[].transactionAmount type 1"),
    ];
    for (record, finding) in wrong {
        for world in [World::strict(), tolerant()] {
            let lines = Lines::default();
            let listening = lines.listen();
            world.answers(&json!([transaction(), record]), Some(2));
            let reply = world.get(TRANSACTIONS, "").await;
            if world.strict {
                assert_refused(&reply, finding);
            } else {
                assert_eq!((reply.status, &reply.body["data"][0]), (200, &transaction()), "{finding}");
                assert!(!reply.body.to_string().contains(r#"["segredo"]"#), "nobody knows what is in a list");
            }
            assert!(counted(&world).await.contains(&finding.to_owned()), "{finding}");
            drop(listening);
            let told = warnings(&lines);
            assert_eq!(told.len(), 1, "one line: {told:?}");
            let line = told[0].to_string();
            assert!(
                line.contains(finding) && line.contains("accountsGetAccountsAccountIdTransactions"),
                "{line}"
            );
            for value in [SECRET, "12345678909", "Padaria", "12,34", "02-30"] {
                assert!(!line.contains(value), "{line}");
            }
        }
    }
}

#[tokio::test]
async fn c56_what_the_file_does_not_name_is_left_out_and_told_and_refuses_nobody() {
    let world = World::strict();
    world.answers(&json!([with(|record| record["segredo"] = json!({"cpf": "1"}))]), Some(1));
    let reply = world.get(TRANSACTIONS, "").await;
    assert_eq!((reply.status, &reply.body["data"]), (200, &json!([transaction()])));
    assert_eq!(counted(&world).await, ["data[] unknown 1"], "the name is the institution's own");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_refused_however_tolerant_the_institution_is() {
    let body = |record: &str| format!(r#"{{"data":[{record}],"meta":{{"totalRecords":1}}}}"#).into_bytes();
    let twice = r#"{"transactionId":"segredo","transactionId":"t"}"#;
    let deep = ["[".repeat(1_000_000), "]".repeat(1_000_000)].concat();
    let bodies = [
        body("NaN"),
        body(r#"{"x":1e999}"#),
        body(r#"{"transactionId":Infinity}"#),
        body(r#"{"transactionId":"\ud800 segredo"}"#),
        body(twice),
        body(&deep),
        b"{\"data\":[{\"transactionId\":\"segredo \xff\"}],\"meta\":{\"totalRecords\":1}}".to_vec(),
        body("{}")[..20].to_vec(),
        br#"{"data":{},"meta":{"totalRecords":1}}"#.to_vec(),
        br#"{"data":null,"meta":{"totalRecords":1}}"#.to_vec(),
        br#"{"meta":{"totalRecords":1}}"#.to_vec(),
        br#"{"data":[],"meta":{"totalRecords":-1}}"#.to_vec(),
        br"<html>segredo</html>".to_vec(),
        Vec::new(),
    ];
    for body in bodies {
        for world in [World::strict(), tolerant()] {
            let lines = Lines::default();
            let listening = lines.listen();
            world.answers_with(&body);
            let reply = world.get(TRANSACTIONS, "").await;
            drop(listening);
            assert_refused(&reply, &String::from_utf8_lossy(&body[..body.len().min(80)]));
            assert_eq!(counted(&world).await, ["data unreadable 1"]);
            assert!(!format!("{:?}", lines.read()).contains(SECRET));
        }
    }
}

#[tokio::test]
async fn c56_a_product_that_nobody_knows_is_left_out_and_one_without_a_key_is_told() {
    let unknown = json!({"resourceLegacyId": [{"key": "account", "value": "9"}], "type": SECRET});
    let world = World::strict();
    world.answers(&json!([account(2), unknown, account(1)]), Some(3));
    let reply = world.get(ACCOUNTS, "").await;
    let ids: Vec<&Value> =
        reply.body["data"].as_array().unwrap().iter().map(|one| &one["accountId"]).collect();
    assert_eq!((reply.status, ids), (200, vec![&json!("public-2"), &json!("public-1")]));
    assert_eq!(reply.body["meta"]["totalRecords"], 2);
    assert_eq!(counted(&world).await, ["data[] foreign 1"], "what is wrong with it is nobody's business");
    for (key, rule) in [(json!(SECRET), "type"), (json!([SECRET]), "type"), (Value::Null, "type")] {
        for world in [World::strict(), tolerant()] {
            let mut odd = account(1);
            odd["resourceLegacyId"] = key.clone();
            world.answers(&json!([odd, account(2)]), Some(2));
            let reply = world.get(ACCOUNTS, "").await;
            if world.strict {
                assert_refused(&reply, rule);
            } else {
                assert_eq!(reply.body["data"].as_array().map(Vec::len), Some(1), "it is not shown");
            }
            assert_eq!(counted(&world).await, [format!("data[].resourceLegacyId {rule} 1")]);
        }
    }
}

#[tokio::test]
async fn c56_a_reserved_balance_without_its_id_shows_none() {
    let amounts = json!([{"amount": "1.00", "currency": "BRL"}]);
    for (id, rule) in [(json!(7), "type"), (json!({"id": SECRET}), "type"), (Value::Null, "type")] {
        for world in [World::strict(), tolerant()] {
            world.answers(
                &json!([{"reservedName": "Viagem", "reservedIdentification": id, "availableAmount": amounts}]),
                Some(1),
            );
            let reply = world.get(RESERVED, "").await;
            if world.strict {
                assert_refused(&reply, rule);
            } else {
                let shown = json!([{"reservedName": "Viagem", "availableAmount": amounts}]);
                assert_eq!((reply.status, &reply.body["data"]), (200, &shown));
            }
            assert_eq!(counted(&world).await, [format!("data[].reservedIdentification {rule} 1")]);
        }
    }
    let world = World::strict();
    world.answers(&json!([{"reservedName": "Viagem", "availableAmount": amounts}]), Some(1));
    assert_refused(&world.get(RESERVED, "").await, "missing");
}

#[tokio::test]
async fn a_count_that_fails_costs_nobody_an_answer() {
    let world = tolerant();
    world.quality.fails.store(true, Ordering::Relaxed);
    world.answers(&json!([with(|record| record["type"] = json!("X"))]), Some(1));
    let reply = world.get(TRANSACTIONS, "").await;
    assert_eq!((reply.status, &reply.body["data"][0]["type"]), (200, &json!("X")));
}

#[tokio::test]
async fn c51_more_records_than_were_asked_for_or_than_there_are_are_refused_or_passed_on_and_told() {
    let cases = [(26, 1_000, 500), (2, 1, 500), (2, 0, 500), (25, 25, 200), (25, 1_000, 200)];
    for (records, total, status) in cases {
        for world in [World::strict(), tolerant()] {
            world.answers(&json!(vec![transaction(); records]), Some(total));
            let reply = world.get(TRANSACTIONS, "page-size=25").await;
            let wanted = if world.strict { status } else { 200 };
            assert_eq!(reply.status, wanted, "{records} of {total}: {}", reply.body);
            let told: &[&str] = if status == 500 { &["data items 1"] } else { &[] };
            assert_eq!(counted(&world).await, told, "{records} of {total}");
        }
    }
}

#[tokio::test]
async fn c56_an_answer_about_another_product_is_refused_however_tolerant_the_institution_is() {
    let key = |number: &str| json!([{"key": "account", "value": number}]);
    for (own, status) in [(key("1"), 200), (Value::Null, 200), (key("2"), 500), (key(SECRET), 500)] {
        for world in [World::strict(), tolerant()] {
            world.answers(
                &json!([transaction(), with(|record| record["resourceLegacyId"] = own.clone())]),
                Some(2),
            );
            let reply = world.get(TRANSACTIONS, "").await;
            assert_eq!(reply.status, status, "{own}: {}", reply.body);
            assert!(!reply.body.to_string().contains("resourceLegacyId"), "{}", reply.body);
            let told: &[&str] = if status == 500 { &["data unreadable 1"] } else { &[] };
            assert_eq!(counted(&world).await, told, "{own}");
        }
    }
}

#[tokio::test]
async fn names_that_no_file_has_refuse_nobody_however_many_they_are() {
    let world = World::strict();
    let many = with(|record| (0..100).for_each(|number| record[format!("segredo{number}")] = json!(1)));
    world.answers(&json!([many]), Some(1));
    let reply = world.get(TRANSACTIONS, "").await;
    assert_eq!((reply.status, &reply.body["data"]), (200, &json!([transaction()])));
    assert_eq!(counted(&world).await, ["data[] unknown 100"]);
}

#[tokio::test]
async fn l06_an_id_that_no_file_admits_is_404_and_nobody_is_asked() {
    let world = World::strict();
    for id in ["public_1", "-public-1", "%70ublic-1", "public-1.", &"a".repeat(101)] {
        let reply = world.get(&format!("{ACCOUNTS}/{id}/balances"), "").await;
        assert_eq!((reply.status, reply.code()), (404, "NAO_ENCONTRADO"), "{id}");
    }
    assert!(world.asked().is_empty());
}
