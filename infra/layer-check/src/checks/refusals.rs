//! What a layer must refuse: products nobody knows, what belongs to others, bodies and pages that are none, a credential that
//! is wrong.

use serde_json::{Value, json};

use super::answer::Base;
use crate::answers;
use crate::inquiry::Inquiry;
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
pub(crate) async fn check(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let Some(base) = bases.first() else { return };
    let page = base.question.row.smallest_page.map(|_| PageAsked { number: 1, size: 25 });
    let question = &Question { page, ..base.question.clone() };
    unknown(inquiry, question).await;
    foreign(inquiry, question).await;
    pages(inquiry, question).await;
    let body = inquiry.scene.requests.data(question);
    bodies(inquiry, &body).await;
    access(inquiry, &body).await;
}

async fn unknown(inquiry: &mut Inquiry<'_>, question: &Question<'_>) {
    if let Some(product) = &question.product {
        let unknown = Question { product: Some(nobodys(product)), ..question.clone() };
        let asked = inquiry.ask(&unknown).await;
        answers::refusal(asked, ("a product nobody knows", &[404]), Check::Unknown, inquiry.sheet);
    }
    for name in question.row.ids {
        let mut unknown = question.clone();
        for (_, id) in unknown.ids.iter_mut().filter(|(known, _)| known == name) {
            NOBODYS.clone_into(id);
        }
        let asked = inquiry.ask(&unknown).await;
        answers::refusal(asked, (&format!("a {name} nobody knows"), &[404]), Check::Unknown, inquiry.sheet);
    }
}

/// A key of the same parts as this one, which nobody has.
fn nobodys(key: &Value) -> Value {
    let parts = key.as_array().into_iter().flatten();
    parts.map(|part| json!({ "key": part["key"], "value": NOBODYS })).collect()
}

/// Asks for what belongs to another customer.
async fn foreign(inquiry: &mut Inquiry<'_>, question: &Question<'_>) {
    if question.product.is_none() && question.ids.is_empty() {
        return;
    }
    let Some((customer, shared, theirs)) = inquiry.scene.another(question.customer, question.row.api.name)
    else {
        return inquiry.sheet.note("another customer's: only one customer has such a product");
    };
    let theirs = question.product.as_ref().map(|_| theirs);
    if theirs.is_some() {
        let asked = inquiry.ask(&Question { product: theirs.clone(), ..question.clone() }).await;
        answers::refusal(asked, ("another customer's product", &[403, 404]), Check::Foreign, inquiry.sheet);
    }
    if !question.ids.is_empty() {
        // The consent and the product are the other customer's, the id is of the first one.
        let asked = inquiry.ask(&Question { customer, shared, product: theirs, ..question.clone() }).await;
        answers::refusal(asked, ("an id of another customer", &[403, 404]), Check::Foreign, inquiry.sheet);
    }
}

async fn pages(inquiry: &mut Inquiry<'_>, question: &Question<'_>) {
    if question.row.smallest_page.is_none() {
        return;
    }
    for (number, size, why) in NO_PAGES {
        let page = Some(PageAsked { number, size });
        let asked = inquiry.ask(&Question { page, ..question.clone() }).await;
        answers::refusal(asked, (why, &[400]), Check::Body, inquiry.sheet);
    }
}

/// Bodies that are none of an operation, for a call whose body is `right`.
pub(crate) async fn bodies(inquiry: &mut Inquiry<'_>, right: &Value) {
    let (layer, path) = (&inquiry.scene.layer, inquiry.operation.path);
    let whole = right.to_string().into_bytes();
    for (body, why) in [
        (whole[..whole.len() / 2].to_vec(), "half a body"),
        (b"[]".to_vec(), "a list as the body"),
        (b"{}".to_vec(), "an empty object as the body"),
        (b"\xff\xfe{}".to_vec(), "a body that is not UTF-8"),
    ] {
        let asked = layer.send(layer.call(path, body)).await;
        answers::refusal(asked, (why, &[400]), Check::Body, inquiry.sheet);
    }
    let call = layer.call(path, whole);
    let asked = layer.send(Sent { content_type: "text/plain", ..call.clone() }).await;
    answers::refusal(asked, ("Content-Type text/plain", &[415]), Check::Body, inquiry.sheet);
    let asked = layer.send(Sent { method: "GET", body: Vec::new(), ..call }).await;
    answers::refusal(asked, ("GET", &[405]), Check::Body, inquiry.sheet);
}

/// Calls without the credential, and with a wrong one.
pub(crate) async fn access(inquiry: &mut Inquiry<'_>, right: &Value) {
    let layer = &inquiry.scene.layer;
    let call = layer.call(inquiry.operation.path, right.to_string().into_bytes());
    for (credential, why) in [(None, "no credential"), (Some("wrong".to_owned()), "a wrong credential")] {
        let asked = layer.send(Sent { credential, ..call.clone() }).await;
        answers::refusal(asked, (why, &[401]), Check::Access, inquiry.sheet);
    }
}
