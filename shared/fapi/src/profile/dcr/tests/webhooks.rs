//! Webhook URIs: S87.

use super::*;

fn outcome(stated: &Value, wished: &Value) -> Result<Value, RegistrationFault> {
    let statement = judged(with(claims(), "software_api_webhook_uris", stated.clone())).unwrap();
    registered_for(&with(request(), "webhook_uris", wished.clone()), &statement)
        .map(|registration| registration["webhook_uris"].clone())
}

#[test]
fn s87_webhook_uris_are_exactly_those_of_the_statement() {
    let (one, two) = ("https://receptora.example/webhook", "https://receptora.example");
    assert_eq!(outcome(&json!([one, two]), &json!([one, two])), Ok(json!([one, two])));
    assert_eq!(outcome(&json!([one, two]), &json!([two, one])), Ok(json!([two, one])));
    for (stated, wished) in [
        (json!([one, two]), json!([one])),
        (json!([one]), json!([one, two])),
        (json!([one]), json!([two])),
        (json!([one]), json!([])),
        (json!([]), json!([one])),
        (Value::Null, json!([one])),
    ] {
        let fault = outcome(&stated, &wished).unwrap_err();
        assert_eq!(fault, RegistrationFault::WebhookUrisMismatch, "{stated} {wished}");
        assert_eq!(fault.error().as_str(), "invalid_webhook_uris");
    }
}

#[test]
fn s87_without_webhook_uris_webhooks_are_off() {
    assert!(registered(&request()).unwrap().get("webhook_uris").is_none());
    let stated = json!(["https://receptora.example"]);
    assert_eq!(outcome(&stated, &Value::Null), Ok(Value::Null), "null says nothing");
    assert_eq!(outcome(&json!([]), &json!([])), Ok(Value::Null), "equal, and empty");
    let statement = statement();
    let registration = ClientMetadata::parse(&request().to_string()).unwrap().check(&statement, &subject());
    assert!(registration.unwrap().webhook_uris().is_empty());
}

#[test]
fn s83_s85_s87_a_registration_tells_what_the_client_may_use() {
    let webhooks = json!(["https://receptora.example", "https://receptora.example/webhook"]);
    let request = with(with(request(), "webhook_uris", webhooks.clone()), "scope", json!("openid accounts"));
    let registration = ClientMetadata::parse(&request.to_string()).unwrap().check(&statement(), &subject());
    let registration = registration.unwrap();
    assert_eq!(registration.redirect_uris(), [CALLBACK]);
    assert_eq!(json!(registration.webhook_uris()), webhooks);
    assert_eq!(registration.scopes().collect::<Vec<_>>(), ["openid", "accounts"]);
}

#[test]
fn s87_the_pattern_of_a_webhook_uri() {
    let longest = format!("https://{}", "a".repeat(247));
    for good in ["https://a", "https://a.example:8443/kong3/base", &longest] {
        assert_eq!(outcome(&json!([good]), &json!([good])), Ok(json!([good])));
    }
    let too_long = format!("https://{}", "a".repeat(248));
    for bad in [
        "https://a.example/",
        "http://a.example",
        "https://",
        "https://a//b",
        "https://a?b",
        "https://a#b",
        "https://a b",
        "a.example",
        "",
        &too_long,
    ] {
        // Not even a statement that has it makes it acceptable.
        let fault = outcome(&json!([bad]), &json!([bad])).unwrap_err();
        assert_eq!(fault, RegistrationFault::WebhookUrisMalformed, "{bad}");
        assert_eq!(fault.error().as_str(), "invalid_webhook_uris");
    }
    for bad in [json!("https://receptora.example"), json!([7]), json!([null]), json!({})] {
        assert_eq!(outcome(&json!([]), &bad), Err(RegistrationFault::WebhookUrisMalformed));
    }
}
