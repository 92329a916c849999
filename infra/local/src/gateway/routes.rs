//! Choice of the route of a request, by the priorities of API Gateway's HTTP APIs.

use std::collections::BTreeMap;

use crate::template::Route;

/// The routes of one API.
#[derive(Debug, Clone, Default)]
pub struct Routes(Vec<Candidate>);

#[derive(Debug, Clone)]
struct Candidate {
    route: Route,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone)]
enum Segment {
    Fixed(String),
    Variable(String),
    Greedy(String),
}

/// A route and what its variables stand for in this request.
pub(crate) struct Matched<'r> {
    pub(crate) route: &'r Route,
    pub(crate) variables: BTreeMap<String, String>,
}

impl Routes {
    /// The routes of the API called `api` among all of the template.
    pub fn of<'r>(api: &str, routes: impl IntoIterator<Item = &'r Route>) -> Self {
        let of_api = routes.into_iter().filter(|route| route.api == api);
        Self(
            of_api.map(|route| Candidate { segments: segments(&route.path), route: route.clone() }).collect(),
        )
    }

    /// Exact before variable before greedy, the longer greedy path before the shorter, the method before `ANY`.
    pub(crate) fn find(&self, method: &str, path: &str) -> Option<Matched<'_>> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let mut best: Option<(&Candidate, BTreeMap<String, String>)> = None;
        for candidate in &self.0 {
            if candidate.route.method != method && candidate.route.method != "ANY" {
                continue;
            }
            let Some(variables) = candidate.matches(&parts) else { continue };
            if best.as_ref().is_none_or(|(other, _)| candidate.rank() < other.rank()) {
                best = Some((candidate, variables));
            }
        }
        best.map(|(candidate, variables)| Matched { route: &candidate.route, variables })
    }
}

impl Candidate {
    /// Smaller is more specific.
    fn rank(&self) -> (Vec<u8>, bool) {
        let kinds = self.segments.iter().map(|segment| match segment {
            Segment::Fixed(_) => 0,
            Segment::Variable(_) => 1,
            Segment::Greedy(_) => 2,
        });
        (kinds.collect(), self.route.method == "ANY")
    }

    fn matches(&self, parts: &[&str]) -> Option<BTreeMap<String, String>> {
        let mut variables = BTreeMap::new();
        let mut rest = parts;
        for segment in &self.segments {
            let (first, others) = rest.split_first()?;
            match segment {
                Segment::Fixed(text) if text == first => {}
                Segment::Fixed(_) => return None,
                Segment::Variable(_) if first.is_empty() => return None,
                Segment::Variable(name) => {
                    variables.insert(name.clone(), decoded(first));
                }
                Segment::Greedy(name) => {
                    let all = rest.join("/");
                    if all.is_empty() {
                        return None;
                    }
                    variables.insert(name.clone(), decoded(&all));
                    return Some(variables);
                }
            }
            rest = others;
        }
        rest.is_empty().then_some(variables)
    }
}

fn segments(path: &str) -> Vec<Segment> {
    let of = |part: &str| match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
        None => Segment::Fixed(part.to_owned()),
        Some(name) => match name.strip_suffix('+') {
            Some(name) => Segment::Greedy(name.to_owned()),
            None => Segment::Variable(name.to_owned()),
        },
    };
    path.trim_start_matches('/').split('/').map(of).collect()
}

/// Percent-decoding without the `+` of forms; what is not UTF-8 afterwards becomes the replacement character.
pub(super) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let escape = (byte == b'%').then(|| text.get(index + 1..index + 3)).flatten();
        if let Some(value) = escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(value);
            index += 3;
        } else {
            decoded.push(byte);
            index += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(keys: &[&str]) -> Routes {
        let routes: Vec<Route> = keys
            .iter()
            .map(|key| {
                let (method, path) = key.split_once(' ').unwrap();
                let [api, method, path, function] = ["a", method, path, key].map(str::to_owned);
                Route { api, method, path, function }
            })
            .collect();
        Routes::of("a", &routes)
    }

    #[test]
    fn the_most_specific_route_wins_whatever_the_order() {
        let keys = [
            "ANY /{proxy+}",
            "GET /pets/{proxy+}",
            "GET /pets/dog/{id}",
            "GET /pets/dog/1",
            "ANY /pets/dog/1",
        ];
        for turn in 0..keys.len() {
            let mut turned = keys;
            turned.rotate_left(turn);
            let routes = routes(&turned);
            let found = |method, path| routes.find(method, path).unwrap().route.function.as_str();
            assert_eq!(found("GET", "/pets/dog/1"), "GET /pets/dog/1");
            assert_eq!(found("PUT", "/pets/dog/1"), "ANY /pets/dog/1");
            assert_eq!(found("GET", "/pets/dog/2"), "GET /pets/dog/{id}");
            assert_eq!(found("GET", "/pets/cat/1"), "GET /pets/{proxy+}");
            assert_eq!(found("POST", "/pets/cat/1"), "ANY /{proxy+}");
        }
    }

    #[test]
    fn a_greedy_variable_wants_something_and_is_decoded() {
        let routes = routes(&["ANY /auth/{proxy+}"]);
        assert!(routes.find("GET", "/auth").is_none());
        assert!(routes.find("GET", "/auth/").is_none());
        assert!(routes.find("GET", "/other/x").is_none());
        let matched = routes.find("GET", "/auth/a%20b/c+d%zz").unwrap();
        assert_eq!(matched.variables["proxy"], "a b/c+d%zz");
    }

    #[test]
    fn only_the_routes_of_the_own_api_count() {
        let route = Route {
            api: "other".to_owned(),
            method: "ANY".to_owned(),
            path: "/{proxy+}".to_owned(),
            function: "f".to_owned(),
        };
        assert!(Routes::of("a", [&route]).find("GET", "/x").is_none());
    }
}
