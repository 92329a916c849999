//! Roles and scopes: S85.

use super::*;

fn statement_with(roles: &Value) -> Result<SoftwareStatement, RegistrationFault> {
    judged(with(claims(), "software_statement_roles", roles.clone()))
}

fn role(name: &str, status: &str) -> Value {
    json!({ "role": name, "authorisation_domain": "Open Banking", "status": status })
}

#[test]
fn s85_the_table_of_roles_and_scopes() {
    for (name, scopes) in [
        (
            "DADOS",
            "openid accounts credit-cards-accounts consents customers invoice-financings financings loans \
             unarranged-accounts-overdraft resources credit-fixed-incomes exchanges bank-fixed-incomes \
             variable-incomes treasure-titles funds credit-portability",
        ),
        ("PAGTO", "openid payments recurring-payments nrp-consents"),
        ("CONTA", "openid"),
        ("CCORR", "openid"),
    ] {
        let statement = statement_with(&json!([role(name, "Active")])).unwrap();
        let registration = registered_for(&request(), &statement).unwrap();
        assert_eq!(registration["scope"], scopes, "{name}: a request without scope gets all of them");
    }
    let both = statement_with(&json!([role("PAGTO", "Active"), role("CONTA", "Active")])).unwrap();
    assert_eq!(
        registered_for(&request(), &both).unwrap()["scope"],
        "openid payments recurring-payments nrp-consents"
    );
}

#[test]
fn s85_a_scope_fits_the_active_roles() {
    let scope = |text: &str| registered(&with(request(), "scope", json!(text)));
    assert_eq!(scope("openid accounts consents").unwrap()["scope"], "openid accounts consents");
    assert_eq!(scope("consents openid").unwrap()["scope"], "consents openid");
    assert_eq!(scope("").unwrap()["scope"].as_str().unwrap().split(' ').count(), 17);
    // PAGTO is there, but not active.
    for beyond in ["openid payments", "email", "openid consent:urn:ponte:C1", "OPENID"] {
        let fault = scope(beyond).unwrap_err();
        assert_eq!(fault, RegistrationFault::ScopeBeyondRoles, "{beyond}");
        assert_eq!(fault.error().as_str(), "invalid_client_metadata");
    }
    assert_eq!(scope("openid  accounts").unwrap_err(), RegistrationFault::Malformed("scope"));
}

#[test]
fn s85_without_an_active_role_nothing_is_registered() {
    for roles in [
        json!([]),
        Value::Null,
        json!([role("DADOS", "Inactive")]),
        json!([role("DADOS", "active")]),
        json!([role("OUTRO", "Active")]),
        json!([{ "role": "DADOS" }]),
        json!([{ "status": "Active", "role": null }]),
    ] {
        let fault = statement_with(&roles).unwrap_err();
        assert_eq!(fault, RegistrationFault::RoleInactive, "{roles}");
        assert_eq!(fault.error().as_str(), "unapproved_software_statement");
    }
}
