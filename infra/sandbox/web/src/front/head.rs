//! The head of a request: its host and its size.

use http::header::HOST;
use http::request::Parts;
use http::uri::Authority;
use http::{HeaderValue, Version};

/// Whether a request says which host it is for, once (RFC 9112 3.2, RFC 9113 8.3.1); who does not is answered 400.
#[must_use]
pub fn names_one_host(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(HOST).into_iter();
    let (first, more) = (hosts.next(), hosts.next().is_some());
    let named = first.map(host);
    // Under HTTP/1 the target may name it too, and `Host` must be there all the same.
    let target = head.uri.authority().filter(|_| head.version == Version::HTTP_2);
    match (named, target) {
        _ if more => false,
        (Some(named), Some(target)) => named.is_some_and(|named| named == *target),
        (Some(named), None) => named.is_some(),
        (None, target) => target.is_some(),
    }
}

/// A host with or without its port.
fn host(value: &HeaderValue) -> Option<Authority> {
    Authority::try_from(value.as_bytes()).ok().filter(|host| !host.as_str().contains('@'))
}

/// Bytes of the request line and the values of the headers, which API Gateway limits together.
#[must_use]
pub fn size(head: &Parts) -> usize {
    let target = head.uri.path_and_query().map_or(0, |target| target.as_str().len());
    let line = head.method.as_str().len() + target + " HTTP/1.1".len() + " ".len();
    line + head.headers.values().map(HeaderValue::len).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn head(version: Version, target: &str, hosts: &[&str]) -> Parts {
        let mut request = Request::get(target).version(version);
        for host in hosts {
            request = request.header(HOST, *host);
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_host_is_named_once() {
        for (one, version, target, hosts) in [
            (true, Version::HTTP_11, "/a", &["localhost:8440"][..]),
            (true, Version::HTTP_11, "https://localhost/a", &["localhost"]),
            (true, Version::HTTP_2, "https://localhost/a", &[]),
            (true, Version::HTTP_2, "https://localhost/a", &["LOCALHOST"]),
            (true, Version::HTTP_2, "/a", &["localhost"]),
            (false, Version::HTTP_11, "/a", &[]),
            (false, Version::HTTP_10, "/a", &[]),
            (false, Version::HTTP_11, "https://localhost/a", &[]),
            (false, Version::HTTP_11, "/a", &["localhost", "localhost"]),
            (false, Version::HTTP_11, "/a", &["localhost", "elsewhere"]),
            (false, Version::HTTP_11, "/a", &[""]),
            (false, Version::HTTP_11, "/a", &["local host"]),
            (false, Version::HTTP_11, "/a", &["me@localhost"]),
            (false, Version::HTTP_2, "https://localhost/a", &["elsewhere"]),
            (false, Version::HTTP_2, "https://localhost/a", &["localhost", "localhost"]),
            (false, Version::HTTP_2, "/a", &[]),
        ] {
            assert_eq!(names_one_host(&head(version, target, hosts)), one, "{version:?} {target} {hosts:?}");
        }
    }

    #[test]
    fn the_request_line_and_the_values_count() {
        let head = head(Version::HTTP_11, "/a?b=c", &["localhost"]);
        assert_eq!(size(&head), "GET /a?b=c HTTP/1.1".len() + "localhost".len());
    }
}
