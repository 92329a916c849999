//! The wire types of consents: what is read, what is refused, and the names the file gives.

use serde_json::{Value, json};

use super::{file, resolve, words};
use crate::consents::{
    self, ConsentData, CreateConsent, ExtendConsent, ExtensionItem, Journey, LoggedUser, Reason, Rejection,
};
use ponte_values::{Moment, Permission, PermissionSet};

fn body() -> Value {
    json!({"data": {
        "loggedUser": {"document": {"identification": "76109277673", "rel": "CPF"}},
        "businessEntity": {"document": {"identification": "11222333000181", "rel": "CNPJ"}},
        "permissions": ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "RESOURCES_READ"],
        "expirationDateTime": "2026-09-02T12:00:00Z",
        "isLinked": false,
    }})
}

fn read(body: &Value) -> Result<CreateConsent, serde_json::Error> {
    serde_json::from_str(&body.to_string())
}

#[test]
fn c25_a_whole_body_is_read() {
    let data = read(&body()).unwrap_or_else(|error| panic!("{error}")).data;
    assert_eq!(data.logged_user.document.identification.expose(), "76109277673");
    assert_eq!(data.business_entity.unwrap().document.identification.expose(), "11222333000181");
    assert_eq!(data.permissions.iter().count(), 3);
    assert_eq!(data.expiration_date_time.unwrap().to_string(), "2026-09-02T12:00:00Z");
    assert_eq!(data.is_linked, Some(false));
}

#[test]
fn c07_what_is_optional_may_be_absent() {
    let mut body = body();
    for name in ["businessEntity", "expirationDateTime", "isLinked"] {
        body["data"].as_object_mut().unwrap().remove(name);
    }
    let data = read(&body).unwrap_or_else(|error| panic!("{error}")).data;
    assert!(
        data.business_entity.is_none() && data.expiration_date_time.is_none() && data.is_linked.is_none()
    );
}

#[test]
fn c24_c25_anything_the_file_does_not_allow_is_refused() {
    let wrong = [
        ("/data/loggedUser", json!(null)),
        ("/data/loggedUser/document/identification", json!("7610927767")),
        ("/data/loggedUser/document/identification", json!(76_109_277_673_u64)),
        ("/data/loggedUser/document/rel", json!("CNPJ")),
        ("/data/businessEntity", json!(null)),
        ("/data/businessEntity/document/identification", json!("1122233300018")),
        ("/data/businessEntity/document/rel", json!("CPF")),
        ("/data/permissions", json!([])),
        ("/data/permissions", json!(["ACCOUNTS_WRITE"])),
        ("/data/permissions", json!("ACCOUNTS_READ")),
        ("/data/expirationDateTime", json!(null)),
        ("/data/expirationDateTime", json!("2026-09-02")),
        ("/data/expirationDateTime", json!("2026-09-02T12:00:00.000Z")),
        ("/data/expirationDateTime", json!("2026-09-02T12:00:00-03:00")),
        ("/data/isLinked", json!("true")),
    ];
    for (place, value) in wrong {
        let mut body = body();
        let (parent, name) = place.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        assert!(read(&body).is_err(), "{place}");
    }
    for name in ["loggedUser", "permissions"] {
        let mut body = body();
        body["data"].as_object_mut().unwrap().remove(name);
        assert!(read(&body).is_err(), "{name}");
    }
}

/// The value that the file gives as an example of a schema, with every member that it prints.
fn example(file: &serde_yaml_ng::Value, schema: &serde_yaml_ng::Value) -> Value {
    let schema = resolve(file, schema);
    if let Some(members) = schema["properties"].as_mapping() {
        let members =
            members.iter().map(|(name, schema)| (name.as_str().unwrap().to_owned(), example(file, schema)));
        return Value::Object(members.collect());
    }
    serde_json::to_value(&schema["example"]).unwrap()
}

/// The places of a body that its schema makes objects, with their schemas.
fn objects<'a>(
    file: &'a serde_yaml_ng::Value,
    schema: &'a serde_yaml_ng::Value,
    place: &str,
) -> Vec<(String, &'a serde_yaml_ng::Value)> {
    let schema = resolve(file, schema);
    let Some(members) = schema["properties"].as_mapping() else { return Vec::new() };
    let below = members.iter().flat_map(|(name, schema)| {
        let name = name.as_str().unwrap();
        objects(file, schema, &format!("{place}/{name}"))
    });
    [(place.to_owned(), schema)].into_iter().chain(below).collect()
}

#[test]
fn c24_c25_bodies_are_taken_as_the_file_has_them_and_no_stricter() {
    let Some(file) = file(&consents::API) else { return };
    let reads = |schema: &str, body: &Value| match schema {
        "CreateConsent" => read(body).is_ok(),
        _ => read_renewal(body).is_ok(),
    };
    for name in ["CreateConsent", "CreateConsentExtensions"] {
        let schema = &file["components"]["schemas"][name];
        let body = example(&file, schema);
        assert!(reads(name, &body), "the file's own example: {body}");
        for (place, schema) in objects(&file, schema, "") {
            let closed = schema["additionalProperties"].as_bool() == Some(false);
            let mut more = body.clone();
            more.pointer_mut(&place).unwrap()["another"] = json!({"deep": [null]});
            assert_eq!(reads(name, &more), !closed, "{name}{place}: a member that the file does not print");
            let required = words(&schema["required"]);
            for (member, schema) in schema["properties"].as_mapping().unwrap() {
                let (member, schema) = (member.as_str().unwrap(), resolve(&file, schema));
                let mut absent = body.clone();
                absent.pointer_mut(&place).unwrap().as_object_mut().unwrap().remove(member);
                assert_eq!(
                    reads(name, &absent),
                    !required.contains(&member),
                    "{name}{place}/{member}: absent"
                );
                let nullable = schema["nullable"].as_bool() == Some(true);
                let mut null = body.clone();
                null.pointer_mut(&place).unwrap()[member] = Value::Null;
                assert_eq!(reads(name, &null), nullable, "{name}{place}/{member}: null");
            }
        }
    }
    let permissions =
        &file["components"]["schemas"]["CreateConsent"]["properties"]["data"]["properties"]["permissions"];
    let unique = permissions["uniqueItems"].as_bool() == Some(true);
    let mut twice = body();
    twice["data"]["permissions"].as_array_mut().unwrap().push(json!("ACCOUNTS_READ"));
    assert_eq!(read(&twice).is_ok(), !unique, "a permission twice");
}

#[test]
fn c25_unknown_members_are_passed_over_and_a_permission_named_twice_counts_once() {
    let mut body = body();
    for place in
        ["", "/data", "/data/loggedUser", "/data/loggedUser/document", "/data/businessEntity/document"]
    {
        body.pointer_mut(place).unwrap()["another"] = json!([{"a": null}]);
    }
    body["data"]["permissions"].as_array_mut().unwrap().push(json!("ACCOUNTS_READ"));
    let data = read(&body).unwrap_or_else(|error| panic!("{error}")).data;
    assert_eq!(data.permissions.iter().count(), 3);
    let mut renewal = renewal();
    renewal["data"]["permissions"] = json!(["ACCOUNTS_READ"]);
    assert!(read_renewal(&renewal).is_ok());
}

#[test]
fn c25_documents_are_judged_by_their_pattern_and_what_they_are_called_by_its_own() {
    let with = |place: &str, value: &str| {
        let mut body = body();
        *body.pointer_mut(place).unwrap() = json!(value);
        read(&body).map(|body| body.data).ok()
    };
    let (person, company) = ("/data/loggedUser/document", "/data/businessEntity/document");
    assert!(with(&format!("{person}/identification"), "11111111111").is_some());
    assert!(with(&format!("{company}/identification"), "11111111111111").is_some());
    for (rel, cpf) in [("CPF", Some(true)), ("RNE", Some(false)), ("cpf", None), ("CPFX", None), ("", None)] {
        let data = with(&format!("{person}/rel"), rel);
        assert_eq!(data.map(|data| data.logged_user.cpf().is_some()), cpf, "{rel}");
    }
    for (rel, cnpj) in [("CNPJ", Some(true)), ("NIRE", Some(false)), ("CNP", None), ("CNP1", None)] {
        let data = with(&format!("{company}/rel"), rel);
        assert_eq!(data.map(|data| data.business_entity.unwrap().cnpj().is_some()), cnpj, "{rel}");
    }
}

fn answer(rejection: Option<Rejection<'_>>, end: Option<Moment>) -> Value {
    let at = Moment::parse("2026-03-01T12:00:00.250Z").unwrap();
    let data = ConsentData {
        consent_id: "urn:banco:1",
        creation_date_time: at,
        status: "REJECTED",
        status_update_date_time: at,
        permissions: PermissionSet::of(&[Permission::AccountsRead]),
        expiration_date_time: end,
        rejection,
        journey: Some(Journey { is_linked: true, link_id: Some("urn:banco:2") }),
    };
    serde_json::to_value(data).unwrap()
}

#[test]
fn c06_c56_the_answer_has_seconds_and_the_reason() {
    let end = Moment::parse("2026-09-02T12:00:00Z").unwrap();
    let reason = Reason { code: "CUSTOMER_MANUALLY_REVOKED", additional_information: Some("a pedido") };
    let rejection = Rejection { rejected_by: "USER", reason };
    let whole = json!({
        "consentId": "urn:banco:1",
        "creationDateTime": "2026-03-01T12:00:00Z",
        "status": "REJECTED",
        "statusUpdateDateTime": "2026-03-01T12:00:00Z",
        "permissions": ["ACCOUNTS_READ"],
        "expirationDateTime": "2026-09-02T12:00:00Z",
        "rejection": {
            "rejectedBy": "USER",
            "reason": {"code": "CUSTOMER_MANUALLY_REVOKED", "additionalInformation": "a pedido"},
        },
        "journey": {"isLinked": true, "linkId": "urn:banco:2"},
    });
    assert_eq!(answer(Some(rejection), Some(end)), whole);
}

#[test]
fn the_answer_has_the_members_of_the_file() {
    let Some(file) = file(&consents::API) else { return };
    let schemas = &file["components"]["schemas"];
    for name in ["ResponseConsent", "ResponseConsentRead", "ResponseConsentExtensions"] {
        let data = &schemas[name]["properties"]["data"];
        let mut written = answer(None, None);
        if name != "ResponseConsentRead" {
            written.as_object_mut().unwrap().remove("journey");
        }
        for member in written.as_object().unwrap().keys() {
            assert!(!data["properties"][member.as_str()].is_null(), "{name}: {member}");
        }
        for member in words(&data["required"]) {
            assert!(written.get(member).is_some(), "{name}: {member}");
        }
    }
    let rejection = &schemas["ResponseConsentRead"]["properties"]["data"]["properties"]["rejection"];
    assert_eq!(words(&rejection["required"]), ["rejectedBy", "reason"]);
    assert_eq!(words(&rejection["properties"]["reason"]["required"]), ["code"]);
    let reason = &rejection["properties"]["reason"]["properties"];
    assert_eq!(reason["additionalInformation"]["maxLength"].as_u64(), Some(140));
    let journey = &schemas["ResponseConsentRead"]["properties"]["data"]["properties"]["journey"];
    assert!(!journey["properties"]["isLinked"].is_null() && !journey["properties"]["linkId"].is_null());
}

fn renewal() -> Value {
    json!({"data": {
        "loggedUser": {"document": {"identification": "76109277673", "rel": "CPF"}},
        "businessEntity": {"document": {"identification": "11222333000181", "rel": "CNPJ"}},
        "expirationDateTime": "2026-09-02T12:00:00Z",
    }})
}

fn read_renewal(body: &Value) -> Result<ExtendConsent, serde_json::Error> {
    serde_json::from_str(&body.to_string())
}

#[test]
fn c30_a_renewal_asks_for_a_date_and_nothing_else() {
    let data = read_renewal(&renewal()).unwrap_or_else(|error| panic!("{error}")).data;
    assert_eq!(data.expiration_date_time.unwrap().to_string(), "2026-09-02T12:00:00Z");
    assert!(data.business_entity.is_some());
    let mut least = renewal();
    for name in ["businessEntity", "expirationDateTime"] {
        least["data"].as_object_mut().unwrap().remove(name);
    }
    let data = read_renewal(&least).unwrap_or_else(|error| panic!("{error}")).data;
    assert!(data.expiration_date_time.is_none() && data.business_entity.is_none());
    for (name, value) in [
        ("expirationDateTime", json!(null)),
        ("expirationDateTime", json!("2026-09-02T12:00:00+00:00")),
        ("loggedUser", json!({"document": {"identification": "7610927767", "rel": "CPF"}})),
        ("loggedUser", json!(null)),
    ] {
        let mut wrong = renewal();
        wrong["data"][name] = value;
        assert!(read_renewal(&wrong).is_err(), "{name}");
    }
    assert!(read_renewal(&json!({"data": {}})).is_err());
}

#[test]
fn c30_c34_renewals_have_the_members_of_the_file() {
    let at = Moment::parse("2026-03-01T12:00:00.250Z").unwrap();
    let item = ExtensionItem {
        expiration_date_time: Some(at),
        logged_user: LoggedUser::of(ponte_values::Cpf::parse("76109277673").unwrap()),
        request_date_time: at,
        previous_expiration_date_time: Some(at),
        x_fapi_customer_ip_address: "203.0.113.9".to_owned(),
        x_customer_user_agent: "agent".to_owned(),
    };
    let written = serde_json::to_value(item).unwrap();
    assert_eq!(written["requestDateTime"], "2026-03-01T12:00:00Z");
    let Some(file) = file(&consents::API) else { return };
    let schemas = &file["components"]["schemas"];
    let item = &schemas["ResponseConsentReadExtensions"]["properties"]["data"]["items"];
    let printed: Vec<&str> =
        item["properties"].as_mapping().unwrap().keys().filter_map(|name| name.as_str()).collect();
    assert!(printed.iter().all(|name| written.get(*name).is_some()), "{printed:?}");
    assert_eq!(printed.len(), written.as_object().unwrap().len());
    assert!(words(&item["required"]).iter().all(|name| written.get(*name).is_some()));
    let asked = &schemas["CreateConsentExtensions"]["properties"]["data"];
    let known: Vec<&str> =
        asked["properties"].as_mapping().unwrap().keys().filter_map(|name| name.as_str()).collect();
    assert!(known.iter().all(|name| renewal()["data"].get(*name).is_some()), "{known:?}");
    assert_eq!(words(&asked["required"]), ["loggedUser"]);
}

#[test]
fn c24_c33_the_codes_of_the_file_are_the_ones_we_know() {
    let Some(file) = file(&consents::API) else { return };
    for row in consents::ROWS {
        // What the functions' tests reach, operation by operation.
        let reached = match row.operation {
            "consentsPostConsents" => consents::CREATE_FAULTS,
            "consentsDeleteConsentsConsentId" => consents::REVOKE_FAULTS,
            "consentsPostConsentsConsentIdExtends" => consents::EXTEND_FAULTS,
            _ => &[],
        };
        let operation = &file["paths"][row.path()][row.method.as_str().to_lowercase().as_str()];
        let answer = &operation["responses"]["422"];
        assert_eq!(answer.is_null(), reached.is_empty(), "{}", row.operation);
        if answer.is_null() {
            continue;
        }
        let content = resolve(&file, answer)["content"].as_mapping().unwrap();
        assert!(!content.is_empty(), "{}", row.operation);
        for kind in content.values() {
            let schema = resolve(&file, &kind["schema"]);
            let codes = words(&schema["properties"]["errors"]["items"]["properties"]["code"]["enum"]);
            assert_eq!(codes, reached, "{}", row.operation);
        }
    }
}
