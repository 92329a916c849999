//! Keys at their edges: scopes, expiry, grace, revocation, other callers.

use std::time::Duration;

use ponte_values::Moment;

use super::*;
use ponte_ports::audit::{Actor, OperatorAction, OperatorIdentity, OperatorOrder, OperatorReason};

const ID: &str = "0123456789abcdef";
const APP: &str = "app.banco.example";
const HOUR: Duration = Duration::from_hours(1);
const NO_MORE: ApiKeyFault = ApiKeyFault::Unauthenticated(KeyMismatch::Secret);

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

fn new(scopes: &[ApiScope]) -> NewApiKey {
    NewApiKey {
        id: ApiKeyId::parse(ID).unwrap(),
        caller: APP.to_owned(),
        scopes: scopes.iter().copied().collect(),
        hash: "hash-1".to_owned(),
        expires_at: None,
    }
}

fn key() -> ApiKey {
    ApiKey::issue(new(&[ApiScope::ConsentsRead, ApiScope::ConsentsWrite]), now()).key
}

fn rotated(key: ApiKey, hash: &str, grace: Duration, at: Moment) -> ApiKey {
    key.rotate(hash.to_owned(), grace, at).unwrap().key
}

fn admits(key: &ApiKey, hash: &str, at: Moment) -> Result<(), ApiKeyFault> {
    key.admits(hash, APP, &[ApiScope::ConsentsRead], at)
}

#[test]
fn one_scope_of_those_asked_for_is_enough_and_none_opens_nothing() {
    for scope in ApiScope::ALL {
        let key = ApiKey::issue(new(&[scope]), now()).key;
        for asked in ApiScope::ALL {
            let verdict = key.admits("hash-1", APP, &[asked], now());
            assert_eq!(verdict, if asked == scope { Ok(()) } else { Err(ApiKeyFault::Scope) });
        }
        assert_eq!(key.admits("hash-1", APP, &ApiScope::ALL, now()), Ok(()));
        assert_eq!(key.admits("hash-1", APP, &[], now()), Err(ApiKeyFault::Scope));
        assert_eq!(ApiScope::parse(scope.as_str()), Ok(scope));
    }
    assert!(ApiScope::parse("oob_consents").is_err());
    let none = ApiKey::issue(new(&[]), now()).key;
    assert_eq!(none.admits("hash-1", APP, &ApiScope::ALL, now()), Err(ApiKeyFault::Scope));
}

#[test]
fn a_key_opens_nothing_with_another_secret_or_over_another_certificate() {
    let mismatch = |hash: &str, caller: &str| key().admits(hash, caller, &ApiScope::ALL, now()).unwrap_err();
    // The last one has the right bytes in another order.
    for hash in ["", "hash", "hash-2", "hash-11", "hash-1 ", "ahsh-1"] {
        assert_eq!(mismatch(hash, APP), NO_MORE, "{hash}");
    }
    for caller in ["", "App.banco.example", "app.banco.example ", "backoffice.banco.example"] {
        assert_eq!(mismatch("hash-1", caller), ApiKeyFault::Unauthenticated(KeyMismatch::Caller), "{caller}");
    }
    assert_eq!(mismatch("hash-2", "stranger"), NO_MORE, "who lacks the secret learns nothing of the caller");
}

#[test]
fn a_key_counts_until_the_moment_it_expires() {
    let end = now().plus(HOUR);
    let key = ApiKey::issue(NewApiKey { expires_at: Some(end), ..new(&[ApiScope::ConsentsRead]) }, now()).key;
    assert_eq!(admits(&key, "hash-1", end.minus(Duration::from_millis(1))), Ok(()));
    assert_eq!(admits(&key, "hash-1", end), Err(ApiKeyFault::Unauthenticated(KeyMismatch::Expired)));
    assert_eq!(key.at(end), KeyStatus::Expired);
    let rotation = key.clone().rotate("hash-2".to_owned(), HOUR, end);
    assert_eq!(rotation, Err(KeyFault::Expired), "a new secret revives nothing");
    let gone = key.revoke(end).unwrap();
    assert_eq!((gone.audit.before, gone.audit.after), (Some("EXPIRED"), "REVOKED"));
}

#[test]
fn the_former_secret_counts_until_the_end_of_its_grace() {
    let key = rotated(key(), "hash-2", HOUR, now());
    let end = now().plus(HOUR);
    let just_before = end.minus(Duration::from_millis(1));
    for hash in ["hash-1", "hash-2"] {
        assert_eq!(admits(&key, hash, just_before), Ok(()), "{hash}");
    }
    assert_eq!(admits(&key, "hash-1", end), Err(NO_MORE));
    assert_eq!(admits(&key, "hash-2", end), Ok(()));
    assert_eq!((key.former_until(just_before), key.former_until(end)), (Some(end), None));
    assert_eq!((key.version, key.rotated_at), (2, Some(now())));
}

#[test]
fn a_second_rotation_keeps_the_grace_of_the_first() {
    let minute = Duration::from_mins(1);
    let key = rotated(rotated(key(), "hash-2", HOUR, now()), "hash-3", minute, now().plus(minute));
    let soon = now().plus(minute);
    for hash in ["hash-1", "hash-2", "hash-3"] {
        assert_eq!(admits(&key, hash, soon), Ok(()), "{hash}");
    }
    let end = now().plus(HOUR);
    assert_eq!(key.former_until(soon), Some(end), "the grace that lasts longest");
    assert_eq!(admits(&key, "hash-2", soon.plus(minute)), Err(NO_MORE), "each its own grace");
    assert_eq!(admits(&key, "hash-1", end.minus(Duration::from_millis(1))), Ok(()));
    assert_eq!(admits(&key, "hash-1", end), Err(NO_MORE));
    let stored = serde_json::to_string(&key).unwrap();
    assert_eq!(serde_json::from_str::<ApiKey>(&stored).unwrap(), key);
}

#[test]
fn former_secrets_are_few_and_those_that_are_over_are_forgotten() {
    let promised = (0..FORMERS_MAX).fold(key(), |key, n| rotated(key, &format!("next-{n}"), HOUR, now()));
    assert_eq!(promised.clone().rotate("one-more".to_owned(), HOUR, now()), Err(KeyFault::Formers));
    let later = rotated(promised.clone(), "later", HOUR, now().plus(HOUR));
    assert!(later.earlier.is_empty(), "{later:?}");
    let leaked = rotated(promised, "fresh", Duration::ZERO, now());
    assert_eq!(admits(&leaked, "hash-1", now()), Err(NO_MORE), "a rotation without grace ends them all");
    assert_eq!((leaked.former_until(now()), admits(&leaked, "fresh", now())), (None, Ok(())));
}

#[test]
fn a_rotation_without_grace_ends_the_former_secret_at_once() {
    let key = rotated(key(), "hash-2", Duration::ZERO, now());
    assert_eq!(admits(&key, "hash-1", now()), Err(NO_MORE));
    assert_eq!(admits(&key, "hash-2", now()), Ok(()));
}

#[test]
fn t47_a_command_run_twice_with_one_secret_leaves_that_secret_good() {
    let twice = rotated(rotated(key(), "hash-2", HOUR, now()), "hash-2", HOUR, now());
    assert_eq!(admits(&twice, "hash-2", now()), Ok(()));
}

#[test]
fn a_grace_has_a_limit() {
    let week = 168 * HOUR;
    let beyond = week + Duration::from_secs(1);
    assert_eq!(key().rotate("hash-2".to_owned(), beyond, now()), Err(KeyFault::Grace));
    assert!(key().rotate("hash-2".to_owned(), week, now()).is_ok());
}

#[test]
fn a_revocation_is_final_and_ends_both_secrets() {
    let key = rotated(key(), "hash-2", HOUR, now()).revoke(now()).unwrap().key;
    assert_eq!(admits(&key, "hash-1", now()), Err(NO_MORE), "the former secret is forgotten");
    assert_eq!(admits(&key, "hash-2", now()), Err(ApiKeyFault::Unauthenticated(KeyMismatch::Revoked)));
    assert_eq!(key.clone().revoke(now()), Err(KeyFault::Revoked));
    assert_eq!(key.rotate("hash-3".to_owned(), HOUR, now()), Err(KeyFault::Revoked));
    let twice = rotated(rotated(self::key(), "hash-2", HOUR, now()), "hash-3", HOUR, now());
    let gone = twice.revoke(now()).unwrap().key;
    for former in ["hash-1", "hash-2"] {
        assert_eq!(admits(&gone, former, now()), Err(NO_MORE), "{former}");
    }
    assert_eq!(gone.former_until(now()), None);
}

#[test]
fn every_change_leaves_an_audit_row_of_the_operator() {
    let issued = ApiKey::issue(new(&[ApiScope::Customer]), now());
    let rotation = issued.key.clone().rotate("hash-2".to_owned(), HOUR, now()).unwrap();
    let gone = rotation.key.clone().revoke(now()).unwrap();
    let rows = [issued.audit, rotation.audit, gone.audit];
    let told = rows.each_ref().map(|row| (row.action, row.before, row.after));
    let active = Some("ACTIVE");
    assert_eq!(told[0], ("api-key.issued", None, "ACTIVE"));
    assert_eq!(told[1], ("api-key.rotated", active, "ACTIVE"));
    assert_eq!(told[2], ("api-key.revoked", active, "REVOKED"));
    assert!(rows.iter().all(|row| row.actor == Actor::Operator && row.subject == ID && row.at == now()));
    assert_eq!(gone.key.version, 3);
}

#[test]
fn t47_an_ordered_change_names_the_operator_and_the_reason() {
    let reason = OperatorReason::parse("chave vazada, chamado 4711").unwrap();
    let by = Some(OperatorIdentity::stated("ana").unwrap());
    let action = OperatorAction { by, reason: Some(reason), ..OperatorAction::default() };
    let order = OperatorOrder::of(&action).unwrap();
    let change = key().revoke(now()).unwrap();
    let ordered = change.clone().ordered(&order);
    assert_eq!((ordered.audit.operator, ordered.key), (Some(action), change.key));
}

#[test]
fn an_operator_reads_why_a_key_was_not_changed_and_the_log_why_it_opened_nothing() {
    for (fault, told) in [
        (KeyFault::Revoked, "revoked"),
        (KeyFault::Expired, "expired"),
        (KeyFault::Grace, "7 days"),
        (KeyFault::Formers, "a grace of 0 ends them"),
    ] {
        assert!(fault.to_string().contains(told), "{fault}");
    }
    for (mismatch, told) in [
        (KeyMismatch::Secret, "secret"),
        (KeyMismatch::Caller, "certificate"),
        (KeyMismatch::Revoked, "revoked"),
        (KeyMismatch::Expired, "expired"),
    ] {
        assert!(mismatch.as_str().contains(told), "{mismatch:?}");
    }
}

#[test]
fn a_stored_key_reads_back_equal_and_hides_its_hashes() {
    let key = rotated(key(), "hash-2", HOUR, now());
    let json = serde_json::to_string(&key).unwrap();
    assert!(json.contains("\"oob_consents:read\""), "{json}");
    assert_eq!(serde_json::from_str::<ApiKey>(&json).unwrap(), key);
    let shown = format!("{key:?}");
    assert!(shown.contains(ID) && !shown.contains("hash-"), "{shown}");
}

#[test]
fn the_text_of_a_key_is_read_as_it_was_written() {
    let secret = "aB3_-".repeat(9)[..43].to_owned();
    let id = ApiKeyId::parse(ID).unwrap();
    let text = id.with_secret(&secret);
    assert_eq!(parse(&text), Some((id, secret.as_str())));
    let too_long = format!("{text}a");
    let upper = text.replace("abcdef", "ABCDEF");
    let other = text.replace("ponte_", "sk_");
    let (short, padded, alphabet) = (&text[..text.len() - 1], format!(" {text}"), text.replace("aB3", "a+/"));
    for bad in ["", "ponte_", "ponte__", ID, &too_long, &upper, &other, short, &padded, &alphabet] {
        assert_eq!(parse(bad), None, "{bad}");
    }
}

#[test]
fn an_id_is_the_end_of_a_uuid() {
    let id = ApiKeyId::from_uuid("d78fc4e5-37ca-4da3-adf2-9b082bf92280").unwrap();
    assert_eq!(id.as_str(), "adf29b082bf92280");
    for bad in ["", "-", "1234", "D78FC4E5-37CA-4DA3-ADF2-9B082BF9228Ç"] {
        assert!(ApiKeyId::from_uuid(bad).is_err(), "{bad}");
    }
    assert!(ApiKeyId::parse("0123456789ABCDEF").is_err() && ApiKeyId::parse("0123456789abcde").is_err());
}
