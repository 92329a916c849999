//! Page after page to the end, and one further: together they are the selection, each record once.

use std::collections::HashMap;

use serde_json::Value;

use super::answer::{Base, WHOLE_PAGE};
use crate::answers;
use crate::inquiry::Inquiry;
use crate::requests::{PageAsked, Question};
use crate::sheet::Check;

/// Pages that a selection is read in, and records on one of them at most: fewer than on the pages of the first reading.
const PIECES: u64 = 4;
const LARGEST_PIECE: u64 = 500;

/// Selections whose end is asked for.
const ENDS: usize = 3;

/// Reads the largest selection in pieces, and asks for what is behind the end of some.
pub(crate) async fn check(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let Some(smallest) = bases.first().and_then(|base| base.question.row.smallest_page) else { return };
    for base in bases.iter().take(ENDS) {
        behind_the_end(inquiry, base).await;
    }
    let whole = bases.iter().filter(|base| base.records.len() as u64 == base.total);
    let Some(largest) = whole.max_by_key(|base| base.total) else { return };
    let smallest = u64::from(smallest.max(1));
    let size = largest.total.div_ceil(PIECES).clamp(smallest, LARGEST_PIECE.max(smallest));
    if largest.total > size {
        in_pieces(inquiry, largest, size).await;
    } else {
        inquiry.sheet.note(format!("paging: nobody has more than {size} records"));
    }
}

async fn behind_the_end(inquiry: &mut Inquiry<'_>, base: &Base<'_>) {
    let size = WHOLE_PAGE;
    let number = base.total.min(1_000_000).cast_signed() / size + 2;
    let page = Some(PageAsked { number, size });
    let asked = inquiry.ask(&Question { page, ..base.question.clone() }).await;
    let Some(body) = answers::data(asked, Check::Empty, inquiry.sheet) else { return };
    inquiry.sheet.made(Check::Empty);
    if !body.data.as_array().is_some_and(Vec::is_empty) {
        inquiry.sheet.wrong_at(Check::Empty, "data", "records on a page past the end", 1);
    }
    if body.total != Some(base.total) {
        inquiry.sheet.wrong_at(Check::Empty, "meta.totalRecords", "another total on a page past the end", 1);
    }
}

async fn in_pieces(inquiry: &mut Inquiry<'_>, base: &Base<'_>, size: u64) {
    let due = base.total.div_ceil(size);
    let mut read: Vec<Value> = Vec::new();
    for number in 1..=due {
        let page = Some(PageAsked { number: number.cast_signed(), size: size.cast_signed() });
        let asked = inquiry.ask(&Question { page, ..base.question.clone() }).await;
        let Some(body) = answers::data(asked, Check::Pages, inquiry.sheet) else { return };
        inquiry.sheet.made(Check::Pages);
        let mut wrong = |path: &str, what: &str| inquiry.sheet.wrong_at(Check::Pages, path, what, 1);
        if body.total != Some(base.total) {
            wrong("meta.totalRecords", "changes with the page or its size");
        }
        if body.pages != Some(due) {
            wrong("meta.totalPages", "is not totalRecords divided by the page size");
        }
        let full = if number == due { base.total - (due - 1) * size } else { size };
        if body.records().len() as u64 != full {
            wrong("data", "a page has more or fewer records than its size and the total say");
        }
        read.extend_from_slice(body.records());
    }
    let (repeated, lost) = (extra(&read, &base.records), extra(&base.records, &read));
    if repeated > 0 {
        let what = "records that come twice, or only on small pages";
        inquiry.sheet.wrong_at(Check::Pages, "data[]", what, repeated);
    }
    if lost > 0 {
        inquiry.sheet.wrong_at(Check::Pages, "data[]", "records that come on large pages alone", lost);
    }
    if repeated == 0 && lost == 0 && read != base.records {
        inquiry.sheet.wrong_at(Check::Pages, "data[]", "another order than on large pages", 1);
    }
}

/// How many of these records are not among the others, each counted as often as it is there.
pub(crate) fn extra(records: &[Value], others: &[Value]) -> u64 {
    let mut left = HashMap::<String, i64>::new();
    for record in others {
        *left.entry(record.to_string()).or_default() += 1;
    }
    let mut extra = 0;
    for record in records {
        let count = left.entry(record.to_string()).or_default();
        *count -= 1;
        extra += u64::from(*count < 0);
    }
    extra
}
