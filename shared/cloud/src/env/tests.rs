//! Reading the environment: what is accepted, and that every fault is named at once.

use super::parse::{base_url, https_url, jwks_uri, login_url, origin};
use super::*;
use ponte_data_consent::consent::ConsentPolicy;
use ponte_data_consent::groups::Products;
use ponte_values::{AndroidApp, AppleAppId, InstitutionId};
use std::time::Duration;

crate::settings! {
    struct Basics {
        institution: InstitutionId = INSTITUTION,
        outbox: String = OUTBOX_TABLE,
        platform: Platform = Platform::SETTING,
    }
}

crate::settings! {
    struct Platform {
        issuer: String = PUBLIC_URL,
        client_id: String = PCM_CLIENT_ID,
    }
}

crate::settings! {
    struct Optional {
        origin: Option<String> = CHANNEL_ORIGIN,
        jwks_uri: Option<String> = CHANNEL_JWKS_URI,
        apple: Vec<AppleAppId> = APPLE_APP_IDS,
        android: Vec<AndroidApp> = ANDROID_APPS,
    }
}

crate::settings! {
    struct WithPlatform {
        outbox: String = OUTBOX_TABLE,
        platform: Option<Platform> = given(CHANNEL_ORIGIN, Platform::SETTING),
    }
}

#[test]
fn a_group_is_read_only_where_its_variable_is_given_and_then_whole() {
    let without = WithPlatform::read_from(&source(&[("OUTBOX_TABLE", "outbox"), ("CHANNEL_ORIGIN", "")]));
    assert!(without.is_ok_and(|read| read.platform.is_none() && read.outbox == "outbox"));
    let given = [("OUTBOX_TABLE", "outbox"), ("CHANNEL_ORIGIN", "https://app.example")];
    let error = WithPlatform::read_from(&source(&given)).err().unwrap().to_string();
    assert!(error.contains("PUBLIC_URL is missing") && error.contains("PCM_CLIENT_ID is missing"), "{error}");
    let whole = [&given[..], &[("PUBLIC_URL", "https://ponte.example"), ("PCM_CLIENT_ID", "ponte")]].concat();
    let read = WithPlatform::read_from(&source(&whole)).unwrap().platform.unwrap();
    assert_eq!((read.issuer.as_str(), read.client_id.as_str()), ("https://ponte.example", "ponte"));
}

fn source(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
}

#[test]
fn one_error_names_everything_and_repeats_no_value() {
    let from = source(&[("INSTITUTION", "Not Valid"), ("PUBLIC_URL", "http://ponte.example")]);
    let error = Basics::read_from(&from).err().unwrap();
    assert_eq!(
        error.to_string(),
        "environment: INSTITUTION is not a valid institution name; OUTBOX_TABLE is missing; \
         PUBLIC_URL is not a valid https URL; PCM_CLIENT_ID is missing"
    );
}

#[test]
fn every_field_has_the_value_of_its_own_variable() {
    let from = source(&[
        ("INSTITUTION", "banco"),
        ("PUBLIC_URL", "https://ponte.example"),
        ("OUTBOX_TABLE", "outbox"),
        ("PCM_CLIENT_ID", "client"),
    ]);
    let Basics { institution, outbox, platform } = Basics::read_from(&from).unwrap();
    assert_eq!((institution.to_string().as_str(), outbox.as_str()), ("banco", "outbox"));
    assert_eq!((platform.issuer.as_str(), platform.client_id.as_str()), ("https://ponte.example", "client"));
}

#[test]
fn absent_optional_variables_have_their_meaning() {
    let Optional { origin, jwks_uri, apple, android } = Optional::read_from(&source(&[])).unwrap();
    assert_eq!((origin, jwks_uri), (None, None));
    assert!(apple.is_empty() && android.is_empty());
}

#[test]
fn urls_are_kept_as_written_but_for_the_last_slash() {
    for (given, kept) in [
        ("https://ponte.example/", Some("https://ponte.example")),
        ("https://localhost:8441", Some("https://localhost:8441")),
        ("https://ponte.example/a/b", Some("https://ponte.example/a/b")),
        ("http://ponte.example", None),
        ("https://ponte.example?x=1", None),
        ("https://user@ponte.example", None),
        ("ponte.example", None),
    ] {
        assert_eq!(https_url(given).ok().as_deref(), kept, "{given}");
    }
    assert_eq!(base_url("http://127.0.0.1:8446").unwrap(), "http://127.0.0.1:8446");
}

#[test]
fn the_channel_page_names_the_place_of_the_id() {
    assert!(login_url("https://bank.example/#/login/<IDENTIFICADOR>").is_ok());
    assert!(login_url("https://bank.example/login").is_err());
    assert_eq!(origin("https://bank.example").unwrap().as_deref(), Some("https://bank.example"));
    assert!(origin("https://bank.example/path").is_err());
}

crate::settings! {
    struct Institution {
        layer: Option<String> = INSTITUTION_URL,
        login: String = CHANNEL_LOGIN_URL,
    }
}

#[test]
fn t65_plain_http_to_the_institution_is_refused_by_name_unless_it_stays_on_the_machine() {
    let read = |layer: &'static str, login: &'static str| {
        let pairs = [("INSTITUTION_URL", layer), ("CHANNEL_LOGIN_URL", login)];
        let read = Institution::read_from(&source(&pairs));
        read.map(|Institution { layer, login }| (layer, login)).map_err(|error| error.to_string())
    };
    for (layer, login) in [
        ("https://core.bank.example", "https://bank.example/login?id=<IDENTIFICADOR>"),
        ("http://127.0.0.1:8446", "http://localhost:8445/login/<IDENTIFICADOR>"),
        ("http://127.9.9.9/layer", "http://[::1]:8445/#/<IDENTIFICADOR>"),
    ] {
        assert_eq!(read(layer, login), Ok((Some(layer.to_owned()), login.to_owned())));
    }
    let refused = "environment: INSTITUTION_URL is not a valid base URL, https or on this machine; \
                   CHANNEL_LOGIN_URL is not a valid URL with <IDENTIFICADOR>, https or on this machine";
    for (layer, login) in [
        ("http://core.bank.example", "http://bank.example/login/<IDENTIFICADOR>"),
        ("http://10.0.0.7:8080", "http://192.168.0.1/<IDENTIFICADOR>"),
        ("http://localhost.bank.example", "http://127.0.0.1.bank.example/<IDENTIFICADOR>"),
        ("http://0.0.0.0", "http://<IDENTIFICADOR>.bank.example/"),
        ("ftp://localhost", "bank://localhost/<IDENTIFICADOR>"),
        ("http://localhost@core.bank.example", "javascript:alert('<IDENTIFICADOR>')"),
        ("http://[::ffff:10.0.0.7]", "http://localhost@bank.example/<IDENTIFICADOR>"),
    ] {
        assert_eq!(read(layer, login), Err(refused.to_owned()), "{layer} {login}");
    }
}

#[test]
fn the_key_set_of_the_back_end_is_an_https_url_or_none() {
    let read = |uri: &'static str| jwks_uri(uri).ok();
    let kept = "https://keys.bank.example/app.jwks?v=1";
    assert_eq!(read(kept), Some(Some(kept.to_owned())));
    for bad in ["http://bank.example/k", "keys", "https://u@bank.example/k", "https://bank.example/k#x"] {
        assert_eq!(read(bad), None, "{bad}");
    }
}

#[test]
fn c08_c23_the_rules_of_consents_are_settings() {
    let days = |days: u64| Duration::from_hours(days * 24);
    assert_eq!(ConsentPolicy::read_from(&source(&[])).unwrap(), ConsentPolicy::default());
    let from = source(&[
        ("CONSENT_TERM_DAYS", "0"),
        ("RENEWAL_TERM_DAYS", "365"),
        ("APPROVAL_DAYS", "3"),
        ("NOTICE_DAYS", "0"),
        ("PRODUCTS", "accounts"),
        ("LINKED_CONSENTS", "true"),
        ("UNAUTHORISED_CONSENT_DAYS", "30"),
    ]);
    let chosen = ConsentPolicy {
        longest_term: None,
        longest_renewal: Some(days(365)),
        approval_term: days(3),
        notice: None,
        products: Products::parse("accounts").unwrap(),
        linked: true,
        unauthorised_kept: Some(days(30)),
    };
    assert_eq!(ConsentPolicy::read_from(&from).unwrap(), chosen);
    let wrong = source(&[("APPROVAL_DAYS", "0"), ("PRODUCTS", "loans"), ("LINKED_CONSENTS", "1")]);
    let error = ConsentPolicy::read_from(&wrong).unwrap_err();
    assert_eq!(
        error.to_string(),
        "environment: APPROVAL_DAYS is not a valid number of days; PRODUCTS is not a valid product; \
         LINKED_CONSENTS is not a valid true or false"
    );
}

#[test]
fn apps_are_listed_with_commas_and_none_is_no_app() {
    let print = ["ab"; 32].join(":");
    let android = format!("br.example.app:{print}, br.example.other:{print}");
    let given = [("APPLE_APP_IDS", "A1B2C3D4E5.br.example.app"), ("ANDROID_APPS", android.as_str())];
    let Optional { apple, android, .. } = Optional::read_from(&source(&given)).unwrap();
    assert_eq!((apple.len(), android.len()), (1, 2));
    assert_eq!(android[1].package(), "br.example.other");
    let wrong = source(&[("APPLE_APP_IDS", "br.example.app"), ("ANDROID_APPS", "br.example.app")]);
    let error = Optional::read_from(&wrong).err().unwrap();
    let told =
        "environment: APPLE_APP_IDS is not a valid Apple app id; ANDROID_APPS is not a valid Android app";
    assert_eq!(error.to_string(), told);
}
