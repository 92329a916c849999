//! Chapter 1: the participants, and how the receivers became clients of the institution.

use ponte_bank::app::App;
use ponte_bank::channel::Channel;
use ponte_bank::system::System;
use ponte_participant::{Receiver, Registration};
use ponte_values::{Device, OperatingSystem, Platform};
use serde_json::Value;

use crate::expect::{list, require, status, text};
use crate::runner::{Aborted, Runner, Step};

/// The participants of the journey.
pub(crate) struct Participants {
    /// The receiver that asks for the data.
    pub(crate) receiver: Receiver,
    /// Another organisation with a certificate of its own.
    pub(crate) other: Receiver,
    /// The institution's internet bank.
    pub(crate) channel: Channel,
    /// The institution's app, with the back end behind it.
    pub(crate) app: App,
    /// The institution's back office.
    pub(crate) office: System,
    /// The customer's device.
    pub(crate) device: Device,
    /// CPF of the customer.
    pub(crate) cpf: String,
    /// The channel's token of the customer.
    pub(crate) channel_token: String,
}

/// Sets up every participant from `endpoints.json`.
pub(crate) async fn set_up(runner: &mut Runner<'_>) -> Result<Participants, Aborted> {
    runner.chapter("Two receivers are clients of an institution");
    let step = Step {
        title: "They find the authorization server",
        from: "receiver",
        to: "ponte",
        call: "GET openid-configuration, jwks",
    };
    let found = assemble(runner.endpoints).await;
    let result = found.map_err(|problem| ("a running stack".to_owned(), problem)).map(|participants| {
        let names = [&participants.receiver, &participants.other]
            .map(|receiver| receiver.record().organisation_name.as_str());
        let note = format!("{} and {} meet {}", names[0], names[1], participants.receiver.institution());
        (participants, note)
    });
    runner.fact(&step, result)
}

async fn assemble(endpoints: &Value) -> Result<Participants, String> {
    let string = |pointer: &str| text(endpoints, pointer).map(str::to_owned);
    let trust = std::fs::read_to_string(string("/ca_file")?).map_err(|problem| problem.to_string())?;
    let channel = Channel::new(&string("/channel/base_url")?, &string("/channel/client_name")?, &trust)
        .map_err(|problem| problem.to_string())?;
    let receiver =
        async |position| Receiver::set_up(endpoints, position).await.map_err(|problem| problem.to_string());
    Ok(Participants {
        receiver: receiver(0).await?,
        other: receiver(1).await?,
        channel,
        app: App::of(endpoints).map_err(|problem| problem.to_string())?,
        office: System::of(endpoints, "backoffice").map_err(|problem| problem.to_string())?,
        device: Device {
            platform: Platform::Browser,
            os: OperatingSystem::Linux,
            os_version: "20.04".into(),
        },
        cpf: string("/customers/0/cpf")?,
        channel_token: string("/customers/0/channel_access_token")?,
    })
}

/// The registration that each of them made with a software statement of the directory before the demo began.
pub(crate) async fn registered(runner: &mut Runner<'_>, participants: &Participants) -> Result<(), Aborted> {
    let step = Step {
        title: "One of them reads back how it registered itself",
        from: "receiver",
        to: "ponte",
        call: "GET /auth/register/{clientId}",
    };
    let held = participants.receiver.registration();
    runner
        .answer(&step, participants.receiver.read_registration(&held).await, |reply| {
            status(reply, 200)?;
            let found = Registration::of(reply).ok_or("a registration (RFC 7592 section 3)")?;
            require(found.client_id == held.client_id, || format!("client_id {}", held.client_id))?;
            let same = found.registration_access_token == held.registration_access_token;
            require(same, || "the same registration_access_token: it never rotates (S89)".into())?;
            let body = reply.json();
            let record = participants.receiver.record();
            let uris = list(&body, "/redirect_uris")?.iter().filter_map(Value::as_str);
            require(uris.eq(record.redirect_uris.iter()), || {
                "the redirect URI of the directory (S83)".into()
            })?;
            require(text(&body, "/jwks_uri")? == record.jwks_uri, || {
                "the key set of the directory (S82)".into()
            })?;
            let scopes = found.scope.split(' ').count();
            Ok(format!("client_id {}; its role in the directory gives it {scopes} scopes", found.client_id))
        })
        .map(drop)
}
