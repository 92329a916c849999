//! A call as its handler gets it, without a router around it.

use std::sync::Arc;

use ponte_catalog::{Access, Api, Filter, Frequency, Limits, Meta, Method, Reach, Row, Shape};
use ponte_kit::clock::ManualClock;
use ponte_kit::outbox::OutboxInMemory;
use ponte_values::{InteractionId, Moment, OrganisationId};
use serde_json::{Value, json};

use crate::call::Call;
use crate::context::Context;
use crate::deadline::{Deadline, WHOLE};
use crate::request::Request;

static API: Api = Api {
    name: "things",
    version: "1.2.3",
    base: "/open-banking/things/v1",
    longest_link: 3_000,
    signed: false,
    listed: true,
};

/// A row without conditions, with these filters.
pub(crate) const fn row(meta: Meta, filters: &'static [Filter], reach: Reach) -> Row {
    Row {
        api: &API,
        operation: "thingsGet",
        method: Method::Get,
        template: "/open-banking/things/v1/things/{thingId}",
        access: Access::Client("things"),
        layer: None,
        product: None,
        ids: &["thingId"],
        body: false,
        customer_headers: false,
        idempotent: false,
        success: 200,
        shape: Shape::Object,
        meta,
        fields: None,
        smallest_page: Some(25),
        pagination_key: false,
        filters,
        reach,
        frequency: Frequency::Low,
        limits: Limits::Institution,
        codes: &[200],
    }
}

/// Time of the calls, in the evening of Brasília: of the next day it is the first hour in UTC.
pub(crate) fn now() -> Moment {
    Moment::parse("2026-03-02T00:30:00Z").unwrap()
}

/// The request with this query, these headers and this body.
pub(crate) fn request(query: &str, headers: &Value, body: &str) -> Request {
    let event = json!({
        "rawPath": "/open-banking/things/v1/things/1", "rawQueryString": query, "headers": headers, "body": body,
        "cookies": ["a=1", "b=2"],
        "requestContext": {
            "http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "203.0.113.7"},
            "timeEpoch": now().millis(), "domainName": "mtls.example",
        },
        "isBase64Encoded": false,
    });
    Request::read(serde_json::from_value(event).unwrap(), now())
}

/// A call of thing 1 with this query.
pub(crate) fn call(row: Option<&'static Row>, query: &str) -> Call {
    of(row, request(query, &json!({}), ""))
}

/// The call of thing 1 that a request is.
pub(crate) fn of(row: Option<&'static Row>, request: Request) -> Call {
    let clock = Arc::new(ManualClock::at(now()));
    Call {
        request: request.with_ids(vec![("thingId", "1".to_owned())]),
        interaction: InteractionId::parse("22222222-2222-4222-8222-222222222222").unwrap(),
        now: now(),
        deadline: Deadline::of(WHOLE, now(), now()),
        context: Context {
            clock: clock.clone(),
            ids: clock,
            outbox: Arc::new(OutboxInMemory::default()),
            organisation: OrganisationId::parse("c770aef3-6784-41f7-8e0e-ff5f97bddb3a").unwrap(),
            base_url: "https://mtls.example".to_owned(),
        },
        template: "/open-banking/things/v1/things/{thingId}",
        row,
        parameters: None,
        page_cap: None,
        pagination: None,
    }
}
