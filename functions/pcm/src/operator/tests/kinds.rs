//! What a queue learns of a command before it runs.

use ponte_kit::port_failures::is_of_a_port;

use super::*;

#[test]
fn t23_what_can_be_left_over_goes_on_by_the_queue_and_a_page_of_a_list_does_not() {
    let world = judging();
    let kind = |command: Value| {
        let text = serde_json::value::to_raw_value(&command).unwrap();
        ReportOperator::new(world.ports.clone()).kind(&text)
    };
    for (command, goes_on) in [
        (json!({"operator": "pcm.resend-day", "day": DAY, "after": "x"}), true),
        (json!({"operator": "pcm.resend-discarded", "after": "x"}), true),
        (json!({"operator": "pcm.rebuild", "day": DAY}), true),
        (json!({"operator": "pcm.parked", "after": "x"}), false),
        (json!({"operator": "pcm.restore", "reports": []}), false),
    ] {
        assert_eq!(kind(command.clone()).map(|kind| kind.goes_on), Some(goes_on), "{command}");
    }
    for other in
        [json!({"operator": "pcm.lost"}), json!({"operator": "pcm.status", "day": 1}), json!("pcm.status")]
    {
        assert_eq!(kind(other.clone()), None, "{other}");
    }
}

#[tokio::test]
async fn t23_a_store_that_fails_is_told_from_a_refusal_so_that_the_queue_tries_again() {
    let world = judging();
    let operator = ReportOperator::new(world.ports.clone());
    for (day, tried_again) in [(DAY, true), ("yesterday", false)] {
        world.memory.fuse.light(0, false);
        let command = json!({"operator": "pcm.resend-day", "day": day});
        let command = serde_json::value::to_raw_value(&command).unwrap();
        let error = operator.run(&command, &ana()).await.unwrap_err();
        assert_eq!(is_of_a_port(error.as_ref()), tried_again, "{error}");
    }
}

#[test]
fn t47_a_command_with_a_value_of_the_wrong_form_is_none_that_a_queue_records() {
    let operator = ReportOperator::new(judging().ports);
    let kind = |command: &Value| operator.kind(&serde_json::value::to_raw_value(command).unwrap());
    let person = "Ana, 123.456.789-09";
    let correct = json!({
        "operator": "pcm.correct", "day": DAY, "interaction": "good-1", "role": "SERVER", "set": {"statusCode": 404},
    });
    let right = ["status", "check", "parked", "resend-discarded", "resend-day", "rebuild"]
        .map(|name| json!({"operator": format!("pcm.{name}"), "day": DAY}));
    for mut command in right.into_iter().chain([correct.clone()]) {
        assert!(kind(&command).is_some(), "{command}");
        command["day"] = person.into();
        assert_eq!(kind(&command), None, "{command}");
    }
    for (member, value) in [
        ("interaction", json!(person)),
        ("interaction", json!("")),
        ("interaction", json!("a".repeat(65))),
        ("role", json!(person)),
        ("set", json!({person: 1})),
    ] {
        let mut command = correct.clone();
        command[member] = value;
        assert_eq!(kind(&command), None, "{command}");
    }
}
