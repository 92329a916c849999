//! Secrets Manager: `rustack-secretsmanager`, written to a file (0600) after every change and read back at the start.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::Service;
use rustack_secretsmanager_core::config::SecretsManagerConfig;
use rustack_secretsmanager_core::handler::RustackSecretsManagerHandler;
use rustack_secretsmanager_core::provider::RustackSecretsManager;
use rustack_secretsmanager_http::{
    SecretsManagerHttpConfig, SecretsManagerHttpService, SecretsManagerResponseBody,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::file::{damaged, read_json, write_private};
use crate::template::{ACCOUNT, REGION};

/// Calls that leave everything as it was.
const READS: [&str; 7] = [
    "BatchGetSecretValue",
    "DescribeSecret",
    "GetRandomPassword",
    "GetResourcePolicy",
    "GetSecretValue",
    "ListSecretVersionIds",
    "ListSecrets",
];

/// The service and its file.
#[derive(Clone)]
pub(super) struct Secrets {
    provider: Arc<RustackSecretsManager>,
    service: SecretsManagerHttpService<RustackSecretsManagerHandler>,
    /// The lock puts writers of the file in a row.
    file: Arc<Mutex<PathBuf>>,
}

impl Secrets {
    pub(super) fn open(file: &Path) -> io::Result<Self> {
        let config = SecretsManagerConfig {
            skip_signature_validation: true,
            default_region: REGION.to_owned(),
            default_account_id: ACCOUNT.to_owned(),
        };
        let provider = Arc::new(RustackSecretsManager::new(config));
        if file.exists() {
            let kept = read_json::<Vec<Value>>(file)?;
            restore(&provider, &kept).map_err(|fault| damaged(file, &fault))?;
        }
        let handler = RustackSecretsManagerHandler::new(Arc::clone(&provider));
        let http = SecretsManagerHttpConfig {
            skip_signature_validation: true,
            region: REGION.to_owned(),
            credential_provider: None,
        };
        Ok(Self {
            provider,
            service: SecretsManagerHttpService::new(Arc::new(handler), http),
            file: Arc::new(Mutex::new(file.to_owned())),
        })
    }

    /// Answers one call; a change is in the file before its answer leaves.
    pub(super) async fn answer(
        &self,
        operation: &str,
        request: Request<Incoming>,
    ) -> io::Result<Response<SecretsManagerResponseBody>> {
        let changes = !READS.contains(&operation);
        let Ok(response) = self.service.call(request).await;
        if changes && response.status().is_success() {
            let file = self.file.lock().await;
            write_private(&file, &serde_json::to_vec(&export(&self.provider)?)?)?;
        }
        Ok(response)
    }
}

/// Every secret with its labelled versions.
fn export(provider: &RustackSecretsManager) -> io::Result<Value> {
    let mut secrets = Vec::new();
    let mut page = json!({});
    loop {
        let listed = value(provider.handle_list_secrets(&input(page)?))?;
        for secret in listed["SecretList"].as_array().into_iter().flatten() {
            let id = &secret["Name"];
            let versions =
                value(provider.handle_list_secret_version_ids(&input(json!({ "SecretId": id }))?))?;
            let mut kept = Vec::new();
            for version in versions["Versions"].as_array().into_iter().flatten() {
                let wanted = json!({ "SecretId": id, "VersionId": version["VersionId"] });
                kept.push(value(provider.handle_get_secret_value(&input(wanted)?))?);
            }
            secrets.push(json!({
                "Name": id,
                "Description": secret["Description"],
                "Tags": secret["Tags"],
                "Versions": kept,
            }));
        }
        match &listed["NextToken"] {
            Value::String(next) => page = json!({ "NextToken": next }),
            _ => return Ok(Value::Array(secrets)),
        }
    }
}

fn restore(provider: &RustackSecretsManager, secrets: &[Value]) -> io::Result<()> {
    for secret in secrets {
        let mut create = json!({ "Name": secret["Name"], "Tags": secret["Tags"] });
        if secret["Description"].is_string() {
            create["Description"] = secret["Description"].clone();
        }
        if create["Tags"].is_null() {
            create["Tags"] = json!([]);
        }
        value(provider.handle_create_secret(input(create)?))?;
        let mut versions: Vec<&Value> = secret["Versions"].as_array().into_iter().flatten().collect();
        // The current version last: making it current must not relabel another one.
        versions.sort_by_key(|version| has_stage(version, "AWSCURRENT"));
        for version in versions {
            let mut put = json!({
                "SecretId": secret["Name"],
                "ClientRequestToken": version["VersionId"],
                "VersionStages": version["VersionStages"],
            });
            for field in ["SecretString", "SecretBinary"] {
                if !version[field].is_null() {
                    put[field] = version[field].clone();
                }
            }
            value(provider.handle_put_secret_value(input(put)?))?;
        }
    }
    Ok(())
}

fn has_stage(version: &Value, stage: &str) -> bool {
    version["VersionStages"].as_array().into_iter().flatten().any(|label| label == stage)
}

fn input<T: DeserializeOwned>(value: Value) -> io::Result<T> {
    Ok(serde_json::from_value(value)?)
}

fn value<T: serde::Serialize, E: std::fmt::Display>(result: Result<T, E>) -> io::Result<Value> {
    let output = result.map_err(|error| io::Error::other(error.to_string()))?;
    Ok(serde_json::to_value(output)?)
}
