//! Filters of an endpoint. Which field a filter is about stands in no table: the answers to all its values are the parts of the
//! answer without it, and where a field of the records has the words of a filter, it has the word that was asked for.

use ponte_catalog::{Filter, FilterKind};
use ponte_values::Date;
use serde_json::Value;

use super::answer::{Base, WHOLE_PAGE};
use super::pages::extra;
use crate::answers;
use crate::inquiry::Inquiry;
use crate::requests::{PageAsked, Question};
use crate::sheet::Check;

/// Most words of a filter that are asked for, those that records have first.
const MOST_WORDS: usize = 12;

/// Filters and their values.
type Filters = Vec<(&'static str, String)>;

/// Asks for each value of each filter, about a selection that fits on a page.
pub(crate) async fn check(inquiry: &mut Inquiry<'_>, bases: &[Base<'_>]) {
    let Some(row) = bases.first().map(|base| base.question.row).filter(|row| !row.filters.is_empty()) else {
        return;
    };
    let on_a_page = |base: &&Base<'_>| (1..=WHOLE_PAGE.unsigned_abs()).contains(&base.total);
    let Some(base) = bases.iter().filter(on_a_page).max_by_key(|base| base.total) else {
        return inquiry.sheet.note("filters: nobody has a selection of 1 to 1000 records");
    };
    for filter in row.filters {
        match filter.kind {
            FilterKind::OneOf(words) => by_word(inquiry, base, filter, words).await,
            FilterKind::Whole { .. } => by_number(inquiry, base, filter).await,
            FilterKind::From(to) => by_days(inquiry, base, (filter.name, to)).await,
            FilterKind::To(_) => Some(()),
        };
    }
}

/// The records that these filters leave; `None` where they cannot be read.
async fn selected(inquiry: &mut Inquiry<'_>, base: &Base<'_>, filters: Filters) -> Option<Vec<Value>> {
    let page = base.question.row.smallest_page.map(|_| PageAsked { number: 1, size: WHOLE_PAGE });
    let asked = inquiry.ask(&Question { filters, page, ..base.question.clone() }).await;
    let body = answers::data(asked, Check::Filters, inquiry.sheet)?;
    inquiry.sheet.made(Check::Filters);
    if body.total != Some(body.records().len() as u64) {
        let what = "does not count the records that a filter leaves";
        inquiry.sheet.wrong_at(Check::Filters, "meta.totalRecords", what, 1);
    }
    if extra(body.records(), &base.records) > 0 {
        inquiry.sheet.wrong_at(Check::Filters, "data[]", "records that are not there without the filter", 1);
    }
    Some(body.records().to_vec())
}

async fn by_word(
    inquiry: &mut Inquiry<'_>,
    base: &Base<'_>,
    filter: &Filter,
    words: &[&'static str],
) -> Option<()> {
    let property = property_of(&base.records, words);
    let has =
        |record: &Value, word: &str| property.as_ref().is_some_and(|name| record[name.as_str()] == *word);
    let (there, absent): (Vec<&'static str>, Vec<&'static str>) =
        words.iter().partition(|word| base.records.iter().any(|record| has(record, word)));
    let mut all = Vec::new();
    for word in there.into_iter().chain(absent).take(MOST_WORDS) {
        let records = selected(inquiry, base, vec![(filter.name, word.to_owned())]).await?;
        let others = records.iter().filter(|record| !has(record, word)).count();
        if let Some(property) = property.as_ref().filter(|_| others > 0) {
            let (path, what) =
                (format!("data[].{property}"), format!("is not the {} asked for", filter.name));
            inquiry.sheet.wrong_at(Check::Filters, &path, what, others as u64);
        }
        all.extend(records);
    }
    if words.len() <= MOST_WORDS {
        parts(inquiry, base, &all, filter.name);
    }
    Some(())
}

/// The property that has one of the words in every record.
fn property_of(records: &[Value], words: &[&str]) -> Option<String> {
    let has_a_word =
        |name: &str, record: &Value| record[name].as_str().is_some_and(|word| words.contains(&word));
    let names = records.first()?.as_object()?.keys();
    names.into_iter().find(|name| records.iter().all(|record| has_a_word(name, record))).cloned()
}

async fn by_number(inquiry: &mut Inquiry<'_>, base: &Base<'_>, filter: &Filter) -> Option<()> {
    let value = |record: &Value| match &record[filter.name] {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    };
    let number = base.records.iter().find_map(value)?;
    let records = selected(inquiry, base, vec![(filter.name, number.clone())]).await?;
    let with =
        |records: &[Value]| records.iter().filter(|record| value(record).as_ref() == Some(&number)).count();
    if with(&records) != records.len() || with(&base.records) != records.len() {
        let path = format!("data[].{}", filter.name);
        inquiry.sheet.wrong_at(Check::Filters, &path, "not the records that the filter asks for", 1);
    }
    Some(())
}

/// Two halves of the days have all records between them, each once.
async fn by_days(
    inquiry: &mut Inquiry<'_>,
    base: &Base<'_>,
    (from, to): (&'static str, &'static str),
) -> Option<()> {
    let (first, last) = inquiry.scene.requests.range(base.question.row)?;
    let half = first.plus_days(last.days_since(first) / 2);
    let days = |start: Date, end: Date| vec![(from, start.to_string()), (to, end.to_string())];
    let mut all = selected(inquiry, base, days(half.plus_days(1), last)).await?;
    all.extend(selected(inquiry, base, days(first, half)).await?);
    parts(inquiry, base, &all, from);
    Some(())
}

/// The parts of a selection are the selection.
fn parts(inquiry: &mut Inquiry<'_>, base: &Base<'_>, parts: &[Value], name: &str) {
    let (twice, never) = (extra(parts, &base.records), extra(&base.records, parts));
    if twice > 0 {
        inquiry.sheet.wrong_at(
            Check::Filters,
            "data[]",
            format!("records that several values of {name} leave"),
            twice,
        );
    }
    if never > 0 {
        inquiry.sheet.wrong_at(
            Check::Filters,
            "data[]",
            format!("records that no value of {name} leaves"),
            never,
        );
    }
}
