//! The types of resources that the local cloud knows.

/// Resource types that the local cloud has no use for: named here so that a new one is a decision.
const NO_LOCAL_COUNTERPART: [&str; 9] = [
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::KMS::Alias",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::SQS::QueuePolicy",
];

/// Type of a resource that the local cloud knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Api,
    Function,
    Queue,
    Table,
    Secret,
    /// Exists on AWS only.
    Absent,
}

impl Kind {
    /// The kind of a resource type; `None` for an unknown type.
    pub(crate) fn of(type_name: &str) -> Option<Self> {
        Some(match type_name {
            "AWS::Serverless::HttpApi" => Self::Api,
            "AWS::Serverless::Function" => Self::Function,
            "AWS::SQS::Queue" => Self::Queue,
            "AWS::DynamoDB::Table" => Self::Table,
            "AWS::SecretsManager::Secret" => Self::Secret,
            other if NO_LOCAL_COUNTERPART.contains(&other) => Self::Absent,
            _ => return None,
        })
    }
}
