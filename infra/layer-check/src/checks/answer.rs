//! Calls as Ponte makes them, of every customer and product: media type, `meta`, time, and every record.

use ponte_catalog::Shape;
use serde_json::Value;

use crate::answers::{self, Body};
use crate::gate;
use crate::inquiry::Inquiry;
use crate::legacy_id;
use crate::requests::{PageAsked, Question};
use crate::sheet::Check;

/// Records on the pages that are read, and most pages of one selection.
pub(crate) const WHOLE_PAGE: i64 = 1_000;
const MOST_PAGES: i64 = 5;

/// What was answered about one customer and product.
pub(crate) struct Base<'a> {
    /// The call.
    pub(crate) question: Question<'a>,
    /// `data` of the first page, or of the only answer.
    pub(crate) first: Value,
    /// The records of all pages that were read.
    pub(crate) records: Vec<Value>,
    /// `totalRecords`.
    pub(crate) total: u64,
}

/// Asks about every subject; what was answered, where it could be read.
pub(crate) async fn check<'a>(inquiry: &mut Inquiry<'a>, questions: Vec<Question<'a>>) -> Vec<Base<'a>> {
    let mut bases = Vec::new();
    for question in questions {
        bases.extend(base(inquiry, question).await);
    }
    bases
}

async fn base<'a>(inquiry: &mut Inquiry<'a>, question: Question<'a>) -> Option<Base<'a>> {
    let row = question.row;
    let first = page(inquiry, &question, 1).await?;
    let mut records = first.records().to_vec();
    let total = first.total.unwrap_or(records.len() as u64);
    if row.smallest_page.is_some() {
        let mut number = 1;
        if (records.len() as u64) < total.min(WHOLE_PAGE.unsigned_abs()) {
            let what = "a page has fewer records than its size and the total say";
            inquiry.sheet.wrong_at(Check::Pages, "data", what, 1);
        }
        while (records.len() as u64) < total && number < MOST_PAGES {
            number += 1;
            let next = page(inquiry, &question, number).await?;
            if next.total != first.total {
                inquiry.sheet.wrong_at(Check::Pages, "meta.totalRecords", "changes from page to page", 1);
            }
            if next.records().is_empty() {
                break;
            }
            records.extend_from_slice(next.records());
        }
        let read_all = number < MOST_PAGES || records.len() as u64 >= total;
        if read_all && records.len() as u64 != total {
            let what = "is not the number of records on all pages";
            inquiry.sheet.wrong_at(Check::Pages, "meta.totalRecords", what, 1);
        }
        if row.shape == Shape::Products {
            products(inquiry, &question, &records, read_all);
        }
    }
    Some(Base { question, first: first.data, records, total })
}

async fn page(inquiry: &mut Inquiry<'_>, question: &Question<'_>, number: i64) -> Option<Body> {
    let page = question.row.smallest_page.map(|_| PageAsked { number, size: WHOLE_PAGE });
    let asked = inquiry.ask(&Question { page, ..question.clone() }).await;
    if asked.status() == Some(404) && question.shared.is_empty() {
        inquiry.sheet.note("not offered: a customer of ours is not known to it");
        return None;
    }
    inquiry.timed(asked.took);
    let body = answers::data(asked, Check::Answer, inquiry.sheet)?;
    inquiry.sheet.made(Check::Answer);
    answers::meta(&body, Check::Answer, inquiry.sheet);
    gate::hold(question.row, question.customer, &body, inquiry.sheet);
    let is_list = question.row.shape != Shape::Object;
    (body.data.is_array() == is_list).then_some(body)
}

/// A list of products has those of the consent and no others.
fn products(inquiry: &mut Inquiry<'_>, question: &Question<'_>, records: &[Value], read_all: bool) {
    let listed: Vec<Value> = records.iter().map(legacy_id::of).collect();
    let path = "data[].resourceLegacyId";
    let extra = listed.iter().filter(|id| !question.shared.contains(id)).count();
    if extra > 0 {
        let what = "a product that the consent does not share, or an id that changed";
        inquiry.sheet.wrong_at(Check::Answer, path, what, extra as u64);
    }
    let missing = question.shared.iter().filter(|id| !listed.contains(id)).count();
    if read_all && missing > 0 {
        inquiry.sheet.wrong_at(
            Check::Answer,
            path,
            "products of the consent that are not listed",
            missing as u64,
        );
    }
}
