//! The list against what is served: every row is in it, and what nobody serves yet is written down.

use std::collections::BTreeSet;

use super::*;
use crate::ALL;

/// Endpoints of the authorization server (M35), which reports them under these names.
const SECURITY: [(&str, &[&str]); 6] = [
    ("/introspection", &["POST"]),
    ("/pushed-authorization-request", &["POST"]),
    ("/register", &["POST"]),
    ("/register/{clientId}", &["GET", "PUT", "DELETE"]),
    ("/revocation", &["POST"]),
    ("/token", &["POST"]),
];

fn served() -> BTreeSet<(&'static str, &'static str)> {
    ALL.iter().flat_map(|rows| rows.iter()).map(|row| (row.template, row.method.as_str())).collect()
}

#[test]
fn m13_every_row_of_the_catalog_is_in_the_list_or_marked() {
    let list = EndpointList::built_in();
    for row in ALL.iter().flat_map(|rows| rows.iter()) {
        let (endpoint, method) = (row.template, row.method.as_str());
        assert_eq!(list.accepts(endpoint, method), row.api.listed, "{method} {endpoint}");
    }
    let unlisted = ALL.iter().map(|rows| rows[0].api).filter(|api| !api.listed);
    let unlisted: Vec<_> = unlisted.map(|api| (api.name, api.version)).collect();
    assert_eq!(unlisted, [("payments", "4.0.1")], "the list took it away; nobody reports it");
}

#[test]
fn m13_what_is_listed_and_not_served_yet_is_written_down() {
    let documented = include_str!("../../../../docs/pcm-endpoints.md");
    let table = table();
    assert!(documented.contains(&table), "docs/pcm-endpoints.md must contain:\n{table}");
}

#[test]
fn m13_a_template_counts_and_a_path_does_not() {
    let list = EndpointList::built_in();
    assert!(list.accepts("/open-banking/accounts/v2/accounts/{accountId}/balances", "GET"));
    for (endpoint, method) in [
        ("/open-banking/accounts/v2/accounts/92792126019929279212650822221989319252576/balances", "GET"),
        ("/open-banking/accounts/v2/accounts/{accountId}/balances", "POST"),
        ("/open-banking/accounts/v2/accounts/{accountId}/balances", "get"),
        ("/open-banking/accounts/v2/accounts/{id}/balances", "GET"),
        ("/open-banking/accounts/v2/accounts/", "GET"),
    ] {
        assert!(!list.accepts(endpoint, method), "{method} {endpoint}");
    }
}

#[test]
fn m35_the_security_endpoints_are_listed_and_alone_may_lack_an_interaction_id() {
    let optional: Vec<_> = EndpointList::built_in()
        .entries()
        .filter(|entry| entry.interaction_optional)
        .map(|entry| entry.endpoint.as_str())
        .collect();
    assert_eq!(optional, SECURITY.map(|(endpoint, _)| endpoint));
    for (endpoint, methods) in SECURITY {
        assert!(
            methods.iter().all(|method| EndpointList::built_in().accepts(endpoint, method)),
            "{endpoint}"
        );
    }
}

#[test]
fn m52_open_data_and_private_reports_do_not_mix() {
    let list = EndpointList::built_in();
    let open = "/open-banking/channels/v2/branches";
    assert!(list.accepts_open_data(open, "GET") && !list.accepts(open, "GET"));
    let private = "/open-banking/accounts/v2/accounts";
    assert!(list.accepts(private, "GET") && !list.accepts_open_data(private, "GET"));
}

#[test]
fn m13_entries_are_whole_and_stand_once() {
    let text = include_str!("../../data/pcm-endpoints.json");
    let list = EndpointList::built_in();
    assert_eq!(text.matches(r#""endpoint":"#).count(), list.entries().count(), "an endpoint stands twice");
    assert!(!list.version().is_empty() && list.note().contains(list.version()));
    for entry in list.entries() {
        assert!(entry.endpoint.starts_with('/') && !entry.endpoint.ends_with('/'), "{entry:?}");
        assert!(!entry.methods.is_empty(), "{entry:?}");
        let known = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        assert!(entry.methods.iter().all(|method| known.contains(&method.as_str())), "{entry:?}");
    }
}

fn by_authorization_server(entry: &ListedEndpoint, method: &str) -> bool {
    SECURITY.iter().any(|(endpoint, methods)| *endpoint == entry.endpoint && methods.contains(&method))
}

/// The list as `docs/pcm-endpoints.md` prints it.
fn table() -> String {
    let list = EndpointList::built_in();
    let served = served();
    let state = |entry: &ListedEndpoint, method: &str| {
        if served.contains(&(entry.endpoint.as_str(), method)) {
            "served"
        } else if by_authorization_server(entry, method) {
            "authorization server"
        } else {
            "not yet"
        }
    };
    let kind = |entry: &ListedEndpoint| match entry.kind {
        ReportKind::Private => "private",
        ReportKind::OpenData => "open data",
    };
    let mut lines = vec![
        format!("Version of the list: {}.", list.version()),
        String::new(),
        "| endpoint | method | reports | here |".to_owned(),
        "|---|---|---|---|".to_owned(),
    ];
    for entry in list.entries() {
        for method in &entry.methods {
            lines.push(format!(
                "| `{}` | {method} | {} | {} |",
                entry.endpoint,
                kind(entry),
                state(entry, method)
            ));
        }
    }
    lines.join("\n")
}
