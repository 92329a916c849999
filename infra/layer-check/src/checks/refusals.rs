//! What a layer must refuse: products nobody knows, what belongs to others, bodies and pages that are none, a credential that
//! is wrong.

use serde_json::{Value, json};

use super::answer::Base;
use crate::answers;
use crate::desk::Desk;
use crate::layer::Sent;
use crate::requests::{PageAsked, Question};
use crate::sheet::Check;

/// Pages and sizes that are none.
const NO_PAGES: [(i64, i64, &str); 5] = [
    (0, 25, "page 0"),
    (-1, 25, "page -1"),
    (1, 0, "pageSize 0"),
    (1, -1, "pageSize -1"),
    (1, 1_001, "pageSize 1001"),
];

/// An id that nothing has.
const NOBODYS: &str = "ponte-layer-check-0000000000";

/// Asks an endpoint in all the ways that it must refuse.
pub(crate) async fn check(desk: &mut Desk<'_>, bases: &[Base<'_>]) {
    let Some(base) = bases.first() else { return };
    let page = base.question.row.smallest_page.map(|_| PageAsked { number: 1, size: 25 });
    let question = &Question { page, ..base.question.clone() };
    unknown(desk, question).await;
    foreign(desk, question).await;
    pages(desk, question).await;
    let body = desk.scene.requests.data(question);
    bodies(desk, &body).await;
    access(desk, &body).await;
}

async fn unknown(desk: &mut Desk<'_>, question: &Question<'_>) {
    if let Some(product) = &question.product {
        let unknown = Question { product: Some(nobodys(product)), ..question.clone() };
        let asked = desk.ask(&unknown).await;
        answers::refusal(asked, ("a product nobody knows", &[404]), Check::Unknown, desk.sheet);
    }
    for name in question.row.ids {
        let mut unknown = question.clone();
        for (_, id) in unknown.ids.iter_mut().filter(|(known, _)| known == name) {
            NOBODYS.clone_into(id);
        }
        let asked = desk.ask(&unknown).await;
        answers::refusal(asked, (&format!("a {name} nobody knows"), &[404]), Check::Unknown, desk.sheet);
    }
}

/// A key of the same parts as this one, which nobody has.
fn nobodys(key: &Value) -> Value {
    let parts = key.as_array().into_iter().flatten();
    parts.map(|part| json!({ "key": part["key"], "value": NOBODYS })).collect()
}

/// Asks for what belongs to another customer.
async fn foreign(desk: &mut Desk<'_>, question: &Question<'_>) {
    if question.product.is_none() && question.ids.is_empty() {
        return;
    }
    let Some((customer, shared, theirs)) = desk.scene.another(question.customer, question.row.api.name)
    else {
        return desk.sheet.note("another customer's: only one customer has such a product");
    };
    let theirs = question.product.as_ref().map(|_| theirs);
    if theirs.is_some() {
        let asked = desk.ask(&Question { product: theirs.clone(), ..question.clone() }).await;
        answers::refusal(asked, ("another customer's product", &[403, 404]), Check::Foreign, desk.sheet);
    }
    if !question.ids.is_empty() {
        // The consent and the product are the other customer's, the id is of the first one.
        let asked = desk.ask(&Question { customer, shared, product: theirs, ..question.clone() }).await;
        answers::refusal(asked, ("an id of another customer", &[403, 404]), Check::Foreign, desk.sheet);
    }
}

async fn pages(desk: &mut Desk<'_>, question: &Question<'_>) {
    if question.row.smallest_page.is_none() {
        return;
    }
    for (number, size, why) in NO_PAGES {
        let page = Some(PageAsked { number, size });
        let asked = desk.ask(&Question { page, ..question.clone() }).await;
        answers::refusal(asked, (why, &[400]), Check::Body, desk.sheet);
    }
}

/// Bodies that are none of an operation, for a call whose body is `right`.
pub(crate) async fn bodies(desk: &mut Desk<'_>, right: &Value) {
    let (layer, path) = (&desk.scene.layer, desk.operation.path);
    let whole = right.to_string().into_bytes();
    for (body, why) in [
        (whole[..whole.len() / 2].to_vec(), "half a body"),
        (b"[]".to_vec(), "a list as the body"),
        (b"{}".to_vec(), "an empty object as the body"),
        (b"\xff\xfe{}".to_vec(), "a body that is not UTF-8"),
    ] {
        let asked = layer.send(layer.call(path, body)).await;
        answers::refusal(asked, (why, &[400]), Check::Body, desk.sheet);
    }
    let call = layer.call(path, whole);
    let asked = layer.send(Sent { content_type: "text/plain", ..call.clone() }).await;
    answers::refusal(asked, ("Content-Type text/plain", &[415]), Check::Body, desk.sheet);
    let asked = layer.send(Sent { method: "GET", body: Vec::new(), ..call }).await;
    answers::refusal(asked, ("GET", &[405]), Check::Body, desk.sheet);
}

/// Calls without the credential, and with a wrong one.
pub(crate) async fn access(desk: &mut Desk<'_>, right: &Value) {
    let layer = &desk.scene.layer;
    let call = layer.call(desk.operation.path, right.to_string().into_bytes());
    for (credential, why) in [(None, "no credential"), (Some("wrong".to_owned()), "a wrong credential")] {
        let asked = layer.send(Sent { credential, ..call.clone() }).await;
        answers::refusal(asked, (why, &[401]), Check::Access, desk.sheet);
    }
}
