//! Answers: envelopes spliced from JSON that is already text, and the few headers every answer has.

use aws_lambda_events::apigw::ApiGatewayV2httpResponse;
use aws_lambda_events::encodings::Body;
use http::{HeaderMap, HeaderName, HeaderValue};
use ponte_catalog::{Meta, Row};
use ponte_values::{ConsentId, OrganisationId, Page};
use serde::Serialize;

use crate::admitted::Admitted;
use crate::links::{self, Stretch};
use crate::refusal::Refusal;

/// An HTTP answer with a text body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    status: u16,
    content_type: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
    cookies: Vec<String>,
    body: String,
    /// Boxed: most answers have none, and an answer travels by value.
    named: Option<Box<Named>>,
}

/// What only the handler knows of a call, for its report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Named {
    client: Option<OrganisationId>,
    consent: Option<ConsentId>,
}

impl Answer {
    fn new(status: u16, content_type: Option<&'static str>, body: String) -> Self {
        Self { status, content_type, headers: Vec::new(), cookies: Vec::new(), body, named: None }
    }

    /// A JSON body that is already text.
    #[must_use]
    pub fn json(status: u16, body: String) -> Self {
        Self::new(status, Some("application/json; charset=utf-8"), body)
    }

    /// A signed body (S60). It leaves as text: nothing on the way may take it for binary and encode it.
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

    /// A page for a person that says itself what it may load (Content Security Policy).
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

    /// 204.
    #[must_use]
    pub fn nothing() -> Self {
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
        self.named.get_or_insert_default().client = Some(organisation);
        self
    }

    /// Names the consent that was created, so that the report can wait for what the institution says of its customer
    /// (M38).
    #[must_use]
    pub fn about(mut self, consent: ConsentId) -> Self {
        self.named.get_or_insert_default().consent = Some(consent);
        self
    }

    pub(crate) fn client(&self) -> Option<&OrganisationId> {
        self.named.as_ref()?.client.as_ref()
    }

    pub(crate) fn consent(&self) -> Option<&ConsentId> {
        self.named.as_ref()?.consent.as_ref()
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

    /// The event for API Gateway. The body is always text: `application/jwt` would otherwise leave as base64.
    pub(crate) fn into_event(self) -> ApiGatewayV2httpResponse {
        let mut headers = HeaderMap::with_capacity(self.headers.len() + 2);
        headers.insert("cache-control", HeaderValue::from_static("no-store"));
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

impl Admitted {
    /// An answer whose `data` is one object, already JSON text.
    #[must_use]
    pub fn object(&self, status: u16, data: &str) -> Answer {
        self.envelope(status, data, (1, 1), &links::own(self))
    }

    /// An answer whose `data` is one value.
    pub fn value<T: Serialize>(&self, status: u16, data: &T) -> Result<Answer, Refusal> {
        serde_json::to_string(data).map(|data| self.object(status, &data)).map_err(|_| Refusal::internal())
    }

    /// An answer that may go on, whose links show nothing but what `stretch` says; with records and pages in all where
    /// they are known.
    pub fn stretch<T: Serialize>(
        &self,
        status: u16,
        data: &T,
        stretch: &Stretch,
        totals: Option<(u64, u64)>,
    ) -> Result<Answer, Refusal> {
        let data = serde_json::to_string(data).map_err(|_| Refusal::internal())?;
        Ok(self.enclosed(status, &data, totals, &links::stretch(self, stretch)))
    }

    /// One page of `data`, a JSON array of `total` records in all (C51, C52). Page 1 always exists.
    pub fn paged(&self, data: &str, page: Page, total: u64) -> Result<Answer, Refusal> {
        let pages = page.total_pages(total);
        if page.number() > 1 && u64::from(page.number()) > pages {
            return Err(Refusal::page_not_found());
        }
        Ok(self.envelope(200, data, (total, pages), &links::paged(self, page, pages)))
    }

    /// Splices text that is already JSON: parsing a page of a thousand records again would cost more than the call.
    fn envelope(&self, status: u16, data: &str, totals: (u64, u64), links: &str) -> Answer {
        let shown = matches!(self.row(), Some(Row { meta: Meta::Totals, .. }));
        self.enclosed(status, data, shown.then_some(totals), links)
    }

    fn enclosed(&self, status: u16, data: &str, totals: Option<(u64, u64)>, links: &str) -> Answer {
        let totals = totals.map_or_else(String::new, |(records, pages)| {
            format!(r#""totalRecords":{records},"totalPages":{pages},"#)
        });
        let now = self.now.to_string();
        let parts = [
            r#"{"data":"#,
            data,
            r#","links":"#,
            links,
            r#","meta":{"#,
            &totals,
            r#""requestDateTime":""#,
            &now,
            r#""}}"#,
        ];
        Answer::json(status, parts.concat())
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
        let event = serde_json::to_value(Answer::nothing().into_event()).unwrap();
        assert_eq!(event["statusCode"], 204);
        assert!(event.get("body").is_none() && event["headers"].get("content-type").is_none());
    }

    #[test]
    fn cookies_leave_beside_the_headers() {
        let answer = Answer::nothing().cookie("a=1".to_owned()).cookie("b=2".to_owned());
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
