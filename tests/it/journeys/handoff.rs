//! The app takes a link over, and a desktop hands an interaction to a phone: over the gateway, with its cookies, to tokens
//! (product contract, section 1.3).

use http::Method;
use ponte_bank::app::App;
use ponte_bank::customers::CUSTOMERS;
use ponte_participant::CallbackFault;
use ponte_web::caller::{Call, Reply};
use serde_json::{Value, json};

use super::steps::{OpenInteraction, World, device, want};
use crate::stack::Stack;

const SCRIPT: &str = "/auth/handoff/v1/oob-handoff.js";

struct Handoff {
    world: World,
    app: App,
    host: String,
    /// The receiver's own token.
    own: String,
}

/// The browser that opened a page.
struct Desktop {
    page: String,
    /// The code that a customer types into the phone.
    code: String,
    /// What its QR code has in it for the app.
    scanned: String,
}

impl Handoff {
    async fn call(&self, call: Call) -> Reply {
        self.world.plain.send(call).await.expect("the public host answers")
    }

    async fn interaction(&self) -> (String, OpenInteraction) {
        let consent = self.world.create_consent(&self.own).await;
        let interaction = self.world.depart(&consent).await;
        (consent, interaction)
    }

    /// The page in the browser that arrived by `authorize`, whose cookie it is known by.
    async fn open(&self, interaction: &OpenInteraction) -> Desktop {
        let page = format!("{}/auth/handoff/v1/{}", self.host, interaction.interaction);
        want(404, "another browser", self.call(Call::get(&page)).await);
        let reply = self.world.receiver.browse(&page).await.expect("the public host answers");
        let reply = want(200, "page", reply);
        assert!(reply.header("set-cookie").is_none(), "no secret besides that of the arrival");
        let policy = reply.header("content-security-policy").expect("the page says what it loads");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        let body = String::from_utf8(reply.body.to_vec()).expect("a page is text");
        let code = body.split("aria-hidden=\"true\">").nth(1).and_then(|rest| rest.split('<').next());
        let code = code.expect("the page shows a code").to_owned();
        let link = format!("href=\"{}/auth/handoff/", self.host);
        let scanned = body.split(&link).nth(1).and_then(|rest| rest.split('"').next());
        let scanned = scanned.expect("the page has the link of its QR code").to_owned();
        Desktop { page, code, scanned }
    }

    async fn status(&self, desktop: &Desktop) -> String {
        let reply = self.world.receiver.browse(&format!("{}/status", desktop.page)).await;
        let body = want(200, "status", reply.expect("the public host answers")).json();
        body["status"].as_str().unwrap_or_default().to_owned()
    }

    async fn post(&self, desktop: &Desktop, what: &str) -> Reply {
        let call = Call::post_json(format!("{}/{what}", desktop.page), &json!({}));
        self.world.receiver.browser().send(call).await.expect("the public host answers")
    }

    async fn read(&self, code: &str) -> Value {
        want(200, "handoff", self.app.handoff(code).await.expect("the loop answers")).json()
    }

    /// The app says who the customer is and what was chosen; the last command.
    async fn decide(&self, due: &Value) -> Value {
        let id = due["commandId"].as_str().expect("a command has an id");
        let jti = due["authenticateCommand"]["jti"].as_str().expect("a login is due");
        let jwt = self.app.signed(&App::claims(&CUSTOMERS[0], jti));
        let reply = self.app.authenticate(id, &jwt, &device()).await.expect("the loop answers");
        let due = want(200, "authentication", reply).json();
        let offered = &due["consentCommand"]["consent"]["resources"][0]["id"];
        let chosen = [offered.as_str().expect("an account is on offer")];
        let yes = json!({ "selectedResources": chosen, "device": device() });
        let reply = self.app.result(id, "consent", &yes).await.expect("the loop answers");
        want(200, "consent", reply).json()
    }
}

#[tokio::test]
async fn c03_c06_s05_interactions_go_to_the_app_and_back_to_where_they_began() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let host = stack.text("/hosts/public").to_owned();
    let handoff = Handoff { world, app: App::of(stack.endpoints()).expect("the app is set up"), host, own };
    Box::pin(taken_over(&handoff)).await;
    Box::pin(decided_on_the_phone(&handoff)).await;
    Box::pin(given_up_at_the_desktop(&handoff)).await;
    Box::pin(read_by_the_attacker(&handoff)).await;
}

/// The app replays the link, hears its first command and goes back to the client itself.
async fn taken_over(handoff: &Handoff) {
    let world = &handoff.world;
    let consent = world.create_consent(&handoff.own).await;
    let authorization = world.receiver.begin(&consent);
    let pushed = world.receiver.push(&authorization, "accounts resources").await.expect("par answers");
    let pushed = want(201, "par", pushed).json();
    let link = world.receiver.authorization_url(pushed["request_uri"].as_str().expect("a request_uri"));
    let by_app = |url: &str| Call::get(url).header("accept", "application/json");
    let reply = want(303, "replayed link", handoff.call(by_app(&link)).await);
    let first = reply.header("location").expect("a redirect has a location").to_owned();
    let due = want(200, "first command", handoff.call(by_app(&first)).await).json();
    assert_eq!(due["command"], "authenticate", "{due}");
    let last = handoff.decide(&due).await;
    let back = last["completedCommand"]["redirect"]["redirectTo"].as_str().expect("a way back");
    let interaction = OpenInteraction { authorization, interaction: String::new() };
    let callback = world.come_back(&interaction, back).await.expect("the redirect is good");
    world.redeem(&interaction, &callback.code).await;
    assert_eq!(world.status(&handoff.own, &consent).await, "AUTHORISED");
    let used = want(400, "used link", handoff.call(by_app(&link)).await).json();
    assert_eq!(used["errors"][0]["code"], "PARAMETRO_INVALIDO");
}

/// The phone decides; only the desktop that opened the page gets back to the client, and once.
async fn decided_on_the_phone(handoff: &Handoff) {
    let (consent, interaction) = handoff.interaction().await;
    let desktop = handoff.open(&interaction).await;
    let script = handoff.call(Call::get(format!("{}{SCRIPT}", handoff.host))).await;
    assert_eq!(want(200, "script", script).header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(handoff.status(&desktop).await, "READY");
    let due = handoff.read(&desktop.code.to_lowercase()).await;
    assert_eq!((&due["command"], handoff.status(&desktop).await.as_str()), (&json!("authenticate"), "READ"));
    let last = handoff.decide(&due).await;
    assert_eq!(last["completedCommand"]["redirect"], json!({"isHandOff": true}));
    assert_eq!(handoff.status(&desktop).await, "COMPLETED");
    let finish = Call::post_json(format!("{}/finish", desktop.page), &json!({}));
    want(404, "another browser", handoff.call(finish.header("cookie", "__Host-arrival-x=y")).await);
    want(404, "its page", handoff.call(Call::new(Method::GET, &desktop.page)).await);
    let back = want(200, "finish", handoff.post(&desktop, "finish").await).json();
    let again = want(200, "finish again", handoff.post(&desktop, "finish").await).json();
    assert_eq!(again, back, "T61");
    let back = back["redirectTo"].as_str().expect("a way back");
    let callback = handoff.world.come_back(&interaction, back).await.expect("the redirect is good");
    let tokens = handoff.world.redeem(&interaction, &callback.code).await;
    want(200, "accounts", handoff.world.accounts(&tokens.access, &consent).await);
}

/// The customer gives up at the desktop: the client hears `access_denied`, the phone that it is over.
async fn given_up_at_the_desktop(handoff: &Handoff) {
    let (consent, interaction) = handoff.interaction().await;
    let desktop = handoff.open(&interaction).await;
    handoff.read(&desktop.scanned).await;
    let back = want(200, "abort", handoff.post(&desktop, "abort").await).json();
    let over = handoff.read(&desktop.scanned).await;
    assert_eq!(over["errorCommand"]["type"], "HANDOFF_ABORTED", "{over}");
    let back = back["redirectTo"].as_str().expect("a way back");
    let told = handoff.world.come_back(&interaction, back).await;
    assert!(
        matches!(&told, Err(CallbackFault::Refused(error)) if error == "access_denied"),
        "{:?}",
        told.err()
    );
    assert_eq!(handoff.world.status(&handoff.own, &consent).await, "REJECTED");
}

/// Somebody opens the link, reads the code of his own page, and sends the customer to the institution's page with his id: her
/// login there is none, and his browser never gets anywhere (T59).
async fn read_by_the_attacker(handoff: &Handoff) {
    let (consent, interaction) = handoff.interaction().await;
    let desktop = handoff.open(&interaction).await;
    let id = interaction.interaction.as_str();
    let by_id = Call::get(format!("{}/auth/handoff/{id}", handoff.host)).header("accept", "application/json");
    want(404, "the id of an arrival is no code", handoff.call(by_id).await);
    let due = handoff.read(&desktop.code).await;
    assert_eq!(due["isHandOff"], true, "{due}");
    let jti = due["authenticateCommand"]["jti"].as_str().expect("a login is due");
    // The institution's page, its back end and its channel, each as genuine as can be, without what the code's reader was told.
    let page = format!("{}/auth/app/commands/{id}", handoff.host);
    let jwt = handoff.app.signed(&App::claims(&CUSTOMERS[0], jti));
    let login = json!({ "jwt": jwt, "device": device() });
    let yes = json!({ "selectedResources": [], "device": device() });
    let name = handoff.world.channel_token(0);
    for (what, call) in [
        ("command", Call::get(&page)),
        ("authentication", Call::json(Method::PUT, format!("{page}/authentication"), &login)),
        ("consent", Call::json(Method::PUT, format!("{page}/consent"), &yes)),
        ("a no", Call::json(Method::PUT, format!("{page}/authentication"), &json!({ "refused": true }))),
    ] {
        want(404, what, handoff.call(call).await);
    }
    let login = handoff.world.channel.login(id, name, &device()).await.expect("the channel API answers");
    want(404, "login", login);
    assert_eq!(handoff.status(&desktop).await, "READ");
    want(409, "finish", handoff.post(&desktop, "finish").await);
    assert_eq!(handoff.world.status(&handoff.own, &consent).await, "AWAITING_AUTHORISATION");
}
