//! The commands as an operator sends them, and their answers.

mod findings;
mod held;
mod kinds;

use std::time::Duration;

use ponte_edge::{Operator as _, Tick as _, Worker as _};
use ponte_metrics::outbox::PendingRow;
use ponte_metrics::ports::PlatformAnswer;
use ponte_metrics::verdict::ReportVerdict;
use ponte_ports::Clock as _;
use ponte_ports::audit::{OperatorAction, OperatorIdentity, OperatorReason};
use ponte_values::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::fault::CommandFault;
use super::limits::BUDGET;
use super::run::{ReportOperator, answer, read};
use crate::check;
use crate::commands::{
    Checks, Command, Corrected, DayDetail, DayResent, Days, ParkedReports, Rebuilt, Restored, Unparked,
};
use crate::testing::{World, accept, noon, placed, received, row_at, world};
use crate::{Sender, Sweeper};

const DAY: &str = "2026-03-01";

/// Reports whose name begins with `bad` are discarded while the clock shows noon, and taken later.
fn judging() -> World {
    world(|_, items| {
        let said = items.iter().map(|item| {
            if item.contains("bad-") {
                ReportVerdict::Discarded("OrganisationId doesn't exist on Directory: x".to_owned())
            } else {
                ReportVerdict::Accepted
            }
        });
        PlatformAnswer::Items(said.collect())
    })
}

async fn work(world: &World) {
    world.clock.forward(61);
    Sweeper::new(world.ports.clone()).tick().await.unwrap();
    let sender = Sender::new(world.ports.clone());
    for ticket in world.queue.take() {
        sender.work(&received(&serde_json::to_string(&ticket).unwrap(), world.clock.now())).await;
    }
}

async fn reported(world: &World, names: &[&str]) {
    for name in names {
        let (shard, row) = placed(name);
        world.memory.add(shard, row);
    }
    work(world).await;
}

/// The end of a check's time.
fn soon(world: &World) -> ponte_values::Moment {
    world.ports.clock.now().plus(BUDGET)
}

async fn send(world: &World, command: Value) -> Result<Value, CommandFault> {
    let text = serde_json::value::to_raw_value(&command).unwrap();
    answer(&world.ports, read(&text)?, &ana()).await
}

/// Somebody with a reason.
fn ana() -> OperatorAction {
    OperatorAction {
        by: Some(OperatorIdentity::stated("ana").unwrap()),
        reason: Some(OperatorReason::parse("asked for by the platform").unwrap()),
        ..OperatorAction::default()
    }
}

#[tokio::test]
async fn t47_what_changes_something_leaves_an_audit_row_with_name_and_reason_and_the_rest_none() {
    let world = judging();
    reported(&world, &["good-1", "bad-1"]).await;
    let correct = json!({
        "operator": "pcm.correct", "day": DAY, "interaction": "good-1", "role": "SERVER", "set": {"statusCode": 404},
    });
    for (command, row) in [
        (json!({"operator": "pcm.status"}), None),
        (json!({"operator": "pcm.parked"}), None),
        (json!({"operator": "pcm.check", "day": DAY}), None),
        (json!({"operator": "pcm.resend-day", "day": DAY}), Some(("pcm.day_resent", DAY, "ORDERED"))),
        (correct, Some(("pcm.report_corrected", DAY, "RESENT"))),
        (json!({"operator": "pcm.rebuild", "day": DAY}), Some(("pcm.day_rebuilt", DAY, "RIGHT"))),
        (json!({"operator": "pcm.resend-discarded"}), Some(("pcm.discarded_resent", "all", "ORDERED"))),
    ] {
        send(&world, command.clone()).await.unwrap();
        let rows = std::mem::take(&mut world.memory.state.lock().unwrap().audit);
        let told =
            rows.iter().map(|row| (row.action, row.subject.as_str(), row.after, row.operator.as_ref()));
        let ana = ana();
        let expected = row.map(|(action, day, after)| (action, format!("pcm:{day}"), after));
        let expected = expected.iter().map(|(action, of, after)| (*action, of.as_str(), *after, Some(&ana)));
        assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "{command}");
        // Without a name or a reason it is refused, and nothing is done or written.
        let text = serde_json::value::to_raw_value(&command).unwrap();
        let kind = ReportOperator::new(world.ports.clone()).kind(&text).unwrap();
        assert_eq!((kind.changes, kind.answers_secret), (row.is_some(), false), "{command}");
        for incomplete in [
            OperatorAction::default(),
            OperatorAction { reason: None, ..ana.clone() },
            OperatorAction { by: None, ..ana.clone() },
        ] {
            let pending = world.memory.pending();
            let refused = answer(&world.ports, read(&text).unwrap(), &incomplete).await;
            assert_eq!(refused.is_err(), row.is_some(), "{command}");
            assert_eq!(world.memory.pending(), pending);
        }
        assert!(world.memory.state.lock().unwrap().audit.is_empty());
    }
}

#[tokio::test]
async fn a_status_shows_the_days_and_a_day_in_detail() {
    let world = judging();
    reported(&world, &["good-1", "good-2", "good-3", "bad-1"]).await;
    let days = send(&world, json!({"operator": "pcm.status"})).await.unwrap();
    assert_eq!(days["days"].as_array().unwrap().len(), 8);
    let today = &days["days"][0];
    assert_eq!(
        (&today["day"], &today["produced"], &today["accepted"], &today["parked"], &today["rate"]),
        (&json!(DAY), &json!(4), &json!(3), &json!(1), &json!("75.0"))
    );
    assert_eq!(today["firstDeadline"]["standing"], "OPEN");
    assert_eq!(days["days"][1]["firstDeadline"]["standing"], "MET", "nothing to report is nothing missed");
    let detail = send(&world, json!({"operator": "pcm.status", "day": DAY})).await.unwrap();
    assert_eq!(detail["apis"][0]["api"], "accounts/v2");
    assert_eq!((&detail["apis"][0]["role"], &detail["apis"][0]["discarded"]), (&json!("SERVER"), &json!(1)));
}

#[tokio::test]
async fn parked_reports_are_shown_with_their_reason_and_content() {
    let world = judging();
    reported(&world, &["bad-1", "good-1"]).await;
    let parked = send(&world, json!({"operator": "pcm.parked", "day": DAY})).await.unwrap();
    let one = &parked["parked"][0];
    assert_eq!(one["reason"], "discarded: OrganisationId doesn't exist on Directory: x");
    assert_eq!((&one["api"], &one["report"]["fapiInteractionId"]), (&json!("accounts/v2"), &json!("bad-1")));
    assert_eq!(parked["next"], Value::Null);
}

#[tokio::test]
async fn t53_discarded_reports_go_out_again_but_for_those_that_would_be_refused() {
    let world = judging();
    let old = row_at("bad-old", noon().minus(Duration::from_hours(24 * 6 + 23)));
    world.memory.add(ponte_ports::outbox::shard_of("bad-old"), old);
    reported(&world, &["bad-1", "bad-2"]).await;
    assert_eq!(world.memory.counts().parked, 3);
    world.clock.forward(2 * 3600);
    let done = send(&world, json!({"operator": "pcm.resend-discarded"})).await.unwrap();
    assert_eq!((&done["resent"], &done["left"]), (&json!(2), &json!(1)));
    let reasons = done["reasons"].as_object().unwrap().keys().collect::<Vec<_>>();
    assert!(reasons[0].starts_with("expired"), "{reasons:?}");
    assert_eq!((world.memory.pending(), world.memory.counts().parked), (2, 1));
    work(&world).await;
    // Still wrong: they are parked again, and nothing is lost on the way.
    assert_eq!((world.memory.pending(), world.memory.counts().parked), (0, 3));
    assert_eq!(world.memory.counts().discarded, 5);
}

/// The field of the log line about a report that the store did not take.
fn lost(row: &PendingRow) -> Value {
    json!({"key": row.sort_key, "path": row.path, "body": row.body})
}

async fn restore(world: &World, reports: &[Value]) -> Restored {
    let done = send(world, json!({"operator": "pcm.restore", "reports": reports})).await.unwrap();
    serde_json::from_value(done).unwrap()
}

#[tokio::test]
async fn t64_a_lost_report_is_rebuilt_from_the_log_and_counts_once_however_often() {
    let world = judging();
    let one = lost(&row_at("good-1", noon()));
    let (restored, known) = (
        |n| Restored { restored: n, ..Restored::default() },
        |n| Restored { known: n, ..Restored::default() },
    );
    assert_eq!(restore(&world, &[one.clone(), one.clone()]).await, Restored { known: 1, ..restored(1) });
    assert_eq!(restore(&world, std::slice::from_ref(&one)).await, known(1), "it is pending");
    work(&world).await;
    assert_eq!((world.memory.pending(), world.memory.counts().accepted), (0, 1));
    assert_eq!(restore(&world, &[one]).await, known(1), "it was sent");
    work(&world).await;
    assert_eq!((world.memory.counts().sent, world.memory.counts().accepted), (1, 1));
}

#[tokio::test]
async fn t64_a_report_that_was_stored_after_we_gave_up_is_found_wherever_it_is() {
    let world = judging();
    // Sent and parked; sent and accepted; mended, so that another attempt of it is pending.
    reported(&world, &["bad-1", "good-1"]).await;
    let (shard, again) = placed("good-2");
    world.memory.add(shard, again.again());
    let reports = ["bad-1", "good-1", "good-2"].map(|name| lost(&row_at(name, noon())));
    assert_eq!(restore(&world, &reports).await, Restored { known: 3, ..Restored::default() });
    assert_eq!(world.memory.pending(), 1);
}

#[tokio::test]
async fn t64_what_the_platform_would_refuse_is_not_restored() {
    let world = judging();
    let old = row_at("good-old", noon().minus(Duration::from_hours(24 * 8)));
    let odd = PendingRow { sort_key: "no time".to_owned(), ..row_at("good-1", noon()) };
    let second = row_at("good-1", noon()).again();
    let done = restore(&world, &[lost(&old), lost(&odd), lost(&second)]).await;
    assert_eq!((done.restored, done.left, done.reasons.len()), (0, 3, 3), "{done:?}");
    let many = vec![lost(&row_at("good-1", noon())); 501];
    let many = json!({"operator": "pcm.restore", "reports": many});
    assert!(matches!(send(&world, many).await, Err(CommandFault::Unreadable(_))));
    assert_eq!(world.memory.pending(), 0);
}

#[tokio::test]
async fn a_day_goes_out_once_more_and_counts_as_repeated() {
    let world = judging();
    reported(&world, &["good-1", "good-2", "good-3", "bad-1"]).await;
    let mut command = json!({"operator": "pcm.resend-day", "day": DAY});
    let done = send(&world, command.clone()).await.unwrap();
    assert_eq!((&done["resent"], &done["left"], done.get("next")), (&json!(3), &json!(0), None));
    let day = send(&world, json!({"operator": "pcm.status", "day": DAY})).await.unwrap();
    assert_eq!((&day["produced"], &day["pending"]), (&json!(4), &json!(0)), "repeats are nothing new");
    work(&world).await;
    let counts = world.memory.counts();
    assert_eq!((counts.accepted, counts.repeated, counts.sent), (3, 3, 7));
    // A second command sends the three reports again, not the six acceptances.
    work(&world).await;
    assert_eq!(send(&world, command.clone()).await.unwrap()["resent"], 3);
    work(&world).await;
    assert_eq!(world.memory.counts().repeated, 6);
    command["day"] = json!("2026-02-01");
    assert_eq!(send(&world, command).await.unwrap()["resent"], 0);
}

#[tokio::test]
async fn t53_a_report_is_corrected_by_posting_it_again() {
    let world = judging();
    reported(&world, &["good-1", "good-2"]).await;
    let correct = |interaction: &str, set: Value| json!({"operator": "pcm.correct", "day": DAY, "interaction": interaction, "role": "SERVER", "set": set});
    let done = send(&world, correct("good-2", json!({"statusCode": 404}))).await.unwrap();
    assert_eq!((&done["report"]["statusCode"], &done["report"]["httpMethod"]), (&json!(404), &json!("GET")));
    work(&world).await;
    let calls = world.platform.calls.lock().unwrap().clone();
    let (_, last) = calls.last().unwrap();
    assert!(last.len() == 1 && last[0].contains("good-2") && last[0].contains("404"), "{last:?}");
    assert_eq!((world.memory.counts().accepted, world.memory.counts().repeated), (2, 1));
    // A check asks once, and compares with what we said last.
    let check = check::run(&world.ports, Date::parse(DAY).unwrap(), 10, soon(&world)).await.unwrap();
    let corrected = check.examples.iter().find(|one| one.interaction == "good-2").unwrap();
    assert_eq!((check.sampled["accounts/v2 SERVER"].asked, corrected.ours.status_code), (2, Some(404)));
    for (command, fault) in [
        (correct("good-9", json!({"statusCode": 404})), "no such report"),
        (correct("good-1", json!({"role": "CLIENT"})), "not understood: set: there are additionalInfo"),
        (correct("good-1", json!({"endpoint": "/x"})), "the platform would refuse it: unlisted endpoint"),
    ] {
        let text = send(&world, command).await.unwrap_err().to_string();
        assert!(text.contains(fault), "{text}");
    }
}

#[tokio::test]
async fn a_ledger_is_rebuilt_from_archive_and_parked_rows() {
    let world = judging();
    reported(&world, &["good-1", "good-2", "bad-1", "good-3"]).await;
    send(&world, json!({"operator": "pcm.resend-day", "day": DAY})).await.unwrap();
    work(&world).await;
    let rebuild = json!({"operator": "pcm.rebuild", "day": DAY});
    let right = world.memory.counts();
    let same = send(&world, rebuild.clone()).await.unwrap();
    assert_eq!((&same["done"], &same["corrected"]), (&json!(true), &json!([])));
    for counts in world.memory.state.lock().unwrap().lines.values_mut() {
        counts.accepted += 5;
        counts.parked = 0;
    }
    let mended = send(&world, rebuild).await.unwrap();
    assert_eq!(mended["corrected"][0]["was"]["accepted"], right.accepted + 5);
    assert_eq!(mended["corrected"][0]["is"]["accepted"], right.accepted);
    assert_eq!(world.memory.counts(), right);
}

#[tokio::test]
async fn a_long_command_hands_on_what_is_left() {
    let world = world(|_, items| accept(items));
    for number in 0..5 {
        reported(&world, &[&format!("good-{number}")]).await;
    }
    let right = world.memory.counts();
    // Every look at the clock is ten seconds after the one before: time runs out after two stretches of two parts.
    *world.clock.step.lock().unwrap() = Duration::from_secs(10);
    let mut rebuild = json!({"operator": "pcm.rebuild", "day": DAY});
    let first = send(&world, rebuild.clone()).await.unwrap();
    assert_eq!(
        (&first["done"], &first["continue"]["counted"]["accounts/v2 SERVER"]["accepted"]),
        (&json!(false), &json!(4))
    );
    rebuild["continue"] = first["continue"].clone();
    let second = send(&world, rebuild).await.unwrap();
    assert_eq!((&second["done"], &second["corrected"]), (&json!(true), &json!([])));
    assert_eq!(world.memory.counts(), right);
    let mut resend = json!({"operator": "pcm.resend-day", "day": DAY});
    // Writing takes longer than counting: after each stretch.
    let mut stretches = Vec::new();
    loop {
        let done = send(&world, resend.clone()).await.unwrap();
        stretches.push(done["resent"].as_u64().unwrap());
        let Some(next) = done.get("next") else { break };
        resend["after"] = next.clone();
    }
    assert_eq!(stretches, [2, 2, 1]);
}

#[tokio::test]
async fn a_day_whose_archive_is_going_is_not_counted_again() {
    let world = judging();
    reported(&world, &["good-1"]).await;
    let right = world.memory.counts();
    world.clock.forward(9 * 24 * 3600);
    let fault = send(&world, json!({"operator": "pcm.rebuild", "day": DAY})).await.unwrap_err();
    assert!(matches!(fault, CommandFault::Old), "{fault}");
    assert_eq!(world.memory.counts(), right);
}

#[tokio::test]
async fn a_rebuild_while_reports_of_the_day_go_out_changes_nothing() {
    let world = judging();
    reported(&world, &["good-1"]).await;
    let carried = json!({"after": null, "before": {"accounts/v2 SERVER": {"accepted": 0}}, "counted": {}});
    let rebuild = json!({"operator": "pcm.rebuild", "day": DAY, "continue": carried});
    let answer = send(&world, rebuild).await.unwrap();
    assert_eq!((&answer["done"], &answer["corrected"]), (&json!(false), &json!([])));
    assert!(answer["note"].as_str().unwrap().contains("run it again"));
    assert_eq!(world.memory.counts().accepted, 1);
}

#[tokio::test]
async fn m20_a_check_counts_states_and_keeps_examples() {
    let world = judging();
    reported(&world, &["good-1", "good-2", "good-3", "good-4"]).await;
    let filed = |status: &str, code: u16, role: &str| {
        let report = json!({"reportId": "1", "status": status, "role": role, "statusCode": code,
            "httpMethod": "GET", "endpoint": "/open-banking/accounts/v2/accounts"});
        serde_json::from_value(report).unwrap()
    };
    *world.platform.filed.lock().unwrap() = [
        ("good-1".to_owned(), vec![filed("PAIRED", 200, "SERVER"), filed("PAIRED", 200, "CLIENT")]),
        (
            "good-2".to_owned(),
            vec![filed("PAIRED_INCONSISTENT", 200, "SERVER"), filed("PAIRED_INCONSISTENT", 500, "CLIENT")],
        ),
        ("good-3".to_owned(), vec![filed("UNPAIRED", 200, "SERVER")]),
    ]
    .into();
    let answer = send(&world, json!({"operator": "pcm.check", "day": DAY})).await.unwrap();
    let check = &answer["checks"][DAY];
    let sampled = &check["sampled"]["accounts/v2 SERVER"];
    for (state, count) in [("asked", 4), ("paired", 1), ("inconsistent", 1), ("unpaired", 1), ("unknown", 1)]
    {
        assert_eq!(sampled[state], count, "{state}");
    }
    let examples = check["examples"].as_array().unwrap();
    let inconsistent = examples.iter().find(|one| one["interaction"] == "good-2").unwrap();
    assert_eq!(
        (&inconsistent["differs"], &inconsistent["theirs"]["statusCode"]),
        (&json!(["statusCode"]), &json!(500))
    );
    assert_eq!(examples.len(), 3);
    let day = send(&world, json!({"operator": "pcm.status", "day": DAY})).await.unwrap();
    assert_eq!(
        (&day["check"]["sample"]["paired"], &day["check"]["unpairedIsAGap"]),
        (&json!(1), &json!(false))
    );
    assert_eq!((&day["check"]["unpairedRate"], &day["check"]["openRate"]), (&json!("25.0"), &json!("50.0")));
    assert_eq!(day["apis"][0]["sample"]["asked"], 4);
}

#[tokio::test]
async fn a_check_keeps_below_the_rate_and_within_its_sample() {
    let world = judging();
    let names = (0..30).map(|number| format!("good-{number}")).collect::<Vec<_>>();
    reported(&world, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let began = world.ports.clock.now();
    let check = check::run(&world.ports, Date::parse(DAY).unwrap(), 20, soon(&world)).await.unwrap();
    assert_eq!((check.sampled["accounts/v2 SERVER"].asked, check.complete), (20, true));
    // Twenty questions at a hundred a second: the last begins after 190 ms.
    assert_eq!(world.ports.clock.now().since(began), Duration::from_millis(190));
}

#[tokio::test]
async fn a_check_without_time_leaves_the_one_before() {
    let world = judging();
    reported(&world, &["good-1"]).await;
    let day = Date::parse(DAY).unwrap();
    check::run(&world.ports, day, 20, soon(&world)).await.unwrap();
    *world.clock.step.lock().unwrap() = Duration::from_secs(10);
    let late = check::run(&world.ports, day, 20, world.ports.clock.now()).await.unwrap();
    assert_eq!((late.complete, late.sampled.len()), (false, 0));
    let kept = world.ports.ledger.check(day).await.unwrap().unwrap();
    assert_eq!((kept.complete, kept.sampled["accounts/v2 SERVER"].asked), (true, 1));
}

#[test]
fn an_hourly_check_looks_at_yesterday_and_comes_round_to_the_week() {
    let mut seen = std::collections::BTreeSet::new();
    for hour in 0..6 {
        let days = check::of_the_hour(noon().plus(Duration::from_hours(hour)));
        assert_eq!(days[0].to_string(), "2026-02-28");
        seen.insert(days[1].to_string());
    }
    let week = ["2026-02-22", "2026-02-23", "2026-02-24", "2026-02-25", "2026-02-26", "2026-02-27"];
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), week);
}

#[tokio::test]
async fn every_command_has_its_event_file() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(name_of_command) = name.strip_prefix("pcm-").and_then(|name| name.strip_suffix(".json"))
        else {
            continue;
        };
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events").join(&name);
        let mut command: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        assert_eq!(command["operator"], format!("pcm.{name_of_command}"));
        let changes =
            ["correct", "rebuild", "resend-day", "resend-discarded", "restore"].contains(&name_of_command);
        let by = command.as_object_mut().unwrap().remove("by");
        assert_eq!(by.is_some_and(|by| by["name"].is_string() && by["reason"].is_string()), changes);
        let typed: Command = serde_json::from_value(command.clone()).unwrap();
        assert_eq!(serde_json::to_value(typed).unwrap(), command, "what is absent stays absent");
        match send(&judging(), command).await {
            Ok(_) | Err(CommandFault::Unknown) => {}
            Err(fault) => panic!("{name}: {fault}"),
        }
        found.push(name_of_command.to_owned());
    }
    found.sort();
    let commands = "check correct parked quality rebuild resend-day resend-discarded restore status";
    assert_eq!(found.join(" "), commands);
}

/// Sends a command and reads its answer by its type, which must lose nothing of it.
async fn typed<T: Serialize + DeserializeOwned>(world: &World, command: Value) {
    let answer = send(world, command).await.unwrap();
    let typed: T = serde_json::from_value(answer.clone()).unwrap();
    assert_eq!(serde_json::to_value(typed).unwrap(), answer);
}

#[tokio::test]
async fn answers_are_those_of_their_types() {
    let world = judging();
    reported(&world, &["good-1", "good-2", "bad-1"]).await;
    typed::<Days>(&world, json!({"operator": "pcm.status", "days": 2})).await;
    typed::<Checks>(&world, json!({"operator": "pcm.check", "day": DAY})).await;
    typed::<DayDetail>(&world, json!({"operator": "pcm.status", "day": DAY})).await;
    typed::<ParkedReports>(&world, json!({"operator": "pcm.parked"})).await;
    typed::<Unparked>(&world, json!({"operator": "pcm.resend-discarded"})).await;
    typed::<DayResent>(&world, json!({"operator": "pcm.resend-day", "day": DAY})).await;
    let set = json!({"statusCode": 404});
    let correct =
        json!({"operator": "pcm.correct", "day": DAY, "interaction": "good-1", "role": "SERVER", "set": set});
    typed::<Corrected>(&world, correct).await;
    for counts in world.memory.state.lock().unwrap().lines.values_mut() {
        counts.accepted += 5;
    }
    *world.clock.step.lock().unwrap() = Duration::from_secs(10);
    let mut rebuild = json!({"operator": "pcm.rebuild", "day": DAY});
    typed::<Rebuilt>(&world, rebuild.clone()).await;
    rebuild["continue"] = json!({"before": {}, "counted": {}});
    typed::<Rebuilt>(&world, rebuild).await;
}

#[tokio::test]
async fn what_is_no_command_is_named() {
    let world = judging();
    for (command, fault) in [
        (json!({"operator": "pcm.stop"}), "not understood: there is no such command"),
        (json!({"operator": "pcm.resend-day"}), "not understood: missing field `day`"),
        (json!({"operator": "pcm.resend-day", "day": "yesterday"}), "day must be a date, YYYY-MM-DD"),
        (
            json!({"operator": "pcm.status", "dya": DAY}),
            "not understood: a member that the command does not have",
        ),
    ] {
        let text = send(&world, command).await.unwrap_err().to_string();
        assert!(text.starts_with(fault), "{text}");
    }
}
