//! What the public can cost (T62): throttles of the gateways, environments of the functions, and who hears of both.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::read::{Resource, Template, list, target};

/// Calls a second that an institution must serve, over all its APIs (L04).
const CALLS_A_SECOND: u64 = 300;
/// Calls a minute of one endpoint that one participant may make, for up to six million consents in force (L03).
const CALLS_A_MINUTE: u64 = 10_000;
/// Paths with a limit of their own, so that a flood of one does not stop the others.
const APART: [&str; 6] = [
    "/.well-known/{proxy+}",
    "/auth/jwks",
    "/auth/authorize",
    "/auth/resume",
    "/auth/handoff/{code}",
    "/api/{proxy+}",
];
/// Functions that answer at a host of participants or customers.
const GROUPS: [&str; 6] = [
    "OauthFunction",
    "AuthorizeFunction",
    "ConsentsFunction",
    "ChannelFunction",
    "DataFunction",
    "PaymentsFunction",
];

/// Routes that lead from an API to functions.
fn routes<'a>(template: &'a Template, api: &'a str) -> BTreeSet<String> {
    let events = template.functions().flat_map(|function| function.events("HttpApi"));
    let of_api = events.filter(|(_, route)| target(&route["ApiId"]) == Some(api));
    let key = |route: &Value| {
        let text = |name: &str| route[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("Method"), text("Path"))
    };
    of_api.map(|(_, route)| key(route)).collect()
}

/// Rate and burst of a limit, where both are there.
fn limit(settings: &Value) -> Option<(u64, u64)> {
    Some((settings["ThrottlingRateLimit"].as_u64()?, settings["ThrottlingBurstLimit"].as_u64()?))
}

pub(super) fn routes_are_throttled_above_the_floors(template: &Template) -> Findings {
    let mut findings = Findings::of(62);
    for api in template.apis() {
        let default = ("all other routes".to_owned(), api.get("/DefaultRouteSettings"));
        let own = api.get("/RouteSettings").as_object().into_iter().flatten();
        let own: Vec<(String, &Value)> = own.map(|(key, settings)| (key.clone(), settings)).collect();
        let served = routes(template, api.id);
        for (key, _) in &own {
            findings.want(served.contains(key), api.id, format!("limits {key}, which leads nowhere"));
        }
        for (key, settings) in std::iter::once(default).chain(own) {
            let Some((rate, burst)) = limit(settings) else {
                findings.want(false, api.id, format!("does not limit {key}"));
                continue;
            };
            let enough =
                rate >= CALLS_A_SECOND && burst >= CALLS_A_SECOND && burst + 60 * rate >= CALLS_A_MINUTE;
            findings.want(enough, api.id, format!("lets too few through {key}"));
        }
    }
    findings
}

pub(super) fn public_families_are_throttled_apart(template: &Template) -> Findings {
    let mut findings = Findings::of(62);
    let public = template.apis().filter(|api| api.get("/Domain/MutualTlsAuthentication").is_null());
    for api in public {
        let served = routes(template, api.id);
        for path in APART {
            let key = format!("ANY {path}");
            let own = !api.get("/RouteSettings")[&key].is_null();
            findings.want(
                own && served.contains(&key),
                api.id,
                format!("has no limit of its own for {path}"),
            );
        }
    }
    findings
}

/// The parameter that reserves environments of a function.
fn parameter(function: Resource<'_>) -> Option<String> {
    let group = function.id.strip_suffix("Function")?;
    let (condition, name) = (format!("Has{group}Concurrency"), format!("{group}Concurrency"));
    let chosen = list(&function.get("/ReservedConcurrentExecutions")["Fn::If"]);
    let by_parameter = chosen.len() == 3
        && chosen[0] == condition.as_str()
        && target(&chosen[1]) == Some(&name)
        && target(&chosen[2]) == Some("AWS::NoValue");
    by_parameter.then_some(name)
}

pub(super) fn environments_are_reserved_by_parameter(template: &Template) -> Findings {
    let mut findings = Findings::of(18);
    for function in template.functions() {
        let name = parameter(function);
        if GROUPS.contains(&function.id) {
            findings.want(name.is_some(), function.id, "takes no number of environments by parameter");
        }
        // A new account has too few environments to reserve any.
        let empty = name.is_none_or(|name| template.parameter(&name)["Default"] == "");
        findings.want(empty, function.id, "reserves environments unless told otherwise");
    }
    findings
}

/// Whether an alarm watches the metric of a function, by itself or in an expression.
fn watches(alarm: Resource<'_>, metric: &str, function: Option<&str>) -> bool {
    let of = |metrics: &Value, dimensions: &Value| {
        metrics["MetricName"] == metric
            && match function {
                Some(id) => list(dimensions).iter().any(|one| target(&one["Value"]) == Some(id)),
                None => dimensions.is_null(),
            }
    };
    of(&alarm.declaration["Properties"], alarm.get("/Dimensions"))
        || list(alarm.get("/Metrics")).iter().any(|one| {
            let metric = &one["MetricStat"]["Metric"];
            of(metric, &metric["Dimensions"])
        })
}

pub(super) fn alarms_watch_throttles_and_environments(template: &Template) -> Findings {
    let mut findings = Findings::of(17);
    let alarmed = |metric: &str, function: Option<&str>| {
        template.of_type("AWS::CloudWatch::Alarm").any(|alarm| watches(alarm, metric, function))
    };
    for function in template.functions() {
        findings.want(alarmed("Throttles", Some(function.id)), function.id, "has no alarm on Throttles");
        let used = parameter(function).is_none() || alarmed("ConcurrentExecutions", Some(function.id));
        findings.want(used, function.id, "has no alarm on ConcurrentExecutions");
    }
    let account = alarmed("ConcurrentExecutions", None);
    findings.want(account, "Resources", "no alarm watches the environments of the account");
    for line in ["($.certSerial = \"*\")", "($.certSerial NOT EXISTS)"] {
        let pattern = format!("{{ ($.status = \"429\") && {line} }}");
        let counted = template.of_type("AWS::Logs::MetricFilter").any(|filter| {
            target(filter.get("/LogGroupName")) == Some("AccessLog")
                && filter.get("/FilterPattern") == pattern.as_str()
                && super::queues::summed(template, filter)
        });
        findings.want(counted, "AccessLog", format!("no alarm counts {line}"));
    }
    findings
}
