//! As a function and by queue, with the faults of its server; and after a restart.

use ponte_web::faults::{Effect, Fault, Faults};
use serde_json::{Value, json};

use super::{Scene, parts, payment, status};
use crate::function::Function;
use crate::order::{Behaviour, Order};
use crate::payment_core::PaymentCore;

fn event(operation: &str, token: &str) -> Vec<u8> {
    let headers = json!({ "content-type": "application/jwt" });
    json!({ "operation": operation, "headers": headers, "body": token }).to_string().into_bytes()
}

#[tokio::test]
async fn a_function_answers_loses_its_answer_and_fails() {
    let scene = Scene::new();
    let faults = Faults::default();
    let function = Function::new(std::sync::Arc::clone(&scene.core), faults.clone());
    let token = |key: &str, number| scene.sign(&scene.claims("/payments", &payment(key, "1.00"), number));
    let returned = function.invoked(&event("/payments", &token("a", 1))).await.unwrap();
    let returned: Value = serde_json::from_slice(&returned).unwrap();
    assert_eq!(
        (&returned["status"], &returned["headers"]["content-type"]),
        (&json!(201), &json!("application/jwt"))
    );
    assert!(returned["body"].as_str().unwrap().starts_with("ey"));
    faults.add(Fault::always(Effect::LoseReply).times(1).at("/payments"));
    assert!(function.invoked(&event("/payments", &token("b", 2))).await.is_err());
    faults.add(Fault::always(Effect::Close).times(1));
    assert!(function.invoked(&event("/payments", &token("c", 3))).await.is_err());
    let keys: Vec<String> = scene.core.entries().into_iter().map(|entry| entry.key).collect();
    assert_eq!(keys, ["a", "b"], "executed, then lost; closed before anything");
    faults.add(Fault::always(Effect::Body { body: "<html>".into() }).times(1));
    let returned = function.invoked(&event("/payments", &token("d", 4))).await.unwrap();
    let returned: Value = serde_json::from_slice(&returned).unwrap();
    assert_eq!(
        (&returned["body"], &returned["headers"]["content-type"]),
        (&json!("<html>"), &json!("application/json"))
    );
    assert!(function.invoked(b"{}").await.is_err());
    let json_body = json!({ "operation": "/payments", "headers": {}, "body": "x" }).to_string();
    let returned = function.invoked(json_body.as_bytes()).await.unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&returned).unwrap()["status"], 415);
}

#[tokio::test]
async fn a_message_is_answered_once_and_its_second_delivery_not_at_all() {
    let scene = Scene::new();
    let faults = Faults::default();
    let function = Function::new(std::sync::Arc::clone(&scene.core), faults.clone());
    let message = |key: &str, number| {
        let claims = scene.claims("/payments", &payment(key, "1.00"), number);
        json!({
            "requestId": claims["jti"], "correlationId": claims["requestMeta"]["correlationId"],
            "operation": "/payments", "replyTo": "https://sqs/replies", "answerBefore": "2026-03-02T15:00:08Z",
            "jwt": scene.sign(&claims),
        })
        .to_string()
    };
    let first = message("a", 1);
    let (request, answer) = function.received(&first).await.unwrap();
    assert_eq!((request.reply_to.as_str(), answer.status), ("https://sqs/replies", 201));
    let told = serde_json::to_value(&answer).unwrap();
    assert_eq!(told["requestId"], json!(request.request_id));
    assert!(told["jwt"].as_str().unwrap().starts_with("ey"));
    assert!(function.received(&first).await.is_none(), "delivered twice");
    faults.add(Fault::always(Effect::LoseReply).times(1));
    assert!(function.received(&message("b", 2)).await.is_none());
    assert!(function.received("not json").await.is_none());
    assert_eq!(scene.core.entries().len(), 2);
}

#[tokio::test]
async fn a_restart_finds_books_and_payments_and_goes_on() {
    let folder = std::env::temp_dir().join(ponte_machine::clock::new_id());
    let file = folder.join("payments.jsonl");
    let open = || {
        let (parts, _, _) = parts("a seed");
        PaymentCore::open(parts, &file).unwrap()
    };
    let core = open();
    core.deposit(super::ana().1, 12_345);
    core.told("/payments", &payment("a", "1.00")).await;
    core.order(Order::always(Behaviour::SettleLate { seconds: 60, pending: false }).times(1));
    core.told("/payments", &payment("b", "2.00")).await;
    core.told("/payments", &payment("c", "49999.00")).await;
    let (books, payments) = (core.books(), core.payments());
    drop(core);
    // The process was killed in the middle of a line.
    let mut text = std::fs::read_to_string(&file).unwrap();
    text.push_str(r#"{"payment":{"num"#);
    std::fs::write(&file, text).unwrap();
    let core = open();
    assert_eq!((core.books(), core.payments()), (books, payments));
    assert_eq!(status(&core.told("/payments", &payment("a", "1.00")).await), (201, "ACSC".into()));
    core.elapse(60);
    assert_eq!((core.entries().len(), core.books().moved), (3, 12_345 + 300));
    let again = core.books();
    drop(core);
    assert_eq!(open().books(), again);
    std::fs::write(&file, "nonsense\n").unwrap();
    let (parts, _, _) = parts("a seed");
    assert!(PaymentCore::open(parts, &file).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}
