//! The wire types of consents: what is read, what is refused, and the names the file gives.

use serde_json::{Value, json};

use super::{file, words};
use crate::consents::{self, ConsentData, CreateConsent, Reason, Rejection};
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

fn answer(rejection: Option<Rejection>, end: Option<Moment>) -> Value {
    let at = Moment::parse("2026-03-01T12:00:00.250Z").unwrap();
    let data = ConsentData {
        consent_id: "urn:banco:1",
        creation_date_time: at,
        status: "REJECTED",
        status_update_date_time: at,
        permissions: PermissionSet::of(&[Permission::AccountsRead]),
        expiration_date_time: end,
        rejection,
    };
    serde_json::to_value(data).unwrap()
}

#[test]
fn c06_c56_the_answer_has_seconds_and_the_reason() {
    let end = Moment::parse("2026-09-02T12:00:00Z").unwrap();
    let rejection = Rejection { rejected_by: "USER", reason: Reason { code: "CUSTOMER_MANUALLY_REVOKED" } };
    let whole = json!({
        "consentId": "urn:banco:1",
        "creationDateTime": "2026-03-01T12:00:00Z",
        "status": "REJECTED",
        "statusUpdateDateTime": "2026-03-01T12:00:00Z",
        "permissions": ["ACCOUNTS_READ"],
        "expirationDateTime": "2026-09-02T12:00:00Z",
        "rejection": {"rejectedBy": "USER", "reason": {"code": "CUSTOMER_MANUALLY_REVOKED"}},
    });
    assert_eq!(answer(Some(rejection), Some(end)), whole);
}

#[test]
fn the_answer_has_the_members_of_the_file() {
    let Some(file) = file(&consents::API) else { return };
    let schemas = &file["components"]["schemas"];
    for name in ["ResponseConsent", "ResponseConsentRead"] {
        let data = &schemas[name]["properties"]["data"];
        let written = answer(None, None);
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
}
