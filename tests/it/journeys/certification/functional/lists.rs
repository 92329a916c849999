//! Lists read page by page, and the days by which they are filtered.

use std::collections::HashSet;

use ponte_machine::clock;
use serde_json::Value;

use super::endpoints::{call_of, row_of};
use super::*;

/// A day in Brasília, so many from today.
pub(super) fn day(days: i64) -> String {
    clock::now().date_brasilia().plus_days(days).to_string()
}

/// The records of a page.
pub(super) fn items(page: &Value) -> &[Value] {
    page["data"].as_array().map_or(&[], Vec::as_slice)
}

/// The pages of a list, by `links.next`, at most so many.
pub(super) async fn pages(scene: &Scene, granted: &Granted, first: String, most: usize) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut next = Some(first);
    while let Some(page) = next.take().filter(|_| pages.len() < most) {
        let body = scene.read(&page, granted).await;
        next = body["links"]["next"].as_str().map(str::to_owned);
        pages.push(body);
    }
    pages
}

/// The records of a list that takes three pages at least: first, middle and last have the links that they should (C51), and no
/// record comes twice.
pub(super) async fn all_pages(scene: &Scene, granted: &Granted, first: String) -> Vec<Value> {
    let pages = pages(scene, granted, first, usize::MAX).await;
    let last = pages.len();
    assert!(last > 2, "{last} pages: {}", pages[0]["links"]);
    for (number, page) in (1..).zip(&pages) {
        let links = |name: &str| page["links"][name].as_str().map(number_in);
        assert_eq!(links("self"), Some(number));
        assert_eq!(links("first"), (number > 1).then_some(1), "page {number}");
        assert_eq!(links("prev"), (number > 1).then(|| number - 1), "page {number}");
        assert_eq!(links("next"), (number < last).then_some(number + 1), "page {number}");
        // Only a list that says how many there are names the last one, as in the files.
        let total = page["meta"].get("totalPages");
        assert_eq!(links("last"), total.filter(|_| number < last).map(|_| last), "page {number}");
        assert!(total.is_none_or(|total| *total == last), "page {number}: {total:?}");
        let full = items(&pages[0]).len();
        assert!(number == last || items(page).len() == full, "page {number} of {last} is not full");
    }
    let back = pages[1]["links"]["prev"].as_str().expect("the second page has one before it");
    assert_eq!(scene.read(back, granted).await["data"], pages[0]["data"]);
    let records: Vec<Value> = pages.iter().flat_map(items).cloned().collect();
    let different: HashSet<String> = records.iter().map(Value::to_string).collect();
    assert_eq!(different.len(), records.len(), "a record comes once");
    for total in pages.iter().filter_map(|page| page["meta"].get("totalRecords")) {
        assert_eq!(total, records.len());
    }
    records
}

/// The product of an API, of those of a consent, whose list under this end of the path has the most records on its first page.
pub(super) async fn busiest(scene: &Scene, granted: &Granted, api: &str, end: &str) -> String {
    let mut most = (0, String::new());
    for product in scene.products(granted, api).await {
        let first = scene.read(&call_of(row_of(api, end), &product), granted).await;
        most = most.max((items(&first).len(), product));
    }
    most.1
}

/// `page` of a link.
fn number_in(link: &str) -> usize {
    let query = link.split_once('?').map_or("", |(_, query)| query);
    let page = query.split('&').find_map(|parameter| parameter.strip_prefix("page="));
    page.and_then(|number| number.parse().ok()).unwrap_or_else(|| panic!("no page in {link}"))
}

/// Twenty records of the current transactions of a product, one a page, by their links: what the limits modules end with.
pub(super) async fn one_by_one(scene: &Scene, granted: &Granted, api: &str, product: &str) {
    let first = format!("{}&page-size=1", call_of(row_of(api, "/transactions-current"), product));
    let pages = pages(scene, granted, first, 20).await;
    let mut seen = HashSet::new();
    for page in &pages {
        let own = page["links"]["self"].as_str().unwrap_or_default();
        assert!(own.ends_with("&page-size=1") && items(page).len() == 1, "{page}");
        assert!(seen.insert(items(page)[0]["transactionId"].to_string()), "a record comes once: {page}");
    }
    assert_eq!(pages.len(), 20);
}
