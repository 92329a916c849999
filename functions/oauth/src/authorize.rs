//! `GET` and `POST /auth/authorize`: the customer's browser arrives and is sent to the institution's channel (S03,
//! S05).
//!
//! The `request_uri` is read, not consumed, and has one interaction however often it is opened (T62). Each browser that comes
//! gets a cookie of its own and takes the name of its arrival to the channel; nothing of it is stored before a login
//! (`ponte_authorization::interaction::ArrivalId`). A browser that comes again with its cookie is the same arrival.
//! A failure here ends in a page; only a client and a redirect URI that are certain get an answer.
//!
//! The first arrival at a pushed request is reported to the metrics platform with the start of its interaction (M40), so that a
//! customer who turns away or does not get past the login is seen to have arrived.
//!
//! The institution's app may have taken the link over and replay it, asking for JSON: then the interaction goes on in
//! the command loop instead of the channel's page, and failures are answered in JSON.

use std::sync::Arc;

use ponte_authorization::client::Client;
use ponte_authorization::grant::PushedRequest;
use ponte_authorization::interaction::{
    ARRIVAL_COOKIE, ArrivalSecret, Interaction, NewInteraction, Waiting, arrival_cookie, interaction_id,
};
use ponte_data_consent::consent::ConsentFault;
use ponte_edge::{Answer, Call, MalformedRequest, OpenCall, Refusal};
use ponte_ports::PortError;
use ponte_values::{ClientId, Moment, Platform};

use crate::arriving::Arriving;
use crate::form::Form;
use crate::page::{self, PageError};
use crate::par::RESPONSE_TYPE;
use crate::ports::PublicPorts;
use crate::return_to_client::ReturnAddress;
use crate::targets;

/// Attempts to begin an interaction whose session is over; a conflict is another arrival at the same moment.
const ATTEMPTS: u32 = 3;

/// Begins an interaction.
///
/// # Errors
/// For the institution's app; a browser sees a page instead.
pub(crate) async fn authorize(ports: Arc<PublicPorts>, call: OpenCall) -> Result<Answer, Refusal> {
    if ports.site.has_commands() && is_app(&call) {
        // The app reads errors as it does those of its commands.
        let answer = authorize_app(&ports, &call, &call.request.raw_query).await;
        return Ok(answer.unwrap_or_else(|refusal| Answer::refused(&refusal, call.now)));
    }
    let arriving = Arriving::of(&call, Platform::Browser);
    let answer = authorize_browser(&ports, &call.request.raw_query, &cookies(&call), &arriving).await;
    Ok(bounded(&call, answer))
}

/// Most arrivals of which one browser keeps the cookie, 4 KB of header: with every request that somebody makes it open it gets
/// one more.
const ARRIVALS_MAX: usize = 50;

/// The answer, which takes the cookies of the oldest arrivals away where it brings one too many. Browsers send the oldest first
/// (RFC 6265 section 5.4).
fn bounded(call: &Call, answer: Answer) -> Answer {
    let Some(new) = answer.cookies().first().and_then(|cookie| cookie.split_once('=')) else { return answer };
    let new = new.0.to_owned();
    let known = call.request.cookies().map(|(name, _)| name);
    let known: Vec<&str> = known.filter(|name| name.starts_with(ARRIVAL_COOKIE) && *name != new).collect();
    let too_many = (known.len() + 1).saturating_sub(ARRIVALS_MAX);
    known.into_iter().take(too_many).fold(answer, |answer, name| {
        answer.cookie(format!("{name}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"))
    })
}

/// Whether the institution's app calls: a browser that loads a page names HTML, and a client that takes anything is no
/// app.
fn is_app(call: &Call) -> bool {
    call.request.names("application/json") && !call.request.names("text/html")
}

/// The same with the parameters in a form, as OpenID Connect Core section 3.1.2.1 has it: the browser is sent on to the same
/// request by GET. To a POST from another site it adds no `Lax` cookies, so this one would take it for a new browser, and the
/// cookie of that would put the customer's own arrival out.
pub(crate) async fn authorize_by_form(ports: Arc<PublicPorts>, call: OpenCall) -> Result<Answer, Refusal> {
    let address = named(call.request.body())
        .and_then(|(client_id, request_uri)| ports.site.authorize_url(&client_id, &request_uri));
    Ok(address.map_or_else(|| PageError::Request.page(), Answer::redirect))
}

/// The outcome of an authorization request.
enum AuthorizeOutcome {
    /// No client that we are sure of sent the customer.
    UnknownRequest,
    /// The client may not send customers any more: it replaced its registration since.
    Unauthorized(Client, Box<PushedRequest>),
    /// The client's target does not wait for its customer, who did not decide in the interaction of this request.
    NotAwaiting(Client, Box<PushedRequest>),
    /// The customer decided: the way back, which tells the client, is with the channel, and nobody else has one (T61).
    Decided(Client, Box<Interaction>),
    /// An interaction began, or had begun before.
    Started(Client, Box<Interaction>),
}

/// The client and the pushed request that an authorization request names.
fn named(parameters: &str) -> Option<(String, String)> {
    // A parameter sent twice may mean one thing here and another elsewhere (RFC 6749 section 3.1).
    let form = Form::parse(parameters).ok()?;
    // Never both (RFC 9101 section 5). Whatever else is there does not count: the pushed request holds all of it.
    if form.get("request").is_some() {
        return None;
    }
    let (client_id, request_uri) = (form.get("client_id")?, form.get("request_uri")?);
    let short = client_id.len() + request_uri.len() <= NAMES_MAX;
    short.then(|| (client_id.to_owned(), request_uri.to_owned()))
}

/// Longest names of a client and a pushed request together, several times what we give.
const NAMES_MAX: usize = 1_024;

/// The cookies of a call, by name.
fn cookies(call: &Call) -> impl Fn(&str) -> Option<String> + '_ {
    |name| call.request.cookie(name).map(str::to_owned)
}

/// The cookie of an arrival before, if a browser with these cookies has one.
fn known_arrival(request_uri: &str, cookies: &(impl Fn(&str) -> Option<String> + Sync)) -> Option<String> {
    cookies(&arrival_cookie(&interaction_id(request_uri)))
}

/// Begins an interaction in a browser with these cookies: it is sent to the channel, back to the client, or sees a page.
pub(crate) async fn authorize_browser(
    ports: &PublicPorts,
    parameters: &str,
    cookies: &(impl Fn(&str) -> Option<String> + Sync),
    arriving: &Arriving,
) -> Answer {
    let Some((client_id, request_uri)) = named(parameters) else {
        return PageError::Request.page();
    };
    let known = known_arrival(&request_uri, cookies);
    let begun = begin(ports, (&client_id, &request_uri), known.as_deref(), arriving).await;
    begun.unwrap_or_else(|refusal| page::failure(&refusal, arriving.at))
}

/// Begins an interaction in the institution's app: it is sent to its first command.
async fn authorize_app(ports: &PublicPorts, call: &Call, parameters: &str) -> Result<Answer, Refusal> {
    let outcome = match named(parameters) {
        Some((client_id, request_uri)) => {
            start(ports, &client_id, &request_uri, &Arriving::of(call, Platform::App)).await?
        }
        None => AuthorizeOutcome::UnknownRequest,
    };
    match outcome {
        AuthorizeOutcome::UnknownRequest | AuthorizeOutcome::Unauthorized(..) => {
            Err(MalformedRequest::AuthorizationRequest.into())
        }
        AuthorizeOutcome::NotAwaiting(..) => Err(ConsentFault::NotAwaiting.into()),
        AuthorizeOutcome::Decided(client, interaction) => {
            let known = known_arrival(&interaction.request_uri, &cookies(call));
            let secret = arrived_before(&interaction, known.as_deref(), call.now);
            let secret = secret.ok_or(ConsentFault::NotAwaiting)?;
            Ok(bounded(call, to_app(ports, &interaction, &secret, call.now)).for_client(client.organisation))
        }
        AuthorizeOutcome::Started(client, interaction) => {
            let known = known_arrival(&interaction.request_uri, &cookies(call));
            let secret = arrival_secret(ports, &interaction, known.as_deref());
            Ok(bounded(call, to_app(ports, &interaction, &secret, call.now)).for_client(client.organisation))
        }
    }
}

/// Sends the institution's app to the command that is due.
fn to_app(ports: &PublicPorts, interaction: &Interaction, secret: &ArrivalSecret, now: Moment) -> Answer {
    let arrival = interaction.arrivals().id(secret, true);
    Answer::redirect(ports.site.command_url(&arrival)).cookie(arrival_cookie_of(interaction, secret, now))
}

/// Sends a browser to the channel.
fn to_channel(ports: &PublicPorts, interaction: &Interaction, secret: &ArrivalSecret, now: Moment) -> Answer {
    let arrival = interaction.arrivals().id(secret, false);
    Answer::redirect(ports.site.login_url(&arrival)).cookie(arrival_cookie_of(interaction, secret, now))
}

/// Begins an interaction for a browser, and answers where that goes.
pub(crate) async fn begin(
    ports: &PublicPorts,
    (client_id, request_uri): (&str, &str),
    known: Option<&str>,
    arriving: &Arriving,
) -> Result<Answer, Refusal> {
    let now = arriving.at;
    let (client, answer) = match start(ports, client_id, request_uri, arriving).await? {
        AuthorizeOutcome::UnknownRequest => return Ok(PageError::Request.page()),
        AuthorizeOutcome::Unauthorized(client, pushed) => {
            let error = ("unauthorized_client", "response_type not registered for this client");
            let answer = back_with(&client, &pushed, error);
            (client, answer)
        }
        AuthorizeOutcome::NotAwaiting(client, pushed) => {
            let answer =
                back_with(&client, &pushed, ("access_denied", "consent does not await authorisation"));
            (client, answer)
        }
        AuthorizeOutcome::Decided(client, interaction) => {
            let secret = arrived_before(&interaction, known, now);
            let on = secret.map(|secret| to_channel(ports, &interaction, &secret, now));
            (client, on.unwrap_or_else(|| PageError::Session.page()))
        }
        AuthorizeOutcome::Started(client, interaction) => {
            let secret = arrival_secret(ports, &interaction, known);
            (client, to_channel(ports, &interaction, &secret, now))
        }
    };
    Ok(answer.for_client(client.organisation))
}

/// Sends the browser back to the client with an error, if that is safe.
fn back_with(
    client: &Client,
    pushed: &PushedRequest,
    (error, description): (&'static str, &'static str),
) -> Answer {
    let back = ReturnAddress::of(client, &pushed.redirect_uri, pushed.state.as_deref());
    back.map_or_else(|| PageError::Request.page(), |back| back.with_error(error, description))
}

/// The secret of an arrival at an interaction that is not over, if a browser shows one.
fn arrived_before(interaction: &Interaction, known: Option<&str>, now: Moment) -> Option<ArrivalSecret> {
    let over = matches!(interaction.at(now), Waiting::Nothing | Waiting::Expired);
    known.filter(|_| !over).and_then(|text| interaction.arrivals().read(text))
}

/// The secret of the arrival: the one that is known already, else a new one.
fn arrival_secret(ports: &PublicPorts, interaction: &Interaction, known: Option<&str>) -> ArrivalSecret {
    let arrivals = interaction.arrivals();
    let known = known.and_then(|text| arrivals.read(text));
    known.unwrap_or_else(|| arrivals.fresh(&ports.shared.ids.secret()))
}

/// The cookie that takes it to the browser: for this host alone, out of reach of scripts, gone with the interaction. `Lax`, because
/// the channel sends the browser back from another site.
fn arrival_cookie_of(interaction: &Interaction, secret: &ArrivalSecret, now: Moment) -> String {
    let (name, text) = (arrival_cookie(&interaction.id), secret.as_str());
    let seconds = interaction.over_at().seconds() - now.seconds();
    format!("{name}={text}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax")
}

/// Starts an interaction over a pushed request, if it is this client's and its targets still wait.
async fn start(
    ports: &PublicPorts,
    client_id: &str,
    request_uri: &str,
    arriving: &Arriving,
) -> Result<AuthorizeOutcome, Refusal> {
    let now = arriving.at;
    let Ok(id) = ClientId::parse(client_id) else { return Ok(AuthorizeOutcome::UnknownRequest) };
    // Both are read whatever comes of the first: the time of an answer tells nobody which of them is not there (T43, T60).
    let pushed = ports.shared.grants.pushed(request_uri).await?;
    let client = ports.shared.clients.find(&id).await?;
    let of_client = |pushed: &PushedRequest| pushed.client == id && now < pushed.expires_at;
    let Some((client, pushed)) = client.zip(pushed.filter(of_client)) else {
        return Ok(AuthorizeOutcome::UnknownRequest);
    };
    if ReturnAddress::of(&client, &pushed.redirect_uri, pushed.state.as_deref()).is_none() {
        return Ok(AuthorizeOutcome::UnknownRequest);
    }
    if !targets::await_decision(&ports.shared, &pushed.client, &pushed.target, pushed.linked.as_ref(), now)
        .await?
    {
        let interaction = ports.interactions.find(&interaction_id(&pushed.request_uri)).await?;
        return Ok(match interaction.filter(Interaction::is_decided) {
            Some(decided) => AuthorizeOutcome::Decided(client, Box::new(decided)),
            None => AuthorizeOutcome::NotAwaiting(client, Box::new(pushed)),
        });
    }
    if !client.may_request(RESPONSE_TYPE) {
        return Ok(AuthorizeOutcome::Unauthorized(client, Box::new(pushed)));
    }
    let arrival_key = ports.shared.ids.secret();
    let interaction = Interaction::start(
        NewInteraction {
            target: pushed.target.clone(),
            linked: pushed.linked.clone(),
            assurance: pushed.assurance,
            client: client.id.clone(),
            client_name: client.name.clone(),
            redirect_uri: pushed.redirect_uri.clone(),
            request_uri: pushed.request_uri.clone(),
            arrival_key: arrival_key.clone(),
        },
        now,
    );
    let interaction = begun(ports, interaction, &arrival_key, arriving).await?;
    Ok(AuthorizeOutcome::Started(client, Box::new(interaction)))
}

/// The one interaction of a pushed request: this one if it is the first, else the one that is there, begun again if its session
/// is over.
async fn begun(
    ports: &PublicPorts,
    fresh: Interaction,
    arrival_key: &str,
    arriving: &Arriving,
) -> Result<Interaction, PortError> {
    let fresh = fresh.reporting_its_arrival();
    let report = arriving.report(ports, &fresh)?;
    for _ in 0..ATTEMPTS {
        // Only the first arrival writes: of a link that is opened a thousand times the others cost a read (T62).
        let stored = match ports.interactions.find(&fresh.id).await? {
            Some(stored) => stored,
            None => match ports.interactions.start(&fresh, Some(&report)).await? {
                Some(stored) => stored,
                None => return Ok(fresh),
            },
        };
        let Some(again) = stored.begin_again(arrival_key, arriving.at) else { return Ok(stored) };
        if ports.interactions.begin_again(&again).await? {
            return Ok(again);
        }
        // Another arrival was faster, or the table has cleaned up: look again.
    }
    Err(PortError::new("interactions table", "an interaction changed at every try"))
}

#[cfg(test)]
mod tests;
