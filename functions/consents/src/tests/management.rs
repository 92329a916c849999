//! The management API through its router: whose consents a caller sees, what it may do with them, and what is written.

mod approval;
mod detail;
mod discovered;
mod identity;
mod list;
mod notification;
mod revoke;

use ponte_authorization::approval::{Approvals, Approver};
use ponte_data_consent::consent::Resource;
use ponte_ports::LegacyId;
use ponte_values::{Cpf, PersonName, ResourceKind};
use serde_json::{Value, json};

use super::world::{ANA, BAKERY, BRUNO, World, asked};
use ponte_kit::institution::ACCOUNTS;

const CARLA: &str = "52998224725";

/// Body of POST /consents for a person, and a company where one is given.
fn asked_by(cpf: &str, cnpj: Option<&str>) -> Value {
    let mut body = asked();
    body["data"]["loggedUser"]["document"]["identification"] = json!(cpf);
    if let Some(cnpj) = cnpj {
        body["data"]["businessEntity"] = json!({"document": {"identification": cnpj, "rel": "CNPJ"}});
    }
    body
}

/// Account `number` of the bank as a product of Ana's, which these people must agree to.
pub(super) fn account(world: &World, number: usize, approvers: &[&str]) -> Resource {
    let deadline = world.now().plus(std::time::Duration::from_hours(24));
    let people = approvers.iter().map(|cpf| {
        Approver::new(Cpf::parse(cpf).unwrap(), Some(PersonName::parse("Pessoa Exemplo").unwrap()))
    });
    let approvals = Approvals::besides(&Cpf::parse(ANA).unwrap(), people.collect(), deadline);
    let raw = serde_json::value::RawValue::from_string(ACCOUNTS[number - 1].0.to_owned()).unwrap();
    let legacy_id = LegacyId::parse(&raw).unwrap();
    Resource::awaiting(format!("public-{number}"), ResourceKind::Account, legacy_id, approvals)
}

/// The statuses of a consent's products now, by their numbers.
fn statuses(world: &World, id: &str) -> Vec<String> {
    let consent = world.stored(id);
    let status = |product: &Resource| serde_json::to_value(product.at(world.now())).unwrap();
    consent.resources().iter().map(|product| status(product).as_str().unwrap().to_owned()).collect()
}

fn of_ana() -> Value {
    json!({"x-customer-cpf": ANA})
}

fn of_bruno() -> Value {
    json!({"x-customer-cpf": BRUNO})
}

fn of_the_bakery_by_ana() -> Value {
    json!({"x-customer-cpf": ANA, "x-customer-cnpj": BAKERY})
}
