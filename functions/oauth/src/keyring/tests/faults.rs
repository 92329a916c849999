//! Secrets that are not what they should be: ignored, reported once, and the last good key serves on.

use super::*;

#[tokio::test]
async fn t45_a_signing_key_waits_for_its_public_half() {
    let safe = Safe::new();
    let keyring = safe.keyring(0).await;
    safe.signing.put(private("s2", SIGNS[1]), after(100));
    for second in 100..400 {
        assert_eq!(signer(&keyring, second).await, "s1", "{second}");
    }
    assert_eq!(safe.said(), ["SigningKeySecret: its public half is not in TokenKeysSecret"]);
    safe.published.put(public(&[("s1", SIGNS[0]), ("s2", SIGNS[1])]), after(400));
    assert_eq!(signer(&keyring, 744).await, "s1");
    assert_eq!(signer(&keyring, 760).await, "s2");
    assert_eq!(safe.said(), Vec::<String>::new());
}

#[tokio::test]
async fn t45_another_key_under_a_published_id_does_not_sign() {
    let safe = Safe::new();
    let keyring = safe.keyring(0).await;
    safe.signing.put(private("s1", SIGNS[1]), after(100));
    let published = safe.keyring(0).await.at(after(0)).await;
    let old = published.published().signature_keys().next().unwrap();
    for second in 100..400 {
        let keys = keyring.at(after(second)).await;
        assert_eq!(keys.signer().public_jwk(), old, "{second}");
    }
    let said = safe.said();
    assert!(said.iter().all(|said| said == "SigningKeySecret: its public half is not in TokenKeysSecret"));
}

#[tokio::test]
async fn t45_broken_private_keys_are_ignored_and_reported_once_without_being_repeated() {
    let safe = Safe::new();
    let keyring = safe.keyring(0).await;
    let small = json!({ "kid": "s2", "private_key": "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n" });
    let broken = [
        "segredo".to_owned(),
        r#"{"kid":1,"private_key":"segredo"}"#.to_owned(),
        r#"{"kid":"s2","private_key":"segredo"}"#.to_owned(),
        private("id with blanks", SIGNS[1]),
        small.to_string(),
    ];
    let mut second = 0;
    for text in broken {
        for (stages, name) in [(&safe.signing, "SigningKeySecret"), (&safe.decryption, "DecryptionKeySecret")]
        {
            second += 10;
            stages.put(text.clone(), after(second));
            for _ in 0..4 {
                second += 50;
                let keys = keyring.at(after(second)).await;
                assert_eq!((keys.signer().kid(), keys.decryption().len()), ("s1", 1));
                assert_eq!(published(&keyring, second).await, ["sig:s1", "enc:e1"]);
            }
            let said = safe.said();
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].starts_with(name) && !said[0].contains("segredo"), "{said:?}");
            assert_eq!(signer(&safe.keyring(second).await, second).await, "s1", "also for who starts now");
            assert_eq!(safe.said(), said);
            stages.take_back();
        }
    }
}

#[tokio::test]
async fn t45_deleted_secrets_are_reported_once_and_the_keys_serve_on() {
    let safe = Safe::new();
    let keyring = safe.keyring(0).await;
    for stages in [&safe.signing, &safe.published, &safe.decryption] {
        stages.delete();
    }
    for second in 1..300 {
        assert_eq!(signer(&keyring, second).await, "s1");
    }
    let mut said = safe.said();
    said.sort();
    let expected = ["DecryptionKeySecret", "SigningKeySecret", "TokenKeysSecret"];
    assert_eq!(said, expected.map(|name| format!("{name}: has no current version")));
    assert!(safe.start(300).await.is_err(), "who starts now has nothing to serve with");
}

#[tokio::test]
async fn t45_a_start_in_the_middle_of_a_change_signs_with_what_everybody_knows() {
    let safe = Safe::new();
    safe.signing.put(private("s2", SIGNS[1]), after(100));
    assert_eq!(signer(&safe.keyring(110).await, 110).await, "s1", "the public half is missing");
    assert_eq!(safe.said().len(), 1);
    safe.published.put(public(&[("s1", SIGNS[0]), ("s2", SIGNS[1])]), after(120));
    assert_eq!(signer(&safe.keyring(130).await, 130).await, "s1", "not everybody has looked");
    assert_eq!(signer(&safe.keyring(464).await, 464).await, "s1", "a client may keep the set before");
    assert_eq!(signer(&safe.keyring(465).await, 465).await, "s2");
}

#[tokio::test]
async fn a_first_start_signs_at_once_and_one_without_a_published_key_fails() {
    let safe = Safe::empty();
    safe.signing.put(private("s1", SIGNS[0]), after(0));
    safe.published.put(public(&[("s2", SIGNS[1])]), after(0));
    safe.decryption.put(private("e1", DECRYPTS[0]), after(0));
    assert!(safe.start(1).await.is_err());
    safe.published.put(public(&[("s1", SIGNS[0])]), after(2));
    let keyring = safe.keyring(3).await;
    assert_eq!(published(&keyring, 3).await, ["sig:s1", "sig:s2", "enc:e1"]);
    assert_eq!(signer(&keyring, 3).await, "s1");
}

#[tokio::test]
async fn keys_are_made_anew_only_when_something_changed() {
    let safe = Safe::new();
    let keyring = safe.keyring(0).await;
    let first = keyring.at(after(1)).await;
    for second in 2..200 {
        assert!(Arc::ptr_eq(&first, &keyring.at(after(second)).await));
    }
}

#[tokio::test]
async fn lb04_a_clock_that_was_ahead_once_does_not_sign_with_a_key_that_nobody_knows() {
    let safe = Safe::new();
    let keyring = safe.keyring(0).await;
    safe.published.put(public(&[("s1", SIGNS[0]), ("s2", SIGNS[1])]), after(100));
    safe.signing.put(private("s2", SIGNS[1]), after(100));
    safe.decryption.put(private("e2", DECRYPTS[1]), after(100));
    assert_eq!(signer(&keyring, 3_700).await, "s2", "an hour ahead");
    assert_eq!(published(&keyring, 3_700).await, ["sig:s1", "sig:s2", "enc:e2"]);
    assert_eq!(signer(&keyring, 110).await, "s1", "the others know s2 from 445 on");
    assert_eq!(published(&keyring, 110).await, ["sig:s1", "sig:s2", "enc:e1"]);
    assert_eq!(signer(&keyring, 445).await, "s2");
}
