//! Which door an event goes to.

use serde_json::Value;
use serde_json::value::RawValue;

use super::*;
use crate::operator::OperatorError;

struct Echo;

#[async_trait]
impl Operator for Echo {
    async fn run(&self, command: &RawValue) -> Result<Value, OperatorError> {
        let command: Value = serde_json::from_str(command.get())?;
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
async fn an_event_without_a_door_fails_the_invocation() {
    let none = invoke(&App::new(), r#"{"operator":"echo"}"#).await;
    assert_eq!(none.unwrap_err(), "InvocationError: this function has no operator commands");
    let schedule = r#"{"detail-type":"Scheduled Event"}"#;
    let none = invoke(&App::new().operator(Echo), schedule).await;
    assert_eq!(none.unwrap_err(), "InvocationError: this function has no door for the event");
}
