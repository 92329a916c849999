//! The files of `events/`: HTTP, queue and schedule events have the form that AWS sends, operator commands are commands of the
//! functions.

use std::collections::BTreeSet;

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use aws_lambda_events::sqs::SqsEvent;
use ponte_authorization::api_key::ApiScope;
use ponte_metrics::outbox::Ticket;
use ponte_oauth::commands::Command;
use ponte_outbound::connector::read_reply;
use ponte_payment::ports::PaymentMessage;
use ponte_values::Moment;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::checkout;

fn text(name: &str) -> String {
    std::fs::read_to_string(checkout::root().join(format!("events/{name}.json")))
        .expect("an event can be read")
}

#[test]
fn http_events_come_by_a_route_of_the_template() {
    for name in ["http", "register", "registration", "userinfo", "introspect", "revoke", "management"] {
        comes_by_a_route_of_the_template(name);
    }
}

fn comes_by_a_route_of_the_template(name: &str) {
    let event: ApiGatewayV2httpRequest = serde_json::from_str(&text(name)).expect("an HTTP API event");
    let key = event.route_key.expect("an HTTP API event has a route");
    let path = key.strip_prefix("ANY ").expect("the template's routes take any method");
    let template = std::fs::read_to_string(checkout::root().join("infra/template.yaml")).expect("a template");
    assert!(template.contains(&format!("            Path: {path}\n")), "{key}");
    let authentication =
        event.request_context.authentication.expect("the hosts with mTLS send the certificate");
    let certificate = authentication.client_cert.and_then(|certificate| certificate.client_cert_pem);
    assert!(certificate.is_some_and(|pem| pem.contains("placeholder")));
    assert_eq!(event.raw_path, event.request_context.http.path);
}

#[test]
fn operator_commands_are_those_of_the_functions() {
    let mut commands = Vec::new();
    for file in checkout::files() {
        let Some(name) = file.path.strip_prefix("events/") else { continue };
        let mut event: Value = serde_json::from_str(&file.text).expect("an event is JSON");
        // Who orders it and why is read before the command is.
        event.as_object_mut().map(|members| members.remove("by"));
        let Some(operator) = event["operator"].as_str() else { continue };
        assert_eq!(read_by_function(operator, &event).as_ref(), Ok(&event), "{name}");
        commands.push(operator.to_owned());
    }
    assert_eq!(commands.len(), 21, "{commands:?}");
}

/// The event of the command that is in `event`, as the function that runs it reads it.
fn read_by_function(operator: &str, event: &Value) -> Result<Value, String> {
    match operator.split_once('.') {
        Some(("api-key" | "client", _)) => read_again::<ponte_oauth::commands::Command>(event),
        Some(("audit", _)) => read_again::<ponte_audit::commands::Command>(event),
        Some(("consents", _)) => read_again::<ponte_consents::commands::Command>(event),
        Some(("payments", _)) => read_again::<ponte_payments::commands::Command>(event),
        Some(("stock", _)) => read_again::<ponte_stock::commands::Command>(event),
        Some(("pcm", _)) => read_again::<ponte_pcm::commands::Command>(event),
        _ => Err("no function runs it".to_owned()),
    }
}

/// The event of the command that is in `event`.
fn read_again<C: DeserializeOwned + Serialize>(event: &Value) -> Result<Value, String> {
    let command = serde_json::from_value::<C>(event.clone()).map_err(|error| error.to_string())?;
    serde_json::to_value(command).map_err(|error| error.to_string())
}

#[test]
fn the_key_to_issue_has_scopes_that_there_are() {
    let mut event: Value = serde_json::from_str(&text("api-key-issue")).expect("JSON");
    event.as_object_mut().map(|members| members.remove("by"));
    let command = serde_json::from_value(event).expect("a command");
    let Command::Issue { scopes, .. } = command else { panic!("it issues a key") };
    for scope in &scopes {
        ApiScope::parse(scope).expect("a scope of API keys");
    }
    assert!(!scopes.is_empty());
}

#[test]
fn queue_event_carries_a_ticket() {
    let event: SqsEvent = serde_json::from_str(&text("queue")).expect("an SQS event");
    for record in &event.records {
        let body = record.body.as_deref().unwrap_or_default();
        let ticket: Ticket = serde_json::from_str(body).expect("a ticket");
        assert!(ticket.from <= ticket.to);
    }
    assert_eq!(event.records.len(), 1);
}

#[test]
fn queue_events_of_payments_carry_a_payment_and_a_reply() {
    let body = |name: &str, queue: &str| {
        let event: SqsEvent = serde_json::from_str(&text(name)).expect("an SQS event");
        let [record] = &event.records[..] else { panic!("{name}: one message") };
        let source = record.event_source_arn.as_deref().unwrap_or_default();
        assert!(source.ends_with(&format!("-{queue}")), "{source}");
        record.body.clone().unwrap_or_default()
    };
    let payment = body("queue-payments", "PaymentsQueue");
    serde_json::from_str::<PaymentMessage>(&payment).expect("a payment");
    let reply = body("queue-payment-replies", "PaymentRepliesQueue");
    let now = Moment::parse("2026-06-15T12:00:00Z").expect("a time");
    assert!(read_reply(&reply, now).is_ok(), "{reply}");
}

/// Every operator queue of the template has an event, and that is the command of an operator.
#[test]
fn t47_operator_queue_events_carry_a_command_with_its_sender() {
    let template = std::fs::read_to_string(checkout::root().join("infra/template.yaml")).expect("a template");
    let queues = template.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix("OperatorQueue:"));
    let mut seen = 0;
    for function in queues {
        let name = format!("queue-{}-operator", function.to_lowercase());
        let event: SqsEvent = serde_json::from_str(&text(&name)).expect("an SQS event");
        let [record] = &event.records[..] else { panic!("{name}: one message") };
        let source = record.event_source_arn.as_deref().unwrap_or_default();
        assert!(source.ends_with(&format!("-{function}OperatorQueue")), "{source}");
        assert!(record.attributes.contains_key("SenderId"), "{name}");
        let body = record.body.as_deref().unwrap_or_default();
        let mut command: Value = serde_json::from_str(body).expect("a command");
        for member in ["operationId", "reason"] {
            command.as_object_mut().map(|members| members.remove(member));
        }
        let operator = command["operator"].as_str().expect("a name").to_owned();
        assert_eq!(read_by_function(&operator, &command).as_ref(), Ok(&command), "{name}");
        seen += 1;
    }
    assert_eq!(seen, 6, "oauth, consents, payments, pcm, audit, stock");
}

/// Functions with the schedules that have an event file; they register each by the end of its name.
const SCHEDULES: [(&str, &str); 7] = [
    ("audit", "prove"),
    ("audit", "seal"),
    ("consents", "expiry"),
    ("payments", "payment-books"),
    ("payments", "payments"),
    ("pcm", "sweep"),
    ("stock", "stock"),
];

#[test]
fn schedule_events_are_the_schedulers_own_and_reach_a_function() {
    let files = checkout::files();
    let named =
        files.iter().filter_map(|file| file.path.strip_prefix("events/schedule-")?.strip_suffix(".json"));
    assert_eq!(named.collect::<BTreeSet<_>>(), SCHEDULES.map(|(_, schedule)| schedule).into());
    let template = std::fs::read_to_string(checkout::root().join("infra/template.yaml")).expect("a template");
    for (function, schedule) in SCHEDULES {
        let event: Value = serde_json::from_str(&text(&format!("schedule-{schedule}"))).expect("JSON");
        assert_eq!(
            (&event["detail-type"], &event["source"]),
            (&"Scheduled Event".into(), &"aws.scheduler".into())
        );
        let resource = event["resources"][0].as_str().expect("the schedule's ARN");
        assert!(resource.ends_with(&format!("/ponte-{schedule}")), "{resource}");
        assert!(template.contains(&format!("Name: !Sub ${{AWS::StackName}}-{schedule}\n")), "{schedule}");
        let main = checkout::root().join(format!("functions/{function}/src/main.rs"));
        let main = std::fs::read_to_string(main).expect("an entry");
        let registered = main.split(".schedule(").skip(1).map(str::trim_start);
        let ids: Vec<_> = registered.filter_map(|rest| rest.strip_prefix('"')?.split('"').next()).collect();
        assert!(ids.contains(&schedule), "{function}: {ids:?}");
    }
}

#[test]
fn the_event_that_the_documents_name_is_there() {
    let markdown = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| ending == "md");
    for file in checkout::files().iter().filter(|file| markdown(&file.path)) {
        for rest in file.text.split("events/").skip(1) {
            let Some((name, _)) = rest.split_once(".json") else { continue };
            if name.chars().all(|c| c.is_ascii_lowercase() || c == '-') {
                assert!(
                    checkout::root().join(format!("events/{name}.json")).is_file(),
                    "{}: {name}",
                    file.path
                );
            }
        }
    }
}
