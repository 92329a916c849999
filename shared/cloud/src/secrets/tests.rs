//! Versions as Secrets Manager gives them, over a stub that speaks its protocol.

use super::*;
use crate::testing::aws_at;
use ponte_kit::contract::secrets as contract;
use ponte_kit::secrets::AlarmsInMemory;
use ponte_kit::stub::{Reply, Stub};
use ponte_ports::chain;

async fn holding(secret: &'static str) -> (Secrets, Stub) {
    let stub = Stub::start(move |_, request| {
        if request.body.contains("AWSCURRENT") {
            let text = serde_json::to_string(secret).unwrap();
            Reply::json(
                200,
                format!(
                    r#"{{"Name":"s","VersionId":"v1","CreatedDate":1780315200.25,"SecretString":{text}}}"#
                ),
            )
        } else {
            Reply::json(400, r#"{"__type":"ResourceNotFoundException","Message":"no such stage"}"#)
        }
    })
    .await;
    (Secrets::new(aws_at(&stub.url()).secrets()), stub)
}

#[tokio::test]
async fn a_version_has_an_id_a_date_and_a_text_that_is_shown_as_dots() {
    let (secrets, stub) = holding(r#"{"kid":"k1","private_key":"-----BEGIN"}"#).await;
    let version = secrets.versions("s".to_owned()).current().await.unwrap().unwrap();
    assert_eq!((version.id.as_str(), version.created_at.millis()), ("v1", 1_780_315_200_250));
    assert!(version.text.expose().contains("BEGIN"));
    assert!(!format!("{version:?}").contains("BEGIN"));
    assert_eq!(stub.bodies().len(), 1, "one call a look");
}

#[tokio::test]
async fn there_may_be_no_previous_version() {
    let (secrets, _stub) = holding("bearer").await;
    assert!(secrets.versions("s".to_owned()).previous().await.unwrap().is_none());
}

#[tokio::test]
async fn a_secret_keeps_the_contract_of_its_fake() {
    let stub = Stub::start(|_, request| {
        let (id, text) = if request.body.contains("AWSCURRENT") { (2, "newer") } else { (1, "older") };
        let version = format!(r#"{{"VersionId":"v{id}","CreatedDate":{id},"SecretString":"{text}"}}"#);
        Reply::json(200, version)
    })
    .await;
    let written = Secrets::new(aws_at(&stub.url()).secrets()).versions("s".to_owned());
    contract::the_newer_of_two_versions_is_in_use(&*written, "older", "newer").await;
    let (ended, _stub) = holding("credential\r\n").await;
    contract::a_newline_at_the_end_is_no_part_of_it(&*ended.versions("s".to_owned()), "credential").await;
    let gone =
        Stub::start(|_, _| Reply::json(400, r#"{"__type":"ResourceNotFoundException","Message":"m"}"#)).await;
    let gone = Secrets::new(aws_at(&gone.url()).secrets()).versions("s".to_owned());
    contract::an_unwritten_secret_has_no_version(&*gone).await;
}

#[tokio::test]
async fn t45_a_service_that_is_silent_is_not_waited_for() {
    let stub = Stub::start(|_, _| Reply::Hang).await;
    let error =
        Secrets::new(aws_at(&stub.url()).secrets()).versions("s".to_owned()).current().await.unwrap_err();
    assert!(error.is_timeout());
}

#[tokio::test]
async fn t45_a_deleted_secret_has_no_version_and_a_failing_service_is_an_error() {
    for (status, kind, gone) in [
        (400, "ResourceNotFoundException", true),
        (400, "InvalidRequestException", true),
        (400, "DecryptionFailure", false),
        (400, "AccessDeniedException", false),
    ] {
        let stub =
            Stub::start(move |_, _| Reply::json(status, format!(r#"{{"__type":"{kind}","Message":"m"}}"#)))
                .await;
        let found = Secrets::new(aws_at(&stub.url()).secrets()).versions("s".to_owned()).current().await;
        assert_eq!(found.is_ok_and(|version| version.is_none()), gone, "{kind}");
    }
}

#[tokio::test]
async fn a_version_without_id_date_or_text_is_refused() {
    for body in [
        r#"{"VersionId":"v1","SecretString":"s"}"#,
        r#"{"CreatedDate":1.0,"SecretString":"s"}"#,
        r#"{"VersionId":"v1","CreatedDate":1.0}"#,
    ] {
        let stub = Stub::start(move |_, _| Reply::json(200, body)).await;
        let secrets = Secrets::new(aws_at(&stub.url()).secrets());
        assert!(secrets.versions("s".to_owned()).current().await.is_err(), "{body}");
    }
}

#[tokio::test]
async fn a_malformed_secret_is_refused_without_being_repeated() {
    let (secrets, _stub) = holding("segredo-inventado").await;
    let alarms = AlarmsInMemory::default();
    let key = secrets.pseudonym_key("s", &alarms).await.err().unwrap();
    let pepper = secrets.pepper("s", &alarms).await.err().unwrap();
    for (fault, name) in [(key, "PseudonymKeySecret"), (pepper, "PcmPepperSecret")] {
        let text = chain(&fault);
        assert!(text.contains(name) && !text.contains("segredo-inventado"), "{text}");
    }
    let raised = alarms.raised.lock().unwrap();
    let named = raised.iter().map(|alarm| (alarm.secret, alarm.reason.as_str())).collect::<Vec<_>>();
    let forms = [
        ("PseudonymKeySecret", "not 64 hexadecimal digits"),
        ("PcmPepperSecret", "not 32 to 64 hexadecimal digits"),
    ];
    assert_eq!(named, forms, "D6: named by its setting, never by its value");
}

#[tokio::test]
async fn d6_a_secret_that_was_never_written_is_named_at_start() {
    let stub =
        Stub::start(|_, _| Reply::json(400, r#"{"__type":"ResourceNotFoundException","Message":"m"}"#)).await;
    let alarms = AlarmsInMemory::default();
    let secrets = Secrets::new(aws_at(&stub.url()).secrets());
    assert!(secrets.pseudonym_key("s", &alarms).await.is_err());
    assert_eq!(alarms.raised.lock().unwrap()[0].reason, "has no current version");
}

#[tokio::test]
async fn d6_a_newline_at_the_end_of_a_secret_changes_nothing() {
    let alarms = AlarmsInMemory::default();
    let (secrets, _stub) = holding("0aF1".repeat(16).leak()).await;
    let (ended, _stub) = holding(format!("{}\n", "0aF1".repeat(16)).leak()).await;
    let keys = (secrets.pseudonym_key("s", &alarms).await, ended.pseudonym_key("s", &alarms).await);
    assert_eq!(keys.0.unwrap(), keys.1.unwrap());
    assert!(alarms.raised.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_pseudonym_key_is_64_hexadecimal_digits() {
    let whole = "0aF1".repeat(16);
    let (secrets, _stub) = holding(whole.leak()).await;
    let key = secrets.pseudonym_key("s", &AlarmsInMemory::default()).await.unwrap();
    assert_eq!(key[..4], [0x0a, 0xf1, 0x0a, 0xf1]);
    for bad in ["", "0a", "0g".repeat(32).leak(), "é".repeat(32).leak(), "0a".repeat(33).leak()] {
        let (secrets, _stub) = holding(bad).await;
        assert!(secrets.pseudonym_key("s", &AlarmsInMemory::default()).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn m36_the_pepper_has_128_to_256_bits_in_hexadecimal_digits() {
    let (secrets, _stub) = holding("00".repeat(16).leak()).await;
    let pepper = secrets.pepper("s", &AlarmsInMemory::default()).await.unwrap();
    assert_eq!(pepper.token_id("token").unwrap().as_str(), "6lzK4aJCmniV");
    for bad in
        ["", "0".repeat(33).leak(), "00".repeat(15).leak(), "00".repeat(33).leak(), "zz".repeat(16).leak()]
    {
        let (secrets, _stub) = holding(bad).await;
        assert!(secrets.pepper("s", &AlarmsInMemory::default()).await.is_err(), "{bad}");
    }
}
