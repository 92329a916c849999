//! Tests of queues, schedules and the control port.

use std::time::Duration;

use ponte_local::control::client;
use serde_json::{Value, json};

use crate::stack::Small;

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_message_is_retried_alone_and_ends_in_the_dead_letters() {
    let small = Small::up().await;
    let sqs = small.stack.cloud().clients().sqs;
    for body in ["good-1", "poison", "good-2"] {
        sqs.send_message().queue_url(small.queue_url("WorkQueue")).message_body(body).send().await.unwrap();
    }
    small.noted("good-1 1").await;
    small.noted("good-2 1").await;
    small.noted("poison 2").await;
    let dead = sqs.receive_message().queue_url(small.queue_url("DeadQueue")).wait_time_seconds(10);
    let dead = dead.send().await.unwrap();
    assert_eq!(dead.messages()[0].body(), Some("poison"));
    let seen = std::fs::read_to_string(&small.seen).unwrap();
    assert!(!seen.contains("good-1 2") && !seen.contains("poison 3"), "{seen}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fifo_queue_is_worked_off_in_order() {
    let small = Small::up().await;
    let sqs = small.stack.cloud().clients().sqs;
    for body in ["first", "second", "third"] {
        let send = sqs.send_message().queue_url(small.queue_url("OrderedQueue.fifo")).message_body(body);
        send.message_group_id("g").send().await.unwrap();
    }
    small.noted("third 1").await;
    let seen = std::fs::read_to_string(&small.seen).unwrap();
    let order: Vec<&str> = seen.lines().filter(|line| line.ends_with(" 1")).collect();
    assert_eq!(order, ["first 1", "second 1", "third 1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_fires_at_once_and_by_hand_with_the_schedulers_event() {
    let small = Small::up().await;
    let noted = small.noted("Scheduled Event").await;
    assert_eq!(noted, "Scheduled Event arn:aws:scheduler:sa-east-1:000000000000:schedule/default/small-tick");
    let answer = client::post(&format!("{}/tick/tick", small.control()), "").await.unwrap();
    assert_eq!(answer.status, 200);
    let event = &serde_json::from_str::<Value>(&answer.body).unwrap()["answer"]["event"];
    assert_eq!(event["source"], "aws.scheduler");
    assert_eq!(event["detail"], "{}");
    assert_eq!((&event["version"], &event["region"]), (&json!("0"), &json!("sa-east-1")));
    let unknown = client::post(&format!("{}/tick/sleep", small.control()), "").await.unwrap();
    assert_eq!(unknown.status, 404);
    assert!(unknown.body.contains("there are: tick"), "{}", unknown.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_port_invokes_and_reports() {
    let small = Small::up().await;
    small.noted("Scheduled Event").await;
    let invoke = format!("{}/invoke/echo", small.control());
    let answer = client::post(&invoke, r#"{"rawPath":"/do/jwt"}"#).await.unwrap();
    let said: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(said["answer"]["body"], "a.b.c");
    let failed = client::post(&invoke, r#"{"rawPath":"/do/fail"}"#).await.unwrap();
    assert_eq!(failed.status, 502);
    assert!(failed.body.contains("on purpose"), "{}", failed.body);
    assert_eq!(client::post(&invoke, "{").await.unwrap().status, 400);
    assert_eq!(client::post(&format!("{}/invoke/nobody", small.control()), "{}").await.unwrap().status, 404);
    let mut status = Value::Null;
    for _ in 0..500 {
        let answer = client::get(&format!("{}/status", small.control())).await.unwrap();
        status = serde_json::from_str(&answer.body).unwrap();
        // The tick is counted a moment after the function has noted it.
        if status["schedules"]["tick"]["ticks"] == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(status["functions"]["echo"]["invocations"], 3);
    assert_eq!(status["functions"]["echo"]["failures"], 1);
    assert_eq!(status["schedules"]["tick"]["ticks"], 1);
    assert_eq!(status["queues"]["WorkQueue"], json!({"waiting": 0, "in_flight": 0}));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_hosts_services_and_the_templates_variables() {
    let small = Small::up().await;
    let described = small.stack.endpoints();
    let variables = json!({"SEEN_FILE": small.seen.display().to_string(), "URL": small.host("public")});
    assert_eq!(described["functions"], json!({"echo": {"env": variables}}));
    assert_eq!(described["aws"]["region"], "sa-east-1");
    assert_eq!(described["aws"]["endpoint_url"], small.stack.cloud().endpoint_url());
    small.stack.stop().await;
}
