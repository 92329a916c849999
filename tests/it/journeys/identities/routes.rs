//! The routes of the functions consents and channel, compared with the catalog and with their routers: a new one without a
//! line here fails.

use std::collections::{BTreeMap, BTreeSet};

use crate::checkout;

/// The way in which a route identifies its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The interaction API: by the id of the interaction.
    Interaction,
    /// The command loop: by the id of the interaction, or a code for it.
    Command,
    /// The page that hands an interaction to a phone: by the id of the interaction and the cookie of the browser that opened it.
    Page,
    /// For everybody: it holds nothing of anybody.
    Everybody,
    /// The management API: by certificate and key; this scope, or that of an app, opens it.
    Managed(&'static str, App),
}

/// Whether the key of an app opens a managed route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum App {
    May,
    MayNot,
}

const READ: Kind = Kind::Managed("oob_consents:read", App::May);
const WRITE: Kind = Kind::Managed("oob_consents:write", App::MayNot);

/// Method, template and kind of each route outside the catalog.
pub(super) const ROUTES: &[(&str, &str, Kind)] = &[
    ("GET", "/api/{client_name}/consents/v1/interactions/{interactionId}", Kind::Interaction),
    ("POST", "/api/{client_name}/consents/v1/interactions/{interactionId}/login", Kind::Interaction),
    ("POST", "/api/{client_name}/consents/v1/interactions/{interactionId}/consent", Kind::Interaction),
    ("POST", "/api/{client_name}/consents/v1/interactions/{interactionId}/cancel", Kind::Interaction),
    ("GET", "/auth/app/commands/{id}", Kind::Command),
    ("PUT", "/auth/app/commands/{id}/authentication", Kind::Command),
    ("PUT", "/auth/app/commands/{id}/consent", Kind::Command),
    ("GET", "/auth/handoff/{code}", Kind::Command),
    ("GET", "/auth/handoff/v1/oob-handoff.js", Kind::Everybody),
    ("GET", "/auth/handoff/v1/{interactionId}", Kind::Page),
    ("GET", "/auth/handoff/v1/{interactionId}/status", Kind::Page),
    ("POST", "/auth/handoff/v1/{interactionId}/finish", Kind::Page),
    ("POST", "/auth/handoff/v1/{interactionId}/abort", Kind::Page),
    ("GET", "/open-banking/oob-consents/v1/consents", READ),
    ("GET", "/open-banking/oob-consents/v1/consents/{consentId}", READ),
    ("GET", "/open-banking/oob-consents/v1/consents/{consentId}/extends", READ),
    (
        "PATCH",
        "/open-banking/oob-consents/consents/v1/consents/{consentId}",
        Kind::Managed("oob_consents:write", App::May),
    ),
    ("POST", "/open-banking/oob-consents/v1/consents/{consentId}/authorisation", WRITE),
    ("POST", "/open-banking/oob-consents/v1/resources-notification", WRITE),
];

/// Names of text constants and their values, as far as a line or the next one has them whole.
fn constants(text: &str) -> BTreeMap<&str, &str> {
    let declared = text.split("const ").skip(1).filter_map(|rest| rest.split_once(": &str ="));
    declared
        .filter_map(|(name, value)| Some((name, value.trim_start().strip_prefix('"')?.split('"').next()?)))
        .collect()
}

/// First arguments of `.open(` that make it a route. Preflight requests carry no identity, so OPTIONS is left out.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// Method and template of each call of `.open(` and `.managed(`.
fn served(text: &str, constants: &BTreeMap<&str, &str>) -> BTreeSet<(String, String)> {
    let calls = [".open(", ".managed("].into_iter().flat_map(|call| text.split(call).skip(1));
    calls
        .map(|arguments| {
            let mut arguments = arguments.split(',').map(str::trim);
            (arguments.next().unwrap_or_default().trim_matches('"'), arguments.next().unwrap_or_default())
        })
        .filter(|(method, _)| METHODS.contains(method))
        .map(|(method, name)| {
            let name = name.rsplit("::").next().unwrap_or_default();
            let template = name.strip_prefix('"').map(|text| text.trim_end_matches('"'));
            let template = template.or_else(|| constants.get(name).copied());
            let template = template.unwrap_or_else(|| panic!("{method} {name}: its path is not a constant"));
            (method.to_owned(), template.to_owned())
        })
        .collect()
}

/// Functions whose routes the matrix tries.
const FUNCTIONS: [&str; 2] = ["functions/consents/src/", "functions/channel/src/"];

#[test]
fn every_route_of_the_functions_has_its_line() {
    let sources: Vec<String> = checkout::files()
        .into_iter()
        .filter(|file| file.is_rust() && FUNCTIONS.iter().any(|folder| file.path.starts_with(folder)))
        .filter(|file| !file.path.contains("/tests"))
        .map(|file| file.text)
        .collect();
    let routes: BTreeSet<(String, String)> =
        sources.iter().flat_map(|text| served(text, &constants(text))).collect();
    let lines: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, template, _)| ((*method).to_owned(), (*template).to_owned())).collect();
    assert_eq!(routes, lines, "left: what the functions serve, right: what the matrix tries");
}

#[test]
fn a_route_is_read_out_of_its_source() {
    let text = "pub(crate) const ONE: &str = \"/a/{b}\";\nconst TWO: &str =\n    \"/c\";\n\
                router.open(\"GET\", ONE, None, x)\n.managed(\n \"PUT\",\n paths::TWO,\n &[S], None, y)\
                .fold(|router| router.open(\"OPTIONS\", path, None, z)); key.open(&sealed, &y)";
    let found = served(text, &constants(text));
    let pair = |method: &str, path: &str| (method.to_owned(), path.to_owned());
    assert_eq!(found, BTreeSet::from([pair("GET", "/a/{b}"), pair("PUT", "/c")]));
}
