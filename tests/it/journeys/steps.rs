//! Steps of journeys: each makes one call, asserts its success and returns the value for the next step.

use ponte_bank::channel::{Channel, Decision};
use ponte_bank::customers::{CUSTOMERS, Customer};
use ponte_participant::{Authorization, Callback, CallbackFault, DataRequest, NewConsent, Receiver, Tokens};
use ponte_values::{Device, OperatingSystem, Platform};
use ponte_web::caller::{Call, Caller, Reply};
use serde_json::{Value, json};

use crate::stack::Stack;

pub(super) const ACCOUNTS: &str = "/open-banking/accounts/v2/accounts";
/// One whole group of permissions (C21).
pub(super) const PERMISSIONS: [&str; 4] =
    ["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "ACCOUNTS_TRANSACTIONS_READ", "RESOURCES_READ"];
/// Most sweeps, one every 250 ms: a kill may leave a lease of 60 s on rows that were in flight.
const SWEEPS: usize = 600;

/// The participants around one stack.
pub(super) struct World {
    pub(super) receiver: Receiver,
    pub(super) channel: Channel,
    /// Without a client certificate.
    pub(super) plain: Caller,
    endpoints: Value,
}

/// A customer in front of the institution's channel.
pub(super) struct OpenInteraction {
    pub(super) authorization: Authorization,
    pub(super) interaction: String,
}

pub(super) fn device() -> Device {
    Device { platform: Platform::Browser, os: OperatingSystem::Linux, os_version: "6.1".to_owned() }
}

/// The answer, which must have this status.
#[track_caller]
pub(super) fn want(status: u16, what: &str, reply: Reply) -> Reply {
    assert_eq!(reply.status, status, "{what}: {} {} {}", reply.method, reply.url, reply.excerpt());
    reply
}

/// The interaction that a redirect to the institution's login names.
pub(super) fn interaction_in(reply: &Reply) -> String {
    let login = reply.header("location").expect("a redirect has a location");
    let interaction = login.split("interaction=").nth(1).expect("the login page gets the interaction id");
    interaction.split('&').next().unwrap_or_default().to_owned()
}

impl World {
    /// Receiver, channel and a plain client of a running stack.
    pub(super) async fn around(stack: &Stack) -> Self {
        Self::around_client(stack, 0).await
    }

    /// The same with another of the participants.
    pub(super) async fn around_client(stack: &Stack, client: usize) -> Self {
        let trust = std::fs::read_to_string(stack.text("/ca_file")).expect("the authority can be read");
        let client_name = stack.text("/channel/client_name");
        Self {
            receiver: Receiver::set_up(stack.endpoints(), client).await.expect("the receiver is set up"),
            channel: Channel::new(stack.text("/hosts/public"), client_name, &trust)
                .expect("the channel is set up"),
            plain: Caller::new(&trust, None).expect("a client is set up"),
            endpoints: stack.endpoints().clone(),
        }
    }

    /// The same customer and the same channel as in another world, before this stack was started again.
    pub(super) fn going_on_from(self, before: &Self) -> Self {
        self.receiver.browser().take_cookies_of(before.receiver.browser());
        Self { channel: self.channel.with_sessions_of(&before.channel), ..self }
    }

    /// A client_credentials token.
    pub(super) async fn client_token(&self) -> String {
        let reply = self.receiver.client_token("consents").await.expect("the token endpoint answers");
        Tokens::of(&want(200, "client token", reply)).expect("a token").access
    }

    /// A consent of the first customer that awaits her.
    pub(super) async fn create_consent(&self, token: &str) -> String {
        self.create_consent_of(token, &CUSTOMERS[0]).await
    }

    /// A consent that awaits this customer.
    pub(super) async fn create_consent_of(&self, token: &str, customer: &Customer) -> String {
        let (cpf, cnpj) = (customer.cpf, customer.cnpj);
        let asked = NewConsent { cpf, cnpj, permissions: &PERMISSIONS, expires: None };
        let reply = self.receiver.create_consent(token, &asked).await.expect("the consents API answers");
        let body = want(201, "create consent", reply).json();
        body["data"]["consentId"].as_str().expect("a consent has an id").to_owned()
    }

    /// Pushes the request, sends the first customer to the institution and logs her in at the channel.
    pub(super) async fn log_in(&self, consent: &str) -> OpenInteraction {
        let interaction = self.depart(consent).await;
        let reply = self.channel.login(&interaction.interaction, self.channel_token(0), &device()).await;
        want(200, "login", reply.expect("the channel API answers"));
        interaction
    }

    /// The channel's token of a customer.
    pub(super) fn channel_token(&self, customer: usize) -> &str {
        let token = self.endpoints["customers"][customer]["channel_access_token"].as_str();
        token.expect("a customer can log in")
    }

    /// Pushes the request and sends the customer to the institution.
    pub(super) async fn depart(&self, consent: &str) -> OpenInteraction {
        self.depart_for(consent, "accounts resources").await
    }

    /// The same for these scopes.
    pub(super) async fn depart_for(&self, consent: &str, scope: &str) -> OpenInteraction {
        let authorization = self.receiver.begin(consent);
        let reply = self.receiver.push(&authorization, scope).await.expect("par answers");
        let body = want(201, "par", reply).json();
        let request_uri = body["request_uri"].as_str().expect("par gives a request_uri");
        let url = self.receiver.authorization_url(request_uri);
        let reply = want(303, "authorize", self.receiver.browse(&url).await.expect("authorize answers"));
        let interaction = interaction_in(&reply);
        OpenInteraction { authorization, interaction }
    }

    /// The customer says yes, comes back, and the code becomes tokens.
    pub(super) async fn agree(&self, interaction: &OpenInteraction) -> Tokens {
        let code = self.approve(interaction).await;
        self.redeem(interaction, &code).await
    }

    /// The customer says yes and comes back with a code.
    pub(super) async fn approve(&self, interaction: &OpenInteraction) -> String {
        let decision = Decision::default();
        let reply = self.channel.consent(&interaction.interaction, &decision, &device()).await;
        let body = want(200, "consent", reply.expect("the channel API answers")).json();
        let back = body["data"]["redirectUri"].as_str().expect("the channel learns where to send her");
        self.come_back(interaction, back).await.expect("the redirect is good").code
    }

    /// The browser goes where the institution sends it, and what the receiver makes of it.
    pub(super) async fn come_back(
        &self,
        interaction: &OpenInteraction,
        back: &str,
    ) -> Result<Callback, CallbackFault> {
        let reply = want(303, "resume", self.receiver.come_back(back).await.expect("resume answers"));
        let location = reply.header("location").expect("a redirect has a location");
        self.receiver.arrive(&interaction.authorization, location, &device())
    }

    /// A code becomes tokens.
    pub(super) async fn redeem(&self, interaction: &OpenInteraction, code: &str) -> Tokens {
        let reply = self.receiver.code_token(&interaction.authorization, code).await;
        let tokens = Tokens::of(&want(200, "token", reply.expect("the token endpoint answers")));
        tokens.expect("an authorization code becomes tokens")
    }

    /// Status of a consent, by the consents API.
    pub(super) async fn status(&self, token: &str, consent: &str) -> String {
        self.consent(token, consent).await["status"].as_str().unwrap_or_default().to_owned()
    }

    /// `data` of a consent, by the consents API.
    pub(super) async fn consent(&self, token: &str, consent: &str) -> Value {
        let reply = self.receiver.read_consent(token, consent).await.expect("the consents API answers");
        want(200, "read consent", reply).json()["data"].take()
    }

    /// `GET /accounts` with a customer's token.
    pub(super) async fn accounts(&self, token: &str, consent: &str) -> Reply {
        let asked =
            DataRequest { path: ACCOUNTS, template: ACCOUNTS, token, consent, without_interaction: false };
        self.receiver.get(&asked).await.expect("the accounts API answers")
    }

    /// Summary of the metrics platform for these interactions.
    pub(super) async fn summary(&self, interactions: &[String]) -> Value {
        let url = format!("{}/sandbox/summary", self.endpoints["pcm"]["api"].as_str().unwrap_or_default());
        let call = Call::post_json(url, &json!({ "interactions": interactions }));
        want(200, "summary", self.plain.send(call).await.expect("the platform answers")).json()
    }

    /// Orders a fault from a server of `endpoints.json`.
    pub(super) async fn order(&self, server: &str, fault: &Value) {
        let call = Call::post_json(self.faults_of(server), fault);
        want(200, "fault", self.plain.send(call).await.expect("the server answers"));
    }

    /// Its faults that are still in force.
    pub(super) async fn faults(&self, server: &str) -> Vec<Value> {
        let reply = self.plain.send(Call::get(self.faults_of(server))).await.expect("the server answers");
        want(200, "faults", reply).json()["faults"].as_array().cloned().unwrap_or_default()
    }

    /// Takes them all back.
    pub(super) async fn clear(&self, server: &str) {
        let call = Call::json(http::Method::DELETE, self.faults_of(server), &Value::Null);
        want(200, "no faults", self.plain.send(call).await.expect("the server answers"));
    }

    fn faults_of(&self, server: &str) -> String {
        let url = self.endpoints.pointer(server).and_then(Value::as_str);
        format!("{}/sandbox/faults", url.expect("a server of the stack"))
    }

    /// Fires a schedule and waits for its end.
    pub(super) async fn tick(&self, schedule: &str) {
        let control = self.endpoints["control"].as_str().unwrap_or_default();
        let tick = Call::post_json(format!("{control}/tick/{schedule}"), &Value::Null);
        want(200, schedule, self.plain.send(tick).await.expect("the control port answers"));
    }

    /// Fires the sweep until the platform has a report of ours for each interaction.
    pub(super) async fn sweep_until_all_arrived(&self, interactions: &[String]) -> Value {
        let mut summary = Value::Null;
        for _ in 0..SWEEPS {
            // Reports of new consents wait there until it is known whether the customer could be served (M38).
            self.tick("expiry").await;
            self.tick("sweep").await;
            summary = self.summary(interactions).await;
            if served(&summary) >= interactions.len() as u64 {
                return summary;
            }
            tokio::time::sleep(std::time::Duration::from_millis(250)).await;
        }
        panic!("only {} of {} reports arrived: {summary:#}", served(&summary), interactions.len());
    }
}

/// Reports of the institution in a summary.
pub(super) fn served(summary: &Value) -> u64 {
    summary["private"]["byRole"]["SERVER"].as_u64().unwrap_or_default()
}
