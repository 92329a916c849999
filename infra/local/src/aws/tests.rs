//! Tests of provisioning: tables, queues and secrets from the template, and the same after a restart.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::{MessageSystemAttributeName, QueueAttributeName};
use ponte_cloud::alarms::LoggedAlarms;
use ponte_cloud::secrets::Secrets;
use ponte_ports::rotation::{Check, InvalidSecret, Rotating, WatchedSecret};
use ponte_values::Moment;
use tokio::net::TcpListener;

use super::*;
use crate::template::{Scope, Template};

const TEXT: &str = "
Resources:
  ThingsTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions:
        - {AttributeName: pk, AttributeType: S}
        - {AttributeName: by, AttributeType: S}
      KeySchema: [{AttributeName: pk, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - IndexName: by-owner
          KeySchema: [{AttributeName: by, KeyType: HASH}]
          Projection: {ProjectionType: ALL}
      TimeToLiveSpecification: {AttributeName: expires_at, Enabled: true}
  Work:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 7
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 2}
  Dead:
    Type: AWS::SQS::Queue
  KeySecret:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString: {PasswordLength: 64, ExcludePunctuation: true, ExcludeUppercase: true}
  GivenSecret:
    Type: AWS::SecretsManager::Secret
";

async fn cloud(folder: &tempfile::TempDir) -> Cloud {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    Cloud::open(listener, folder.path()).unwrap()
}

async fn build(cloud: &Cloud, seed: &str) -> Result<(), ProvisionError> {
    let scope = Scope { endpoint: cloud.endpoint_url().to_owned(), ..Scope::default() };
    let template = Template::read(TEXT, &scope).unwrap();
    let seeds = BTreeMap::from([("GivenSecret".to_owned(), seed.to_owned())]);
    provision(&cloud.clients(), &template, &seeds).await
}

async fn secret(cloud: &Cloud, id: &str, stage: &str) -> String {
    let got =
        cloud.clients().secrets.get_secret_value().secret_id(id).version_stage(stage).send().await.unwrap();
    got.secret_string().unwrap().to_owned()
}

#[tokio::test]
async fn t47_a_message_names_the_access_key_of_its_sender() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud(&folder).await;
    build(&cloud, "seed").await.unwrap();
    let ours = cloud.clients().sqs;
    let url = ours.get_queue_url().queue_name("ponte-Work").send().await.unwrap().queue_url.unwrap();
    let signed_by = |key: &str| {
        let credentials = aws_credential_types::Credentials::new(key, "secret", None, None, "test");
        aws_sdk_sqs::Client::from_conf(ours.config().to_builder().credentials_provider(credentials).build())
    };
    for sender in ["AKIAANA", "AKIABRUNO"] {
        signed_by(sender).send_message().queue_url(&url).message_body(sender).send().await.unwrap();
    }
    let one = |id: &str| {
        let entry = aws_sdk_sqs::types::SendMessageBatchRequestEntry::builder();
        entry.id(id).message_body("AKIACARLA").build().unwrap()
    };
    let batch = signed_by("AKIACARLA").send_message_batch().queue_url(&url);
    batch.entries(one("a")).entries(one("b")).send().await.unwrap();
    ours.send_message().queue_url(&url).message_body(ACCESS_KEY_ID).send().await.unwrap();
    let mut seen = Vec::new();
    while seen.len() < 5 {
        let received = ours.receive_message().queue_url(&url).max_number_of_messages(10);
        let received = received.message_system_attribute_names(MessageSystemAttributeName::All);
        for message in received.send().await.unwrap().messages.unwrap_or_default() {
            let sender = message.attributes().unwrap()[&MessageSystemAttributeName::SenderId].clone();
            assert_eq!(message.body(), Some(sender.as_str()));
            seen.push(sender);
        }
    }
    seen.sort();
    assert_eq!(seen, ["AKIAANA", "AKIABRUNO", "AKIACARLA", "AKIACARLA", ACCESS_KEY_ID]);
}

#[tokio::test]
async fn tables_and_secrets_are_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let first = cloud(&folder).await;
    build(&first, "seed").await.unwrap();
    build(&first, "seed").await.unwrap();
    let made_up = secret(&first, "ponte-KeySecret", "AWSCURRENT").await;
    assert_eq!(made_up.len(), 64);
    let clients = first.clients();
    let put = clients.dynamodb.put_item().table_name("ponte-ThingsTable");
    put.item("pk", AttributeValue::S("a".into()))
        .item("by", AttributeValue::S("b".into()))
        .send()
        .await
        .unwrap();
    clients
        .secrets
        .put_secret_value()
        .secret_id("ponte-GivenSecret")
        .secret_string("rotated")
        .send()
        .await
        .unwrap();
    drop(first);

    let second = cloud(&folder).await;
    build(&second, "seed").await.unwrap();
    assert_eq!(secret(&second, "ponte-KeySecret", "AWSCURRENT").await, made_up);
    // Rotated by hand: the seed it was made from does not come back.
    assert_eq!(secret(&second, "ponte-GivenSecret", "AWSCURRENT").await, "rotated");
    assert_eq!(secret(&second, "ponte-GivenSecret", "AWSPREVIOUS").await, "seed");
    let arn = "arn:aws:secretsmanager:sa-east-1:000000000000:secret:ponte-GivenSecret";
    assert_eq!(secret(&second, arn, "AWSCURRENT").await, "rotated");
    let dynamodb = second.clients().dynamodb;
    let by_owner = dynamodb
        .query()
        .table_name("ponte-ThingsTable")
        .index_name("by-owner")
        .key_condition_expression("#by = :by")
        .expression_attribute_names("#by", "by")
        .expression_attribute_values(":by", AttributeValue::S("b".into()));
    assert_eq!(by_owner.send().await.unwrap().count(), 1);
    let ttl = dynamodb.describe_time_to_live().table_name("ponte-ThingsTable").send().await.unwrap();
    assert_eq!(ttl.time_to_live_description().unwrap().attribute_name(), Some("expires_at"));
    // A new value from the sandbox becomes the current one.
    build(&second, "new seed").await.unwrap();
    assert_eq!(secret(&second, "ponte-GivenSecret", "AWSCURRENT").await, "new seed");
}

#[tokio::test]
async fn t45_a_function_sees_a_changed_secret_within_60_seconds_and_outlives_a_bad_or_deleted_one() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud(&folder).await;
    build(&cloud, "1").await.unwrap();
    let manager = cloud.clients().secrets;
    let put = |text: &'static str| {
        manager.put_secret_value().secret_id("ponte-GivenSecret").secret_string(text).send()
    };
    let secret = WatchedSecret {
        name: "GivenSecret",
        versions: Secrets::new(manager.clone()).versions("ponte-GivenSecret".to_owned()),
        alarms: Arc::new(LoggedAlarms),
    };
    let check: Check<u32> = Box::new(|versions, _| {
        versions.current.text.expose().parse().map_err(|_| InvalidSecret::new("no number"))
    });
    let at = |seconds: i64| Moment::from_seconds(1_800_000_000 + seconds);
    let number = Rotating::start(secret.clone(), check, at(0)).await.unwrap();
    put("2").await.unwrap();
    assert_eq!((*number.at(at(44)).await, *number.at(at(60)).await), (1, 2));
    let (current, previous) = (secret.versions.current().await, secret.versions.previous().await);
    let (current, previous) = (current.unwrap().unwrap(), previous.unwrap().unwrap());
    assert_eq!((current.text.expose(), previous.text.expose()), ("2", "1"));
    assert!(current.id != previous.id && current.created_at >= previous.created_at);
    put("x").await.unwrap();
    assert_eq!(*number.at(at(120)).await, 2);
    manager.delete_secret().secret_id("ponte-GivenSecret").send().await.unwrap();
    assert!(secret.versions.current().await.unwrap().is_none());
    assert_eq!(*number.at(at(180)).await, 2);
}

#[tokio::test]
async fn queues_get_their_redrive_and_their_url_is_the_templates() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud(&folder).await;
    build(&cloud, "seed").await.unwrap();
    let sqs = cloud.clients().sqs;
    let url = sqs.get_queue_url().queue_name("ponte-Work").send().await.unwrap().queue_url.unwrap();
    assert_eq!(url, queue_url(cloud.endpoint_url(), "ponte-Work"));
    let found = sqs
        .get_queue_attributes()
        .queue_url(url)
        .attribute_names(QueueAttributeName::All)
        .send()
        .await
        .unwrap();
    let attributes = found.attributes.unwrap();
    assert_eq!(attributes[&QueueAttributeName::VisibilityTimeout], "7");
    let policy: serde_json::Value =
        serde_json::from_str(&attributes[&QueueAttributeName::RedrivePolicy]).unwrap();
    assert_eq!(policy["maxReceiveCount"], 2);
    assert_eq!(policy["deadLetterTargetArn"], "arn:aws:sqs:sa-east-1:000000000000:ponte-Dead");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_read_the_kept_secrets() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    build(&cloud(&folder).await, "seed").await.unwrap();
    let mode = std::fs::metadata(folder.path().join("secrets.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[tokio::test]
async fn a_call_to_no_service_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = cloud(&folder).await;
    let answer = crate::control::client::post(&format!("{}/", cloud.endpoint_url()), "{}").await.unwrap();
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("InvalidAction"));
}
