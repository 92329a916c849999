//! The reporting API: its paths, and the reasons to refuse a request as a whole (M02, M03).

use std::sync::Arc;

use http::{HeaderValue, Method, StatusCode, header};
use ponte_machine::clock;
use ponte_web::{Answer, Request, Site};
use serde_json::value::RawValue;

use crate::check::is_payment_id;
use crate::funnel::Step;
use crate::kind::Kind;
use crate::platform::Pcm;
use crate::{batch, controls, query, summary};

const ITEMS: usize = 5_000;
const FUNNEL_ITEMS: usize = 1_000;
const BYTES: usize = 10 * 1024 * 1024;

/// The reporting API.
pub struct PcmApi(pub Arc<Pcm>);

impl Site for PcmApi {
    async fn answer(&self, request: Request) -> Answer {
        answer(&self.0, &request)
    }
}

/// An address below `/report-api/`.
#[derive(Clone, Copy)]
enum Place<'p> {
    /// Takes a list of items.
    Batch(Kind),
    /// Takes one object.
    Stock,
    /// Tells of an interaction.
    Interaction(&'p str),
    /// Tells of a payment.
    Payment(&'p str),
}

/// Why a request is refused.
type Refused = (StatusCode, &'static str);

const INVALID: StatusCode = StatusCode::BAD_REQUEST;

/// Answers everything that is not a token.
fn answer(pcm: &Pcm, request: &Request) -> Answer {
    match request.path.as_str() {
        "/sandbox/summary" => return summary::answer(pcm, request),
        path if path.starts_with("/sandbox/") => return controls::answer(pcm, request),
        _ => {}
    }
    let path = request.path.strip_suffix('/').unwrap_or(&request.path);
    let Some(place) = Place::at(path) else {
        return Answer::message(StatusCode::NOT_FOUND, "Not Found");
    };
    let (answer, items) = match serve(pcm, request, place) {
        Ok(answered) => answered,
        Err((status, message)) => (refusal(status, message), 0),
    };
    pcm.counters().request(place.name(), answer.status, items);
    answer
}

fn refusal(status: StatusCode, message: &str) -> Answer {
    let answer = Answer::message(status, message);
    if status == StatusCode::TOO_MANY_REQUESTS {
        return answer.with(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    answer
}

/// The answer and how many items were in the request.
fn serve(pcm: &Pcm, request: &Request, place: Place<'_>) -> Result<(Answer, usize), Refused> {
    let reporter = request.bearer().and_then(|token| pcm.tokens.organisation(token, clock::now()));
    let reporter = reporter.ok_or((StatusCode::UNAUTHORIZED, "Unauthorized"))?;
    if !pcm.rules.members.is_organisation(&reporter) {
        return Err((StatusCode::FORBIDDEN, "Forbidden"));
    }
    if !pcm.counters().admits(clock::now()) {
        return Err((StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"));
    }
    if request.method != place.method() {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed"));
    }
    if !takes_json(request) {
        return Err((StatusCode::NOT_ACCEPTABLE, "Content type not accepted"));
    }
    match place {
        Place::Interaction(interaction) => Ok((query::interaction(pcm, &reporter, interaction), 0)),
        Place::Payment(payment) => Ok((query::payment(pcm, &reporter, payment), 0)),
        Place::Stock => {
            let body = body(request)?;
            let object = serde_json::from_slice::<&RawValue>(body).ok();
            let object = object.filter(|object| object.get().starts_with('{'));
            let object = object.ok_or((INVALID, "Invalid payload format: MUST be an object"))?;
            Ok((batch::stock(pcm, &reporter, object), 1))
        }
        Place::Batch(kind) => {
            let items = items(request, kind)?;
            Ok((batch::batch(pcm, &reporter, kind, &items), items.len()))
        }
    }
}

/// The body of a request that may be read.
fn body(request: &Request) -> Result<&[u8], Refused> {
    if !request.is("application/json") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type"));
    }
    if request.body.len() > BYTES {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large"));
    }
    Ok(&request.body)
}

/// The items of a batch, each as it was written.
fn items(request: &Request, kind: Kind) -> Result<Vec<&RawValue>, Refused> {
    let items: Vec<&RawValue> = serde_json::from_slice(body(request)?)
        .map_err(|_| (INVALID, "Invalid payload format: MUST be an array"))?;
    let funnel = matches!(kind, Kind::Funnel(_));
    if items.len() > if funnel { FUNNEL_ITEMS } else { ITEMS } {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "Record limit exceeded"));
    }
    if items.is_empty() && !funnel {
        return Err((INVALID, "Invalid payload format: MUST have at least 1 item"));
    }
    Ok(items)
}

/// Whether the caller takes what is answered here.
fn takes_json(request: &Request) -> bool {
    let Some(accept) = request.header("accept") else { return true };
    accept.split(',').any(|kind| {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        ["*/*", "application/*", "application/json"].iter().any(|json| kind.eq_ignore_ascii_case(json))
    })
}

impl<'p> Place<'p> {
    fn at(path: &'p str) -> Option<Self> {
        let path = path.strip_prefix("/report-api/")?;
        if let Some(step) = path.strip_prefix("v2/hybrid-flow/") {
            return Step::at(step).map(|step| Self::Batch(Kind::Funnel(step)));
        }
        match path {
            "v1/private/report" => Some(Self::Batch(Kind::Private)),
            "v1/opendata/report" => Some(Self::Batch(Kind::OpenData)),
            "v1/payments/status" => Some(Self::Batch(Kind::Payment)),
            "v1/consents/stock" => Some(Self::Stock),
            _ => {
                let one = |rest: &&str| !rest.is_empty() && !rest.contains('/');
                let interaction = path.strip_prefix("v1/private/report/").filter(one).map(Self::Interaction);
                let payment = || path.strip_prefix("v1/payments/status/").filter(|id| is_payment_id(id));
                interaction.or_else(|| payment().map(Self::Payment))
            }
        }
    }

    fn method(self) -> Method {
        match self {
            Self::Batch(_) | Self::Stock => Method::POST,
            Self::Interaction(_) | Self::Payment(_) => Method::GET,
        }
    }

    /// Name that its requests are counted under.
    fn name(self) -> &'static str {
        match self {
            Self::Batch(kind) => kind.as_str(),
            Self::Stock => Kind::Stock.as_str(),
            Self::Interaction(_) => "private query",
            Self::Payment(_) => "payment query",
        }
    }
}
