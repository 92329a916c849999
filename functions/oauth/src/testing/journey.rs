//! The customer's journey, as far as the tests need it: to an interaction, to a code, to tokens.

use std::collections::HashMap;

use ponte_authorization::interaction::{ArrivalId, Assurance, ChannelSession, Interaction, Login};
use ponte_authorization::target::TargetStatus;
use ponte_edge::Answer;
use ponte_fapi::secret;
use ponte_values::{Device, Moment, Platform, TargetKind};
use serde_json::{Value, json};

use crate::arriving::Arriving;
use crate::resume::Browser;
use crate::{authorize, resume};

use super::names::{CALLBACK, CLIENT, CONSENT, RECURRING, SUBJECT, TICKET, VERIFIER, now};
use super::world::{World, request_claims};

/// A browser that arrives, on a desktop.
pub(crate) fn arriving(at: Moment) -> Arriving {
    Arriving { device: Device::of_user_agent("Mozilla/5.0 (X11; Linux x86_64)", Platform::Browser), at }
}

impl World {
    /// Pushes the usual request.
    pub(crate) async fn pushed(&self) -> String {
        let (status, body) = self.par(&request_claims()).await;
        assert_eq!(status, 201, "{body}");
        body["request_uri"].as_str().unwrap().to_owned()
    }

    /// The same for a consent that starts anew.
    pub(crate) async fn pushed_again(&self) -> String {
        self.create_consent(CLIENT);
        self.pushed().await
    }

    /// Pushes, arrives, and returns the id of the interaction.
    pub(crate) async fn interaction(&self) -> String {
        self.interaction_with(&request_claims()).await
    }

    /// The same for another request.
    pub(crate) async fn interaction_with(&self, request: &Value) -> String {
        let (status, body) = self.par(request).await;
        assert_eq!(status, 201, "{body}");
        self.arrive(body["request_uri"].as_str().unwrap()).await
    }

    /// The customer's browser arrives; the id of the interaction.
    pub(crate) async fn arrive(&self, request_uri: &str) -> String {
        let answer = self.opened(request_uri, None, now()).await;
        let arrival = arrival_of(&answer);
        let (_, cookie) = cookie_of(&answer);
        self.memory
            .arrivals
            .lock()
            .unwrap()
            .insert(arrival.interaction().to_owned(), (arrival.clone(), cookie));
        arrival.interaction().to_owned()
    }

    /// A browser opens the link, with this cookie of the arrival or without one.
    pub(crate) async fn opened(&self, request_uri: &str, cookie: Option<&str>, at: Moment) -> Answer {
        authorize::begin(&self.public, (CLIENT, request_uri), cookie, &arriving(at)).await.unwrap()
    }

    /// The browser that arrived comes back with [`TICKET`].
    pub(crate) async fn come_back(&self, interaction: &str, at: Moment) -> Answer {
        let cookie = self.cookie(interaction);
        let browser = arrived(cookie.as_deref());
        resume::conclude(&self.public, (interaction, TICKET), &browser, at).await.unwrap()
    }

    /// The cookie of the browser that arrived at an interaction.
    pub(crate) fn cookie(&self, interaction: &str) -> Option<String> {
        self.memory.arrivals.lock().unwrap().get(interaction).map(|(_, cookie)| cookie.clone())
    }

    /// The channel's part: login and yes, the ticket's secret being [`TICKET`].
    pub(crate) async fn granted_interaction(&self) -> String {
        let id = self.interaction().await;
        self.authorise_consent();
        self.say_yes(&id, Assurance::Loa2);
        id
    }

    /// Login and yes, whatever the interaction is about.
    pub(crate) fn say_yes(&self, interaction: &str, assurance: Assurance) {
        self.change_interaction(interaction, |interaction| {
            let login = Login { subject: SUBJECT.to_owned(), at: now(), assurance };
            let arrivals = self.memory.arrivals.lock().unwrap();
            let reference = arrivals.get(&interaction.id).and_then(|(arrival, _)| arrival.reference());
            let arrival = reference.map(str::to_owned);
            let session = ChannelSession { secret_hash: "session".to_owned(), arrival };
            interaction.log_in(login, session).unwrap().grant(secret::hash(TICKET), now()).unwrap()
        });
    }

    /// The same for a consent that starts anew.
    pub(crate) async fn granted_interaction_again(&self) -> String {
        self.create_consent(CLIENT);
        self.granted_interaction().await
    }

    pub(crate) fn change_interaction(&self, id: &str, change: impl FnOnce(Interaction) -> Interaction) {
        let mut interactions = self.memory.store.interactions.lock().unwrap();
        let interaction = interactions.remove(id).unwrap();
        interactions.insert(id.to_owned(), change(interaction));
    }

    /// The whole way to a code.
    pub(crate) async fn code(&self) -> String {
        let id = self.granted_interaction().await;
        let answer = self.come_back(&id, now()).await;
        fragment(&answer).remove("code").unwrap()
    }

    /// The same for a consent that starts anew.
    pub(crate) async fn code_again(&self) -> String {
        self.create_consent(CLIENT);
        self.code().await
    }

    /// Access token and refresh token of the optimised journey: a recurring consent and the data consent (S51).
    pub(crate) async fn linked_tokens(&self) -> (String, String) {
        self.set_target(TargetKind::RecurringConsent, RECURRING, TargetStatus::Awaiting);
        let mut request = request_claims();
        request["scope"] = json!(format!("openid accounts consent:{CONSENT} recurring-consent:{RECURRING}"));
        let id = self.interaction_with(&request).await;
        self.authorise_consent();
        let authorised = TargetStatus::Authorised { subject: SUBJECT.to_owned() };
        self.set_target(TargetKind::RecurringConsent, RECURRING, authorised);
        self.say_yes(&id, Assurance::Loa2);
        let answer = self.come_back(&id, now()).await;
        let code = fragment(&answer).remove("code").unwrap();
        let (status, body) = self.redeem(&code, now()).await;
        assert_eq!(status, 200, "{body}");
        let text = |name: &str| body[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    /// Redeems a code as the client does.
    pub(crate) async fn redeem(&self, code: &str, at: Moment) -> (u16, Value) {
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.token(&parameters, at).await
    }
}

/// A browser with this cookie of an arrival, sent here by the server if need be.
pub(crate) fn arrived(cookie: Option<&str>) -> Browser<'_> {
    Browser { arrival: cookie, asked: true, ..Browser::default() }
}

/// The parameters behind the `#` of a redirect to the client.
pub(crate) fn fragment(answer: &Answer) -> HashMap<String, String> {
    assert_eq!(answer.status(), 303);
    let location = answer.header_value("location").unwrap();
    let (target, fragment) = location.split_once('#').unwrap();
    assert_eq!(target, CALLBACK);
    serde_urlencoded::from_str(fragment).unwrap()
}

/// The arrival that a browser takes to the channel.
pub(crate) fn arrival_of(answer: &Answer) -> ArrivalId {
    let location = answer.header_value("location").unwrap();
    ArrivalId::parse(location.strip_prefix("https://channel.example/login?i=").unwrap()).unwrap()
}

/// Name and value of the cookie that an arriving browser gets.
pub(crate) fn cookie_of(answer: &Answer) -> (String, String) {
    let pair = answer.cookies()[0].split(';').next().unwrap();
    let (name, value) = pair.split_once('=').unwrap();
    (name.to_owned(), value.to_owned())
}
