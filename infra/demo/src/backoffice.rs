//! Chapter 9: the back office answers for the second owner, looks into the consent, and revokes it.

use ponte_participant::DataRequest;
use serde_json::{Value, json};

use crate::app::{CUSTOMER, Shared};
use crate::data::ACCOUNTS;
use crate::expect::{list, refused, require, served, status, text};
use crate::participants::Participants;
use crate::runner::{Aborted, Runner, Step};

const RESOURCES: &str = "/open-banking/resources/v3/resources";

/// Finds the consent, completes its approval, reads, revokes it; its tokens end at once.
pub(crate) async fn manage(
    runner: &mut Runner<'_>,
    participants: &Participants,
    shared: &Shared,
) -> Result<(), Aborted> {
    runner.chapter("The back office manages consents");
    let joint = pending(runner, participants, shared).await?;
    find(runner, participants, shared).await?;
    let step = Step {
        title: "The second owner agreed: the approval is complete",
        from: "office",
        to: "ponte",
        call: "POST consents/{id}/authorisation",
    };
    let settled = participants.office.settle(&shared.consent, &json!({ "authorised": true })).await;
    runner.answer(&step, settled, |reply| status(reply, 204).map(|()| String::new()))?;

    let template = format!("{ACCOUNTS}/{{accountId}}/balances");
    let path = format!("{ACCOUNTS}/{joint}/balances");
    let step = Step {
        title: "The receiver reads the balance of the joint account",
        from: "receiver",
        to: "ponte",
        call: "GET accounts/{id}/balances",
    };
    runner.answer(&step, read(participants, shared, (&path, &template)).await, |reply| {
        served(reply, 200).map(|_| String::new())
    })?;
    revoke(runner, participants, shared).await?;
    let step = Step {
        title: "The same token, a moment later",
        from: "receiver",
        to: "ponte",
        call: "GET accounts/{id}/balances",
    };
    runner
        .answer(&step, read(participants, shared, (&path, &template)).await, |reply| refused(reply, 401))
        .map(drop)
}

async fn read(
    participants: &Participants,
    shared: &Shared,
    (path, template): (&str, &str),
) -> Result<ponte_web::caller::Reply, ponte_web::caller::NoAnswer> {
    let (token, consent) = (shared.tokens.access.as_str(), shared.consent.as_str());
    participants
        .receiver
        .get(&DataRequest { path, template, token, consent, without_interaction: false })
        .await
}

/// Finds the account with two owners among the resources of the receiver; its public id.
async fn pending(
    runner: &mut Runner<'_>,
    participants: &Participants,
    shared: &Shared,
) -> Result<String, Aborted> {
    let step = Step {
        title: "An account waits for its second owner",
        from: "receiver",
        to: "ponte",
        call: "GET resources",
    };
    let waiting = |body: &Value| {
        let resources = list(body, "/data")?.iter();
        let found = resources.clone().find(|one| one["status"] == "PENDING_AUTHORISATION");
        let found = found.ok_or("a resource PENDING_AUTHORISATION (C60)")?;
        text(found, "/resourceId").map(str::to_owned)
    };
    let reply = runner.answer(&step, read(participants, shared, (RESOURCES, RESOURCES)).await, |reply| {
        waiting(&served(reply, 200)?).map(|_| "PENDING_AUTHORISATION".to_owned())
    })?;
    waiting(&reply.json()).map_err(|_: String| Aborted)
}

/// By the customer's CPF in a header, which no log and no link repeats.
async fn find(runner: &mut Runner<'_>, participants: &Participants, shared: &Shared) -> Result<(), Aborted> {
    let step = Step {
        title: "The back office finds the consents of the customer",
        from: "office",
        to: "ponte",
        call: "GET oob-consents/v1/consents",
    };
    let customer = [("x-customer-cpf", CUSTOMER.cpf)];
    let listed = participants.office.list("?status=AUTHORISED", &customer).await;
    runner.answer(&step, listed, |reply| {
        status(reply, 200)?;
        let body = reply.json();
        let items = list(&body, "/data")?;
        let there = items.iter().any(|item| item["id"] == shared.consent.as_str());
        require(there, || format!("the consent {}", shared.consent))?;
        let clean = !body["links"].to_string().contains(CUSTOMER.cpf);
        require(clean, || "links without a document".into())?;
        Ok(format!("{} of them; certificate of the institution's own authority and an API key", items.len()))
    })?;
    let step = Step {
        title: "It looks into one: who is asked, what happened",
        from: "office",
        to: "ponte",
        call: "GET oob-consents/v1/consents/{id}",
    };
    runner.answer(&step, participants.office.detail(&shared.consent, &[]).await, |reply| {
        status(reply, 200)?;
        let body = reply.json();
        let resources = list(&body, "/data/resources")?;
        let asked = resources.iter().filter(|one| one["approval"]["approvers"].is_array()).count();
        require(asked > 0, || "a resource with approvers".into())?;
        Ok(format!("{} events in its history", list(&body, "/data/history")?.len()))
    })?;
    Ok(())
}

async fn revoke(
    runner: &mut Runner<'_>,
    participants: &Participants,
    shared: &Shared,
) -> Result<(), Aborted> {
    let step = Step {
        title: "It revokes the consent for a security reason",
        from: "office",
        to: "ponte",
        call: "PATCH consents/{id}",
    };
    let reason = json!({ "code": "INTERNAL_SECURITY_REASON" });
    let revocation = json!({ "revokedBy": "ASPSP", "reason": reason });
    let revoked = participants.office.revoke(&shared.consent, &[], &revocation).await;
    runner.answer(&step, revoked, |reply| status(reply, 204).map(|()| String::new())).map(drop)
}
