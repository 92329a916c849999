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
        ("/data/loggedUser/document/identification", json!("76109277670")),
        ("/data/loggedUser/document/identification", json!(76_109_277_673_u64)),
        ("/data/loggedUser/document/rel", json!("CNPJ")),
        ("/data/loggedUser/document/extra", json!("1")),
        ("/data/businessEntity", json!(null)),
        ("/data/businessEntity/document/identification", json!("11222333000180")),
        ("/data/businessEntity/document/rel", json!("CPF")),
        ("/data/permissions", json!([])),
        ("/data/permissions", json!(["RESOURCES_READ", "RESOURCES_READ"])),
        ("/data/permissions", json!(["ACCOUNTS_WRITE"])),
        ("/data/permissions", json!("ACCOUNTS_READ")),
        ("/data/expirationDateTime", json!(null)),
        ("/data/expirationDateTime", json!("2026-09-02")),
        ("/data/expirationDateTime", json!("2026-09-02T12:00:00.000Z")),
        ("/data/expirationDateTime", json!("2026-09-02T12:00:00-03:00")),
        ("/data/isLinked", json!("true")),
        ("/data/unknown", json!(1)),
        ("/meta", json!({})),
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
        ("permissions", json!(["ACCOUNTS_READ"])),
        ("expirationDateTime", json!(null)),
        ("expirationDateTime", json!("2026-09-02T12:00:00+00:00")),
        ("loggedUser", json!({"document": {"identification": "76109277670", "rel": "CPF"}})),
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
