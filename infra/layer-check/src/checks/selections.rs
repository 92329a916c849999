//! A consent that shares less than the customer has: what it does not share is not there.

use ponte_catalog::Shape;
use serde_json::Value;

use super::answer::{Base, WHOLE_PAGE};
use crate::answers;
use crate::inquiry::Inquiry;
use crate::legacy_id;
use crate::requests::{PageAsked, Question};
use crate::sheet::Check;

/// Asks a list of products for every second one of a customer's, and ids of records under products that do not have them.
pub(crate) async fn check(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let Some(row) = bases.first().map(|base| base.question.row) else { return };
    if row.shape == Shape::Products {
        half(inquiry, bases).await;
    }
    if !row.ids.is_empty() {
        other_products(inquiry, bases).await;
    }
}

/// A list keeps to the products of the consent.
async fn half(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let Some(base) = bases.iter().find(|base| base.question.shared.len() > 1) else {
        return inquiry.sheet.note("less than all products: nobody has two");
    };
    let shared: Vec<Value> = base.question.shared.iter().step_by(2).cloned().collect();
    let page = base.question.row.smallest_page.map(|_| PageAsked { number: 1, size: WHOLE_PAGE });
    let asked = inquiry.ask(&Question { shared: &shared, page, ..base.question.clone() }).await;
    let Some(body) = answers::data(asked, Check::Shared, inquiry.sheet) else { return };
    inquiry.sheet.made(Check::Shared);
    let listed: Vec<Value> = body.records().iter().map(legacy_id::of).collect();
    let count =
        |these: &[Value], among: &[Value]| these.iter().filter(|id| !among.contains(id)).count() as u64;
    let path = "data[].resourceLegacyId";
    let extra = count(&listed, &shared);
    if extra > 0 {
        inquiry.sheet.wrong_at(Check::Shared, path, "a product that the consent does not share", extra);
    }
    let missing = count(&shared, &listed);
    if missing > 0 && shared.len() as u64 <= WHOLE_PAGE.unsigned_abs() {
        let what = "products of the consent that are not listed";
        inquiry.sheet.wrong_at(Check::Shared, path, what, missing);
    }
    if body.total != Some(shared.len() as u64) {
        let what = "is not the number of products that the consent shares";
        inquiry.sheet.wrong_at(Check::Shared, "meta.totalRecords", what, 1);
    }
}

/// An id belongs to its product: another one of the customer's does not open it, whether or not its own is shared as well.
async fn other_products(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let without = |base: &&Base<'_>| {
        let products = inquiry.scene.products_without(&base.question);
        Some(products).filter(|products| !products.is_empty())
    };
    let Some((base, products)) = bases.iter().find_map(|base| Some((base, without(&base)?))) else {
        return inquiry
            .sheet
            .note("an id under another product: nobody has two products, one of them without it");
    };
    let page = base.question.row.smallest_page.map(|_| PageAsked { number: 1, size: WHOLE_PAGE });
    let question = Question { page, ..base.question.clone() };
    let alone = Question { shared: &products, ..question.clone() };
    if question.product.is_none() {
        let asked = inquiry.ask(&alone).await;
        let why = "an id whose product the consent does not share";
        return answers::refusal(asked, (why, &[404]), Check::Shared, inquiry.sheet);
    }
    let product = products.first().cloned();
    for (question, why) in [
        (
            Question { product: product.clone(), ..question.clone() },
            "an id under another product of the customer",
        ),
        (Question { product, ..alone }, "an id whose product the consent does not share"),
    ] {
        let asked = inquiry.ask(&question).await;
        answers::refusal(asked, (why, &[404]), Check::Shared, inquiry.sheet);
    }
}
