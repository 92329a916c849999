//! Rule 6: what each function may do.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::read::{Resource, Template, list, target};

/// Services whose resources a function must also name in its environment.
const STORES: [&str; 3] = ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SecretsManager::Secret"];

fn statements(function: Resource<'_>) -> impl Iterator<Item = &Value> {
    list(function.get("/Policies")).iter().flat_map(|policy| list(&policy["Statement"]))
}

pub(super) fn no_wildcards(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions() {
        findings.want(function.get("/Role").is_null(), function.id, "shares a role");
        for policy in list(function.get("/Policies")) {
            findings.want(policy.is_object(), function.id, format!("takes the ready-made policy {policy}"));
        }
        for statement in statements(function) {
            for action in list(&statement["Action"]) {
                let exact = action.as_str().is_some_and(|action| !action.contains('*'));
                findings.want(exact, function.id, format!("may do {action}"));
            }
            for resource in list(&statement["Resource"]) {
                findings.want(target(resource).is_some(), function.id, format!("may touch {resource}"));
            }
        }
        // SAM adds a managed policy that reads every queue of the account.
        let queues = function.events("SQS").count();
        findings.want(queues == 0, function.id, "gets AWSLambdaSQSQueueExecutionRole from SAM");
    }
    findings
}

pub(super) fn permitted_is_what_the_environment_names(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    let store = |id: &&str| template.type_of(id).is_some_and(|kind| STORES.contains(&kind));
    for function in template.functions() {
        let named: BTreeSet<&str> =
            function.environment().filter_map(|(_, value)| target(value)).filter(store).collect();
        let permitted: BTreeSet<&str> = statements(function)
            .flat_map(|statement| list(&statement["Resource"]))
            .filter_map(target)
            .filter(store)
            .collect();
        for id in permitted.difference(&named) {
            findings.want(
                false,
                function.id,
                format!("may use {id} but does not name it in its environment"),
            );
        }
        for id in named.difference(&permitted) {
            findings.want(false, function.id, format!("names {id} in its environment but may not use it"));
        }
    }
    findings
}

pub(super) fn audit_is_append_only(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions() {
        let audit =
            |statement: &&Value| list(&statement["Resource"]).iter().any(|r| target(r) == Some("AuditTable"));
        for action in statements(function).filter(audit).flat_map(|statement| list(&statement["Action"])) {
            let appends = action == "dynamodb:PutItem" || action == "dynamodb:Query";
            findings.want(appends, function.id, format!("may do {action} on the audit"));
        }
    }
    findings
}
