//! The institution's app drives the command loop: the back end says who the customer is, the customer chooses, refuses,
//! is somebody else; and what the back end signed is used twice, elsewhere or too late (product contract, section 1.3).

use ponte_bank::app::App;
use ponte_bank::customers::{CUSTOMERS, Customer};
use ponte_participant::CallbackFault;
use ponte_web::caller::Reply;
use serde_json::{Value, json};

use super::steps::{OpenInteraction, World, device, want};
use crate::stack::Stack;

/// The loop over one stack.
struct Loop {
    world: World,
    app: App,
    /// The receiver's own token.
    own: String,
}

/// Name of a command, and of the error if it is one.
fn named(body: &Value) -> (&str, &str) {
    (body["command"].as_str().unwrap_or_default(), body["errorCommand"]["type"].as_str().unwrap_or_default())
}

/// Where a command that ends the loop sends the browser.
fn way_back(body: &Value) -> &str {
    let parts = [&body["completedCommand"], &body["errorCommand"]];
    let found = parts.iter().find_map(|part| part["redirect"]["redirectTo"].as_str());
    found.unwrap_or_else(|| panic!("no way back: {body}"))
}

/// A command without the secret that the answer to a login alone has.
fn without_secret(body: &Value) -> Value {
    let mut body = body.clone();
    body.as_object_mut().expect("a command is an object").remove("sessionSecret");
    body
}

/// Products that the customer may choose.
fn products(body: &Value) -> Vec<String> {
    let offered = body["consentCommand"]["consent"]["resources"].as_array().into_iter().flatten();
    offered.filter_map(|product| product["id"].as_str().map(str::to_owned)).collect()
}

impl Loop {
    /// A consent of a customer, and the customer in front of the app.
    async fn interaction(&self, customer: &Customer) -> (String, OpenInteraction) {
        let consent = self.world.create_consent_of(&self.own, customer).await;
        let interaction = self.world.depart(&consent).await;
        (consent, interaction)
    }

    async fn command(&self, interaction: &OpenInteraction) -> Value {
        want(200, "command", self.app.command(&interaction.interaction).await.expect("the loop answers"))
            .json()
    }

    /// Claims about a customer for the command that is due.
    async fn claims(&self, interaction: &OpenInteraction, customer: &Customer) -> Value {
        let due = self.command(interaction).await;
        assert_eq!(named(&due), ("authenticate", ""), "{due}");
        App::claims(customer, due["authenticateCommand"]["jti"].as_str().expect("a command has a jti"))
    }

    async fn sent(&self, interaction: &OpenInteraction, jwt: &str) -> Reply {
        self.app.authenticate(&interaction.interaction, jwt, &device()).await.expect("the loop answers")
    }

    /// The back end says that this customer was authenticated.
    async fn authenticate(&self, interaction: &OpenInteraction, customer: &Customer) -> Value {
        let jwt = self.app.signed(&self.claims(interaction, customer).await);
        want(200, "authentication", self.sent(interaction, &jwt).await).json()
    }

    /// The receiver hears `access_denied`, and the consent is REJECTED for this reason.
    async fn ended(&self, (consent, interaction): &(String, OpenInteraction), last: &Value, reason: &str) {
        let back = self.world.come_back(interaction, way_back(last)).await;
        assert!(
            matches!(&back, Err(CallbackFault::Refused(error)) if error == "access_denied"),
            "{:?}",
            back.err()
        );
        let stored = self.world.consent(&self.own, consent).await;
        assert_eq!(
            (&stored["status"], &stored["rejection"]["reason"]["code"]),
            (&json!("REJECTED"), &json!(reason))
        );
    }
}

#[tokio::test]
async fn c03_c05_c06_s20_the_institution_s_app_drives_the_command_loop() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let looped = Loop { world, app: App::of(stack.endpoints()).expect("the app is set up"), own };
    Box::pin(chosen_and_completed(&looped)).await;
    Box::pin(for_a_company(&looped)).await;
    Box::pin(refused_at_either_step(&looped)).await;
    Box::pin(another_person(&looped)).await;
    Box::pin(signatures_that_do_not_count(&looped)).await;
}

/// Authenticate, choose one of two accounts, completed; the receiver reads that account and no other.
async fn chosen_and_completed(looped: &Loop) {
    let (consent, interaction) = looped.interaction(&CUSTOMERS[0]).await;
    let due = looped.authenticate(&interaction, &CUSTOMERS[0]).await;
    assert_eq!(named(&due), ("consent", ""), "{due}");
    assert_eq!(looped.command(&interaction).await, without_secret(&due), "to be read again");
    let offered = products(&due);
    assert_eq!(offered.len(), CUSTOMERS[0].accounts.len(), "{due}");
    let chosen = [offered[1].clone()];
    let reply =
        looped.app.consent(&interaction.interaction, &chosen, &device()).await.expect("the loop answers");
    let last = want(200, "consent", reply).json();
    assert_eq!(named(&last), ("completed", ""), "{last}");
    let callback = looped.world.come_back(&interaction, way_back(&last)).await.expect("the redirect is good");
    let tokens = looped.world.redeem(&interaction, &callback.code).await;
    let read = want(200, "accounts", looped.world.accounts(&tokens.access, &consent).await).json();
    let ids: Vec<&str> =
        read["data"].as_array().into_iter().flatten().filter_map(|one| one["accountId"].as_str()).collect();
    assert_eq!(ids, chosen, "what was chosen and nothing else");
    assert_eq!(looped.world.status(&looped.own, &consent).await, "AUTHORISED");
}

/// The company of the consent must be in what the back end signs.
async fn for_a_company(looped: &Loop) {
    let bakery = CUSTOMERS.iter().find(|customer| customer.cnpj.is_some()).expect("a customer is a company");
    let without = Customer { cnpj: None, accounts: &[], ..*bakery };
    let begun = looped.interaction(bakery).await;
    let due = looped.authenticate(&begun.1, bakery).await;
    assert_eq!(named(&due), ("consent", ""), "{due}");
    let begun = looped.interaction(bakery).await;
    let last = looped.authenticate(&begun.1, &without).await;
    assert_eq!(named(&last), ("error", "CNPJ_MISMATCH"), "{last}");
    looped.ended(&begun, &last, "INTERNAL_SECURITY_REASON").await;
}

/// A no before the login and a no after it.
async fn refused_at_either_step(looped: &Loop) {
    for step in ["authentication", "consent"] {
        let begun = looped.interaction(&CUSTOMERS[0]).await;
        if step == "consent" {
            looped.authenticate(&begun.1, &CUSTOMERS[0]).await;
        }
        let reply = looped.app.refuse(&begun.1.interaction, step, &device()).await;
        let last = want(200, step, reply.expect("the loop answers")).json();
        assert_eq!(named(&last), ("completed", ""), "{last}");
        looped.ended(&begun, &last, "CUSTOMER_MANUALLY_REJECTED").await;
    }
}

/// S20: whom the back end authenticated is not whom the consent names.
async fn another_person(looped: &Loop) {
    let begun = looped.interaction(&CUSTOMERS[0]).await;
    let last = looped.authenticate(&begun.1, &CUSTOMERS[1]).await;
    assert_eq!(named(&last), ("error", "CPF_MISMATCH"), "{last}");
    looped.ended(&begun, &last, "INTERNAL_SECURITY_REASON").await;
}

/// C05: a JWT of another interaction, from the past, of the future, or of another key is refused and changes nothing; one that
/// was good already has no second effect.
async fn signatures_that_do_not_count(looped: &Loop) {
    let (_, first) = looped.interaction(&CUSTOMERS[0]).await;
    let used = looped.app.signed(&looped.claims(&first, &CUSTOMERS[0]).await);
    let due = want(200, "authentication", looped.sent(&first, &used).await).json();
    let again = want(200, "authentication once more", looped.sent(&first, &used).await).json();
    assert_eq!(without_secret(&again), without_secret(&due), "no second effect");
    assert_ne!(again["sessionSecret"], due["sessionSecret"], "T59: the former is void");

    let (consent, second) = looped.interaction(&CUSTOMERS[0]).await;
    let good = looped.claims(&second, &CUSTOMERS[0]).await;
    let at = |iat: i64, exp: i64| {
        let now = good["iat"].as_i64().expect("claims have a moment");
        let mut claims = good.clone();
        (claims["iat"], claims["exp"]) = (json!(now + iat), json!(now + exp));
        looped.app.signed(&claims)
    };
    let signed = looped.app.signed(&good);
    let (unsigned, _) = signed.rsplit_once('.').expect("a JWT has three parts");
    let stranger = looped.world.receiver.signer().sign(ponte_fapi::jws::TokenType::Jwt, &good);
    for (what, jwt) in [
        ("replayed in another interaction", used),
        ("expired", at(-200, -100)),
        ("of a session long over", at(-900, 60)),
        ("of the future", at(600, 660)),
        ("without signature", format!("{unsigned}.")),
        ("with a broken signature", format!("{unsigned}.AAAA")),
        ("signed by a receiver", stranger.expect("a receiver can sign")),
    ] {
        let reply = want(401, what, looped.sent(&second, &jwt).await);
        assert_eq!(reply.json()["errors"][0]["code"], "NAO_AUTORIZADO", "{what}");
        let cpf = CUSTOMERS[0].cpf;
        assert!(!reply.excerpt().contains(cpf), "{what}: an error repeats nobody's document");
    }
    assert_eq!(looped.claims(&second, &CUSTOMERS[0]).await["jti"], good["jti"], "still waiting for the same");
    assert_eq!(looped.world.status(&looped.own, &consent).await, "AWAITING_AUTHORISATION");
    let due = want(200, "authentication", looped.sent(&second, &signed).await).json();
    assert_eq!(named(&due), ("consent", ""), "{due}");
}
