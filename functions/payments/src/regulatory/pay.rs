//! POST /pix/payments (P08, P31, P36, P40 to P45, P59): judged by us, then by the core, and accepted in one transaction with the consent
//! that it uses up. Any 422 uses it up as well, but for the one that says that others have to agree first.

use std::sync::Arc;
use std::time::Duration;

use ponte_edge::{Answer, CustomerCall, Refusal, SignedCall};
use ponte_payment::connector::{CallContext, ConnectorFault, PaymentStage};
use ponte_payment::consent::{PaymentConsent, PaymentConsentFault};
use ponte_payment::idempotency::IdempotentOutcome;
use ponte_payment::payment_rules::{self, Consented};
use ponte_payment::ports::{Acceptance, PaymentMessage, PaymentWriteFault};
use ponte_payment::wire::PaymentItem;
use ponte_ports::audit::Actor;
use ponte_ports::{CommitFault, chain};
use ponte_values::{Amount, Date, PaymentId};

use super::asked::{Asked, version};
use super::replay::{Replayed, replay};
use crate::ports::Ports;
use crate::view;

/// A payment that may be accepted, with the day of its settlement if it is scheduled.
type Judged = (PaymentItem, Option<Date>);

/// A signed call for a customer, with the consent that its token names.
type Paying = SignedCall<CustomerCall<PaymentConsent>>;

/// Time of the question to the core; a core that does not answer is asked again before anything is sent.
const QUESTION: Duration = Duration::from_secs(4);

/// How often it is decided again because somebody else changed the consent in between.
const ATTEMPTS: u32 = 4;

pub(super) async fn pay(ports: Arc<Ports>, call: Paying) -> Result<Answer, Refusal> {
    let asked = Asked::of(&call, call.row, &call.client.id, call.data_hash()?)?;
    let mut consent = call.proof.clone();
    for attempt in 1..=ATTEMPTS {
        // What a key led to used its consent up, or stands in the way when this is written: the first try of a consent that may be used
        // need not look for it.
        let fresh = attempt == 1 && consent.require_authorised(call.now).is_ok();
        let replayed = if fresh { Ok(None) } else { asked.replayed(&ports, &call).await };
        let replayed = match replayed {
            Ok(None) => None,
            Ok(Some(outcome)) => Some(again(&ports, &call, outcome).await),
            Err(refusal) => Some(Err(refusal)),
        };
        let decided = match replayed {
            Some(Err(refusal)) if refusal.status() == 422 => use_up(&ports, &call, consent, refusal).await,
            Some(told) => return told,
            None => decide(&ports, &call, &asked, consent).await,
        };
        match decided {
            Err(Undecided::Met) if attempt < ATTEMPTS => call.pause_before(attempt + 1).await,
            Err(Undecided::Met) => break,
            Err(Undecided::Refused(refusal)) => return Err(refusal),
            Ok(answer) => return Ok(answer),
        }
        let stored = ports.consents.find(&call.proof.id).await?;
        consent = stored.ok_or_else(Refusal::internal)?;
    }
    Err(Refusal::overloaded())
}

/// The reason why there is no answer of acceptance.
enum Undecided {
    /// Somebody else was faster: it is decided again.
    Met,
    /// Refused.
    Refused(Refusal),
}

impl From<Refusal> for Undecided {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<PaymentConsentFault> for Undecided {
    fn from(fault: PaymentConsentFault) -> Self {
        Self::Refused(fault.into())
    }
}

async fn decide(
    ports: &Ports,
    call: &Paying,
    asked: &Asked,
    consent: PaymentConsent,
) -> Result<Answer, Undecided> {
    // One that waits for others is used up neither by this nor by asking again, and one that is over cannot be (P08, P41).
    consent.require_authorised(call.now)?;
    match judge(ports, call, &consent).await {
        Ok(items) => accept(ports, call, asked, consent, items).await,
        Err(refusal) if refusal.status() == 422 => refuse(ports, call, asked, consent, refusal).await,
        Err(refusal) => Err(Undecided::Refused(refusal)),
    }
}

/// The items of the request, each with its day, if all may be paid.
async fn judge(ports: &Ports, call: &Paying, consent: &PaymentConsent) -> Result<Vec<Judged>, Refusal> {
    let items: Vec<PaymentItem> = call.data()?;
    // The limit of the day is kept by the transaction, which alone knows what was spent.
    let (api, spent) = (version(call.row), Amount::default());
    let consented =
        Consented { api, consent: &consent.id, terms: &consent.request.payment, spent, now: call.now };
    let items = payment_rules::judge(items, consented, &ports.settings.rules)?;
    let authorisation = consent.require_authorised(call.now)?;
    // A list of later days is judged by the core beside the call, all of it or none (P22).
    let [only] = items.as_slice() else { return Ok(items) };
    let (item, day) = only;
    if day.is_some() {
        return Ok(items);
    }
    let context = CallContext { correlation: call.interaction, left: QUESTION.min(call.time_left()) };
    let stage = PaymentStage::PostPayment;
    let judged = ports.connector.validate_payment(stage, consent, &authorisation.debtor, item, context).await;
    match judged {
        Ok(Ok(())) => Ok(items),
        Ok(Err(refused)) => Err(Refusal::of_core(api, refused)),
        // Nothing has moved: it is accepted, and the worker hears what the core says of it (P36).
        Err(ConnectorFault::NotSent(error) | ConnectorFault::Unknown(error)) => {
            tracing::warn!(error = chain(&error), "core did not judge a payment, it is accepted as received");
            Ok(items)
        }
    }
}

async fn accept(
    ports: &Ports,
    call: &Paying,
    asked: &Asked,
    consent: PaymentConsent,
    items: Vec<Judged>,
) -> Result<Answer, Undecided> {
    let actor = Actor::Client(call.client.id.to_string());
    let spare = consent.clone();
    let accepted = consent.accept(&ports.settings.institution, items, actor, call.now)?;
    let mut payments = accepted.payments;
    let spending = ports.settings.count(&spare, &mut payments);
    let views: Vec<_> = payments.iter().map(view::created).collect();
    let answer = call.value(201, &views)?;
    let ids: Vec<_> = payments.iter().map(|payment| payment.id.clone()).collect();
    let commit = accepted.consent.commit(call.uuid(), Some(call.interaction.to_string()));
    let acceptance = Acceptance {
        consent: commit.consent,
        spending,
        payments,
        idempotency: asked.record(IdempotentOutcome::Payments(ids.clone()), call),
        trail: commit.trail,
    };
    match ports.payments.accept(acceptance).await {
        Ok(()) => {
            // Of a list one message: the list is scheduled as a whole.
            tell(ports, ids.into_iter().take(1).collect()).await;
            Ok(answer)
        }
        Err(PaymentWriteFault::Conflict | PaymentWriteFault::KeyUsed) => Err(Undecided::Met),
        Err(fault @ (PaymentWriteFault::EndToEndIdUsed(_) | PaymentWriteFault::LimitOfDay)) => {
            refuse(ports, call, asked, spare, fault.into()).await
        }
        Err(fault) => Err(Undecided::Refused(fault.into())),
    }
}

/// A 422 uses the consent up, and is told again in the same words (P08, P41).
async fn refuse(
    ports: &Ports,
    call: &Paying,
    asked: &Asked,
    consent: PaymentConsent,
    refusal: Refusal,
) -> Result<Answer, Undecided> {
    let actor = Actor::Client(call.client.id.to_string());
    let mut change = consent.consume(Vec::new(), actor, call.now)?;
    change.audit.reason = Some(refusal.code().into());
    let commit = change.commit(call.uuid(), Some(call.interaction.to_string()));
    let outcome = IdempotentOutcome::Refused {
        code: refusal.code().to_owned(),
        title: refusal.title().to_owned(),
        detail: refusal.detail().to_owned(),
    };
    let acceptance = Acceptance {
        consent: commit.consent,
        payments: Vec::new(),
        idempotency: asked.record(outcome, call),
        spending: None,
        trail: commit.trail,
    };
    match ports.payments.accept(acceptance).await {
        Ok(()) => Err(Undecided::Refused(refusal)),
        Err(PaymentWriteFault::Conflict | PaymentWriteFault::KeyUsed) => Err(Undecided::Met),
        Err(fault) => Err(Undecided::Refused(fault.into())),
    }
}

/// A 422 about the key: it uses up the consent that the token names, unless that was used before (P08). What the key led to stays.
async fn use_up(
    ports: &Ports,
    call: &Paying,
    consent: PaymentConsent,
    refusal: Refusal,
) -> Result<Answer, Undecided> {
    let actor = Actor::Client(call.client.id.to_string());
    let Ok(mut change) = consent.consume(Vec::new(), actor, call.now) else {
        return Err(Undecided::Refused(refusal));
    };
    change.audit.reason = Some(refusal.code().into());
    match ports.consents.commit(change.commit(call.uuid(), Some(call.interaction.to_string()))).await {
        Ok(()) => Err(Undecided::Refused(refusal)),
        Err(CommitFault::Conflict) => Err(Undecided::Met),
        Err(CommitFault::Port(error)) => Err(Undecided::Refused(error.into())),
    }
}

/// Tells the worker. What is not told is found by the sweep.
async fn tell(ports: &Ports, ids: Vec<PaymentId>) {
    let messages: Vec<_> = ids.into_iter().map(|payment| PaymentMessage { payment }).collect();
    if let Err(error) = ports.queue.send(&messages, Duration::ZERO).await {
        tracing::warn!(error = chain(&error), "worker not told of payments, the sweep finds them");
    }
}

async fn again(ports: &Ports, call: &Paying, outcome: IdempotentOutcome) -> Result<Answer, Refusal> {
    match replay(ports, outcome).await? {
        Replayed::Payments(payments) => {
            call.value(201, &payments.iter().map(view::created).collect::<Vec<_>>())
        }
        Replayed::Consent(_) => Err(Refusal::internal()),
    }
}
