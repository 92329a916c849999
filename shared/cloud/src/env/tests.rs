//! Reading the environment: what is accepted, and that every fault is named at once.

use super::*;
use ponte_data_consent::consent::ConsentPolicy;

fn source(pairs: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
}

#[test]
fn one_error_names_everything_and_repeats_no_value() {
    let from = source(&[("INSTITUTION", "Not Valid"), ("PUBLIC_URL", "http://ponte.example")]);
    let error = read_from(&from, (INSTITUTION, OUTBOX_TABLE, (PUBLIC_URL, PCM_CLIENT_ID))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "environment: INSTITUTION is not a valid institution name; OUTBOX_TABLE is missing; \
         PUBLIC_URL is not a valid https URL; PCM_CLIENT_ID is missing"
    );
}

#[test]
fn absent_optional_variables_have_their_meaning() {
    assert_eq!(read_from(&source(&[]), CHANNEL_ORIGIN).unwrap(), None);
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

#[test]
fn the_key_set_of_the_back_end_is_an_https_url_or_none() {
    let read = |uri: &'static str| jwks_uri(uri).ok();
    assert_eq!(read_from(&source(&[]), CHANNEL_JWKS_URI).unwrap(), None);
    let kept = "https://keys.bank.example/app.jwks?v=1";
    assert_eq!(read(kept), Some(Some(kept.to_owned())));
    for bad in ["http://bank.example/k", "keys", "https://u@bank.example/k", "https://bank.example/k#x"] {
        assert_eq!(read(bad), None, "{bad}");
    }
}

#[test]
fn c08_c23_the_rules_of_consents_are_settings() {
    let days = |days: u64| Duration::from_hours(days * 24);
    let terms = (CONSENT_TERM_DAYS, RENEWAL_TERM_DAYS, APPROVAL_DAYS, NOTICE_DAYS);
    let kinds = (PRODUCTS, LINKED_CONSENTS);
    let rules = ConsentPolicy::default();
    let defaults = (rules.longest_term, rules.longest_renewal, rules.approval_term, rules.notice);
    assert_eq!(read_from(&source(&[]), terms).unwrap(), defaults);
    assert_eq!(read_from(&source(&[]), kinds).unwrap(), (rules.products, rules.linked));
    let from = source(&[
        ("CONSENT_TERM_DAYS", "0"),
        ("RENEWAL_TERM_DAYS", "365"),
        ("APPROVAL_DAYS", "3"),
        ("NOTICE_DAYS", "0"),
        ("PRODUCTS", "accounts"),
        ("LINKED_CONSENTS", "true"),
    ]);
    assert_eq!(read_from(&from, terms).unwrap(), (None, Some(days(365)), days(3), None));
    assert_eq!(read_from(&from, kinds).unwrap(), (Products::parse("accounts").unwrap(), true));
    let wrong = source(&[("APPROVAL_DAYS", "0"), ("PRODUCTS", "loans"), ("LINKED_CONSENTS", "1")]);
    let error = read_from(&wrong, (APPROVAL_DAYS, PRODUCTS, LINKED_CONSENTS)).unwrap_err();
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
    let (apple, android) = read_from(&source(&given), (APPLE_APP_IDS, ANDROID_APPS)).unwrap();
    assert_eq!((apple.len(), android.len()), (1, 2));
    assert_eq!(android[1].package(), "br.example.other");
    let (apple, android) = read_from(&source(&[]), (APPLE_APP_IDS, ANDROID_APPS)).unwrap();
    assert!(apple.is_empty() && android.is_empty());
    let wrong = source(&[("APPLE_APP_IDS", "br.example.app"), ("ANDROID_APPS", "br.example.app")]);
    let error = read_from(&wrong, (APPLE_APP_IDS, ANDROID_APPS)).unwrap_err();
    let told =
        "environment: APPLE_APP_IDS is not a valid Apple app id; ANDROID_APPS is not a valid Android app";
    assert_eq!(error.to_string(), told);
}

#[test]
fn the_template_and_the_constants_name_the_same_variables() {
    let template = include_str!("../../../../infra/template.yaml");
    let mut inside = None;
    let mut named = std::collections::BTreeSet::new();
    for line in template.lines() {
        let indent = line.len() - line.trim_start().len();
        match inside {
            Some(depth) if indent > depth => {
                named.extend(line.trim().split_once(':').map(|(name, _)| name.to_owned()));
            }
            _ => inside = (line.trim() == "Variables:").then_some(indent),
        }
    }
    let constants = [include_str!("../env.rs"), include_str!("../../../outbound/src/http/trust.rs")]
        .into_iter()
        .flat_map(|source| source.split(";\n"))
        .filter_map(|statement| statement.split_once("pub const ").map(|(_, rest)| rest))
        .filter_map(|rest| rest.split_once(':').map(|(name, _)| name.to_owned()))
        .collect::<std::collections::BTreeSet<_>>();
    assert_eq!(named, constants);
}
