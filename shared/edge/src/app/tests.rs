//! Which handler an event goes to.

use std::sync::{Arc, Mutex};

use ponte_ports::audit::OperatorAction;
use serde_json::Value;
use serde_json::value::RawValue;

use super::*;
use crate::batch::Verdict;
use crate::operator::OperatorError;

struct Echo;

#[async_trait]
impl Operator for Echo {
    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        let mut command: Value = serde_json::from_str(command.get())?;
        if *action != OperatorAction::default() {
            command["heard"] = serde_json::to_value(action)?;
        }
        if command["fails"] == true { Err("on purpose".into()) } else { Ok(command) }
    }
}

async fn invoke(app: &App, event: &str) -> Result<Value, String> {
    let trigger = serde_json::from_str(event).map_err(|error: serde_json::Error| error.to_string())?;
    let reply =
        app.answer(trigger).await.map_err(|told| format!("{}: {}", told.error_type, told.error_message))?;
    Ok(serde_json::to_value(reply).unwrap())
}

#[tokio::test]
async fn a_command_is_answered_with_the_json_it_returns_and_an_error_fails_the_invocation() {
    let app = App::new().operator(Echo);
    let command = r#"{"operator":"echo","a":[1]}"#;
    assert_eq!(invoke(&app, command).await.unwrap().to_string(), r#"{"a":[1],"operator":"echo"}"#);
    let failed = invoke(&app, r#"{"operator":"echo","fails":true}"#).await;
    assert_eq!(failed.unwrap_err(), "InvocationError: on purpose");
}

#[tokio::test]
async fn t47_a_command_hears_who_ordered_it_and_why_as_unproven() {
    let app = App::new().operator(Echo);
    let command = r#"{"operator":"echo","by":{"name":"ana","reason":"audit of June"}}"#;
    let heard = r#"{"heard":{"name":"ana","proven":false,"reason":"audit of June"},"operator":"echo"}"#;
    assert_eq!(invoke(&app, command).await.unwrap().to_string(), heard, "and nothing of it is a member");
    let named = invoke(&app, r#"{"operator":"echo","by":{"name":"ana"}}"#).await.unwrap();
    assert_eq!(named["heard"], serde_json::json!({"name": "ana", "proven": false}));
    for (by, fault) in [
        (r#""ana""#, "by: takes name and reason, each a text"),
        (r#"{"name":"ana","proven":true}"#, "by: takes name and reason, each a text"),
        (r#"{"name":" "}"#, "by.name: 1 to 128 printable characters on one line"),
        (r#"{"name":"ana","reason":""}"#, "by.reason: 1 to 200 printable characters on one line"),
    ] {
        let told = invoke(&app, &format!(r#"{{"operator":"echo","by":{by}}}"#)).await.unwrap_err();
        assert_eq!(told, format!("InvocationError: {fault}"));
    }
}

#[tokio::test]
async fn an_event_without_a_handler_fails_the_invocation() {
    let none = invoke(&App::new(), r#"{"operator":"echo"}"#).await;
    assert_eq!(none.unwrap_err(), "InvocationError: this function has no operator commands");
    let schedule = r#"{"detail-type":"Scheduled Event"}"#;
    let none = invoke(&App::new().operator(Echo), schedule).await;
    assert_eq!(none.unwrap_err(), "InvocationError: this function has no such schedule");
}

struct Noted(Arc<Mutex<Vec<&'static str>>>, &'static str);

#[async_trait]
impl Tick for Noted {
    async fn tick(&self) -> Result<(), PortError> {
        self.0.lock().unwrap().push(self.1);
        Ok(())
    }
}

#[async_trait]
impl Worker for Noted {
    async fn work(&self, _: &str) -> Verdict {
        self.0.lock().unwrap().push(self.1);
        Verdict::Done
    }
}

#[tokio::test]
async fn queues_and_schedules_are_told_apart_by_their_names() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = |name| Noted(Arc::clone(&seen), name);
    let app = App::new()
        .queue("FirstQueue", noted("first"))
        .queue("OtherQueue", noted("other"))
        .schedule("sweep", noted("sweep"))
        .schedule("delivery-sweep", noted("delivery"))
        .schedule("expiry", noted("expiry"));
    let scheduled = |name: &str| {
        format!(r#"{{"detail-type":"Scheduled Event","resources":["arn:x:schedule/default/{name}"]}}"#)
    };
    let queued = |name: &str| {
        format!(
            r#"{{"Records":[{{"messageId":"1","body":"b","attributes":{{}},"messageAttributes":{{}},"eventSourceARN":"arn:x:{name}"}}]}}"#
        )
    };
    for event in [
        scheduled("banco-expiry"),
        queued("banco-OtherQueue-1A"),
        scheduled("banco-sweep"),
        scheduled("banco-delivery-sweep"),
        scheduled("banco-sweep-expiry"),
        queued("banco-FirstQueue"),
    ] {
        invoke(&app, &event).await.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), ["expiry", "other", "sweep", "delivery", "expiry", "first"]);
    for (event, told) in [
        (scheduled("banco-other"), "InvocationError: this function has no such schedule"),
        (queued("banco-ThirdQueue"), "InvocationError: this function has no worker for the queue"),
    ] {
        assert_eq!(invoke(&app, &event).await.unwrap_err(), told);
    }
}
