//! Rules 11 to 14, 16 and 19: limits, schedules, environment, triggers, logs, runtime.

use serde_json::Value;

use super::Findings;
use super::read::{Resource, Template, list, target};
use crate::checkout;

/// The gateway gives up after 30 s; what it then answers has no Open Finance body.
const LONGEST_ANSWER: u64 = 28;

/// Parts of names that promise a secret.
const SECRETIVE: [&str; 6] = ["SECRET", "TOKEN", "PASSWORD", "CREDENTIAL", "PRIVATE", "_KEY"];

pub(super) fn answer_before_the_gateway_gives_up(template: &Template) -> Findings {
    let mut findings = Findings::of(11);
    for function in template.functions().filter(|function| function.events("HttpApi").count() > 0) {
        let timeout = function.get("/Timeout").as_u64();
        let soon = timeout.is_some_and(|seconds| seconds <= LONGEST_ANSWER);
        findings.want(soon, function.id, format!("may take {timeout:?} s, the gateway waits 30"));
    }
    findings
}

pub(super) fn schedules_have_dead_letters(template: &Template) -> Findings {
    let mut findings = Findings::of(12);
    for function in template.functions() {
        for (name, schedule) in function.events("ScheduleV2") {
            let kept = target(&schedule["DeadLetterConfig"]["Arn"]).and_then(|id| template.type_of(id));
            findings.want(
                kept == Some("AWS::SQS::Queue"),
                function.id,
                format!("{name} has no dead letters"),
            );
            let capped = schedule["RetryPolicy"]["MaximumRetryAttempts"].is_u64();
            findings.want(capped, function.id, format!("{name} retries without a cap"));
        }
    }
    findings
}

/// `Tick::event_age` in seconds, of the schedules whose tick says another than the usual.
const EVENT_AGES: [(&str, u64); 3] = [("books", 3_660), ("prove", 3_660), ("stock", 7_200)];
/// The usual one.
const EVENT_AGE: u64 = 120;

/// LB-05: an event that scheduler and Lambda may still deliver is not taken for the sign of a clock that is ahead.
pub(super) fn events_are_no_older_than_clocks_allow(template: &Template) -> Findings {
    let mut findings = Findings::of(12);
    for function in template.functions() {
        for (name, schedule) in function.events("ScheduleV2").filter(|(_, event)| event["Input"].is_null()) {
            let own = EVENT_AGES.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            let most = own.map_or(EVENT_AGE, |(_, seconds)| *seconds);
            let waits = schedule["RetryPolicy"]["MaximumEventAgeInSeconds"].as_u64();
            let tried = function.get("/EventInvokeConfig/MaximumEventAgeInSeconds").as_u64();
            let age = waits.zip(tried).map(|(waits, tried)| waits + tried);
            let fits = age.is_some_and(|age| age <= most)
                && function.get("/EventInvokeConfig/MaximumRetryAttempts").is_u64();
            findings.want(fits, function.id, format!("{name} may start by an event that is {age:?} s old"));
        }
    }
    findings
}

pub(super) fn environment_holds_no_secret(template: &Template) -> Findings {
    let mut findings = Findings::of(13);
    for function in template.functions() {
        for (name, value) in function.environment() {
            let named = target(value).and_then(|id| template.type_of(id));
            // The name of a secret or of a table of keys is neither.
            let secret = matches!(named, Some("AWS::SecretsManager::Secret" | "AWS::DynamoDB::Table"));
            // The life of a token is no token, and a key set is public.
            let harmless = name.ends_with("_SECONDS") || name == "PAYMENT_CONNECTOR_KEYS";
            let secretive = SECRETIVE.iter().any(|part| name.contains(part)) && !harmless;
            findings.want(secret || !secretive, function.id, format!("{name} is no name of a secret"));
            let dynamic = value.to_string().contains("{{resolve:");
            findings.want(
                !dynamic,
                function.id,
                format!("{name} puts a secret's value into the environment"),
            );
        }
    }
    findings
}

pub(super) fn nothing_else_invokes(template: &Template) -> Findings {
    let mut findings = Findings::of(14);
    for function in template.functions() {
        findings.want(function.get("/FunctionUrlConfig").is_null(), function.id, "has a URL of its own");
    }
    for permission in template.of_type("AWS::Lambda::Permission") {
        findings.want(!permission.get("/SourceArn").is_null(), permission.id, "names no SourceArn");
    }
    findings
}

pub(super) fn logs_expire(template: &Template) -> Findings {
    let mut findings = Findings::of(16);
    for group in template.of_type("AWS::Logs::LogGroup") {
        findings.want(group.get("/RetentionInDays").is_u64(), group.id, "is kept for ever");
    }
    for function in template.functions() {
        let group = target(function.get("/LoggingConfig/LogGroup")).and_then(|id| template.type_of(id));
        findings.want(
            group == Some("AWS::Logs::LogGroup"),
            function.id,
            "logs to a group that nobody declared",
        );
    }
    for api in template.apis() {
        let group = target(api.get("/AccessLogSettings/DestinationArn")).and_then(|id| template.type_of(id));
        findings.want(group == Some("AWS::Logs::LogGroup"), api.id, "logs to a group that nobody declared");
    }
    findings
}

pub(super) fn runtime_is_the_measured_one(template: &Template) -> Findings {
    let mut findings = Findings::of(19);
    for function in template.functions() {
        findings.want(
            function.get("/Runtime") == "provided.al2023",
            function.id,
            "does not run on provided.al2023",
        );
        let arm = list(function.get("/Architectures")) == [Value::from("arm64")];
        findings.want(arm, function.id, "is not arm64");
    }
    findings
}

/// Folder of a function: the last part of where its code is packaged.
pub(super) fn folder(function: Resource<'_>) -> &str {
    let code = function.get("/CodeUri").as_str().unwrap_or_default();
    code.strip_prefix("../target/lambda/").unwrap_or_else(|| panic!("{}: {code}", function.id))
}

#[test]
fn code_of_every_function_is_a_package_of_the_workspace() {
    let template = Template::read(&super::read::text());
    for function in template.functions() {
        let main = checkout::root().join(format!("functions/{}/src/main.rs", folder(function)));
        assert!(main.is_file(), "{}: no binary comes from {}", function.id, main.display());
    }
}
