//! Registrations of somebody else than the customer of the consent do not leave, however tolerant the institution is.

use ponte_values::{Cnpj, Permission, PermissionSet};
use serde_json::{Value, json};

use super::world::World;

const PERSONAL: &str = "/open-banking/customers/v2/personal/identifications";
const BUSINESS: &str = "/open-banking/customers/v2/business/identifications";
const OWN: &str = "11222333000181";

/// A consent for registrations, of a person or of the person's company.
fn registrations(company: Option<&str>) -> World {
    let world = World::sharing(&[]);
    let mut consent = world.consent();
    consent.permissions = PermissionSet::of(&[
        Permission::CustomersPersonalIdentificationsRead,
        Permission::CustomersBusinessIdentificationsRead,
        Permission::ResourcesRead,
    ]);
    consent.business = company.map(|cnpj| Cnpj::parse(cnpj).unwrap());
    world.put(consent);
    world
}

fn person(cpf: &Value) -> Value {
    json!({"documents": {"cpfNumber": cpf}})
}

#[tokio::test]
async fn c56_registrations_of_somebody_else_are_no_answer() {
    let company = |cnpj: &str| json!({"cnpjNumber": cnpj});
    let (own, other) = (person(&json!("76109277673")), person(&json!("12345678909")));
    let cases = [
        (PERSONAL, None, json!([own, own]), 200),
        (PERSONAL, Some(OWN), json!([own]), 200),
        (PERSONAL, None, json!([own, other]), 500),
        (PERSONAL, Some(OWN), json!([other]), 500),
        (PERSONAL, None, json!(["a text", other]), 500),
        (PERSONAL, None, json!([person(&json!("123.456.789-09"))]), 500),
        (PERSONAL, None, json!([person(&json!("761.092.776-73"))]), 200),
        (BUSINESS, Some(OWN), json!([company(OWN)]), 200),
        (BUSINESS, Some(OWN), json!([company("EX3MPL0A000190")]), 500),
        (BUSINESS, Some(OWN), json!([company("ex3mpl0a000190")]), 500),
        (BUSINESS, None, json!([company(OWN)]), 500),
    ];
    for (path, consent, records, status) in cases {
        let world = registrations(consent);
        world.answers(&records, Some(2));
        let reply = world.get(path, "").await;
        assert_eq!(reply.status, status, "{records}");
        if status == 500 {
            assert_eq!((reply.code(), &reply.body["data"]), ("ERRO_INTERNO", &Value::Null));
            let found = world.quality.take();
            let counted = &found[0].found[0];
            assert_eq!((counted.path.as_str(), counted.rule.as_str()), ("data", "unreadable"), "{records}");
        }
    }
}

#[tokio::test]
async fn a_registration_that_names_nobody_is_the_gate_s_to_judge() {
    let world = registrations(None);
    for record in
        [json!({}), person(&Value::Null), person(&json!(7)), person(&json!("7")), json!({"documents": 7})]
    {
        world.answers(&json!([record]), Some(1));
        assert_eq!(world.get(PERSONAL, "").await.status, 200, "{record}");
    }
}
