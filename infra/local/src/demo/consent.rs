//! Chapter 1: a receiver finds the institution and asks for a consent.

use std::time::Duration;

use ponte_sandbox::channel::Channel;
use ponte_sandbox::clock;
use ponte_sandbox::participant::{NewConsent, Receiver, Tokens};
use ponte_values::{Device, OperatingSystem, Platform};
use serde_json::Value;

use super::expect::{require, served, status, text};
use super::story::{Broken, Story, Told};

/// Balances and statements of accounts, each group whole (C21). No overdraft limits: chapter 5 asks for them in vain.
const PERMISSIONS: &[&str] =
    &["ACCOUNTS_READ", "ACCOUNTS_BALANCES_READ", "ACCOUNTS_TRANSACTIONS_READ", "RESOURCES_READ"];
/// Half a year.
const TERM: Duration = Duration::from_hours(180 * 24);

/// Who takes part.
pub(super) struct Cast {
    /// Asks for the data.
    pub(super) receiver: Receiver,
    /// Another organisation with a certificate of its own.
    pub(super) other: Receiver,
    /// The institution's app.
    pub(super) channel: Channel,
    /// The customer's device.
    pub(super) device: Device,
    /// CPF of the customer.
    pub(super) cpf: String,
    /// The channel's token of the customer.
    pub(super) channel_token: String,
}

/// A consent that waits for its customer.
pub(super) struct Asked {
    pub(super) consent: String,
    /// Access token of the receiver itself.
    pub(super) token: String,
}

/// Reads `endpoints.json` as each of the cast would.
pub(super) async fn cast(story: &mut Story<'_>) -> Result<Cast, Broken> {
    story.chapter("A receiver asks for a consent");
    let told = Told {
        title: "The receivers find the authorization server",
        from: "receiver",
        to: "ponte",
        call: "GET openid-configuration, jwks",
    };
    let found = assemble(story.endpoints).await;
    let result = found.map_err(|problem| ("a running stack".to_owned(), problem)).map(|cast| {
        let names =
            [&cast.receiver, &cast.other].map(|receiver| receiver.record().organisation_name.as_str());
        let note = format!("{} and {} meet {}", names[0], names[1], cast.receiver.institution());
        (cast, note)
    });
    story.fact(&told, result)
}

async fn assemble(endpoints: &Value) -> Result<Cast, String> {
    let string = |pointer: &str| text(endpoints, pointer).map(str::to_owned);
    let trust = std::fs::read_to_string(string("/ca_file")?).map_err(|problem| problem.to_string())?;
    let channel = Channel::new(&string("/channel/base_url")?, &string("/channel/client_name")?, &trust)
        .map_err(|problem| problem.to_string())?;
    let set_up =
        async |position| Receiver::set_up(endpoints, position).await.map_err(|problem| problem.to_string());
    Ok(Cast {
        receiver: set_up(0).await?,
        other: set_up(1).await?,
        channel,
        device: Device {
            platform: Platform::Browser,
            os: OperatingSystem::Linux,
            os_version: "20.04".into(),
        },
        cpf: string("/customers/0/cpf")?,
        channel_token: string("/customers/0/channel_access_token")?,
    })
}

/// A token for the receiver itself, and the consent.
pub(super) async fn ask(story: &mut Story<'_>, cast: &Cast) -> Result<Asked, Broken> {
    let told = Told {
        title: "It proves who it is and gets a token of its own",
        from: "receiver",
        to: "ponte",
        call: "POST /auth/token",
    };
    let reply = story.answer(&told, cast.receiver.client_token("consents").await, |reply| {
        status(reply, 200)?;
        let tokens = Tokens::of(reply).ok_or("access_token and expires_in")?;
        require((300..=900).contains(&tokens.expires_in), || "expires_in from 300 to 900 (S09)".into())?;
        Ok(format!("client_credentials, private_key_jwt, bound to its certificate; {} s", tokens.expires_in))
    })?;
    let token = Tokens::of(&reply).ok_or(Broken)?.access;

    let told = Told {
        title: "It asks for balances and statements of one customer",
        from: "receiver",
        to: "ponte",
        call: "POST consents",
    };
    let new = NewConsent {
        cpf: &cast.cpf,
        cnpj: None,
        permissions: PERMISSIONS,
        expires: Some(clock::now().plus(TERM)),
    };
    let reply = story.answer(&told, cast.receiver.create_consent(&token, &new).await, |reply| {
        let body = served(reply, 201)?;
        let state = text(&body, "/data/status")?;
        require(state == "AWAITING_AUTHORISATION", || "status AWAITING_AUTHORISATION (C03)".into())?;
        text(&body, "/data/consentId").map(str::to_owned)
    })?;
    let consent = text(&reply.json(), "/data/consentId").map_err(|_| Broken)?.to_owned();
    Ok(Asked { consent, token })
}
