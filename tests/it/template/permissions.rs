//! Rule 6: the permissions of each function.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Findings;
use super::read::{Resource, Template, list, target};

/// Services whose resources a function must also name in its environment.
const STORES: [&str; 3] = ["AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SecretsManager::Secret"];

/// Every statement, also one that a condition decides on.
fn statements(function: Resource<'_>) -> impl Iterator<Item = &Value> {
    let all = list(function.get("/Policies")).iter().flat_map(|policy| list(&policy["Statement"]));
    all.map(|statement| statement["Fn::If"].get(1).unwrap_or(statement))
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

/// Actions that a function may take, and the resources.
fn permissions(function: Resource<'_>) -> impl Iterator<Item = (&Value, &Value)> {
    statements(function).flat_map(|statement| {
        list(&statement["Action"])
            .iter()
            .flat_map(|action| list(&statement["Resource"]).iter().map(move |resource| (action, resource)))
    })
}

/// The function that seals the audit rows.
const SEALER: &str = "AuditFunction";
/// Functions that read whole days of the audit: to seal them, and to find whose notices are sent again.
const READERS: [&str; 2] = [SEALER, "ConsentsFunction"];

/// Functions that ask the institution, or its payment connector, and so may invoke the function that it is.
const ASKERS: [(&str, &[&str]); 2] = [
    ("InstitutionFunctionArn", &["ChannelFunction", "ConsentsFunction", "DataFunction"]),
    ("PaymentConnectorFunctionArn", &["ChannelFunction", "PaymentsFunction"]),
];

/// A function invokes the institution's, where they are functions, and no other.
pub(super) fn the_institution_alone_is_invoked(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions() {
        let lambda = |action: &Value| action.as_str().is_some_and(|action| action.starts_with("lambda:"));
        let invoked: Vec<_> = permissions(function).filter(|(action, _)| lambda(action)).collect();
        let theirs = |on: &Value| ASKERS.iter().any(|(arn, _)| target(on) == Some(arn));
        for (action, on) in &invoked {
            let fine = *action == "lambda:InvokeFunction" && theirs(on);
            findings.want(fine, function.id, format!("may do {action} on {on}"));
        }
        for (arn, askers) in ASKERS {
            let may = invoked.iter().filter(|(_, on)| target(on) == Some(arn)).count();
            let fine = may == usize::from(askers.contains(&function.id));
            findings.want(fine, function.id, format!("asks {arn} and may not, or may and does not ask"));
        }
    }
    findings
}

/// The function that moves money.
const PAYER: &str = "PaymentsFunction";
/// Functions that ask about payment consents, beside the one that makes them, and the actions they need for it.
const PAYMENT_CONSENTS: [(&str, &[&str]); 3] = [
    ("OauthFunction", &["dynamodb:GetItem"]),
    ("AuthorizeFunction", &["dynamodb:GetItem"]),
    ("ChannelFunction", &["dynamodb:GetItem", "dynamodb:PutItem"]),
];

/// Payments are one function's alone; their consents are also read where tokens are made, and decided on where the customer is.
pub(super) fn payments_are_one_function_s_alone(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions().filter(|function| function.id != PAYER) {
        for (action, on) in permissions(function) {
            let Some(on) = target(on) else { continue };
            let known = PAYMENT_CONSENTS.iter().find(|(id, _)| *id == function.id);
            let fine = match on {
                "PaymentConsentsTable" => known.is_some_and(|(_, may)| may.iter().any(|may| action == may)),
                "PaymentsTable" | "PaymentsQueue" | "PaymentsDeadLetters" => false,
                _ => true,
            };
            findings.want(fine, function.id, format!("may do {action} on {on}"));
        }
    }
    findings
}

/// T48: who writes audit rows cannot seal them, and no seal is written over or deleted by a role.
pub(super) fn seals_are_written_by_one(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions() {
        for (action, _) in permissions(function).filter(|(_, on)| target(on) == Some("SealsTable")) {
            let wanted = ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem"];
            let fine = function.id == SEALER && wanted.iter().any(|wanted| action == wanted);
            findings.want(fine, function.id, format!("may do {action} on the seals"));
        }
    }
    findings
}

pub(super) fn audit_is_append_only(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions() {
        for (action, resource) in permissions(function).filter(|(_, on)| target(on) == Some("AuditTable")) {
            // Histories are read from the index; the table itself can only be appended to, and read by few. Whoever seals it
            // writes nothing there.
            let reads = resource.get("Fn::Sub").is_some() || READERS.contains(&function.id);
            let appends = resource.get("Fn::Sub").is_none() && function.id != SEALER;
            let fine = reads && action == "dynamodb:Query" || appends && action == "dynamodb:PutItem";
            findings.want(fine, function.id, format!("may do {action} on the audit"));
        }
    }
    findings
}

pub(super) fn the_block_list_is_written_by_one(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions().filter(|function| function.id != "OauthFunction") {
        for (action, _) in permissions(function).filter(|(_, on)| target(on) == Some("BlockListTable")) {
            let reads = action == "dynamodb:Query";
            findings.want(reads, function.id, format!("may do {action} on the block list"));
        }
    }
    findings
}

pub(super) fn api_keys_are_written_by_one(template: &Template) -> Findings {
    let mut findings = Findings::of(6);
    for function in template.functions().filter(|function| function.id != "OauthFunction") {
        for (action, _) in permissions(function).filter(|(_, on)| target(on) == Some("ApiKeysTable")) {
            findings.want(action == "dynamodb:GetItem", function.id, format!("may do {action} on API keys"));
        }
    }
    findings
}
