//! Secrets Manager: which version is current, previous or pending.

use aws_sdk_secretsmanager::Client;

use super::check::{expect, fault};
use crate::aws::Clients;

const NAME: &str = "ponte-qualification";

/// A new value becomes current and the old one previous; a pending one waits until it is promoted.
pub(super) async fn versions(clients: Clients) -> Result<(), String> {
    let client = clients.secrets;
    // Left behind by a run that was killed.
    let _ = client.delete_secret().secret_id(NAME).force_delete_without_recovery(true).send().await;
    let outcome = rotated(&client).await;
    let deleted = client.delete_secret().secret_id(NAME).force_delete_without_recovery(true).send().await;
    outcome.and(deleted.map(|_| ()).map_err(|error| fault("DeleteSecret")(error.into())))
}

async fn rotated(client: &Client) -> Result<(), String> {
    let created = client.create_secret().name(NAME).secret_string("one").send().await;
    created.map_err(|error| fault("CreateSecret")(error.into()))?;
    let put = client.put_secret_value().secret_id(NAME).secret_string("two").send().await;
    let second = put.map_err(|error| fault("PutSecretValue")(error.into()))?.version_id;
    holds(client, "two", "one").await?;
    let put = client.put_secret_value().secret_id(NAME).secret_string("three").version_stages("AWSPENDING");
    let third = put.send().await.map_err(|error| fault("PutSecretValue")(error.into()))?.version_id;
    holds(client, "two", "one").await?;
    let promote = client.update_secret_version_stage().secret_id(NAME).version_stage("AWSCURRENT");
    let promoted = promote.set_move_to_version_id(third).set_remove_from_version_id(second).send().await;
    promoted.map_err(|error| fault("UpdateSecretVersionStage")(error.into()))?;
    holds(client, "three", "two").await
}

async fn holds(client: &Client, current: &str, previous: &str) -> Result<(), String> {
    for (stage, expected) in [("AWSCURRENT", current), ("AWSPREVIOUS", previous)] {
        let got = client.get_secret_value().secret_id(NAME).version_stage(stage).send().await;
        let got = got.map_err(|error| fault("GetSecretValue")(error.into()))?.secret_string;
        expect(got.as_deref() == Some(expected), || {
            format!("{stage} should be `{expected}` and is {got:?}")
        })?;
    }
    Ok(())
}
