//! The versions of a secret.

use ponte_ports::{SecretVersion, SecretVersions};

/// What the versions of a secret say: the one in use, and the one before it.
pub async fn texts(versions: &dyn SecretVersions) -> (Option<String>, Option<String>) {
    let text = |version: Option<SecretVersion>| version.map(|version| version.text.expose().to_owned());
    (text(versions.current().await.unwrap()), text(versions.previous().await.unwrap()))
}

/// A secret that was written twice has both versions, each under an id of its own; the newer one is in use.
pub async fn the_newer_of_two_versions_is_in_use(versions: &dyn SecretVersions, older: &str, newer: &str) {
    assert_eq!(texts(versions).await, (Some(newer.to_owned()), Some(older.to_owned())));
    let (current, previous) = (versions.current().await.unwrap(), versions.previous().await.unwrap());
    let (current, previous) = (current.unwrap(), previous.unwrap());
    assert_ne!(current.id, previous.id, "another content has another id");
    assert_eq!(versions.current().await.unwrap().map(|again| again.id), Some(current.id));
}

/// A secret that was never written has no version.
pub async fn an_unwritten_secret_has_no_version(versions: &dyn SecretVersions) {
    assert_eq!(texts(versions).await, (None, None));
}

/// A newline at the end of what was written is no part of the secret, which is `text` without it (D6).
pub async fn a_newline_at_the_end_is_no_part_of_it(versions: &dyn SecretVersions, text: &str) {
    assert_eq!(texts(versions).await.0.as_deref(), Some(text));
}
