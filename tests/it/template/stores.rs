//! Rules 7 and 8: encryption with our own key, tables and secrets that can be recovered.

use serde_json::{Value, json};

use super::Findings;
use super::read::{Resource, Template, list, target, text};

/// Type, where it names its key.
const ENCRYPTED: [(&str, &str); 5] = [
    ("AWS::DynamoDB::Table", "/SSESpecification/KMSMasterKeyId"),
    ("AWS::SQS::Queue", "/KmsMasterKeyId"),
    ("AWS::SecretsManager::Secret", "/KmsKeyId"),
    ("AWS::Logs::LogGroup", "/KmsKeyId"),
    ("AWS::Serverless::Function", "/KmsKeyArn"),
];

pub(super) fn everything_is_encrypted_with_our_key(template: &Template) -> Findings {
    let mut findings = Findings::of(7);
    for (of_type, property) in ENCRYPTED {
        for resource in template.of_type(of_type) {
            let key = target(resource.get(property)).and_then(|id| template.type_of(id));
            findings.want(key == Some("AWS::KMS::Key"), resource.id, "is not encrypted with our key");
        }
    }
    for key in template.of_type("AWS::KMS::Key") {
        findings.want(key.get("/EnableKeyRotation") == true, key.id, "does not rotate");
        for statement in list(key.get("/KeyPolicy/Statement")) {
            let anyone = statement["Principal"] == "*" || statement["Principal"]["AWS"] == "*";
            findings.want(!anyone, key.id, "may be used by anyone");
        }
        let kept = key.declaration["DeletionPolicy"] == "Retain";
        findings.want(kept, key.id, "goes with the stack, and what it encrypted with it");
    }
    findings
}

pub(super) fn tables_can_be_recovered(template: &Template) -> Findings {
    let mut findings = Findings::of(8);
    for table in template.of_type("AWS::DynamoDB::Table") {
        let recovery = table.get("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled");
        findings.want(recovery == true, table.id, "has no point-in-time recovery");
        findings.want(table.get("/DeletionProtectionEnabled") == true, table.id, "can be deleted");
        retained(&mut findings, table);
    }
    findings
}

/// It stays when the stack goes, and when a change makes another one in its place.
fn retained(findings: &mut Findings, resource: Resource<'_>) {
    for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
        let kept = resource.declaration[policy] == "Retain";
        findings.want(kept, resource.id, format!("has no {policy} Retain"));
    }
}

/// Secrets that the stack makes itself: every `sub`, every public resource id and every token id in reports hangs on one.
const GENERATED: [&str; 2] = ["PseudonymKeySecret", "PcmPepperSecret"];

/// 64 hexadecimal digits. Another generator is another value.
fn generator() -> Value {
    json!({
        "PasswordLength": 64,
        "ExcludePunctuation": true,
        "ExcludeUppercase": true,
        "ExcludeCharacters": "ghijklmnopqrstuvwxyz",
    })
}

/// T65: what customers are known by outlives the stack and every update of it.
pub(super) fn secrets_outlive_the_stack(template: &Template) -> Findings {
    let mut findings = Findings::of(8);
    for secret in template.of_type("AWS::SecretsManager::Secret") {
        retained(&mut findings, secret);
        let pinned = if GENERATED.contains(&secret.id) { generator() } else { Value::Null };
        let unchanged = *secret.get("/GenerateSecretString") == pinned;
        findings.want(unchanged, secret.id, "is generated another way than the value in use");
        findings.want(
            secret.get("/Name").is_null(),
            secret.id,
            "has a name, and a second one cannot be made",
        );
    }
    for id in GENERATED {
        let there = template.type_of(id) == Some("AWS::SecretsManager::Secret");
        findings.want(there, id, "is gone or has another logical id, and with it its value");
    }
    findings
}

#[test]
fn t65_what_customers_are_known_by_outlives_the_stack() {
    assert_eq!(secrets_outlive_the_stack(&Template::read(&text())).found, []);
}
