//! Which handler an event goes to.

mod process;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use ponte_kit::clock::ManualClock;
use ponte_kit::contract::operations::example;
use ponte_kit::operations::{DeadLettersInMemory, OperationsInMemory, PartsInMemory, RECEIPT};
use ponte_ports::audit::OperatorAction;
use ponte_ports::operation::{Operation, Operations as _, TwoOperators};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::*;
use crate::answer::Answer;
use crate::batch::Verdict;
use crate::captured_log::Log;
use crate::event::Message;
use crate::operator::{CommandKind, OperatorError};

struct Echo;

#[async_trait]
impl Operator for Echo {
    fn kind(&self, _: &RawValue) -> Option<CommandKind> {
        Some(CommandKind::LOOKS)
    }

    async fn run(&self, command: &RawValue, action: &OperatorAction) -> Result<Value, OperatorError> {
        let mut command: Value = serde_json::from_str(command.get())?;
        if *action != OperatorAction::default() {
            command["heard"] = serde_json::to_value(action)?;
        }
        if command["fails"] == true { Err("on purpose".into()) } else { Ok(command) }
    }
}

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn app() -> App {
    App::new(Arc::new(ManualClock::at(now())))
}

fn source() -> OperatorSource {
    source_with(Arc::default())
}

fn source_with(operations: Arc<OperationsInMemory>) -> OperatorSource {
    let (parts, letters) = (Arc::<PartsInMemory>::default(), Arc::<DeadLettersInMemory>::default());
    let ids = Arc::new(ManualClock::at(now()));
    OperatorSource::new(("echo", "EchoOperatorQueue"), operations, parts, letters, ids)
}

async fn invoke(app: &App, event: &str) -> Result<Value, String> {
    let trigger = serde_json::from_str(event).unwrap();
    let reply =
        app.answer(trigger).await.map_err(|told| format!("{}: {}", told.error_type, told.error_message))?;
    Ok(serde_json::to_value(reply).unwrap())
}

#[tokio::test]
async fn a_command_is_answered_with_the_json_it_returns_and_an_error_fails_the_invocation() {
    let app = app().operator(Echo, source());
    let command = r#"{"operator":"echo","a":[1]}"#;
    assert_eq!(invoke(&app, command).await.unwrap().to_string(), r#"{"a":[1],"operator":"echo"}"#);
    let failed = invoke(&app, r#"{"operator":"echo","fails":true}"#).await;
    assert_eq!(failed.unwrap_err(), "InvocationError: on purpose");
}

#[tokio::test]
async fn t47_a_command_hears_who_ordered_it_and_why_as_unproven() {
    let app = app().operator(Echo, source());
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
async fn t47_a_command_comes_by_the_operator_queue_and_its_record_is_shown_by_invocation() {
    let operations = Arc::<OperationsInMemory>::default();
    let app = app().operator(Echo, source_with(Arc::clone(&operations)));
    let body = json!({"operator": "echo", "operationId": "one", "a": 1}).to_string();
    let record = json!({
        "messageId": "1", "receiptHandle": RECEIPT, "body": body, "attributes": {"SenderId": "AROA:ana"},
        "eventSourceARN": "arn:x:banco-EchoOperatorQueue-1A",
    });
    // Whoever invokes the function with such an event knows no receipt.
    let mut forged = record.clone();
    forged["receiptHandle"] = "placeholder".into();
    let reply = invoke(&app, &json!({"Records": [forged]}).to_string()).await.unwrap();
    assert_eq!(reply["batchItemFailures"][0]["itemIdentifier"], "1");
    assert!(operations.stored.lock().unwrap().is_empty());
    // A letter that was given up and moved back says so.
    let mut moved = record.clone();
    moved["attributes"]["DeadLetterQueueSourceArn"] = "arn:x:banco-EchoOperatorQueue-1A".into();
    invoke(&app, &json!({"Records": [moved]}).to_string()).await.unwrap();
    assert!(operations.stored.lock().unwrap().is_empty());
    let reply = invoke(&app, &json!({"Records": [record]}).to_string()).await.unwrap();
    assert_eq!(reply, json!({"batchItemFailures": []}));
    let shown = invoke(&app, r#"{"operator":"ops.show","id":"one"}"#).await.unwrap();
    let ana = json!({"name": "AROA:ana", "proven": true});
    assert_eq!((&shown["state"], &shown["requestedBy"]), (&json!("DONE"), &ana));
    assert_eq!(shown["answer"]["heard"]["name"], "AROA:ana");
    operations.begin(&example("two", 1)).await.unwrap();
    let listed = invoke(&app, r#"{"operator":"ops.list","state":"DONE"}"#).await.unwrap();
    assert_eq!((&listed["operations"][0]["id"], &listed["operations"][1]), (&json!("one"), &Value::Null));
    assert_eq!(listed["operations"][0].get("answer"), None);
    for (command, told) in [
        (r#"{"operator":"ops.show","id":"none"}"#, "id: there is no such operation"),
        (r#"{"operator":"ops.list","day":"today"}"#, "day must be a date, YYYY-MM-DD"),
        (r#"{"operator":"ops.lost"}"#, "ops.list takes day, state and after, ops.show takes id"),
        (
            r#"{"operator":"ops.approve","operation":"one","reason":"why"}"#,
            "an approval is sent to the operator queue, where AWS names its sender",
        ),
    ] {
        assert_eq!(invoke(&app, command).await.unwrap_err(), format!("InvocationError: {told}"));
    }
}

#[tokio::test]
async fn t23_a_listing_looks_through_few_days_and_goes_on_where_it_stopped() {
    let operations = Arc::<OperationsInMemory>::default();
    let app = app().operator(Echo, source_with(Arc::clone(&operations)));
    let list = async |after: &str| {
        operations.looks.store(0, Ordering::Relaxed);
        let command = json!({"operator": "ops.list", "state": "DONE", "after": after});
        let page = invoke(&app, &command.to_string()).await.unwrap();
        (page, operations.looks.load(Ordering::Relaxed))
    };
    let (page, looks) = list("9999-12-31T00:00:00.000Z#x").await;
    assert_eq!((page, looks), (json!({"operations": []}), 7), "a place in the future is none");
    // Days of operations in another state before the one that is looked for.
    let done = |id, minute| example(id, minute).done(Value::Null, now());
    for number in 0..600 {
        let running = Operation { created: now(), ..example(&format!("n{number}"), 0) };
        operations.begin(&running).await.unwrap();
    }
    let old = Operation { created: now().minus(Duration::from_hours(24)), ..done("old", 0) };
    operations.begin(&old).await.unwrap();
    let (page, looks) = list("2026-03-01~").await;
    assert_eq!((&page["operations"], looks), (&json!([]), 20));
    let (page, _) = list(page["next"].as_str().unwrap()).await;
    assert_eq!((&page["operations"][0]["id"], page.get("next")), (&json!("old"), None));
}

#[tokio::test]
async fn t47_a_command_that_needs_two_operators_is_not_taken_from_an_invocation() {
    let source = source().approving(TwoOperators::parse("x.remove").unwrap());
    let app = app().operator(Echo, source);
    let told = invoke(&app, r#"{"operator":"x.remove","by":{"name":"ana","reason":"why"}}"#).await;
    let expected = "InvocationError: this command needs two operators: send it to the operator queue";
    assert_eq!(told.unwrap_err(), expected);
    invoke(&app, r#"{"operator":"x.look"}"#).await.unwrap();
}

#[tokio::test]
async fn an_event_without_a_handler_fails_the_invocation() {
    let none = invoke(&app(), r#"{"operator":"echo"}"#).await;
    assert_eq!(none.unwrap_err(), "InvocationError: this function has no operator commands");
    let schedule = r#"{"detail-type":"Scheduled Event"}"#;
    let none = invoke(&app().operator(Echo, source()), schedule).await;
    assert_eq!(none.unwrap_err(), "InvocationError: this function has no such schedule");
}

fn letters() -> Arc<DeadLettersInMemory> {
    Arc::default()
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
    async fn work(&self, _: &Message) -> Verdict {
        self.0.lock().unwrap().push(self.1);
        Verdict::Done
    }
}

#[tokio::test]
async fn queues_and_schedules_are_told_apart_by_their_names() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = |name| Noted(Arc::clone(&seen), name);
    let app = app()
        .queue("FirstQueue", noted("first"), letters())
        .queue("OtherQueue", noted("other"), letters())
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

#[tokio::test]
async fn lb26_an_unknown_event_is_an_error_of_that_invocation_alone() {
    let app = app().operator(Echo, source());
    for event in
        ["{}", "null", "[1]", r#""text""#, r#"{"version":"1.0","requestContext":{"httpMethod":"GET"}}"#]
    {
        assert_eq!(invoke(&app, event).await.unwrap_err(), format!("InvocationError: {UNKNOWN}"), "{event}");
    }
    assert!(invoke(&app, r#"{"operator":"echo"}"#).await.is_ok());
}

/// An event of a schedule that was fired `seconds` before now.
fn fired(name: &str, seconds: i64) -> String {
    let time = Moment::from_seconds(now().seconds() - seconds);
    let resource = format!("arn:x:schedule/default/{name}");
    json!({"detail-type": "Scheduled Event", "time": time.to_string(), "resources": [resource]}).to_string()
}

struct Daily(Arc<Mutex<Vec<&'static str>>>);

#[async_trait]
impl Tick for Daily {
    async fn tick(&self) -> Result<(), PortError> {
        self.0.lock().unwrap().push("daily");
        Ok(())
    }

    fn event_age(&self) -> Duration {
        Duration::from_hours(1)
    }
}

#[tokio::test]
async fn lb05_a_schedule_does_nothing_by_a_clock_that_is_ahead_of_its_event() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let scheduled = || {
        app().schedule("sweep", Noted(Arc::clone(&seen), "sweep")).schedule("stock", Daily(Arc::clone(&seen)))
    };
    // Late by no more than it may be, of our time, or of a clock behind: done.
    for (name, seconds) in [("sweep", 120), ("sweep", 0), ("sweep", -300), ("stock", 3_600)] {
        let app = scheduled();
        invoke(&app, &fired(name, seconds)).await.unwrap();
        assert!(app.watch.ending().reason().is_none(), "{name} {seconds}");
    }
    assert_eq!(seen.lock().unwrap().drain(..).collect::<Vec<_>>(), ["sweep", "sweep", "sweep", "daily"]);
    for (name, seconds) in [("sweep", 121), ("sweep", 7_200), ("stock", 3_601), ("stock", 86_400)] {
        let app = scheduled();
        let told = invoke(&app, &fired(name, seconds)).await.unwrap_err();
        assert_eq!(told, format!("InvocationError: {CLOCK_AHEAD}"), "{name} {seconds}");
        assert!(app.watch.ending().reason().is_some(), "another environment has another clock");
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[test]
fn lb05_the_usual_schedule_may_wait_at_the_scheduler_and_at_lambda() {
    // As the rule over the template has it.
    let tick = Noted(Arc::default(), "sweep");
    assert_eq!(tick.event_age(), Duration::from_mins(2));
}

#[tokio::test]
async fn lb05_a_message_that_has_only_just_come_tells_the_time_and_a_late_one_does_not() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let received = |count: &str, seconds: i64| {
        let first = (now().millis() - seconds * 1_000).to_string();
        json!({"Records": [{
            "messageId": "1", "body": "b", "eventSourceARN": "arn:x:FirstQueue",
            "attributes": {"ApproximateReceiveCount": count, "ApproximateFirstReceiveTimestamp": first, "SentTimestamp": "0"},
        }]})
        .to_string()
    };
    for (count, seconds, works) in [("1", 0, true), ("1", 300, true), ("1", 301, false), ("2", 86_400, true)]
    {
        let app = app().queue("FirstQueue", Noted(Arc::clone(&seen), "first"), letters());
        assert_eq!(invoke(&app, &received(count, seconds)).await.is_ok(), works, "{count} {seconds}");
        assert_eq!(seen.lock().unwrap().drain(..).count(), usize::from(works), "{count} {seconds}");
        assert_eq!(app.watch.ending().reason().is_some(), !works);
    }
}

#[tokio::test]
async fn lb05_an_order_may_wait_for_an_environment_as_long_as_its_queue_hides_it() {
    let received = |minutes: u64| {
        let first = now().minus(Duration::from_mins(minutes)).millis().to_string();
        json!({"Records": [{
            "messageId": "1", "body": "b", "receiptHandle": RECEIPT, "eventSourceARN": "arn:x:EchoOperatorQueue",
            "attributes": {"ApproximateReceiveCount": "1", "ApproximateFirstReceiveTimestamp": first},
        }]})
        .to_string()
    };
    for (minutes, works) in [(90, true), (97, false)] {
        let app = app().operator(Echo, source().lasting(Duration::from_mins(16)));
        assert_eq!(invoke(&app, &received(minutes)).await.is_ok(), works, "{minutes}");
    }
    assert!(invoke(&app().operator(Echo, source()), &received(7)).await.is_err(), "of a short function");
}

/// Says what time a call goes by.
struct Timed;

#[async_trait]
impl Serve for Timed {
    async fn serve(&self, event: HttpEvent) -> Answer {
        Answer::json(200, event.now.map_or_else(String::new, |now| now.to_string()))
    }
}

#[tokio::test]
async fn lb05_a_call_by_a_clock_that_is_ahead_is_answered_by_the_gateway_s_time_and_is_the_last() {
    for (seconds, wrong) in [(0, false), (60, false), (-600, false), (61, true), (86_400, true)] {
        let app = app().http(Timed);
        let arrived = Moment::from_seconds(now().seconds() - seconds);
        let event = json!({"requestContext": {"http": {"method": "GET"}, "timeEpoch": arrived.millis()}});
        let answer = invoke(&app, &event.to_string()).await.unwrap();
        let goes_by = answer["body"].as_str().unwrap_or_default();
        assert_eq!(goes_by, if wrong { arrived.to_string() } else { String::new() }, "{seconds}");
        assert_eq!(app.watch.ending().reason().is_some(), wrong, "{seconds}");
    }
    // Without a time nothing can be said.
    let app = app().http(Timed);
    invoke(&app, r#"{"requestContext":{"http":{"method":"GET"},"timeEpoch":"yesterday"}}"#).await.unwrap();
    assert!(app.watch.ending().reason().is_none());
}

#[tokio::test]
async fn lb11_a_clock_that_is_ahead_ends_the_process_by_the_ending_of_the_function() {
    let ending = Ending::default();
    let app = app().schedule("sweep", Noted(Arc::default(), "sweep")).ending(ending.clone());
    assert!(invoke(&app, &fired("sweep", 7_200)).await.is_err());
    assert_eq!(ending.reason(), Some("clock ahead"));
}

#[test]
fn lb09_the_end_of_an_environment_is_a_failure_and_repeats_nothing_of_what_came() {
    let log = Log::capture();
    let unreadable = serde_json::from_str::<u8>(r#""segredo""#).unwrap_err();
    assert!(unreadable.to_string().contains("segredo"), "serde repeats it");
    let failure = format!("{:?}", ExitCode::FAILURE);
    assert_eq!(format!("{:?}", stopped(&unreadable.into())), failure);
    assert!(log.text().contains("not readable") && !log.text().contains("segredo"), "{}", log.text());
    assert_eq!(format!("{:?}", stopped(&"credentials over".into())), failure);
    assert!(
        log.text().contains("function stopped") && log.text().contains("credentials over"),
        "{}",
        log.text()
    );
}
