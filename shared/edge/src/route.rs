//! Routes of a function: path templates, and the look-up of the route of a call.

use ponte_catalog::{Api, Row};

use crate::known_parameters::KnownParameters;

/// Kind of a route: who may call it, and how it is reported.
#[derive(Clone, Copy, Debug)]
pub(crate) enum RouteKind {
    /// A row of the catalog; an interaction id is required.
    Row(&'static Row),
    /// An endpoint outside the catalog (authorization server, channel).
    Open {
        /// Name the metrics platform knows the endpoint by, if calls are reported (M35).
        report: Option<&'static str>,
        /// What answers HEAD where this answers GET.
        head: Head,
    },
    /// An endpoint for the institution's own callers, with the query parameters that it knows: it exists on the management host
    /// alone.
    Managed(KnownParameters),
}

/// The answer to HEAD at an open GET (RFC 9110 section 9.3.2: what GET would send, without the content).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Head {
    /// 200 and nothing done: this GET changes something, and whoever looks at a link must not (T62).
    Untouched,
    /// The endpoint runs, and its body is left out.
    AsGet,
}

/// A method and path template.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) kind: RouteKind,
}

impl Route {
    /// The route of a row.
    pub(crate) const fn of(row: &'static Row) -> Self {
        Self { method: row.method.as_str(), template: row.template, kind: RouteKind::Row(row) }
    }

    /// Whether HEAD is answered where this is served: the files of rows list no HEAD.
    fn answers_head(&self) -> bool {
        self.method == "GET" && matches!(self.kind, RouteKind::Open { .. })
    }
}

/// The API of the rows among `routes` under whose base a path lies, whether or not there is such an endpoint.
pub(crate) fn api_of<'a>(routes: impl Iterator<Item = &'a Route>, path: &str) -> Option<&'static Api> {
    let of_row = |route: &Route| match route.kind {
        RouteKind::Row(row) => Some(row.api),
        RouteKind::Open { .. } | RouteKind::Managed(_) => None,
    };
    let under =
        |base: &str| path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    routes.filter_map(of_row).find(|api| under(api.base))
}

/// Result of a look-up.
#[derive(Debug)]
pub(crate) enum Found {
    /// The route's index and the path parameters.
    Route(usize, Vec<(&'static str, String)>),
    /// The path exists, with these methods and not with this one.
    OtherMethod(Vec<&'static str>),
    /// No such path.
    Nothing,
}

/// Finds the route of a call among numbered ones.
pub(crate) fn find<'a>(routes: impl Iterator<Item = (usize, &'a Route)>, method: &str, path: &str) -> Found {
    let answers = |route: &Route| route.method == method || (method == "HEAD" && route.answers_head());
    let mut methods = Vec::new();
    for (index, route) in routes {
        let Some(ids) = matches(route.template, path) else {
            continue;
        };
        if answers(route) {
            return Found::Route(index, ids);
        }
        methods.push(route.method);
        methods.extend(route.answers_head().then_some("HEAD"));
    }
    if methods.is_empty() { Found::Nothing } else { Found::OtherMethod(methods) }
}

/// Path parameters if `path` fits `template`; they are never empty. The path is decoded already: once more, and two texts
/// would name one resource.
fn matches(template: &'static str, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut ids = Vec::new();
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(ids),
            (Some(segment), Some(value)) => match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}'))
            {
                Some(name) if !value.is_empty() => ids.push((name, value.to_owned())),
                None if segment == value => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTES: &[Route] = &[
        Route {
            method: "GET",
            template: "/a",
            kind: RouteKind::Open { report: None, head: Head::Untouched },
        },
        Route {
            method: "GET",
            template: "/a/{id}",
            kind: RouteKind::Open { report: None, head: Head::Untouched },
        },
        Route {
            method: "DELETE",
            template: "/a/{id}",
            kind: RouteKind::Open { report: None, head: Head::Untouched },
        },
    ];

    #[test]
    fn method_and_path_choose_the_route() {
        assert!(matches!(find(ROUTES.iter().enumerate(), "GET", "/a"), Found::Route(0, _)));
        let Found::Route(2, ids) = find(ROUTES.iter().enumerate(), "DELETE", "/a/urn:banco:1") else {
            panic!("not found")
        };
        assert_eq!(ids, [("id", "urn:banco:1".to_owned())]);
        let Found::OtherMethod(methods) = find(ROUTES.iter().enumerate(), "PUT", "/a/1") else {
            panic!("found")
        };
        assert_eq!(methods, ["GET", "HEAD", "DELETE"]);
        for path in ["/b", "/a/", "/a/1/2", ""] {
            assert!(matches!(find(ROUTES.iter().enumerate(), "GET", path), Found::Nothing), "{path}");
        }
    }

    #[test]
    fn lb10_a_path_is_not_decoded_a_second_time() {
        for id in ["urn%3Abanco%3A1", "%zz", "%2561", "a+b"] {
            let path = format!("/a/{id}");
            let Found::Route(1, ids) = find(ROUTES.iter().enumerate(), "GET", &path) else {
                panic!("{path}")
            };
            assert_eq!(ids, [("id", id.to_owned())]);
        }
    }
}
