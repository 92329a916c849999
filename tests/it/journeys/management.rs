//! The management host: approvals by further approvers are completed or denied; consents are listed, read and revoked, and
//! their tokens end at once (product contract, section 4; C04, C06, C60).

use ponte_bank::customers::CUSTOMERS;
use ponte_participant::{DataRequest, Tokens};
use ponte_web::caller::Caller;
use serde_json::{Value, json};

use super::steps::{ACCOUNTS, World, want};
use super::systems::{LIST, System, issue, operate};
use crate::stack::Stack;

const RESOURCES: &str = "/open-banking/resources/v3/resources";

/// A stack with the systems of its institution and the participants around it.
struct Setup {
    stack: Stack,
    world: World,
    office: System,
    app: System,
    /// The receiver's own token.
    own: String,
}

/// A consent of the customer with the joint account, shared whole.
struct Shared {
    consent: String,
    tokens: Tokens,
    /// Public id of the account that is his alone, and of the joint one.
    alone: String,
    joint: String,
}

impl Setup {
    /// The second customer shares all he has; the joint account waits for its other owner.
    async fn share(&self) -> Shared {
        let consent = self.world.create_consent_of(&self.own, &CUSTOMERS[1]).await;
        let interaction = self.world.depart(&consent).await;
        let token = self.world.channel_token(1).to_owned();
        let login = self.world.channel.login(&interaction.interaction, &token, &super::steps::device()).await;
        want(200, "login", login.expect("the channel API answers"));
        let tokens = self.world.agree(&interaction).await;
        let statuses = self.statuses(&consent, &tokens).await;
        let of = |status: &str| {
            let found = statuses.iter().find(|(_, found)| found == status);
            found.unwrap_or_else(|| panic!("nothing {status}: {statuses:?}")).0.clone()
        };
        let (alone, joint) = (of("AVAILABLE"), of("PENDING_AUTHORISATION"));
        Shared { consent, tokens, alone, joint }
    }

    /// The resources as the receiver sees them, with their status (C60).
    async fn statuses(&self, consent: &str, tokens: &Tokens) -> Vec<(String, String)> {
        let body = want(200, "resources", self.read(RESOURCES, consent, tokens).await).json();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let resources = body["data"].as_array().into_iter().flatten();
        resources.map(|one| (text(&one["resourceId"]), text(&one["status"]))).collect()
    }

    async fn read(&self, path: &str, consent: &str, tokens: &Tokens) -> ponte_web::caller::Reply {
        let token = tokens.access.as_str();
        let asked = DataRequest { path, template: path, token, consent, without_interaction: false };
        self.world.receiver.get(&asked).await.expect("the data API answers")
    }

    async fn balances(&self, shared: &Shared, account: &str) -> u16 {
        self.read(&format!("{ACCOUNTS}/{account}/balances"), &shared.consent, &shared.tokens).await.status
    }

    fn plain(&self) -> &Caller {
        &self.world.plain
    }
}

#[tokio::test]
async fn c04_c06_c60_the_back_office_answers_for_approvers_and_revokes() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let stack = Stack::up(folder.path());
    let world = World::around(&stack).await;
    let own = world.client_token().await;
    let (office, app) = (System::named(&stack, "backoffice"), System::named(&stack, "app"));
    let setup = Setup { stack, world, office, app, own };
    let completed = Box::pin(approvers_say_yes(&setup)).await;
    let denied = Box::pin(approvers_say_no(&setup)).await;
    Box::pin(listed_page_by_page(&setup, &[&completed, &denied])).await;
    Box::pin(an_app_sees_its_customer_alone(&setup, &completed)).await;
    Box::pin(a_resource_changes(&setup, &completed)).await;
    Box::pin(revoked_at_once(&setup, &completed, &denied)).await;
    Box::pin(a_key_that_is_taken_back_counts_no_more(&setup)).await;
}

/// The joint account is shown as waiting and not read; the back office completes, and it is read.
async fn approvers_say_yes(setup: &Setup) -> Shared {
    let shared = setup.share().await;
    assert_eq!(setup.balances(&shared, &shared.alone).await, 200);
    assert_eq!(setup.balances(&shared, &shared.joint).await, 403, "it waits for its other owner");
    let detail = setup.office.detail(&shared.consent).await;
    let waiting = detail["resources"].as_array().into_iter().flatten();
    let waiting: Vec<&Value> = waiting.filter(|one| one["status"] == "PENDING_AUTHORISATION").collect();
    assert_eq!(waiting.len(), 1, "{detail}");
    let approver = &waiting[0]["approval"]["approvers"][0];
    assert_eq!((&approver["cpf"], &approver["answer"]), (&json!(CUSTOMERS[0].cpf), &Value::Null), "{detail}");

    want(204, "completed", setup.office.settle(&shared.consent, &json!({ "authorised": true })).await);
    let statuses = setup.statuses(&shared.consent, &shared.tokens).await;
    assert!(statuses.iter().all(|(_, status)| status == "AVAILABLE"), "{statuses:?}");
    assert_eq!(setup.balances(&shared, &shared.joint).await, 200);
    let again = setup.office.settle(&shared.consent, &json!({ "authorised": true })).await;
    assert_eq!(want(422, "again", again).json()["errors"][0]["code"], "SEM_APROVACAO_PENDENTE");
    let history = setup.office.detail(&shared.consent).await["history"].take();
    assert_eq!(history[0]["actor"]["kind"], "MANAGER", "{history}");
    shared
}

/// The other owner says no: the joint account is closed for good, the rest is shared.
async fn approvers_say_no(setup: &Setup) -> Shared {
    let shared = setup.share().await;
    let stranger = json!({ "authorised": true, "approver": { "cpf": CUSTOMERS[2].cpf } });
    want(403, "not an approver", setup.office.settle(&shared.consent, &stranger).await);
    let no =
        json!({ "authorised": false, "approver": { "cpf": CUSTOMERS[0].cpf }, "resourceId": shared.joint });
    want(204, "denied", setup.office.settle(&shared.consent, &no).await);
    let statuses = setup.statuses(&shared.consent, &shared.tokens).await;
    let unavailable = (shared.joint.clone(), "UNAVAILABLE".to_owned());
    assert!(statuses.contains(&unavailable) && statuses.len() == 2, "{statuses:?}");
    assert_eq!(setup.balances(&shared, &shared.joint).await, 403);
    assert_eq!(setup.balances(&shared, &shared.alone).await, 200);
    shared
}

/// Both consents, one a page, newest first, without the customer's document in any link; none of another status.
async fn listed_page_by_page(setup: &Setup, both: &[&Shared; 2]) {
    let customer = [("x-customer-cpf", CUSTOMERS[1].cpf)];
    let mut ids = Vec::new();
    let mut next = Some(format!("{LIST}?page-size=1&status=AUTHORISED"));
    while let Some(page) = next {
        let body = want(200, "list", setup.office.get(&page, &customer).await).json();
        assert!(!body["links"].to_string().contains(CUSTOMERS[1].cpf), "{}", body["links"]);
        let items = body["data"].as_array().into_iter().flatten();
        ids.extend(items.filter_map(|item| item["id"].as_str().map(str::to_owned)));
        next = body["links"]["next"].as_str().map(str::to_owned);
        assert!(ids.len() <= both.len(), "{ids:?}");
    }
    assert_eq!(ids, [both[1].consent.as_str(), both[0].consent.as_str()]);
    let none = setup.office.get(&format!("{LIST}?status=REJECTED"), &customer).await;
    assert_eq!(want(200, "list", none).json()["data"], json!([]));
}

/// The app names its customer: his consent it sees, another's it cannot tell from one that does not exist.
async fn an_app_sees_its_customer_alone(setup: &Setup, shared: &Shared) {
    let path = format!("{LIST}/{}", shared.consent);
    let his = setup.app.get(&path, &[("x-customer-cpf", CUSTOMERS[1].cpf)]).await;
    assert_eq!(want(200, "his", his).json()["data"]["id"], shared.consent);
    let hers = setup.app.get(&path, &[("x-customer-cpf", CUSTOMERS[0].cpf)]).await;
    assert_eq!(want(404, "hers", hers).json()["errors"][0]["code"], "NAO_ENCONTRADO");
    want(403, "nobody's", setup.app.get(&path, &[]).await);
    let listed = want(200, "hers", setup.app.get(LIST, &[("x-customer-cpf", CUSTOMERS[0].cpf)]).await).json();
    assert!(!listed["data"].to_string().contains(&shared.consent), "{listed}");
    let both = format!("{LIST}?cpf={}", CUSTOMERS[1].cpf);
    want(
        400,
        "one in the query, another in the header",
        setup.app.get(&both, &[("x-customer-cpf", CUSTOMERS[0].cpf)]).await,
    );
}

/// The institution says that an account cannot be read for now, and that it can again.
async fn a_resource_changes(setup: &Setup, shared: &Shared) {
    let detail = setup.office.detail(&shared.consent).await;
    let resources = detail["resources"].as_array().into_iter().flatten();
    let account = resources.clone().find(|one| one["resourceId"] == shared.alone.as_str());
    let legacy =
        account.unwrap_or_else(|| panic!("no {}: {detail}", shared.alone))["resourceLegacyId"].clone();
    for (status, answer) in [("TEMPORARILY_UNAVAILABLE", 403), ("AVAILABLE", 200)] {
        let data = json!({
            "key": { "cpf": CUSTOMERS[1].cpf }, "type": "ACCOUNT", "resourceLegacyId": legacy, "status": status,
        });
        let told = setup.office.notify(&data).await;
        assert_eq!(want(200, status, told).json()["data"]["refused"], 0);
        assert_eq!(setup.balances(shared, &shared.alone).await, answer, "{status}");
    }
}

/// C04: the next call with a token of a revoked consent is 401, and its refresh token is worth nothing.
async fn revoked_at_once(setup: &Setup, completed: &Shared, denied: &Shared) {
    let by_app = json!({ "revokedBy": "USER" });
    let customer = [("x-customer-cpf", CUSTOMERS[1].cpf)];
    want(204, "revoked", setup.app.revoke(&completed.consent, &customer, &by_app).await);
    let by_office = json!({
        "revokedBy": "ASPSP", "reason": { "code": "INTERNAL_SECURITY_REASON", "additionalInformation": "conta sob suspeita" },
    });
    want(204, "revoked", setup.office.revoke(&denied.consent, &[], &by_office).await);
    for (shared, by, reason) in
        [(completed, "USER", "CUSTOMER_MANUALLY_REVOKED"), (denied, "ASPSP", "INTERNAL_SECURITY_REASON")]
    {
        assert_eq!(setup.balances(shared, &shared.alone).await, 401, "{reason}");
        let refresh = shared.tokens.refresh.as_deref().expect("a customer's grant has a refresh token");
        let reply = setup.world.receiver.refresh(refresh, &shared.consent).await;
        let reply = want(400, "refresh", reply.expect("the token endpoint answers"));
        assert_eq!(reply.json()["error"], "invalid_grant");
        let rejection = setup.world.consent(&setup.own, &shared.consent).await["rejection"].take();
        assert_eq!((&rejection["rejectedBy"], &rejection["reason"]["code"]), (&json!(by), &json!(reason)));
        let again = setup.office.revoke(&shared.consent, &[], &by_office).await;
        let again = want(422, "again", again).json();
        assert_eq!(again["errors"][0]["code"], "CONSENTIMENTO_EM_STATUS_REJEITADO");
    }
}

/// A key works, is rotated with its old text good for a while, and taken back with both.
async fn a_key_that_is_taken_back_counts_no_more(setup: &Setup) {
    let (id, first) = issue(&setup.stack, setup.plain(), "backoffice", &["oob_consents:read"]).await;
    let customer = [("x-customer-cpf", CUSTOMERS[1].cpf)];
    let list = async |key: &str| setup.office.with_key(key).get(LIST, &customer).await.status;
    assert_eq!(list(&first).await, 200);
    let rotate = json!({ "operator": "api-key.rotate", "id": id, "graceSeconds": 60 });
    let second =
        operate(&setup.stack, setup.plain(), &rotate).await["key"].as_str().expect("a new key").to_owned();
    assert_eq!((list(&first).await, list(&second).await), (200, 200));
    operate(&setup.stack, setup.plain(), &json!({ "operator": "api-key.revoke", "id": id })).await;
    assert_eq!((list(&first).await, list(&second).await), (401, 401));
}
