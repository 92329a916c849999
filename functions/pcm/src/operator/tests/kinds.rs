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
