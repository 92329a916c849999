//! Rules 9, 10 and 17: queues, dead letters, and the alarms over them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::read::{Resource, Template, list, target};

/// Fourteen days, the longest that SQS keeps a message.
const LONGEST_RETENTION: u64 = 14 * 24 * 3600;
/// Default of SQS for a queue without the property.
const DEFAULT_VISIBILITY: u64 = 30;

/// Queues that messages are moved to.
fn dead_letters(template: &Template) -> BTreeSet<&str> {
    let redrive =
        template.queues().filter_map(|queue| target(queue.get("/RedrivePolicy/deadLetterTargetArn")));
    let schedules = template.functions().flat_map(|function| {
        function.events("ScheduleV2").filter_map(|(_, event)| target(&event["DeadLetterConfig"]["Arn"]))
    });
    redrive.chain(schedules).collect()
}

pub(super) fn dead_letters_are_kept(template: &Template) -> Findings {
    let mut findings = Findings::of(9);
    let dead = dead_letters(template);
    for queue in template.queues() {
        if dead.contains(queue.id) {
            let retention = queue.get("/MessageRetentionPeriod").as_u64();
            findings.want(
                retention == Some(LONGEST_RETENTION),
                queue.id,
                "does not keep dead letters for 14 days",
            );
            findings.want(
                !queue.get("/RedriveAllowPolicy").is_null(),
                queue.id,
                "takes dead letters from any queue",
            );
        } else {
            let target =
                target(queue.get("/RedrivePolicy/deadLetterTargetArn")).and_then(|id| template.type_of(id));
            findings.want(target == Some("AWS::SQS::Queue"), queue.id, "has no dead-letter queue");
            let shorter =
                queue.get("/MessageRetentionPeriod").as_u64().is_none_or(|time| time < LONGEST_RETENTION);
            findings.want(shorter, queue.id, "keeps messages as long as its dead letters");
        }
    }
    findings
}

pub(super) fn queues_speak_tls_only(template: &Template) -> Findings {
    let mut findings = Findings::of(9);
    for queue in template.queues() {
        let refused = template.of_type("AWS::SQS::QueuePolicy").any(|policy| {
            list(policy.get("/Queues")).iter().any(|named| target(named) == Some(queue.id))
                && list(policy.get("/PolicyDocument/Statement")).iter().any(|statement| {
                    statement["Effect"] == "Deny"
                        && statement["Principal"] == "*"
                        && statement["Action"] == "sqs:*"
                        && target(&statement["Resource"]) == Some(queue.id)
                        && statement["Condition"]["Bool"]["aws:SecureTransport"] == "false"
                })
        });
        findings.want(refused, queue.id, "accepts plain HTTP");
    }
    findings
}

pub(super) fn mappings_survive_a_bad_message(template: &Template) -> Findings {
    let mut findings = Findings::of(10);
    for function in template.functions() {
        let timeout = function.get("/Timeout").as_u64().unwrap_or_default();
        for (name, mapping) in function.events("SQS") {
            let partial =
                list(&mapping["FunctionResponseTypes"]).iter().any(|kind| kind == "ReportBatchItemFailures");
            findings.want(partial, function.id, format!("{name} fails whole batches"));
            let most = &mapping["ScalingConfig"]["MaximumConcurrency"];
            let parameter = target(most).map(|name| template.parameter(name));
            let bounded = most.is_u64()
                || parameter.is_some_and(|one| one["Type"] == "Number" && one["MaxValue"].is_u64());
            findings.want(bounded, function.id, format!("{name} has no MaximumConcurrency"));
            let queue = template.queues().find(|queue| Some(queue.id) == target(&mapping["Queue"]));
            let visibility =
                queue.map(|q| q.get("/VisibilityTimeout").as_u64().unwrap_or(DEFAULT_VISIBILITY));
            let enough = visibility.is_some_and(|seconds| seconds >= 6 * timeout);
            findings.want(enough, function.id, format!("{name} sees a message again before 6 timeouts"));
        }
    }
    findings
}

/// T68: whoever works off a queue puts what can never be worked on among its dead letters, with the reason.
pub(super) fn workers_know_their_dead_letters(template: &Template) -> Findings {
    let mut findings = Findings::of(10);
    for function in template.functions() {
        for (name, mapping) in function.events("SQS") {
            let queue = template.queues().find(|queue| Some(queue.id) == target(&mapping["Queue"]));
            let dead = queue.and_then(|queue| target(queue.get("/RedrivePolicy/deadLetterTargetArn")));
            let named = function.environment().any(|(_, value)| dead.is_some() && target(value) == dead);
            findings.want(named, function.id, format!("{name} cannot put a message among the dead letters"));
        }
    }
    findings
}

/// Whether an alarm on `metric` has a dimension that points at `id`.
fn watched(template: &Template, metric: &str, id: &str) -> bool {
    let points = |alarm: Resource<'_>| {
        list(alarm.get("/Dimensions")).iter().any(|dimension: &Value| target(&dimension["Value"]) == Some(id))
    };
    template
        .of_type("AWS::CloudWatch::Alarm")
        .any(|alarm| alarm.get("/MetricName") == metric && points(alarm))
}

pub(super) fn alarms_watch_queues_and_hosts(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let dead = dead_letters(template);
    for queue in template.queues() {
        let metric = if dead.contains(queue.id) {
            "ApproximateNumberOfMessagesVisible"
        } else {
            "ApproximateAgeOfOldestMessage"
        };
        findings.want(watched(template, metric, queue.id), queue.id, format!("has no alarm on {metric}"));
    }
    for api in template.apis() {
        findings.want(watched(template, "5xx", api.id), api.id, "has no alarm on 5xx");
    }
    findings
}

pub(super) fn alarms_watch_schedules(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    for function in template.functions().filter(|function| function.events("ScheduleV2").count() > 0) {
        let watched = watched(template, "Errors", function.id);
        findings.want(watched, function.id, "is started by a schedule and has no alarm on Errors");
    }
    findings
}

/// Filter pattern of an alarm's log line; `LoggedAlarms` of `cloud` writes it.
const ALARM_LINE: &str = r#"{ $.fields.alarm = "*" }"#;
/// Lines of these are about no secret: they have a filter and an alarm of their own.
const OTHER_ALARMS: [&[&str]; 3] = [&["pcm-deadline"], &["revocation"], &["revocation", "payment-books"]];

/// Whether an alarm sums what the filter counts.
pub(super) fn summed(template: &Template, filter: Resource<'_>) -> bool {
    list(filter.get("/MetricTransformations")).iter().any(|counts| {
        template.of_type("AWS::CloudWatch::Alarm").any(|alarm| {
            alarm.get("/MetricName") == &counts["MetricName"]
                && alarm.get("/Namespace") == &counts["MetricNamespace"]
                && alarm.get("/Statistic") == "Sum"
        })
    })
}

/// Every function has the field: its secrets, its clock at a schedule or a queue, its credentials.
pub(super) fn alarms_watch_the_field_alarm(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    for function in template.functions() {
        let group = target(function.get("/LoggingConfig/LogGroup"));
        let counted = |line: &str| {
            template.of_type("AWS::Logs::MetricFilter").any(|filter| {
                target(filter.get("/LogGroupName")) == group
                    && filter.get("/FilterPattern") == line
                    && summed(template, filter)
            })
        };
        let apart = OTHER_ALARMS.iter().any(|others| {
            let but = others.iter().map(|other| format!(r#" && ($.fields.alarm != "{other}")"#));
            counted(&format!(r#"{{ ($.fields.alarm = "*"){} }}"#, but.collect::<String>()))
                && others.iter().all(|other| counted(&format!(r#"{{ $.fields.alarm = "{other}" }}"#)))
        });
        let watched = counted(ALARM_LINE) || apart;
        findings.want(watched, function.id, "writes the field alarm and nobody hears of it");
    }
    findings
}

/// Filter pattern of the line about a row that a release cannot read; `body.rs` of `store` writes it.
const UNREADABLE_LINE: &str = r#"{ $.fields.unreadable = "*" }"#;

pub(super) fn alarms_watch_unreadable_rows(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    for function in template.functions() {
        let group = target(function.get("/LoggingConfig/LogGroup"));
        let watched = template.of_type("AWS::Logs::MetricFilter").any(|filter| {
            target(filter.get("/LogGroupName")) == group
                && filter.get("/FilterPattern") == UNREADABLE_LINE
                && summed(template, filter)
        });
        findings.want(watched, function.id, "meets rows that it cannot read and nobody hears of it");
    }
    findings
}
