//! Versions as Secrets Manager gives them, over a stub that speaks its protocol.

use super::*;
use crate::testing::aws_at;
use ponte_kit::contract::secrets as contract;
use ponte_kit::stub::{Reply, Stub};

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
    assert_eq!(secrets.institution_credential("s").await.unwrap().expose(), "bearer");
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
    let faults = [secrets.pseudonym_key("s").await.err().unwrap(), secrets.pepper("s").await.err().unwrap()];
    for fault in faults {
        assert!(!format!("{fault:?}").contains("segredo-inventado"));
    }
}

#[tokio::test]
async fn the_pseudonym_key_is_64_hexadecimal_digits() {
    let whole = "0aF1".repeat(16);
    let (secrets, _stub) = holding(whole.leak()).await;
    let key = secrets.pseudonym_key("s").await.unwrap();
    assert_eq!(key[..4], [0x0a, 0xf1, 0x0a, 0xf1]);
    for bad in ["", "0a", "0g".repeat(32).leak(), "é".repeat(32).leak(), "0a".repeat(33).leak()] {
        let (secrets, _stub) = holding(bad).await;
        assert!(secrets.pseudonym_key("s").await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn m36_the_pepper_has_128_to_256_bits_in_hexadecimal_digits() {
    let (secrets, _stub) = holding("00".repeat(16).leak()).await;
    let pepper = secrets.pepper("s").await.unwrap();
    assert_eq!(pepper.token_id("token").unwrap().as_str(), "6lzK4aJCmniV");
    for bad in
        ["", "0".repeat(33).leak(), "00".repeat(15).leak(), "00".repeat(33).leak(), "zz".repeat(16).leak()]
    {
        let (secrets, _stub) = holding(bad).await;
        assert!(secrets.pepper("s").await.is_err(), "{bad}");
    }
}
