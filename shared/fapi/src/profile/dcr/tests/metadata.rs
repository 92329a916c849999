//! Client metadata: S02, S04, S06, S14, S82, S83, S84, S86, S90.

use super::*;

#[test]
fn s86_the_statement_wins_and_fills_what_is_not_said() {
    let request =
        with(with(request(), "client_name", json!("Outra")), "tos_uri", json!("https://a.example/tos"));
    assert_eq!(
        registered(&request).unwrap(),
        json!({
            "client_name": "Receptora",
            "client_uri": "https://receptora.example/",
            "logo_uri": "https://receptora.example/logo.svg",
            "tos_uri": "https://a.example/tos",
            "application_type": "web",
            "redirect_uris": [CALLBACK],
            "jwks_uri": JWKS_URI,
            "scope": scopes_of(&[Role::Dados]).join(" "),
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "response_types": ["code id_token"],
            "subject_type": "public",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "PS256",
            "introspection_endpoint_auth_method": "private_key_jwt",
            "revocation_endpoint_auth_method": "private_key_jwt",
            "id_token_signed_response_alg": "PS256",
            "id_token_encrypted_response_alg": "RSA-OAEP",
            "id_token_encrypted_response_enc": "A256GCM",
            "request_object_signing_alg": "PS256",
            "request_object_encryption_alg": "RSA-OAEP",
            "request_object_encryption_enc": "A256GCM",
            "required_auth_time": false,
            "require_signed_request_object": true,
            "require_pushed_authorization_requests": true,
            "tls_client_certificate_bound_access_tokens": true,
            "software_statement": "a.b.c",
        })
    );
}

#[test]
fn rfc7592_what_is_answered_can_be_sent_again() {
    let first = registered(&with(request(), "tls_client_auth_subject_dn", json!(SUBJECT))).unwrap();
    assert_eq!(registered(&first).unwrap(), first);
    // Members of an answer, and some that nobody knows here.
    let more =
        with(with(first.clone(), "client_id", json!("client-1")), "client_name#pt", json!("Receptora"));
    assert_eq!(registered(&more).unwrap(), first);
}

#[test]
fn s06_what_the_certification_suite_sends_is_registered() {
    // OpenID Connect Registration section 2: `code id_token` goes with authorization_code and implicit.
    let grants = json!(["client_credentials", "implicit", "refresh_token", "authorization_code"]);
    let request =
        with(with(request(), "grant_types", grants.clone()), "response_types", json!(["code id_token"]));
    let request = with(
        with(request, "token_endpoint_auth_method", json!("private_key_jwt")),
        "jwks_uri",
        json!(JWKS_URI),
    );
    let registration = registered(&request).unwrap();
    assert_eq!(registration["grant_types"], grants);
    assert_eq!(registration["response_types"], json!(["code id_token"]));
    let registration =
        ClientMetadata::parse(&request.to_string()).unwrap().check(&statement(), &subject()).unwrap();
    assert_eq!(registration.response_types().collect::<Vec<_>>(), ["code id_token"]);
    assert_eq!(registration.grant_types().count(), 4);
}

#[test]
fn s02_s04_s06_s14_only_what_this_server_does_is_registered() {
    for (name, bad) in [
        ("token_endpoint_auth_method", json!("tls_client_auth")),
        ("token_endpoint_auth_method", json!("client_secret_basic")),
        ("token_endpoint_auth_method", json!("none")),
        ("introspection_endpoint_auth_method", json!("none")),
        ("revocation_endpoint_auth_method", json!("client_secret_post")),
        ("token_endpoint_auth_signing_alg", json!("RS256")),
        ("request_object_signing_alg", json!("none")),
        ("request_object_signing_alg", json!("RS256")),
        ("id_token_signed_response_alg", json!("RS256")),
        ("id_token_encrypted_response_alg", json!("RSA1_5")),
        ("id_token_encrypted_response_alg", json!("RSA-OAEP-256")),
        ("id_token_encrypted_response_enc", json!("A128CBC-HS256")),
        ("request_object_encryption_alg", json!("RSA1_5")),
        ("request_object_encryption_enc", json!("A128GCM")),
        ("response_types", json!(["code"])),
        ("response_types", json!(["code id_token", "token"])),
        ("grant_types", json!(["password"])),
        ("grant_types", json!(["authorization_code", "urn:openid:params:grant-type:ciba"])),
        ("subject_type", json!("pairwise")),
        ("application_type", json!("browser")),
    ] {
        let fault = registered(&with(request(), name, bad)).unwrap_err();
        assert_eq!(fault, RegistrationFault::Unsupported(name));
        assert_eq!(fault.error().as_str(), "invalid_client_metadata");
    }
    assert_eq!(
        registered(&with(request(), "application_type", json!("native"))).unwrap()["application_type"],
        "native"
    );
}

#[test]
fn s03_s10_promises_to_everybody_cannot_be_waived() {
    for name in [
        "require_signed_request_object",
        "require_pushed_authorization_requests",
        "tls_client_certificate_bound_access_tokens",
    ] {
        assert_eq!(registered(&with(request(), name, json!(false))).unwrap()[name], true);
        assert_eq!(refused(name, json!("false")), RegistrationFault::Malformed(name));
    }
    let wished = registered(&with(request(), "required_auth_time", json!(true))).unwrap();
    assert_eq!(wished["required_auth_time"], true);
}

#[test]
fn s82_keys_come_by_reference_from_the_directory() {
    assert_eq!(registered(&with(request(), "jwks_uri", json!(JWKS_URI))).unwrap()["jwks_uri"], JWKS_URI);
    for value in [json!({ "keys": [] }), json!(""), json!([]), json!(false)] {
        assert_eq!(refused("jwks", value), RegistrationFault::JwksByValue);
    }
    assert!(registered(&with(request(), "jwks", Value::Null)).is_ok());
    let elsewhere = refused("jwks_uri", json!("https://receptora.example/jwks"));
    assert_eq!(elsewhere, RegistrationFault::JwksUriMismatch);
    assert_eq!(elsewhere.error().as_str(), "invalid_client_metadata");
    assert_eq!(RegistrationFault::JwksByValue.error().as_str(), "invalid_client_metadata");
    assert_eq!(RegistrationFault::EncryptionKeyMissing.error().as_str(), "invalid_client_metadata");
}

#[test]
fn s83_redirect_uris_are_a_part_of_the_statements() {
    let all = json!([CALLBACK, "https://receptora.example/cb?a=b"]);
    assert_eq!(registered(&with(request(), "redirect_uris", all.clone())).unwrap()["redirect_uris"], all);
    let twice = json!([CALLBACK, CALLBACK]);
    assert_eq!(
        registered(&with(request(), "redirect_uris", twice)).unwrap()["redirect_uris"],
        json!([CALLBACK])
    );
    for (bad, fault) in [
        (Value::Null, RegistrationFault::RedirectUrisMissing),
        (json!([]), RegistrationFault::RedirectUrisMissing),
        (json!(CALLBACK), RegistrationFault::RedirectUriMalformed),
        (json!([7]), RegistrationFault::RedirectUriMalformed),
        (json!(["https://receptora.example/CB"]), RegistrationFault::RedirectUriMismatch),
        (json!([CALLBACK, "https://outra.example/cb"]), RegistrationFault::RedirectUriMismatch),
        (json!(["https://receptora.example/cb/"]), RegistrationFault::RedirectUriMismatch),
    ] {
        assert_eq!(refused("redirect_uris", bad), fault);
        assert_eq!(fault.error().as_str(), "invalid_redirect_uri");
    }
    assert_eq!(registered(&without(request(), "redirect_uris")), Err(RegistrationFault::RedirectUrisMissing));
    for bad in [
        "http://a.example",
        "https://",
        "https:///cb",
        "https://a.example/#b",
        "https://a.example/ b",
        "https://a.example/\r\nb",
        "app:cb",
        &format!("https://{}", "a".repeat(248)),
    ] {
        // Not even a statement that has it makes it acceptable.
        let statement = judged(with(claims(), "software_redirect_uris", json!([bad]))).unwrap();
        let fault = registered_for(&with(request(), "redirect_uris", json!([bad])), &statement).unwrap_err();
        assert_eq!(fault, RegistrationFault::RedirectUriMalformed, "{bad}");
    }
}

#[test]
fn s84_a_subject_dn_is_that_of_the_certificate_in_any_spelling() {
    let other_spelling = "2.5.4.3=#0c1172656365706-, ";
    assert_eq!(
        refused("tls_client_auth_subject_dn", json!(other_spelling)),
        RegistrationFault::Malformed("tls_client_auth_subject_dn")
    );
    let spelling = "commonName=RECEPTORA.example, OID.0.9.2342.19200300.100.1.1=\
        10120340-3318-4baf-99e2-0b56729c4ab2, 2.5.4.10=#0c09496e76656e74616461, countryName=#13024252";
    let registration = registered(&with(request(), "tls_client_auth_subject_dn", json!(spelling))).unwrap();
    assert_eq!(registration["tls_client_auth_subject_dn"], spelling, "echoed as it was sent");
    for other in [
        "CN=receptora.example",
        "C=BR,O=Inventada,UID=10120340-3318-4baf-99e2-0b56729c4ab2,CN=receptora.example",
    ] {
        assert_eq!(refused("tls_client_auth_subject_dn", json!(other)), RegistrationFault::SubjectMismatch);
    }
}

#[test]
fn s81_a_software_statement_is_required() {
    let stated = |value| with(request(), "software_statement", value);
    for request in [without(request(), "software_statement"), stated(json!({})), stated(json!(""))] {
        let metadata = ClientMetadata::parse(&request.to_string()).unwrap();
        let fault = metadata.software_statement().unwrap_err();
        assert_eq!(fault, RegistrationFault::StatementMissing);
        assert_eq!(fault.error().as_str(), "invalid_software_statement");
    }
}

#[test]
fn s90_a_body_that_is_no_metadata_is_refused_under_the_code_of_its_member() {
    let of_length = |length: usize| format!("{{\"a\":\"{}\"}}", "a".repeat(length - 8));
    assert!(ClientMetadata::parse(&of_length(65_536)).is_ok());
    let long = of_length(65_537);
    for bad in ["", "[]", "null", "\"a\"", "{", "{}x", &long] {
        assert_eq!(ClientMetadata::parse(bad).unwrap_err(), RegistrationFault::Body, "{bad:.20}");
    }
    assert_eq!(
        refused("grant_types", json!("authorization_code")),
        RegistrationFault::Malformed("grant_types")
    );
    assert!(registered(&with(request(), "client_name", json!("a".repeat(2_048)))).is_ok());
    assert_eq!(refused("client_name", json!("a".repeat(2_049))), RegistrationFault::Malformed("client_name"));
    let grants = |length: usize| with(request(), "grant_types", json!(vec!["refresh_token"; length]));
    assert_eq!(registered(&grants(100)).unwrap()["grant_types"], json!(["refresh_token"]));
    assert_eq!(registered(&grants(101)), Err(RegistrationFault::Malformed("grant_types")));
    assert_eq!(refused("client_id", json!(7)), RegistrationFault::Malformed("client_id"));
    assert_eq!(RegistrationFault::Body.error().as_str(), "invalid_client_metadata");
    for (fault, code) in [
        (RegistrationFault::AlreadyRegistered, "unapproved_software_statement"),
        (RegistrationFault::CertificateMismatch, "invalid_software_statement"),
        (RegistrationFault::OtherSoftware, "invalid_software_statement"),
        (RegistrationFault::OtherClient, "invalid_client_metadata"),
    ] {
        assert_eq!(fault.error().as_str(), code);
    }
}

proptest::proptest! {
    #[test]
    fn any_body_is_judged_without_panic(text in "\\PC{0,60}", member in "[a-z_]{0,12}") {
        let _ = ClientMetadata::parse(&text);
        let _ = registered(&with(request(), &member, json!(text)));
        let _ = registered(&with(request(), &member, json!([text])));
    }
}
