//! Answers: status, text body, and the headers that every answer has.

use std::io;

use http::HeaderValue;
use ponte_refusals::Refusal;
use ponte_values::{ConsentId, Moment, OrganisationId};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::log::report_failure;

/// An HTTP answer with a text body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    status: u16,
    content_type: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
    cookies: Vec<String>,
    body: String,
    /// Boxed: most answers have none, and an answer travels by value.
    reported: Option<Box<ReportFacts>>,
}

/// Facts for the report that only the handler knows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct ReportFacts {
    client: Option<OrganisationId>,
    created: Option<ConsentId>,
}

impl Answer {
    fn new(status: u16, content_type: Option<&'static str>, body: String) -> Self {
        Self { status, content_type, headers: Vec::new(), cookies: Vec::new(), body, reported: None }
    }

    /// The Open Finance error body of a refusal (C50). Logs its inner cause, once.
    #[must_use]
    pub fn refused(refusal: &Refusal, now: Moment) -> Self {
        if let Some(cause) = refusal.cause() {
            report_failure("port failed", cause);
        }
        Self::json(refusal.status(), refusal.body(now)).with_headers_of(refusal)
    }

    /// The answer with the headers of a refusal, whatever its body says: when to come back, how to authenticate, what else
    /// is taken.
    #[must_use]
    pub fn with_headers_of(self, refusal: &Refusal) -> Self {
        let wait = refusal.retry_after().map(|seconds| ("retry-after", seconds.to_string()));
        let own = refusal.header().map(|(name, value)| (name, value.to_owned()));
        wait.into_iter().chain(own).fold(self, |answer, (name, value)| answer.header(name, value))
    }

    /// A JSON body that is already text.
    #[must_use]
    pub fn json(status: u16, body: String) -> Self {
        Self::new(status, Some("application/json; charset=utf-8"), body)
    }

    /// A signed body (S60). It leaves as text, so that the gateway does not encode it as base64.
    #[must_use]
    pub fn jwt(status: u16, body: String) -> Self {
        Self::new(status, Some("application/jwt"), body)
    }

    /// A page for a person. Scripts, frames and foreign content are off.
    #[must_use]
    pub fn html(status: u16, body: String) -> Self {
        let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
        Self::page(status, body, policy.to_owned())
    }

    /// A page for a person with a Content Security Policy of its own.
    #[must_use]
    pub fn page(status: u16, body: String, policy: String) -> Self {
        Self::new(status, Some("text/html; charset=utf-8"), body).header("content-security-policy", policy)
    }

    /// A script of such a page.
    #[must_use]
    pub fn script(body: String) -> Self {
        Self::new(200, Some("text/javascript; charset=utf-8"), body)
    }

    /// 303 to `location`; it and its fragment stay out of caches and referrers.
    #[must_use]
    pub fn redirect(location: String) -> Self {
        Self::new(303, None, String::new())
            .header("location", location)
            .header("referrer-policy", "no-referrer".to_owned())
    }

    /// 204, without a body.
    #[must_use]
    pub fn no_content() -> Self {
        Self::new(204, None, String::new())
    }

    /// 202, without a body: the answer is not ready, and the caller is to ask again (C61).
    #[must_use]
    pub fn accepted() -> Self {
        Self::new(202, None, String::new())
    }

    /// 200 to a HEAD for which nothing was done.
    pub(crate) fn untouched() -> Self {
        Self::new(200, None, String::new())
    }

    /// The same with its body signed into `token` (S60). It leaves as text, so that the gateway does not encode it as base64.
    pub(crate) fn signed(self, token: String) -> Self {
        Self { content_type: Some("application/jwt"), body: token, ..self }
    }

    /// The answer to HEAD: everything but the body.
    pub(crate) fn without_body(self) -> Self {
        Self { body: String::new(), ..self }
    }

    /// Adds a header; `name` must be lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Sets a cookie, written as RFC 6265 section 4.1 has it.
    #[must_use]
    pub fn cookie(mut self, cookie: String) -> Self {
        self.cookies.push(cookie);
        self
    }

    /// Names the organisation the call is reported for, on routes where only the handler knows it.
    #[must_use]
    pub fn for_client(mut self, organisation: OrganisationId) -> Self {
        self.reported.get_or_insert_default().client = Some(organisation);
        self
    }

    /// Names the target that was created, so that its report can wait for the drop reason (M38).
    #[must_use]
    pub fn created(mut self, target: ConsentId) -> Self {
        self.reported.get_or_insert_default().created = Some(target);
        self
    }

    pub(crate) fn client(&self) -> Option<&OrganisationId> {
        self.reported.as_ref()?.client.as_ref()
    }

    pub(crate) fn created_target(&self) -> Option<&ConsentId> {
        self.reported.as_ref()?.created.as_ref()
    }

    /// Status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The body as text.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Value of a header set so far.
    #[must_use]
    pub fn header_value(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    /// Cookies set so far.
    #[must_use]
    pub fn cookies(&self) -> &[String] {
        &self.cookies
    }

    /// Whether the event for the gateway has more bytes than `most`. A body grows inside it, since it is a JSON text there.
    pub(crate) fn is_larger_than(&self, most: usize) -> bool {
        // No character takes more than six bytes, and headers are short, so the usual answer need not be measured.
        if self.body.len() < most / 8 && self.headers.len() < 100 {
            return false;
        }
        let mut bytes = Counted(0);
        serde_json::to_writer(&mut bytes, self).is_err() || bytes.0 > most
    }

    /// The headers as they leave, each name once: of two values the last counts, and a value that is no header value (a
    /// line break from outside) is left out rather than sent.
    fn sent_headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        // RFC 6797: a year. No browser shall guess at a type, whatever a body looks like.
        let always = [
            ("cache-control", "no-store"),
            ("strict-transport-security", "max-age=31536000"),
            ("x-content-type-options", "nosniff"),
        ];
        let of_body = self.content_type.map(|content_type| ("content-type", content_type));
        let own = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        let all: Vec<_> = always
            .into_iter()
            .chain(of_body)
            .chain(own.filter(|(_, value)| HeaderValue::from_str(value).is_ok()))
            .collect();
        let last = |at: usize, name: &str| all[at + 1..].iter().all(|(later, _)| *later != name);
        let kept: Vec<_> =
            all.iter().enumerate().filter(|(at, (name, _))| last(*at, name)).map(|(_, pair)| *pair).collect();
        kept.into_iter()
    }
}

/// Counts what is written.
struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.saturating_add(bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The event for API Gateway. The body is always text: `application/jwt` would otherwise leave as base64.
impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_map(None)?;
        event.serialize_entry("statusCode", &self.status)?;
        event.serialize_entry("headers", &SentHeaders(self))?;
        event.serialize_entry("cookies", &self.cookies)?;
        if !self.body.is_empty() {
            event.serialize_entry("body", &self.body)?;
        }
        event.serialize_entry("isBase64Encoded", &false)?;
        event.end()
    }
}

/// The headers of an answer as an object.
struct SentHeaders<'a>(&'a Answer);

impl Serialize for SentHeaders<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.sent_headers())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(answer: &Answer) -> serde_json::Value {
        serde_json::to_value(answer).unwrap()
    }

    #[test]
    fn a_signed_answer_leaves_as_text_not_base64() {
        let event = event(&Answer::jwt(201, "eyJhbGciOiJQUzI1NiJ9.e30.c2ln".to_owned()));
        assert_eq!(event["body"], "eyJhbGciOiJQUzI1NiJ9.e30.c2ln");
        assert_eq!(event["isBase64Encoded"], false);
        assert_eq!(event["headers"]["content-type"], "application/jwt");
    }

    #[test]
    fn nothing_has_neither_body_nor_type() {
        for (answer, status) in [(Answer::no_content(), 204), (Answer::accepted(), 202)] {
            let event = event(&answer);
            assert_eq!(event["statusCode"], status);
            assert!(event.get("body").is_none() && event["headers"].get("content-type").is_none());
        }
    }

    #[test]
    fn t62_every_answer_insists_on_tls_and_on_its_type() {
        let refused = Answer::refused(&Refusal::no_route(), Moment::from_seconds(0));
        let page = Answer::html(200, "<p>".to_owned());
        for answer in [Answer::no_content(), refused, page, Answer::redirect("https://a.example".to_owned())]
        {
            let headers = event(&answer)["headers"].clone();
            assert_eq!(headers["strict-transport-security"], "max-age=31536000");
            assert_eq!(headers["x-content-type-options"], "nosniff");
        }
    }

    #[test]
    fn t62_pages_and_scripts_are_held_to_their_policy_and_a_redirect_tells_nobody_where_it_came_from() {
        let page = Answer::html(403, "<p>".to_owned());
        let policy = page.header_value("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert_eq!((page.status(), page.body(), page.header_value("x")), (403, "<p>", None));
        let own = Answer::page(200, "<p>".to_owned(), "default-src 'self'".to_owned());
        assert_eq!(event(&own)["headers"]["content-security-policy"], "default-src 'self'");
        assert_eq!(event(&own)["headers"]["content-type"], "text/html; charset=utf-8");
        let script = event(&Answer::script("let a".to_owned()));
        assert_eq!(script["headers"]["content-type"], "text/javascript; charset=utf-8");
        assert_eq!(
            (&script["statusCode"], &script["body"]),
            (&serde_json::json!(200), &serde_json::json!("let a"))
        );
        let redirect = event(&Answer::redirect("https://a.example/#code".to_owned()));
        assert_eq!(redirect["statusCode"], 303);
        assert_eq!(redirect["headers"]["location"], "https://a.example/#code");
        assert_eq!(redirect["headers"]["referrer-policy"], "no-referrer");
    }

    #[test]
    fn t63_a_refusal_says_when_another_try_makes_sense() {
        let refused = |refusal: Refusal| Answer::refused(&refusal, Moment::from_seconds(0));
        let busy = refused(Refusal::overloaded().after(Some(std::time::Duration::from_secs(7))));
        assert_eq!((busy.status(), busy.header_value("retry-after")), (529, Some("7")));
        assert_eq!(refused(Refusal::forbidden()).header_value("retry-after"), None);
    }

    #[test]
    fn rfc9110_a_refusal_says_how_to_authenticate_and_which_methods_there_are() {
        let header = |refusal: Refusal, name: &str| {
            Answer::refused(&refusal, Moment::from_seconds(0)).header_value(name).map(str::to_owned)
        };
        assert_eq!(header(Refusal::no_token(), "www-authenticate").as_deref(), Some("Bearer"));
        assert_eq!(header(Refusal::no_method(&["GET", "HEAD"]), "allow").as_deref(), Some("GET, HEAD"));
        assert_eq!(header(Refusal::unsupported_coding(), "accept-encoding").as_deref(), Some("identity"));
        assert_eq!(header(Refusal::unsupported_type(), "accept-encoding"), None);
    }

    #[test]
    fn m38_an_answer_names_who_and_what_its_report_is_about() {
        let organisation = OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap();
        let consent = ConsentId::parse("urn:banco:1").unwrap();
        let answer = Answer::no_content().created(consent.clone()).for_client(organisation.clone());
        assert_eq!((answer.client(), answer.created_target()), (Some(&organisation), Some(&consent)));
        assert_eq!((Answer::no_content().client(), Answer::no_content().created_target()), (None, None));
    }

    #[test]
    fn cookies_leave_beside_the_headers() {
        let event = event(&Answer::no_content().cookie("a=1".to_owned()).cookie("b=2".to_owned()));
        assert_eq!(event["cookies"], serde_json::json!(["a=1", "b=2"]));
        assert!(event["headers"].get("set-cookie").is_none());
        assert_eq!(Answer::no_content().cookie("a=1".to_owned()).cookies(), ["a=1"]);
    }

    #[test]
    fn a_header_leaves_once_and_the_last_value_counts() {
        let answer = Answer::json(200, "{}".to_owned()).header("cache-control", "max-age=60".to_owned());
        let text = serde_json::to_string(&answer).unwrap();
        assert_eq!(text.matches("cache-control").count(), 1, "{text}");
        assert_eq!(event(&answer)["headers"]["cache-control"], "max-age=60");
        assert_eq!(event(&Answer::no_content())["headers"]["cache-control"], "no-store");
    }

    #[test]
    fn lb07_the_event_is_measured_as_the_gateway_gets_it() {
        for body in ["a".repeat(3_000), "\"".repeat(3_000), "\u{1}".repeat(3_000), "é".repeat(1_500)] {
            let answer = Answer::json(200, body).header("x-v", "1.0.0".to_owned());
            let bytes = serde_json::to_vec(&answer).unwrap().len();
            assert!(!answer.is_larger_than(bytes), "{bytes}");
            assert!(answer.is_larger_than(bytes - 1), "{bytes}");
        }
        let many = |headers| {
            (0..headers).fold(Answer::no_content(), |answer, _| answer.header("x-v", "1".repeat(99)))
        };
        assert!(!many(99).is_larger_than(2_000), "each name leaves once");
        let long = Answer::no_content().header("location", "a".repeat(3_000));
        let long = (0..99).fold(long, |answer, _| answer.header("x-v", "1".to_owned()));
        let longer = (0..200).fold(long.clone(), |answer, _| answer.header("x-v", "1".to_owned()));
        for many in [long, longer] {
            assert!(many.is_larger_than(2_000), "so many headers are measured");
        }
    }

    #[test]
    fn a_line_break_never_becomes_a_header() {
        let answer = Answer::redirect("https://a.example/\r\nset-cookie: x=1".to_owned());
        assert!(event(&answer)["headers"].get("location").is_none());
        let twice = Answer::redirect("https://a.example/".to_owned()).header("location", "\n".to_owned());
        assert_eq!(event(&twice)["headers"]["location"], "https://a.example/");
    }
}
