//! Endpoint names in reports are in the list of the metrics platform (M13): those of open routes are checked here, those of
//! the catalog beside the list.

use ponte_catalog::pcm::EndpointList;

use crate::checkout;

/// The text between quotes after `before`, of each line that has it.
fn quoted_after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    let after = |line: &'a str| line.split_once(before)?.1.split_once('"')?.1.split_once('"');
    text.lines().filter_map(after).map(|(name, _)| name).collect()
}

#[test]
fn m35_every_endpoint_that_an_open_route_reports_is_listed() {
    let sources: Vec<_> = checkout::files()
        .into_iter()
        .filter(|file| file.path.starts_with("functions/") && file.is_rust() && !file.path.contains("test"))
        .collect();
    let mut reported: Vec<&str> =
        sources.iter().flat_map(|file| quoted_after(&file.text, ".reported(")).collect();
    let constants = sources.iter().flat_map(|file| quoted_after(&file.text, "_REPORTED: &str = "));
    reported.extend(constants);
    let list = EndpointList::built_in();
    let unlisted: Vec<_> = reported.iter().filter(|endpoint| list.get(endpoint).is_none()).collect();
    assert!(unlisted.is_empty(), "reports of these would be discarded: {unlisted:?}");
    assert!(reported.len() >= 6, "the authorization server reports six endpoints, found {reported:?}");
}

#[test]
fn the_name_of_a_route_is_read_out_of_a_source() {
    let text =
        "        .reported(\"/token\")\npub(crate) const ONE_REPORTED: &str = \"/register/{clientId}\";\n";
    assert_eq!(quoted_after(text, "_REPORTED: &str = "), ["/register/{clientId}"]);
    assert_eq!(quoted_after(text, ".reported("), ["/token"]);
}
