//! Identity x route: a caller that a route is not for gets 401, 403 or 404 as the rule says (S10, S30, S32, C09), or no
//! connection at all; never data, never a 5xx, and nothing stored changes. Whoever is refused for the same reason is answered
//! alike (T43).

mod alike;
mod channel;
mod managed;
mod regulatory;
mod routes;

use std::collections::BTreeMap;

use http::Method;
use ponte_bank::customers::CUSTOMERS;
use ponte_machine::clock;
use ponte_web::caller::{Call, Caller};
use serde_json::{Value, json};

use alike::Answers;

use super::callers::Callers;
use super::cloud::{Cloud, Item};
use super::steps::{OpenInteraction, World, want};
use super::systems::{System, certified};
use crate::stack::Stack;

/// The expected answer of a call.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wanted {
    /// No connection: the TLS layer knows this authority not, or misses a certificate.
    NoConnection,
    /// An Open Finance error.
    Refused(u16, &'static str),
    /// An error of the authorization server.
    OfProtocol(u16, &'static str),
    /// The gateway has no such route.
    NoRoute,
    /// A page that says no more than that.
    Page(u16),
}

const UNAUTHENTICATED: Wanted = Wanted::Refused(401, "NAO_AUTORIZADO");
const DENIED: Wanted = Wanted::Refused(403, "ACESSO_NEGADO");
const UNKNOWN: Wanted = Wanted::Refused(404, "NAO_ENCONTRADO");
const NOT_OF_PROTOCOL: Wanted = Wanted::OfProtocol(404, "invalid_request");

/// Everybody who calls, and what they are after.
struct Matrix<'s> {
    stack: &'s Stack,
    world: World,
    /// Client certificates: two participants; a caller with none.
    first: Caller,
    second: Caller,
    none: Caller,
    office: System,
    app: System,
    /// The first customer's authorised consent, her token; another consent of hers, its token.
    consent: String,
    customer_token: String,
    other_consent_token: String,
    /// An interaction that waits for its customer's login.
    waiting: OpenInteraction,
    /// Another one, its page open in a browser.
    opened: OpenInteraction,
    /// Another one, after its customer's login.
    logged_in: OpenInteraction,
    /// Tokens of the participants themselves.
    first_token: String,
    second_token: String,
    answers: Answers,
}

/// One call that must not get in.
struct Attempt<'a> {
    who: &'a str,
    caller: &'a Caller,
    /// Host and template of the route.
    route: (&'a str, &'a str),
    /// Method and whole URL.
    call: (&'a str, String),
    headers: Vec<(&'static str, String)>,
    body: Option<Value>,
    wanted: Wanted,
}

impl Matrix<'_> {
    async fn around(stack: &Stack) -> Matrix<'_> {
        let world = World::around(stack).await;
        let second = World::around_client(stack, 1).await;
        let (first_token, second_token) = (world.client_token().await, second.client_token().await);
        let mut given = Vec::new();
        for _ in 0..2 {
            let consent = world.create_consent(&first_token).await;
            let tokens = world.agree(&world.log_in(&consent).await).await;
            given.push((consent, tokens.access));
        }
        let (_, other_consent_token) = given.pop().expect("two consents");
        let (consent, customer_token) = given.pop().expect("two consents");
        let waiting = world.depart(&world.create_consent(&first_token).await).await;
        let opened = world.depart(&world.create_consent(&first_token).await).await;
        let page = format!("{}/auth/handoff/v1/{}", stack.text("/hosts/public"), opened.interaction);
        let page = want(200, "page", world.receiver.browse(&page).await.expect("the page is shown"));
        assert!(page.header("set-cookie").is_none(), "it is known by the cookie of its arrival");
        let logged_in = world.log_in(&world.create_consent(&first_token).await).await;
        let client = |number: u8| {
            let file = |name: &str| format!("/clients/{number}/{name}");
            certified(stack, (&file("transport_cert"), &file("transport_key"))).wary()
        };
        Matrix {
            stack,
            first: client(0),
            second: client(1),
            none: world.plain.clone().wary(),
            office: System::named(stack, "backoffice"),
            app: System::named(stack, "app"),
            world,
            consent,
            customer_token,
            other_consent_token,
            waiting,
            opened,
            logged_in,
            first_token,
            second_token,
            answers: Answers::default(),
        }
    }

    fn host(&self, name: &str) -> &str {
        self.stack.text(&format!("/hosts/{name}"))
    }

    /// Makes the call and holds what came against what must come.
    async fn refuse(&self, attempt: Attempt<'_>) {
        let Attempt { who, caller, route: (host, template), call: (method, url), headers, body, wanted } =
            attempt;
        let said = format!("{who}: {method} {url}");
        let route = format!("{host} {method} {template}");
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let call = match &body {
            Some(body) => Call::json(method, url, body),
            None => Call::new(method, url),
        };
        let call = headers.into_iter().fold(call, |call, (name, value)| call.header(name, value));
        let reply = match (caller.send(call).await, wanted) {
            (Err(fault), Wanted::NoConnection) => return assert!(fault.refused_by_tls, "{said}: {fault}"),
            (Err(fault), _) => panic!("{said}: {fault}"),
            (Ok(reply), _) => reply,
        };
        let (said, body) = (format!("{said}: {} {}", reply.status, reply.excerpt()), reply.json());
        // Of 403 there are several reasons, and each is told.
        if !matches!(wanted, Wanted::Refused(403, _)) {
            self.answers.compare(&route, wanted, &said, &reply);
        }
        match wanted {
            Wanted::NoConnection => panic!("{said}"),
            Wanted::Page(status) => {
                let html = reply.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
                assert!(reply.status == status && html && reply.header("set-cookie").is_none(), "{said}");
            }
            Wanted::NoRoute => {
                assert_eq!((reply.status, &body), (404, &json!({"message": "Not Found"})), "{said}");
            }
            Wanted::OfProtocol(status, error) => {
                assert_eq!((reply.status, &body["error"]), (status, &json!(error)), "{said}");
            }
            Wanted::Refused(status, code) => {
                assert_eq!((reply.status, &body["errors"][0]["code"]), (status, &json!(code)), "{said}");
                let members: Vec<&String> =
                    body.as_object().into_iter().flatten().map(|(name, _)| name).collect();
                assert_eq!(members, ["errors", "meta"], "{said}");
            }
        }
        let data = CUSTOMERS.iter().flat_map(|customer| [customer.cpf, customer.name]);
        let text = String::from_utf8_lossy(&reply.body);
        assert!(!data.into_iter().any(|fact| text.contains(fact)), "{said}");
    }
}

/// Content that may not change: every item of every table but the outbox, where refused calls are reported too (M10).
async fn stored(cloud: &Cloud<'_>) -> BTreeMap<String, Vec<Item>> {
    let mut tables = cloud.tables().await;
    tables.remove(cloud.table("consents", "OUTBOX_TABLE")).expect("there is an outbox");
    for items in tables.values_mut() {
        items.retain(|item| !Cloud::counts_attempts(item));
        items.sort_by_cached_key(|item| json!(item).to_string());
    }
    tables
}

/// The headers of a call to a regulatory API that comes for a customer.
fn regulatory(token: &str) -> Vec<(&'static str, String)> {
    let mut headers = vec![
        ("x-fapi-interaction-id", clock::new_id()),
        ("x-fapi-customer-ip-address", "203.0.113.9".to_owned()),
        ("x-customer-user-agent", "matrix".to_owned()),
        ("accept", "application/json".to_owned()),
    ];
    if !token.is_empty() {
        headers.push(("authorization", format!("Bearer {token}")));
    }
    headers
}

#[tokio::test]
async fn c09_s10_s30_s32_nobody_gets_in_where_another_belongs() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let callers = Callers::of(&stack);
    let cloud = Cloud::of(&stack, &callers);
    let matrix = Matrix::around(&stack).await;
    let keys = managed::keys(&matrix).await;
    let before = stored(&cloud).await;
    let tried = [
        Box::pin(regulatory::everybody(&matrix)).await,
        Box::pin(channel::everybody(&matrix)).await,
        Box::pin(managed::everybody(&matrix, &keys)).await,
    ];
    let after = stored(&cloud).await;
    for (table, items) in &before {
        assert_eq!(items, &after[table], "{table} has changed");
    }
    let compared = matrix.answers.compared();
    println!("attempts at regulatory, channel and managed routes: {tried:?}, answers compared: {compared}");
    assert!(compared > tried.iter().sum::<usize>() / 2, "most are refused like another one");
    let consents = &before[cloud.table("consents", "CONSENTS_TABLE")];
    assert!(consents.len() >= 2 && tried.iter().all(|tried| *tried > 0));
    // The one whom the routes are for does get in: nobody is refused because everybody is.
    assert_eq!(matrix.world.status(&matrix.first_token, &matrix.consent).await, "AUTHORISED");
    assert_eq!(matrix.office.detail(&matrix.consent).await["status"], "AUTHORISED");
}
