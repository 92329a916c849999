//! Answers: status, text body, and the headers that every answer has.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use http::{HeaderMap, HeaderName, HeaderValue};
use ponte_refusals::Refusal;
use ponte_values::{ConsentId, Moment, OrganisationId};

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
        let answer = Self::json(refusal.status(), refusal.body(now));
        match refusal.retry_after() {
            Some(seconds) => answer.header("retry-after", seconds.to_string()),
            None => answer,
        }
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

    /// The event for API Gateway. The body is always text: `application/jwt` would otherwise leave as base64.
    pub(crate) fn into_event(self) -> ApiGatewayV2httpResponse {
        let mut headers = HeaderMap::with_capacity(self.headers.len() + 4);
        headers.insert("cache-control", HeaderValue::from_static("no-store"));
        // RFC 6797: a year. No browser shall guess at a type, whatever a body looks like.
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
        headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
        if let Some(content_type) = self.content_type {
            headers.insert("content-type", HeaderValue::from_static(content_type));
        }
        for (name, value) in self.headers {
            // A value that is no header value (a line break from outside) is left out rather than sent.
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        let mut event = ApiGatewayV2httpResponse::default();
        event.status_code = i64::from(self.status);
        event.headers = headers;
        event.cookies = self.cookies;
        event.body = (!self.body.is_empty()).then_some(Body::Text(self.body));
        event
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_answer_leaves_as_text_not_base64() {
        let event =
            serde_json::to_value(Answer::jwt(201, "eyJhbGciOiJQUzI1NiJ9.e30.c2ln".to_owned()).into_event())
                .unwrap();
        assert_eq!(event["body"], "eyJhbGciOiJQUzI1NiJ9.e30.c2ln");
        assert_eq!(event["isBase64Encoded"], false);
        assert_eq!(event["headers"]["content-type"], "application/jwt");
    }

    #[test]
    fn nothing_has_neither_body_nor_type() {
        let event = serde_json::to_value(Answer::no_content().into_event()).unwrap();
        assert_eq!(event["statusCode"], 204);
        assert!(event.get("body").is_none() && event["headers"].get("content-type").is_none());
    }

    #[test]
    fn t62_every_answer_insists_on_tls_and_on_its_type() {
        let refused = Answer::refused(&Refusal::no_route(), Moment::from_seconds(0));
        let page = Answer::html(200, "<p>".to_owned());
        for answer in [Answer::no_content(), refused, page, Answer::redirect("https://a.example".to_owned())]
        {
            let headers = answer.into_event().headers;
            assert_eq!(headers["strict-transport-security"], "max-age=31536000");
            assert_eq!(headers["x-content-type-options"], "nosniff");
        }
    }

    #[test]
    fn cookies_leave_beside_the_headers() {
        let answer = Answer::no_content().cookie("a=1".to_owned()).cookie("b=2".to_owned());
        let event = serde_json::to_value(answer.into_event()).unwrap();
        assert_eq!(event["cookies"], serde_json::json!(["a=1", "b=2"]));
        assert!(event["headers"].get("set-cookie").is_none());
    }

    #[test]
    fn a_line_break_never_becomes_a_header() {
        let answer = Answer::redirect("https://a.example/\r\nset-cookie: x=1".to_owned()).into_event();
        assert!(answer.headers.get("location").is_none());
    }
}
