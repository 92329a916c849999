//! The login page of the bank's channel, for people: choose who you are, see what is asked for, say yes or no. Programs
//! use the interaction API directly, as the channel's own client does.

use std::fmt::Write as _;

use http::{Method, StatusCode};
use ponte_machine::clock;
use ponte_values::{Device, OperatingSystem, Platform};
use ponte_web::caller::{NoAnswer, Reply};
use ponte_web::{Answer, Request};
use serde_json::Value;

use crate::bank::Bank;
use crate::channel::{Channel, Decision};
use crate::customers::CUSTOMERS;
use crate::sessions::secret_in;
use crate::tokens::Login;

/// A login of the page is good for ten minutes.
const TOKEN_LIFE: std::time::Duration = std::time::Duration::from_mins(10);

/// Answers `/`, `/login`, `/login/consent` and `/login/cancel`.
pub(crate) async fn answer(bank: &Bank, request: &Request) -> Answer {
    let form = String::from_utf8_lossy(&request.body);
    let (fields, method) = match request.method {
        Method::GET => (request.query.as_str(), &Method::GET),
        Method::POST => (form.as_ref(), &Method::POST),
        _ => return page(StatusCode::METHOD_NOT_ALLOWED, "<p>GET or POST.</p>"),
    };
    let Some(interaction) = Request::field(fields, "interaction").filter(|id| is_id(id)) else {
        return page(StatusCode::OK, "<p>The login page of the sandbox bank. Nobody was sent here.</p>");
    };
    let device = device(request);
    match (method, request.path.as_str()) {
        (&Method::POST, "/login") => log_in(bank, &interaction, fields, &device).await,
        (&Method::POST, "/login/consent") => {
            let chosen: Vec<String> = url::form_urlencoded::parse(fields.as_bytes())
                .filter(|(name, _)| name == "resource")
                .map(|(_, value)| value.into_owned())
                .collect();
            // What is not ticked is not shared, even when nothing is.
            let decision = Decision { resources: Some(chosen), ..Decision::default() };
            onwards(session(bank, &interaction, fields).consent(&interaction, &decision, &device).await)
        }
        (&Method::POST, "/login/cancel") => {
            onwards(session(bank, &interaction, fields).cancel(&interaction, &device).await)
        }
        _ => choose(&interaction),
    }
}

fn choose(interaction: &str) -> Answer {
    let mut body = format!(
        "<p>Somebody wants to see data of a customer. Who are you?</p><form method=post action=/login>\
         <input type=hidden name=interaction value=\"{}\">",
        escape(interaction)
    );
    for (position, customer) in CUSTOMERS.iter().enumerate() {
        let _ =
            write!(body, "<p><button name=customer value={position}>{}</button></p>", escape(customer.name));
    }
    body.push_str(
        "<p><label><input type=checkbox name=factors value=2> with a second factor (LoA3)</label></p></form>",
    );
    page(StatusCode::OK, &body)
}

async fn log_in(bank: &Bank, interaction: &str, fields: &str, device: &Device) -> Answer {
    let chosen = Request::field(fields, "customer")
        .and_then(|position| position.parse::<usize>().ok())
        .and_then(|position| CUSTOMERS.get(position));
    let two_factors = Request::field(fields, "factors").as_deref() == Some("2");
    let login = if two_factors { Login::TwoFactors } else { Login::OneFactor };
    let until = clock::now().plus(TOKEN_LIFE);
    let token = chosen.and_then(|customer| bank.tokens.issue(customer, login, Some(until)).ok());
    let Some(token) = token else {
        return choose(interaction);
    };
    match bank.channel.with_session(None).login(interaction, &token, device).await {
        Ok(reply) if reply.status == 200 && redirect_of(&reply).is_none() => {
            decide(interaction, &secret_in(&reply).unwrap_or_default(), &reply.json()["data"])
        }
        other => onwards(other),
    }
}

/// The channel with the session of the browser that logged in here: its page alone has the secret.
fn session(bank: &Bank, interaction: &str, fields: &str) -> Channel {
    let secret = Request::field(fields, "session").unwrap_or_default();
    bank.channel.with_session(Some((interaction, secret)))
}

/// Shows what is asked for: names and permissions as Ponte sends them, whatever it sends.
fn decide(interaction: &str, secret: &str, data: &Value) -> Answer {
    let text = |value: &Value| escape(value.as_str().unwrap_or_default());
    let mut body = String::from("<p>Do you want to share?</p>");
    if data["clientName"].is_string() {
        let _ = write!(body, "<p>Receiver: <b>{}</b></p>", text(&data["clientName"]));
    }
    body.push_str("<ul>");
    for permission in data["permissions"].as_array().into_iter().flatten() {
        let _ = write!(body, "<li>{}</li>", text(permission));
    }
    body.push_str("</ul>");
    let hidden = format!(
        "<input type=hidden name=interaction value=\"{}\"><input type=hidden name=session value=\"{}\">",
        escape(interaction),
        escape(secret)
    );
    let _ = write!(body, "<form method=post action=/login/consent>{hidden}");
    for resource in data["resources"].as_array().into_iter().flatten() {
        let id = resource["id"].as_str().unwrap_or_default();
        let label: Vec<String> =
            resource["name"].as_array().into_iter().flatten().map(|pair| text(&pair["value"])).collect();
        let _ = write!(
            body,
            "<p><label><input type=checkbox name=resource value=\"{}\" checked> {}</label></p>",
            escape(id),
            if label.is_empty() { escape(id) } else { label.join(" ") }
        );
    }
    let _ = write!(
        body,
        "<button>Share</button></form><form method=post action=/login/cancel>{hidden}<button>Refuse</button></form>"
    );
    page(StatusCode::OK, &body)
}

/// Sends the browser where Ponte says, or shows why it does not.
fn onwards(reply: Result<Reply, NoAnswer>) -> Answer {
    match reply {
        Ok(reply) => match redirect_of(&reply) {
            Some(location) => Answer::see_other(&location),
            None => page(
                StatusCode::BAD_GATEWAY,
                &format!("<p>Ponte answered {}: {}</p>", reply.status, escape(&reply.excerpt())),
            ),
        },
        Err(problem) => page(
            StatusCode::BAD_GATEWAY,
            &format!("<p>Ponte did not answer: {}</p>", escape(&problem.reason)),
        ),
    }
}

fn redirect_of(reply: &Reply) -> Option<String> {
    reply.json()["data"]["redirectUri"].as_str().map(str::to_owned)
}

/// The device as far as the browser tells.
fn device(request: &Request) -> Device {
    let agent = request.header("user-agent").unwrap_or_default();
    let os = [
        ("Android", OperatingSystem::Android),
        ("iPhone", OperatingSystem::Ios),
        ("Windows", OperatingSystem::Windows),
        ("Mac OS", OperatingSystem::Macos),
        ("Linux", OperatingSystem::Linux),
    ]
    .into_iter()
    .find(|(mark, _)| agent.contains(mark))
    .map_or(OperatingSystem::Other, |(_, os)| os);
    Device { platform: Platform::Browser, os, os_version: "unknown".into() }
}

fn is_id(text: &str) -> bool {
    (1..=200).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

fn page(status: StatusCode, body: &str) -> Answer {
    let html = format!(
        "<!doctype html><meta charset=utf-8><title>Sandbox bank</title>\
         <style>body{{font:1.1em/1.5 sans-serif;max-width:32em;margin:3em auto;padding:0 1em}}</style>\
         <h1>Sandbox bank</h1>{body}<hr><p><small>A test institution on your own machine: invented people, no money, \
         nothing leaves 127.0.0.1.</small></p>"
    );
    Answer::html(status, html)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
