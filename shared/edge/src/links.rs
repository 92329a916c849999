//! `links` of an answer: self always, first, prev, next and last where there are pages (C51, C52).

use std::fmt::Write as _;

use ponte_catalog::Filter;
use ponte_values::Page;
use serde::Serialize;

use crate::call::Call;
use crate::pagination_key;

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
    let link = |query: &Query| link(call, query);
    json(&Links {
        own: link(&page.own),
        prev: page.prev.as_ref().map(link),
        next: page.next.as_ref().map(link),
        ..Links::default()
    })
}

/// `links` with self alone.
pub(crate) fn own(call: &Call) -> String {
    json(&Links { own: link(call, &filters(call)), ..Links::default() })
}

/// `links` of a page: first and prev off the first page, next and last off the last; self shows what was applied, and all show the
/// key of the list (C53). A list that does not say how many pages it has does not say which is the last one either, as in the files.
pub(crate) fn paged(call: &Call, page: Page, pages: u64) -> String {
    let mut shared = filters(call);
    shared.extend(call.pagination.as_ref().map(|key| (pagination_key::NAME, key.text.clone())));
    let link = |number: u64| {
        let mut query = shared.clone();
        query.push(("page", number.to_string()));
        query.push(("page-size", page.size().to_string()));
        link(call, &query)
    };
    let number = u64::from(page.number());
    json(&Links {
        own: link(number),
        first: (number > 1).then(|| link(1)),
        prev: (number > 1).then(|| link(number - 1)),
        next: (number < pages).then(|| link(number + 1)),
        last: (number < pages && call.shows_totals()).then(|| link(pages)),
    })
}

/// The filters of the row that the call names, each once. What a row does not know is not repeated.
fn filters(call: &Call) -> Query {
    let known = call.row.map_or(&[][..], |row| row.filters);
    let given = |filter: &Filter| Some((filter.name, call.request.query(filter.name)?.to_owned()));
    known.iter().filter_map(given).collect()
}

/// Longest link of a route that is in no file, in characters: what the files of consents and payments allow.
const LONGEST: usize = 2_000;

/// The address of a call with this query, never longer than its file allows (C51). What is served has short ids and values, so that
/// nothing of it is left out; of a longer address its beginning is given.
fn link(call: &Call, query: &[(&'static str, String)]) -> String {
    let bare = format!("{}{}", call.context.base_url, path(call));
    let mut whole = bare.clone();
    for (number, (name, value)) in query.iter().enumerate() {
        whole.push(if number == 0 { '?' } else { '&' });
        push_encoded(&mut whole, name, UNRESERVED);
        whole.push('=');
        push_encoded(&mut whole, value, UNRESERVED);
    }
    let longest = call.row.map_or(LONGEST, |row| row.api.longest_link);
    let fits = |link: &String| link.len() <= longest;
    [whole, bare].into_iter().find(fits).unwrap_or_else(|| call.context.base_url.clone())
}

/// The path of a call as a link: that of its route with its own ids, written as RFC 3986 has it. What the caller wrote is
/// not repeated.
fn path(call: &Call) -> String {
    let mut path = String::new();
    for segment in call.template.split('/').skip(1) {
        path.push('/');
        match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => push_encoded(&mut path, call.request.id(name), IN_SEGMENT),
            None => path.push_str(segment),
        }
    }
    path
}

/// Characters besides letters and digits that need no escape anywhere (RFC 3986 section 2.3).
const UNRESERVED: &[u8] = b"-._~";
/// Those that need none in a segment of a path (RFC 3986 section 3.3).
const IN_SEGMENT: &[u8] = b"-._~!$&'()*+,;=:@";

/// Appends a text, escaped but for letters, digits and `plain`.
fn push_encoded(link: &mut String, text: &str, plain: &[u8]) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain.contains(&byte) {
            link.push(char::from(byte));
        } else {
            // A `String` takes whatever is written.
            let _ = write!(link, "%{byte:02X}");
        }
    }
}

fn json(links: &Links) -> String {
    // Strings alone cannot fail to serialise.
    serde_json::to_string(links).unwrap_or_default()
}

#[cfg(test)]
mod tests;
