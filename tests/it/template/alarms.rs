//! Rule 17, beyond queues and hosts: every alarm reaches somebody; certificates, the outbox and key sets are watched.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Findings;
use super::read::{Resource, Template, list, target};

/// Days before the end of a certificate at which somebody is told.
const DAYS: [u64; 4] = [30, 15, 7, 1];

fn alarms(template: &Template) -> impl Iterator<Item = Resource<'_>> {
    template.of_type("AWS::CloudWatch::Alarm")
}

/// T67: with a topic given, no alarm is without an action.
pub(super) fn alarms_reach_a_topic(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let given = json!({ "Fn::Not": [{ "Fn::Equals": [{ "Ref": "AlarmTopicArn" }, ""] }] });
    let topic = json!({
        "Fn::If": ["HasAlarmTopic", [{ "Ref": "AlarmTopicArn" }], { "Ref": "AWS::NoValue" }]
    });
    for alarm in alarms(template) {
        let told = *alarm.get("/AlarmActions") == topic && *template.condition("HasAlarmTopic") == given;
        findings.want(told, alarm.id, "tells no topic although one is given");
        findings.want(alarm.get("/ActionsEnabled") != false, alarm.id, "has its actions switched off");
    }
    findings
}

/// The thresholds of the alarms that `counts`, if they go off at the threshold and below.
fn thresholds<'a>(template: &'a Template, counts: impl Fn(Resource<'a>) -> bool) -> BTreeSet<u64> {
    let watching = alarms(template).filter(|alarm| {
        counts(*alarm)
            && alarm.get("/Statistic") == "Minimum"
            && alarm.get("/ComparisonOperator") == "LessThanOrEqualToThreshold"
    });
    watching.filter_map(|alarm| alarm.get("/Threshold").as_u64()).collect()
}

pub(super) fn alarms_watch_certificates(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    for api in template.apis() {
        let certificate = target(api.get("/Domain/CertificateArn"));
        let told = thresholds(template, |alarm| {
            let of_it = |dimension: &Value| {
                dimension["Name"] == "CertificateArn" && target(&dimension["Value"]) == certificate
            };
            alarm.get("/Namespace") == "AWS/CertificateManager"
                && alarm.get("/MetricName") == "DaysToExpiry"
                && list(alarm.get("/Dimensions")).iter().any(of_it)
        });
        findings.want(told == DAYS.into(), api.id, "has a certificate whose end is not told in time");
    }
    let told = logged(template, "certificate_days_left", "PcmLog")
        .map(|counts| thresholds(template, |alarm| watches(alarm, counts)));
    let told = told == Some(DAYS.into());
    findings.want(told, "TransportCertificateSecret", "ends and nobody is told in time");
    findings
}

/// Whether an alarm watches what a filter counts.
fn watches(alarm: Resource<'_>, counts: &Value) -> bool {
    alarm.get("/MetricName") == &counts["MetricName"] && alarm.get("/Namespace") == &counts["MetricNamespace"]
}

/// What a number in the log lines of a group becomes.
fn logged<'a>(template: &'a Template, field: &str, group: &str) -> Option<&'a Value> {
    let of_it = |filter: &Resource<'_>| {
        target(filter.get("/LogGroupName")) == Some(group)
            && filter.get("/FilterPattern") == &json!(format!("{{ $.fields.{field} >= 0 }}"))
    };
    let filter = template.of_type("AWS::Logs::MetricFilter").find(of_it)?;
    let counts = list(filter.get("/MetricTransformations")).first()?;
    (counts["MetricValue"] == format!("$.fields.{field}")).then_some(counts)
}

pub(super) fn alarms_watch_the_outbox(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let counts = logged(template, "outbox_age_seconds", "PcmLog");
    let watched = counts.is_some_and(|counts| {
        alarms(template).any(|alarm| {
            watches(alarm, counts)
                && alarm.get("/Statistic") == "Maximum"
                && alarm.get("/TreatMissingData") == "breaching"
        })
    });
    findings.want(watched, "OutboxTable", "keeps reports waiting and nobody hears of it");
    findings
}

/// T48: whoever looks at the audit tells of what was found.
pub(super) fn alarms_watch_the_audit(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let counts = logged(template, "audit_faults", "AuditLog");
    let watched = counts.is_some_and(|counts| {
        alarms(template).any(|alarm| {
            watches(alarm, counts) && alarm.get("/Statistic") == "Maximum" && alarm.get("/Threshold") == 0
        })
    });
    findings.want(watched, "AuditTable", "is not what was sealed and nobody hears of it");
    findings
}

/// T60: whoever looks at the block list tells when it grows.
pub(super) fn alarms_watch_the_block_list(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let reads = |name: &str| name == "BLOCK_LIST_TABLE";
    for function in template.functions().filter(|f| f.environment().any(|(name, _)| reads(name))) {
        let group = target(function.get("/LoggingConfig/LogGroup")).unwrap_or_default();
        let watched = logged(template, "crowded_block_list", group).is_some_and(|counts| {
            alarms(template).any(|alarm| {
                watches(alarm, counts) && alarm.get("/Statistic") == "Maximum" && alarm.get("/Threshold") == 0
            })
        });
        findings.want(watched, function.id, "reads a block list that grows and nobody hears of it");
    }
    findings
}

/// Whether lines of this function's log with this field are counted, and an alarm watches their number.
fn counted(template: &Template, function: Resource<'_>, field: &str) -> bool {
    let group = target(function.get("/LoggingConfig/LogGroup"));
    template.of_type("AWS::Logs::MetricFilter").any(|filter| {
        target(filter.get("/LogGroupName")) == group
            && filter.get("/FilterPattern") == &json!(format!("{{ $.fields.{field} = \"*\" }}"))
            && list(filter.get("/MetricTransformations")).iter().any(|counts| {
                alarms(template).any(|alarm| watches(alarm, counts) && alarm.get("/Statistic") == "Sum")
            })
    })
}

pub(super) fn alarms_watch_key_sets(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let reads = |name: &str| name == "DIRECTORY_URL" || name == "CHANNEL_JWKS_URI";
    for function in template.functions().filter(|f| f.environment().any(|(name, _)| reads(name))) {
        let counted = counted(template, function, "unread_key_set");
        findings.want(counted, function.id, "cannot read a key set and nobody hears of it");
    }
    findings
}

/// T64: a report that stands in the log alone is told of, of every function that answers calls.
pub(super) fn alarms_watch_lost_reports(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let answers = |f: &Resource<'_>| f.events("HttpApi").next().is_some();
    for function in template.functions().filter(answers) {
        let counted = counted(template, function, "lost_report");
        findings.want(counted, function.id, "loses a report and nobody hears of it");
    }
    findings
}

/// A call that nobody counted is told of, of every function that counts them.
pub(super) fn alarms_watch_the_limits(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let counts = |f: &Resource<'_>| f.environment().any(|(name, _)| name == "LIMITS_TABLE");
    for function in template.functions().filter(counts) {
        let counted = counted(template, function, "uncounted");
        findings.want(counted, function.id, "cannot count calls and nobody hears of it");
    }
    findings
}
