//! Z-RES-05: somebody at the bank sets the status of a product by hand, and who may read it hears of it.

use ponte_values::ResourceKind;
use ponte_web::caller::Call;
use serde_json::{Value, json};

use super::endpoints::{OF_CARDS, OF_CREDIT, list_of};
use super::*;

/// A product of a customer whom no other line asks for it.
struct Taken {
    customer: usize,
    permissions: &'static [&'static str],
    kind: ResourceKind,
    /// Key and value of the bank's own identifier.
    own: (&'static str, &'static str),
    /// What is read of it.
    end: &'static str,
}

/// The bank's order and what a receiver sees of it afterwards.
async fn taken_away(scene: &Scene, product: &Taken) {
    let granted = scene.granted_by(product.customer, product.permissions).await;
    let (kind, list) = (product.kind, list_of(product.kind.api()).template);
    let customer = &CUSTOMERS[product.customer];
    let key = customer.cnpj.map_or_else(|| json!({ "cpf": customer.cpf }), |cnpj| json!({ "cnpj": cnpj }));
    let (name, value) = product.own;
    let before = statuses(scene, &granted, kind).await;
    let mut id: Option<String> = None;
    for (status, refused) in [
        ("TEMPORARILY_UNAVAILABLE", Some("STATUS_RESOURCE_TEMPORARILY_UNAVAILABLE")),
        ("AVAILABLE", None),
        ("UNAVAILABLE", Some("STATUS_RESOURCE_UNAVAILABLE")),
    ] {
        let order = json!({
            "key": key, "type": kind, "resourceLegacyId": [{ "key": name, "value": value }], "status": status,
        });
        let url = format!("{}/sandbox/resources", scene.shared.stack.text("/bank_core"));
        let reply = scene.world.plain.send(Call::post_json(url, &order)).await;
        want(200, status, reply.expect("the bank core answers"));
        let now = statuses(scene, &granted, kind).await;
        assert_eq!(now.len(), before.len(), "{status}: it is still shown");
        // The first order shows which one it is.
        let changed = || now.iter().find(|one| !before.contains(one)).map(|(id, _)| id.clone());
        let id = id.get_or_insert_with(|| changed().expect("one has changed")).clone();
        assert!(now.contains(&(id.clone(), status.to_owned())), "{kind:?} {status}: {now:?}");
        let listed = scene.products(&granted, kind.api()).await;
        assert_eq!(listed.contains(&id), refused.is_none(), "{status}: the list of {list}");
        let path = format!("{list}/{id}{}", product.end);
        let reply = scene.get(&path, &granted.tokens.access).await;
        let wanted = (if refused.is_some() { 403 } else { 200 }, refused.unwrap_or_default());
        assert_eq!((reply.status, code(&reply).as_str()), wanted, "{path} {status}");
    }
}

/// Id and status of the resources of a kind under a consent.
async fn statuses(scene: &Scene, granted: &Granted, kind: ResourceKind) -> Vec<(String, String)> {
    let body = scene.read(&format!("{RESOURCES}?page-size=1000"), granted).await;
    let of_kind = body["data"].as_array().into_iter().flatten().filter(|one| one["type"] == kind.as_str());
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    of_kind.map(|one| (text(one, "resourceId"), text(one, "status"))).collect()
}

#[tokio::test]
async fn z_com_06_z_res_05_an_operator_takes_an_account_away_at_the_bank_itself() {
    let own = ("accountId", "0005-00050840");
    let (customer, permissions, kind) = (JOAO, &OF_ACCOUNTS[..], ResourceKind::Account);
    let product = Taken { customer, permissions, kind, own, end: "/balances" };
    taken_away(&Scene::begin().await, &product).await;
}

#[tokio::test]
async fn z_res_05_an_operator_takes_a_card_away_and_its_bills_with_it() {
    let own = ("creditCardAccountId", "4000-0501");
    let (customer, permissions, kind) = (JOAO, &OF_CARDS[..], ResourceKind::CreditCardAccount);
    let product = Taken { customer, permissions, kind, own, end: "/bills" };
    taken_away(&Scene::begin().await, &product).await;
}

#[tokio::test]
async fn z_res_05_an_operator_takes_a_contract_away_and_its_warranties_with_it() {
    let scene = Scene::begin().await;
    let (customer, permissions, end) = (PADARIA, &OF_CREDIT[..], "/warranties");
    for (kind, id) in [
        (ResourceKind::Loan, "EMP-PAD-0003"),
        (ResourceKind::Financing, "FIN-PAD-0003"),
        (ResourceKind::InvoiceFinancing, "DIR-PAD-0003"),
        (ResourceKind::UnarrangedAccountOverdraft, "ADI-PAD-0003"),
    ] {
        let product = Taken { customer, permissions, kind, own: ("contractId", id), end };
        taken_away(&scene, &product).await;
    }
}
