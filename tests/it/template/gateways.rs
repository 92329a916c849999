//! Rules 1 to 5: the hosts.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::read::{Template, target, text};

/// Variables of an access log line: who called what, never what proves it.
const LOGGED: [&str; 7] = [
    "$context.requestId",
    "$context.requestTime",
    "$context.routeKey",
    "$context.status",
    "$context.responseLatency",
    "$context.identity.clientCert.serialNumber",
    "$context.identity.clientCert.subjectDN",
];

/// Routes for the institution's own systems alone.
const MANAGED: [&str; 2] = ["/open-banking/oob-", "/api/journey/"];

pub(super) fn execute_api_is_off(template: &Template) -> Findings {
    let mut findings = Findings::of(1);
    for api in template.apis() {
        findings.want(
            api.get("/DisableExecuteApiEndpoint") == true,
            api.id,
            "can be called around its domain",
        );
    }
    findings
}

pub(super) fn truststore_is_pinned(template: &Template) -> Findings {
    let mut findings = Findings::of(2);
    let mut truststores = BTreeSet::new();
    let mut open = 0;
    for api in template.apis() {
        let mutual = api.get("/Domain/MutualTlsAuthentication");
        if mutual.is_null() {
            open += 1;
            continue;
        }
        for property in ["TruststoreUri", "TruststoreVersion"] {
            findings.want(!mutual[property].is_null(), api.id, format!("has no {property}"));
        }
        // Who may call one host must not get into another by that alone.
        let own = truststores.insert(mutual["TruststoreUri"].to_string());
        findings.want(own, api.id, "shares its truststore with another API");
    }
    findings.want(open == 1, "Resources", "want one API without client certificates, the public one");
    findings
}

pub(super) fn management_is_apart(template: &Template) -> Findings {
    let mut findings = Findings::of(2);
    for function in template.functions() {
        for (name, route) in function.events("HttpApi") {
            let path = route["Path"].as_str().unwrap_or_default();
            let managed = MANAGED.iter().any(|family| path.starts_with(family));
            let apart = target(&route["ApiId"]) == Some("ManagementApi");
            findings.want(managed == apart, function.id, format!("{name} is on the wrong host"));
        }
    }
    findings
}

pub(super) fn tls_is_1_2_and_regional(template: &Template) -> Findings {
    let mut findings = Findings::of(3);
    for api in template.apis() {
        findings.want(api.get("/Domain/SecurityPolicy") == "TLS_1_2", api.id, "does not ask for TLS_1_2");
        findings.want(api.get("/Domain/EndpointConfiguration") == "REGIONAL", api.id, "is not REGIONAL");
    }
    findings
}

pub(super) fn routes_have_an_authorizer(template: &Template) -> Findings {
    let mut findings = Findings::of(4);
    for api in template.apis() {
        findings.want(!api.get("/Auth/DefaultAuthorizer").is_null(), api.id, "has no authorizer");
    }
    findings
}

pub(super) fn access_log_carries_no_token(template: &Template) -> Findings {
    let mut findings = Findings::of(5);
    for api in template.apis() {
        let format = api.get("/AccessLogSettings/Format").as_str().unwrap_or_default();
        let Ok(Value::Object(line)) = serde_json::from_str(format) else {
            findings.want(false, api.id, "has no access log line in JSON");
            continue;
        };
        for value in line.values() {
            let known = value.as_str().is_some_and(|value| LOGGED.contains(&value));
            findings.want(known, api.id, format!("logs {value}"));
        }
        let logs = |variable: &str| line.values().any(|value| value == variable);
        let named = logs(LOGGED[5]) && logs(LOGGED[6]);
        let mutual = !api.get("/Domain/MutualTlsAuthentication").is_null();
        findings.want(named || !mutual, api.id, "does not log serial and subject of the certificate");
    }
    findings
}

#[test]
fn s70_s72_hosts_speak_tls_1_2_and_one_alone_takes_callers_without_a_certificate() {
    let template = Template::read(&text());
    assert_eq!(tls_is_1_2_and_regional(&template).found, []);
    assert_eq!(truststore_is_pinned(&template).found, []);
}
