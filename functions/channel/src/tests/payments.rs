//! Decisions on payment consents (P04 to P07, P33, P57; certification.md, section 11).

mod consents;
mod loops;

use std::sync::atomic::Ordering;
use std::time::Duration;

use ponte_authorization::approval::Approver;
use ponte_authorization::interaction::{Assurance, Outcome, Waiting};
use ponte_authorization::ports::Pseudonyms as _;
use ponte_authorization::target::Target;
use ponte_kit::connector::Core;
use ponte_kit::identity::ORGANISATION;
use ponte_kit::pseudonyms::PredictablePseudonyms;
use ponte_payment::connector::ConsentRefused;
use ponte_payment::consent::{
    ConsentRejectionCode, EffectiveStatus, NewPaymentConsent, PaymentConsent, PaymentConsentStatus,
};
use ponte_payment::wire::{ApiVersion, PaymentConsentRequest};
use ponte_ports::Ids as _;
use ponte_ports::audit::Actor;
use ponte_values::{ClientId, ConsentId, Cpf, InstitutionId, Moment, OrganisationId, TargetKind};
use serde_json::{Value, json};

use super::commands::world;
use super::world::{ANA, BAKERY, BRUNO, Reply, STORED, World, device, login};
pub(super) use consents::ConsentsInMemory;

/// `data` of POST /consents: 100.00 to the bakery by its key, today.
fn asked() -> Value {
    json!({
        "loggedUser": {"document": {"identification": ANA, "rel": "CPF"}},
        "creditor": {"personType": "PESSOA_JURIDICA", "cpfCnpj": BAKERY, "name": "Padaria Exemplo"},
        "payment": {
            "type": "PIX", "purpose": "IMMEDIATE", "date": "2026-03-01", "currency": "BRL", "amount": "100.00",
            "details": {
                "localInstrument": "DICT", "proxy": "padaria@example.com",
                "creditorAccount": {"ispb": "87654321", "issuer": "0002", "number": "77", "accountType": "CACC"},
            },
        },
    })
}

/// The same with another value somewhere.
fn asked_with(place: &str, value: Value) -> Value {
    let mut asked = asked();
    let (parent, name) = place.rsplit_once('/').unwrap();
    asked.pointer_mut(parent).unwrap()[name] = value;
    asked
}

impl World {
    /// An interaction to decide on a new payment consent of v5.
    async fn begin_payment(&self, request: &Value) -> String {
        self.begin_payment_of(ApiVersion::V5, request).await
    }

    async fn begin_payment_of(&self, api: ApiVersion, request: &Value) -> String {
        let request: PaymentConsentRequest = serde_json::from_value(request.clone()).unwrap();
        let institution = InstitutionId::parse("banco").unwrap();
        let company = request.business_entity.as_ref().map(|company| &company.document.identification);
        let new = NewPaymentConsent {
            id: ConsentId::mint_payment(&institution, &self.clock.uuid()).unwrap(),
            client: ClientId::parse("client-1").unwrap(),
            organisation: OrganisationId::parse(ORGANISATION).unwrap(),
            api,
            search: PredictablePseudonyms.search_keys(&request.logged_user.document.identification, company),
        };
        let consent = PaymentConsent::create(new, request, self.now()).consent;
        self.payments.put(consent.clone());
        let target = Target { kind: TargetKind::PaymentConsent, id: consent.id.clone() };
        self.begin_about(target, consent.client, Assurance::Loa2).await;
        consent.id.to_string()
    }

    fn payment(&self, id: &str) -> PaymentConsent {
        self.payments.consents.lock().unwrap()[id].clone()
    }

    fn payment_status(&self, id: &str) -> PaymentConsentStatus {
        self.payment(id).at(self.now()).status()
    }

    /// The code of a rejection that is stored, and its detail.
    fn rejection(&self, id: &str) -> (ConsentRejectionCode, Option<String>) {
        let consent = self.payment(id);
        let rejection = consent.rejection().expect("not rejected");
        (rejection.code, rejection.detail.clone())
    }

    /// Where the browser goes once the interaction is decided.
    fn outcome(&self) -> Outcome {
        match self.interaction().at(self.now()) {
            Waiting::Browser(decision) => decision.outcome.clone(),
            _ => panic!("not decided"),
        }
    }
}

fn yes() -> Value {
    json!({"resources": ["public-1"], "device": device()})
}

fn account(number: &str) -> Value {
    json!({"ispb": "12345678", "issuer": "0001", "number": number, "accountType": "CACC"})
}

fn from_account(number: &str) -> Value {
    json!({"debtorAccount": account(number), "device": device()})
}

async fn logged_in_to(request: &Value) -> (World, String) {
    let world = world();
    let id = world.begin_payment(request).await;
    let reply = world.channel("/login", login("ana")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    (world, id)
}

/// The yes was taken, and the consent rejected with this code in the same commit as the interaction, whose browser is told so.
fn rejects_with(world: &World, (id, reply): (&str, &Reply), code: ConsentRejectionCode) {
    assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("REJECTED")), "{}", reply.body);
    assert!(reply.data()["redirectUri"].is_string());
    assert_eq!(world.rejection(id).0, code);
    assert_eq!(world.outcome(), Outcome::Denied, "access_denied");
    let consent = world.payment(id);
    assert_eq!((consent.version, consent.authorisation().is_none()), (2, true));
    let audit = world.store.audit.lock().unwrap();
    let row = audit.last().unwrap();
    assert_eq!((row.action, row.reason.as_deref()), ("payment_consent.rejected", Some(code.as_str())));
    assert_eq!(row.actor, Actor::Channel(STORED.to_owned()));
    assert_eq!(world.funnel().last().unwrap().1["type"], "REJECTED");
}

#[tokio::test]
async fn z_pay_02_p10_the_customer_picks_the_account_when_the_client_names_none() {
    for body in [from_account("2"), json!({"resources": ["public-2"], "device": device()})] {
        let (world, id) = logged_in_to(&asked()).await;
        let shown = world.show().await;
        let resources = &shown.data()["resources"];
        assert_eq!((&resources[0]["id"], &resources[1]["id"]), (&json!("public-1"), &json!("public-2")));
        assert_eq!(resources[0]["balanceAmount"], "1000.00");
        assert_eq!(
            (&resources[0]["defaultSelected"], resources[1].get("defaultSelected")),
            (&json!(true), None)
        );
        let reply = world.channel("/consent", body).await;
        assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("AUTHORISED")), "{}", reply.body);
        let consent = world.payment(&id);
        let EffectiveStatus::Authorised(authorisation) = consent.at(world.now()) else {
            panic!("not authorised")
        };
        assert_eq!(authorisation.debtor.account, Core::account(1));
        assert_eq!(
            authorisation.debtor.legacy_id.as_str(),
            r#"[{"key":"account","value":"2"},{"key":"branch","value":"0001"}]"#
        );
        assert!(!authorisation.after_approvals);
        assert_eq!(*world.core.judged.lock().unwrap(), [Core::account(1)], "the core judged that account");
        assert!(matches!(world.outcome(), Outcome::Granted { subject, .. } if subject == "subject-0"));
    }
}

#[tokio::test]
async fn p07_a_yes_begins_an_hour() {
    let (world, id) = logged_in_to(&asked()).await;
    assert_eq!(world.channel("/consent", yes()).await.status, 200);
    assert_eq!(world.payment(&id).expires_at, world.now().plus(Duration::from_hours(1)));
    world.wait(Duration::from_hours(1));
    let consent = world.payment(&id);
    let EffectiveStatus::Rejected(rejection) = consent.at(world.now()) else { panic!("still open") };
    assert_eq!(rejection.code, ConsentRejectionCode::TempoExpiradoConsumo);
}

#[tokio::test]
async fn p33_the_account_that_the_client_names_is_the_only_one() {
    let (world, id) = logged_in_to(&asked_with("/debtorAccount", account("2"))).await;
    let shown = world.show().await;
    assert_eq!(shown.data()["debtorAccount"], account("2"));
    let resources = shown.data()["resources"].as_array().unwrap();
    assert_eq!((resources.len(), &resources[0]["id"]), (1, &json!("public-2")));
    assert_eq!(resources[0]["defaultSelected"], true);
    let commits = world.commits();
    for body in [from_account("1"), yes()] {
        let reply = world.channel("/consent", body).await;
        assert_eq!((reply.status, reply.code()), (422, "PARAMETRO_INVALIDO"), "{}", reply.body);
    }
    assert_eq!((world.commits(), world.core.judged.lock().unwrap().len()), (commits, 0));
    // Left open it is that one.
    assert_eq!(world.channel("/consent", json!({"device": device()})).await.status, 200);
    assert_eq!(world.payment(&id).authorisation().unwrap().debtor.account, Core::account(1));
}

#[tokio::test]
async fn p33_a_choice_names_one_account_and_an_offered_one() {
    let (world, id) = logged_in_to(&asked()).await;
    let commits = world.commits();
    let both = json!({"resources": ["public-1"], "debtorAccount": account("2"), "device": device()});
    for (body, place) in [
        (json!({"device": device()}), "debtorAccount"),
        (json!({"resources": [], "device": device()}), "debtorAccount"),
        (json!({"resources": ["public-1", "public-2"], "device": device()}), "debtorAccount"),
        (json!({"resources": ["public-9"], "device": device()}), "resources"),
        (from_account("9"), "debtorAccount"),
        (both, "debtorAccount"),
    ] {
        let reply = world.channel("/consent", body.clone()).await;
        assert_eq!((reply.status, reply.code()), (422, "PARAMETRO_INVALIDO"), "{body}");
        assert!(reply.body.to_string().contains(place), "{body}: {}", reply.body);
    }
    let malformed =
        json!({"debtorAccount": {"ispb": "1", "number": "1", "accountType": "CACC"}, "device": device()});
    assert_eq!(world.channel("/consent", malformed).await.status, 400);
    assert_eq!(world.payment_status(&id), PaymentConsentStatus::AwaitingAuthorisation);
    assert_eq!(world.commits(), commits);
    let same_twice = json!({"resources": ["public-1"], "debtorAccount": account("1"), "device": device()});
    assert_eq!(world.channel("/consent", same_twice).await.status, 200);
}

#[tokio::test]
async fn p33_without_an_account_that_may_be_debited_the_yes_is_rejected() {
    let unknown = asked_with("/debtorAccount", account("9"));
    let (none_left, first) = logged_in_to(&unknown).await;
    let (none, second) = logged_in_to(&asked()).await;
    *none.core.empty.lock().unwrap() = true;
    for (world, id) in [(none_left, first), (none, second)] {
        assert_eq!(world.show().await.data()["resources"], json!([]));
        let reply = world.channel("/consent", json!({"device": device()})).await;
        rejects_with(&world, (&id, &reply), ConsentRejectionCode::ContaNaoPermitePagamento);
        assert!(world.core.judged.lock().unwrap().is_empty(), "the core is asked about no account");
    }
}

#[tokio::test]
async fn z_pay_16_the_account_of_the_creditor_is_not_debited() {
    let (world, id) = logged_in_to(&asked_with("/payment/details/creditorAccount", account("1"))).await;
    let reply = world.channel("/consent", yes()).await;
    rejects_with(&world, (&id, &reply), ConsentRejectionCode::ContasOrigemDestinoIguais);
}

#[tokio::test]
async fn z_pay_16_a_customer_who_says_no_rejects_with_or_without_a_login() {
    let before = world();
    let first = before.begin_payment(&asked()).await;
    let (after, second) = logged_in_to(&asked()).await;
    for (world, id) in [(before, first), (after, second)] {
        let reply = world.channel("/cancel", json!({"device": device()})).await;
        assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("REJECTED")));
        assert_eq!(world.rejection(&id).0, ConsentRejectionCode::RejeitadoUsuario);
        assert_eq!(world.outcome(), Outcome::Denied);
    }
}

#[tokio::test]
async fn z_pay_16_p05_nobody_decides_after_five_minutes_and_everybody_gets_back() {
    let (world, id) = logged_in_to(&asked()).await;
    world.wait(Duration::from_mins(5) - Duration::from_millis(1));
    assert_eq!(world.show().await.data()["status"], "AWAITING_AUTHORISATION");
    world.wait(Duration::from_millis(1));
    let shown = world.show().await;
    assert_eq!((&shown.data()["status"], shown.data().get("resources")), (&json!("REJECTED"), None));
    let reply = world.channel("/consent", yes()).await;
    assert_eq!((reply.status, reply.code()), (422, "ESTADO_CONSENTIMENTO_INVALIDO"));
    assert_eq!(world.channel("/login", login("ana")).await.code(), "ESTADO_CONSENTIMENTO_INVALIDO");
    let consent = world.payment(&id);
    let EffectiveStatus::Rejected(rejection) = consent.at(world.now()) else { panic!("still open") };
    assert_eq!(rejection.code, ConsentRejectionCode::TempoExpiradoAutorizacao);
    // The way back is open all the same, and writes nothing to the consent.
    let reply = world.channel("/cancel", json!({"device": device()})).await;
    assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("REJECTED")));
    assert_eq!((world.outcome(), world.payment(&id).version), (Outcome::Denied, 1));
}

#[tokio::test]
async fn z_pay_17_z_pay_48_an_amount_above_every_balance_rejects() {
    for (core_says, code) in [
        (None, ConsentRejectionCode::SaldoInsuficiente),
        (Some(ConsentRejectionCode::ValorAcimaLimite), ConsentRejectionCode::ValorAcimaLimite),
    ] {
        let (world, id) = logged_in_to(&asked_with("/payment/amount", json!("999999999.99"))).await;
        *world.core.refusal.lock().unwrap() = core_says.map(|code| ConsentRefused { code, detail: None });
        let reply = world.channel("/consent", yes()).await;
        rejects_with(&world, (&id, &reply), code);
    }
}

fn person(cpf: &str) -> Approver {
    Approver::new(Cpf::parse(cpf).unwrap(), None)
}

async fn among(request: &Value, approvers: &[&str]) -> (World, String) {
    let world = world();
    *world.core.approvers.lock().unwrap() = approvers.iter().map(|cpf| person(cpf)).collect();
    let id = world.begin_payment(request).await;
    assert_eq!(world.channel("/login", login("ana")).await.status, 200);
    (world, id)
}

#[tokio::test]
async fn z_pay_47_p06_others_have_to_agree_before_the_day_is_over() {
    let end_of_day = Moment::parse("2026-03-02T03:00:00Z").unwrap();
    let mut scheduled = asked_with("/payment/purpose", json!("SINGLE_SCHEDULED"));
    scheduled["payment"].as_object_mut().unwrap().remove("date");
    scheduled["payment"]["schedule"] = json!({"single": {"date": "2026-03-10"}});
    let before_the_first_day = Moment::parse("2026-03-10T03:00:00Z").unwrap();
    for (request, deadline) in [(asked(), end_of_day), (scheduled, before_the_first_day)] {
        let (world, id) = among(&request, &[BRUNO, ANA]).await;
        let shown = world.show().await;
        assert_eq!(shown.data()["resources"][1]["status"], "PENDING_AUTHORISATION");
        let mut body = from_account("2");
        body["partialApproval"] = json!(false);
        let refused = world.channel("/consent", body.clone()).await;
        assert_eq!((refused.status, refused.code()), (422, "PARAMETRO_INVALIDO"));
        body["partialApproval"] = json!(true);
        let reply = world.channel("/consent", body).await;
        assert_eq!((reply.status, &reply.data()["status"]), (200, &json!("PARTIALLY_ACCEPTED")));
        assert!(matches!(world.outcome(), Outcome::Granted { .. }), "the code is issued");
        let consent = world.payment(&id);
        assert_eq!(consent.approvals().unwrap().approvers(), [person(BRUNO)]);
        assert_eq!((consent.approvals().unwrap().deadline(), consent.expires_at), (deadline, deadline));
        let agreed = consent.answer(&Cpf::parse(BRUNO).unwrap(), true, Actor::Ponte, world.now()).unwrap();
        let EffectiveStatus::Authorised(authorisation) = agreed.consent.at(world.now()) else {
            panic!("not authorised")
        };
        assert!(authorisation.after_approvals);
        assert_eq!(authorisation.debtor.account, Core::account(1));
    }
}

#[tokio::test]
async fn z_pay_64_p57_cash_from_an_account_of_several_is_rejected_after_the_first_yes() {
    for purpose in ["WITHDRAW", "CHANGE"] {
        let (world, id) = among(&asked_with("/payment/purpose", json!(purpose)), &[BRUNO]).await;
        let reply = world.channel("/consent", from_account("2")).await;
        rejects_with(&world, (&id, &reply), ConsentRejectionCode::PermissaoInsuficiente);
        let (world, id) = among(&asked_with("/payment/purpose", json!(purpose)), &[BRUNO]).await;
        assert_eq!(world.channel("/consent", from_account("1")).await.status, 200);
        assert_eq!(world.payment_status(&id), PaymentConsentStatus::Authorised, "{purpose}");
    }
}

#[tokio::test]
async fn p33_somebody_else_who_logs_in_rejects_with_the_words_of_the_version() {
    for (api, code) in [
        (ApiVersion::V5, ConsentRejectionCode::AutenticacaoDivergente),
        (ApiVersion::V4, ConsentRejectionCode::NaoInformado),
    ] {
        let world = world();
        let id = world.begin_payment_of(api, &asked()).await;
        let reply = world.channel("/login", login("bruno")).await;
        assert_eq!(reply.data()["status"], "REJECTED", "{}", reply.body);
        assert_eq!(world.rejection(&id).0, code);
        assert_eq!(world.outcome(), Outcome::Denied);
    }
}

#[tokio::test]
async fn s20_a_company_is_paid_for_by_who_acts_for_it() {
    let company = json!({"document": {"identification": BAKERY, "rel": "CNPJ"}});
    let world = world();
    let id = world.begin_payment(&asked_with("/businessEntity", company)).await;
    let reply = world.channel("/login", login("ana at the bakery")).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(world.channel("/consent", yes()).await.status, 200);
    assert_eq!(world.payment(&id).authorisation().unwrap().subject, "subject-1");
}

#[tokio::test]
async fn p33_the_words_of_the_core_are_kept_as_far_as_the_version_has_them() {
    let refusal = ConsentRefused {
        code: ConsentRejectionCode::PermissaoInsuficiente,
        detail: Some("sem plenos poderes".to_owned()),
    };
    for (api, code) in [(ApiVersion::V5, refusal.code), (ApiVersion::V4, ConsentRejectionCode::NaoInformado)]
    {
        let world = world();
        *world.core.refusal.lock().unwrap() = Some(refusal.clone());
        let id = world.begin_payment_of(api, &asked()).await;
        assert_eq!(world.channel("/login", login("ana")).await.status, 200);
        let reply = world.channel("/consent", yes()).await;
        rejects_with(&world, (&id, &reply), code);
        assert_eq!(world.rejection(&id).1, refusal.detail);
    }
}

#[tokio::test]
async fn t61_a_refused_yes_is_told_again_and_a_core_that_is_silent_strands_nobody() {
    let (world, id) = logged_in_to(&asked_with("/payment/amount", json!("5000.00"))).await;
    *world.core.judges_nothing.lock().unwrap() = true;
    let commits = world.commits();
    let reply = world.channel("/consent", yes()).await;
    assert_eq!(reply.status, 504, "{}", reply.body);
    assert_eq!((world.payment_status(&id).as_str(), world.commits()), ("AWAITING_AUTHORISATION", commits));
    *world.core.judges_nothing.lock().unwrap() = false;
    let first = world.channel("/consent", yes()).await;
    rejects_with(&world, (&id, &first), ConsentRejectionCode::SaldoInsuficiente);
    let (commits, judged) = (world.commits(), world.core.judged.lock().unwrap().len());
    let again = world.channel("/consent", yes()).await;
    assert_eq!((again.status, again.data()), (200, first.data()));
    assert_eq!((world.commits(), world.core.judged.lock().unwrap().len()), (commits, judged));
    let other = world.channel("/consent", from_account("2")).await;
    assert_eq!((other.status, other.code()), (409, "INVALID_STATUS_CONFIRMATION"));
}

#[tokio::test]
async fn t61_a_lost_yes_is_told_again_whichever_way_it_names_the_account() {
    let (world, _) = logged_in_to(&asked()).await;
    let first = world.channel("/consent", from_account("2")).await;
    let again = world.channel("/consent", from_account("2")).await;
    assert_eq!((again.status, again.data()), (200, first.data()));
    assert_eq!(world.core.discoveries.load(Ordering::Relaxed), 2, "of the login and of the yes");
    assert_eq!(world.channel("/consent", from_account("1")).await.status, 409);
}

#[tokio::test]
async fn c04_a_yes_that_meets_an_end_loses() {
    let (world, id) = logged_in_to(&asked()).await;
    let code = ConsentRejectionCode::NaoInformado;
    let ended = world.payment(&id).reject(code, None, Actor::Ponte, world.now()).unwrap().consent;
    let stored = world.payment(&id);
    // Read before, committed after.
    world.payments.ends_meanwhile(ended);
    let reply = world.channel("/consent", yes()).await;
    assert_eq!((reply.status, reply.code()), (409, "CONFLITO"), "{}", reply.body);
    assert_eq!((world.rejection(&id).0, world.payment(&id).version), (code, stored.version + 1));
    assert!(matches!(world.interaction().at(world.now()), Waiting::Decision(_)), "nothing of it is stored");
}

#[tokio::test]
async fn m40_the_steps_are_reported_under_the_id_of_the_payment_consent() {
    let (world, id) = logged_in_to(&asked()).await;
    assert_eq!(world.channel("/consent", yes()).await.status, 200);
    let steps = world.funnel();
    let names: Vec<&str> = steps.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["redirect-target", "authenticated", "redirect-to-client"]);
    assert!(steps.iter().all(|(_, step)| step["consentId"] == id.as_str()), "{steps:?}");
    assert_eq!(steps[2].1["type"], "AUTHORISED");
}

#[tokio::test]
async fn p57_the_signed_charge_is_shown_to_nobody_and_the_payment_as_it_was_asked_for() {
    let world = world();
    world.begin_payment(&asked_with("/payment/details/payloadJWS", json!("eyJ.charge.of-the-code"))).await;
    let shown = world.show().await;
    assert!(!shown.body.to_string().contains("charge"), "{}", shown.body);
    assert_eq!(shown.data()["creditor"], asked()["creditor"]);
    assert_eq!(shown.data()["payment"], asked()["payment"]);
    assert_eq!(shown.data()["expirationDateTime"], "2026-03-01T12:05:00Z");
    assert!(shown.data().get("resources").is_none(), "accounts are shown after a login alone");
    assert_eq!(world.core.discoveries.load(Ordering::Relaxed), 0);
}
