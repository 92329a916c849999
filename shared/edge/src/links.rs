//! `links` of an answer: self always, first, prev, next and last where there are pages (C51, C52).

use std::fmt::Write as _;

use ponte_values::Page;
use serde::Serialize;

use crate::call::Call;

#[derive(Serialize, Default)]
struct Links {
    #[serde(rename = "self")]
    own: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prev: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<String>,
}

/// Query parameters of a link, names and values.
pub type Query = Vec<(&'static str, String)>;

/// A page of a list that goes on by a cursor. The links show these parameters and no others, so that
/// documents of customers stay out of logs and browsers (C56).
#[derive(Clone, Debug, Default)]
pub struct CursorPage {
    /// Parameters of this page.
    pub own: Query,
    /// Those of the previous page, if there is one.
    pub prev: Option<Query>,
    /// Those of the next page, if there is one.
    pub next: Option<Query>,
}

/// `links` of a page that a cursor names.
pub(crate) fn cursor(call: &Call, page: &CursorPage) -> String {
    let link = |query: &Query| {
        let mark = if query.is_empty() { "" } else { "?" };
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        format!("{}{}{mark}{query}", call.context.base_url, path(call))
    };
    json(&Links {
        own: link(&page.own),
        prev: page.prev.as_ref().map(link),
        next: page.next.as_ref().map(link),
        ..Links::default()
    })
}

/// `links` with self alone.
pub(crate) fn own(call: &Call) -> String {
    let request = &call.request;
    let query = if request.raw_query.is_empty() { String::new() } else { format!("?{}", request.raw_query) };
    json(&Links { own: format!("{}{}{query}", call.context.base_url, path(call)), ..Links::default() })
}

/// `links` of a page: first and prev off the first page, next and last off the last; self shows what was applied.
pub(crate) fn paged(call: &Call, page: Page, pages: u64) -> String {
    let link = |number: u64| {
        let mut pairs: Vec<(&str, String)> = call
            .request
            .queries()
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "page" | "page-size"))
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        pairs.push(("page", number.to_string()));
        pairs.push(("page-size", page.size().to_string()));
        let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
        format!("{}{}?{query}", call.context.base_url, path(call))
    };
    let number = u64::from(page.number());
    json(&Links {
        own: link(number),
        first: (number > 1).then(|| link(1)),
        prev: (number > 1).then(|| link(number - 1)),
        next: (number < pages).then(|| link(number + 1)),
        last: (number < pages).then(|| link(pages)),
    })
}

/// The path of a call as a link: that of its route with its own ids, written as RFC 3986 has it. What the caller wrote is
/// not repeated.
fn path(call: &Call) -> String {
    let mut path = String::new();
    for segment in call.template.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => push_encoded(&mut path, call.request.id(name)),
            None => path.push_str(segment),
        }
    }
    path
}

/// Appends a segment of a path (RFC 3986 section 3.3).
fn push_encoded(path: &mut String, segment: &str) {
    for byte in segment.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
            path.push(char::from(byte));
        } else {
            // A `String` takes whatever is written.
            let _ = write!(path, "%{byte:02X}");
        }
    }
}

fn json(links: &Links) -> String {
    // Strings alone cannot fail to serialise.
    serde_json::to_string(links).unwrap_or_default()
}

#[cfg(test)]
mod tests;
