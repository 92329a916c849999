//! Scope of a deployment: parameter values, pseudo parameters and the names that resources get.

use std::collections::BTreeMap;

use super::kind::Kind;

/// Region of the local cloud.
pub const REGION: &str = "sa-east-1";
/// Account of the local cloud; the one the embedded services write into their ARNs.
pub const ACCOUNT: &str = "000000000000";
/// Stack name; prefix of the physical names.
pub const STACK: &str = "ponte";

/// Parameter values and the endpoint behind which the services answer.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Template parameter → value.
    pub parameters: BTreeMap<String, String>,
    /// URL of the AWS endpoint; queue URLs start with it.
    pub endpoint: String,
}

/// A resource as far as references need to know it.
#[derive(Debug, Clone)]
pub(crate) struct Declared {
    pub(crate) kind: Kind,
    pub(crate) type_name: String,
    pub(crate) fifo: bool,
    /// Whether its condition holds; one without a condition is there always.
    pub(crate) there: bool,
}

impl Declared {
    /// The name the resource has in its service.
    pub(crate) fn physical_name(&self, id: &str) -> String {
        match self.kind {
            Kind::Api => id.to_lowercase(),
            Kind::Function => function_name(id),
            Kind::Queue if self.fifo => format!("{STACK}-{id}.fifo"),
            Kind::Queue | Kind::Table | Kind::Secret | Kind::Absent => format!("{STACK}-{id}"),
        }
    }

    /// Value of `!Ref`.
    pub(crate) fn reference(&self, id: &str, scope: &Scope) -> String {
        let name = self.physical_name(id);
        match self.kind {
            Kind::Queue => format!("{}/{ACCOUNT}/{name}", scope.endpoint),
            // Without the six random characters of a real ARN: Secrets Manager accepts that, and it is stable.
            Kind::Secret => secret_arn(&name),
            Kind::Api | Kind::Function | Kind::Table | Kind::Absent => name,
        }
    }

    /// Value of `!GetAtt`.
    pub(crate) fn attribute(&self, id: &str, attribute: &str) -> Option<String> {
        let name = self.physical_name(id);
        match (self.kind, attribute) {
            (Kind::Queue, "Arn") => Some(queue_arn(&name)),
            (Kind::Queue, "QueueName") | (Kind::Absent, "KeyId") => Some(name),
            (Kind::Table, "Arn") => Some(format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")),
            (Kind::Function, "Arn") => Some(function_arn(&name)),
            (Kind::Absent, "Arn") => {
                let service = self.type_name.split("::").nth(1).unwrap_or_default().to_lowercase();
                Some(format!("arn:aws:{service}:{REGION}:{ACCOUNT}:{name}"))
            }
            _ => None,
        }
    }
}

/// `OauthFunction` is called `oauth` locally.
pub(crate) fn function_name(id: &str) -> String {
    id.strip_suffix("Function").unwrap_or(id).to_lowercase()
}

/// ARN of a local function.
pub(crate) fn function_arn(name: &str) -> String {
    format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}")
}

pub(crate) fn queue_arn(name: &str) -> String {
    format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{name}")
}

pub(crate) fn secret_arn(name: &str) -> String {
    format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}")
}

/// `AWS::Region` and its kin.
pub(crate) fn pseudo_parameter(name: &str) -> Option<&'static str> {
    Some(match name {
        "AWS::AccountId" => ACCOUNT,
        "AWS::Partition" => "aws",
        "AWS::Region" => REGION,
        "AWS::StackName" => STACK,
        "AWS::URLSuffix" => "amazonaws.com",
        _ => return None,
    })
}
