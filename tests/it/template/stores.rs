//! Rules 7 and 8: encryption with our own key, tables that can be recovered.

use super::Findings;
use super::read::{Template, list, target};

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
        for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
            findings.want(table.declaration[policy] == "Retain", table.id, format!("has no {policy} Retain"));
        }
    }
    findings
}
