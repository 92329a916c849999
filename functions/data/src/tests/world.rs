//! The world around the router: one authorised consent, and a layer that answers what it is told and remembers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt as _;
use ponte_authorization::approval::{Approvals, Approver};
use ponte_authorization::ports::Pseudonyms as _;
use ponte_authorization::search_keys::SearchKeys;
use ponte_catalog::Row;
use ponte_data_consent::account_holder::AccountHolderAnswer;
use ponte_data_consent::authority::ConsentAuthority;
use ponte_data_consent::consent::{
    Authorisation, Consent, ConsentPolicy, ConsentRequest, NewConsent, Resource, ResourceStatus,
};
use ponte_data_consent::ports::{
    DiscoveredProduct, Institution, ListedResource, Records, RecordsRequest, ResourcesRequest,
};
use ponte_edge::{CallLimits, Context, Guard, PaginationKeys, Router, Serve as _, StartError, TokenBlocks};
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::call_counts::CallCountsInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::identity;
use ponte_kit::outbox::OutboxInMemory;
use ponte_kit::pseudonyms::PredictablePseudonyms;
use ponte_kit::quality::QualityInMemory;
use ponte_kit::store::Store;
use ponte_ports::LegacyId;
use ponte_ports::audit::Actor;
use ponte_ports::limits::CallLimitSettings;
use ponte_ports::{Clock as _, InstitutionFault};
use ponte_values::{
    ClientId, ConsentId, Cpf, InteractionId, Moment, OrganisationId, PageCaps, Permission, PermissionSet,
    ResourceKind,
};
use serde_json::{Value, json};

use crate::ports::Ports;
use crate::routes::router;

const INTERACTION_ID: &str = "d78fc4e5-37ca-4da3-adf2-9b082bf92280";
pub(super) const CLIENT: &str = "client-1";
pub(super) const CONSENT: &str = "urn:banco:1";
const CUSTOMER: &str = "76109277673";
const ACCOUNT: ResourceKind = ResourceKind::Account;

/// A request to the layer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct LayerRequest {
    pub(super) operation: &'static str,
    pub(super) resource: Option<String>,
    pub(super) ids: Vec<(&'static str, String)>,
    pub(super) page: Option<(u32, u32)>,
    pub(super) filters: Vec<(&'static str, String)>,
}

/// The answer of the layer for a kind that no customer chooses.
pub(super) type Listing = Arc<dyn Fn(Moment) -> Result<Vec<ListedResource>, InstitutionFault> + Send + Sync>;

#[derive(Default)]
struct Layer {
    asked: Mutex<Vec<LayerRequest>>,
    budgets: Mutex<Vec<Duration>>,
    answer: Mutex<Option<Vec<u8>>>,
    /// What operations without pages answer, where it is something else.
    object: Mutex<Option<Vec<u8>>>,
    fault: Mutex<Option<fn() -> InstitutionFault>>,
    clock: Arc<ManualClock>,
    listings: Mutex<HashMap<&'static str, Listing>>,
    /// Kinds that were asked for, with the time that was given for each answer.
    discovered: Mutex<Vec<(&'static str, Duration)>>,
    /// Products that the last question for records told of.
    shared: Mutex<Vec<String>>,
    /// The next question for products waits here until so many are asked at once.
    meeting: Mutex<Option<Arc<tokio::sync::Barrier>>>,
}

#[async_trait]
impl Institution for Layer {
    async fn discover(
        &self,
        _: ResourceKind,
        _: &Consent,
        _: InteractionId,
        _: Duration,
    ) -> Result<Vec<DiscoveredProduct>, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }

    async fn resources(
        &self,
        request: ResourcesRequest<'_>,
    ) -> Result<Vec<ListedResource>, InstitutionFault> {
        assert_eq!(request.correlation.to_string(), INTERACTION_ID);
        let kind = request.kind.as_str();
        self.discovered.lock().unwrap().push((kind, request.budget));
        let meeting = self.meeting.lock().unwrap().clone();
        if let Some(meeting) = meeting {
            meeting.wait().await;
        }
        let listing = self.listings.lock().unwrap().get(kind).cloned();
        listing.map_or(Err(InstitutionFault::NotFound), |listing| listing(self.clock.now()))
    }

    async fn records(&self, request: RecordsRequest<'_>) -> Result<Records, InstitutionFault> {
        *self.shared.lock().unwrap() = request.shared.iter().map(|product| product.id.clone()).collect();
        assert_eq!(request.correlation.to_string(), INTERACTION_ID);
        self.asked.lock().unwrap().push(LayerRequest {
            operation: request.operation,
            resource: request.resource.map(|resource| resource.id.clone()),
            ids: request.ids.iter().map(|(name, id)| (*name, (*id).to_owned())).collect(),
            page: request.page.map(|page| (page.number(), page.size())),
            filters: request.filters.to_vec(),
        });
        self.budgets.lock().unwrap().push(request.budget);
        if let Some(fault) = *self.fault.lock().unwrap() {
            return Err(fault());
        }
        let object = self.object.lock().unwrap().clone().filter(|_| request.page.is_none());
        let body =
            object.or_else(|| self.answer.lock().unwrap().clone()).ok_or(InstitutionFault::NotFound)?;
        Ok(Records { body })
    }

    async fn check_account_holder(
        &self,
        _: &Consent,
        _: InteractionId,
    ) -> Result<AccountHolderAnswer, InstitutionFault> {
        Err(InstitutionFault::NotFound)
    }
}

fn now() -> Moment {
    Moment::parse("2026-03-01T12:00:00Z").unwrap()
}

/// The token of the customer of the tests of a moment, signed once: thousands of calls have it.
fn token(now: Moment) -> String {
    static SIGNED: Mutex<BTreeMap<Moment, String>> = Mutex::new(BTreeMap::new());
    let scope = format!(
        "openid consent:{CONSENT} accounts credit-cards-accounts customers resources loans bank-fixed-incomes credit-fixed-incomes funds \
         treasure-titles variable-incomes"
    );
    let mut signed = SIGNED.lock().unwrap();
    signed.entry(now).or_insert_with(|| identity::minted(CLIENT, &scope, Some(CONSENT), now)).clone()
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: i64,
    pub(super) retry_after: Option<String>,
    pub(super) body: Value,
}

impl Reply {
    pub(super) fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or("")
    }
}

pub(super) struct World {
    layer: Arc<Layer>,
    pub(super) clock: Arc<ManualClock>,
    pub(super) blocks: Arc<BlocksInMemory>,
    outbox: Arc<OutboxInMemory>,
    pub(super) quality: Arc<QualityInMemory>,
    pub(super) strict: bool,
    pub(super) store: Arc<Store>,
    router: Router<Ports>,
}

impl World {
    /// A consent that shares two accounts, at an institution whose records are refused if they break the standard.
    pub(super) fn strict() -> Self {
        let account =
            |number| Resource::new(id(number), ACCOUNT, ResourceStatus::Available, legacy_id(number));
        Self::at(ponte_catalog::ALL, Store::of([consent(vec![account(1), account(2)])]), true)
    }

    /// A consent that shares one account, `public-1` and on, for each status, at an institution that is tolerant: the tests
    /// write what they are about, and no record whole.
    pub(super) fn sharing(statuses: &[ResourceStatus]) -> Self {
        let account = |(status, number): (&ResourceStatus, u32)| {
            Resource::new(id(number), ACCOUNT, *status, legacy_id(number))
        };
        Self::of(ponte_catalog::ALL, statuses.iter().zip(1..).map(account).collect())
    }

    /// A consent that shares one account, `public-1`, and a router over these rows alone.
    pub(super) fn over(rows: &[&'static Row]) -> Self {
        let account = Resource::new(id(1), ACCOUNT, ResourceStatus::Available, legacy_id(1));
        Self::of(&[rows], vec![account])
    }

    /// A consent that shares `public-1`, which another person must agree to by a deadline: this far from now on.
    pub(super) fn awaiting_approval(until: impl FnOnce(Moment) -> Moment) -> Self {
        let (customer, other) = (Cpf::parse(CUSTOMER).unwrap(), Cpf::parse("12345678909").unwrap());
        let people = vec![Approver::new(other, None)];
        let approvals = Approvals::besides(&customer, people, until(now()));
        Self::of(ponte_catalog::ALL, vec![Resource::awaiting(id(1), ACCOUNT, legacy_id(1), approvals)])
    }

    /// A consent that shares `public-1` and this product, as a later release wrote it.
    pub(super) fn with_next(product: &Value) -> Self {
        let account = Resource::new(id(1), ACCOUNT, ResourceStatus::Available, legacy_id(1));
        let text = serde_json::to_string(&consent(vec![account])).unwrap();
        let mut body = serde_json::from_str::<Value>(&text).unwrap();
        body.pointer_mut("/state/AUTHORISED/resources")
            .unwrap()
            .as_array_mut()
            .unwrap()
            .push(product.clone());
        let consent = serde_json::from_str(&body.to_string()).unwrap();
        Self::over_store(ponte_catalog::ALL, Store::of([consent]))
    }

    /// A consent with these permissions that shares `public-1` and on, accounts in these statuses.
    pub(super) fn permitting(permissions: &[Permission], accounts: &[ResourceStatus]) -> Self {
        let account = |(status, number): (&ResourceStatus, u32)| {
            Resource::new(id(number), ACCOUNT, *status, legacy_id(number))
        };
        let accounts = accounts.iter().zip(1..).map(account).collect();
        let mut consent = consent(accounts);
        consent.permissions = PermissionSet::of(permissions);
        Self::over_store(ponte_catalog::ALL, Store::of([consent]))
    }

    /// These consents, at an institution that is tolerant.
    pub(super) fn of_consents(consents: impl IntoIterator<Item = Consent>) -> Self {
        Self::over_store(ponte_catalog::ALL, Store::of(consents))
    }

    /// A consent that only a later release can read.
    pub(super) fn unreadable() -> Self {
        let store = Store::of([consent(Vec::new())]);
        store.unreadable.lock().unwrap().insert(CONSENT.to_owned());
        Self::over_store(ponte_catalog::ALL, store)
    }

    fn of(rows: &[&[&'static Row]], resources: Vec<Resource>) -> Self {
        Self::over_store(rows, Store::of([consent(resources)]))
    }

    fn over_store(rows: &[&[&'static Row]], store: Store) -> Self {
        Self::at(rows, store, false)
    }

    fn at(rows: &[&[&'static Row]], store: Store, strict: bool) -> Self {
        let clock = Arc::new(ManualClock::at(now()));
        let layer = Arc::new(Layer { clock: clock.clone(), ..Layer::default() });
        let outbox = Arc::<OutboxInMemory>::default();
        let context = Context {
            clock: clock.clone(),
            ids: clock.clone(),
            outbox: outbox.clone(),
            organisation: OrganisationId::parse("74e929d9-33b6-4d85-8ba7-c146c867a817").unwrap(),
            base_url: "https://mtls.banco.example".to_owned(),
        };
        let consents = Arc::new(store);
        let blocks = Arc::<BlocksInMemory>::default();
        let followed = TokenBlocks::start(blocks.clone(), now()).now_or_never().unwrap();
        let guard = Guard::new(identity::ISSUER.to_owned(), identity::keys(), followed);
        let authority = Arc::new(ConsentAuthority::new(consents.clone()));
        let quality = Arc::<QualityInMemory>::default();
        let ports = Ports {
            institution: layer.clone(),
            discovered: consents.clone(),
            pseudonyms: Arc::new(PredictablePseudonyms),
            quality: quality.clone(),
            strict,
        };
        let router = router(context, guard, &authority, ports, rows);
        Self { layer, clock, blocks, outbox, quality, strict, store: consents, router }
    }

    /// The same as an environment of a stack with these limits, whose counts the others share, and with keys for its lists.
    pub(super) fn limited(self, counts: &Arc<CallCountsInMemory>, settings: CallLimitSettings) -> Self {
        let limits = CallLimits::new(counts.clone(), settings);
        let router = self.router.limiting(limits).paging(PaginationKeys::new(&[7; 32]));
        Self { router, ..self }
    }

    /// The same where these are the largest pages.
    pub(super) fn capped(self, caps: &str) -> Result<Self, StartError> {
        let router = self.router.capping(PageCaps::parse(caps)?)?;
        Ok(Self { router, ..self })
    }

    /// From now on the layer answers this where no page is asked for.
    pub(super) fn answers_objects(&self, data: &Value) {
        *self.layer.object.lock().unwrap() = Some(json!({"data": data, "meta": {}}).to_string().into_bytes());
    }

    /// From now on the layer answers this.
    pub(super) fn answers(&self, data: &Value, total: Option<u64>) {
        self.answers_with(json!({"data": data, "meta": {"totalRecords": total}}).to_string().as_bytes());
    }

    /// From now on the body of its answer is this.
    pub(super) fn answers_with(&self, body: &[u8]) {
        *self.layer.answer.lock().unwrap() = Some(body.to_vec());
    }

    /// From now on it answers with this fault.
    pub(super) fn fails(&self, fault: fn() -> InstitutionFault) {
        *self.layer.fault.lock().unwrap() = Some(fault);
    }

    /// From now on the layer answers this for a kind of products that no customer chooses.
    pub(super) fn lists(
        &self,
        kind: ResourceKind,
        listing: impl Fn(Moment) -> Result<Vec<ListedResource>, InstitutionFault> + Send + Sync + 'static,
    ) {
        self.layer.listings.lock().unwrap().insert(kind.as_str(), Arc::new(listing));
    }

    /// The kinds that it was asked for since the last look, with the time that was given.
    pub(super) fn discovered(&self) -> Vec<(&'static str, Duration)> {
        std::mem::take(&mut self.layer.discovered.lock().unwrap())
    }

    /// From now on no question for products is answered before so many are asked at once.
    pub(super) fn answers_together(&self, questions: usize) {
        *self.layer.meeting.lock().unwrap() = Some(Arc::new(tokio::sync::Barrier::new(questions)));
    }

    /// Ids of the products that the last question for records told of.
    pub(super) fn told(&self) -> Vec<String> {
        self.layer.shared.lock().unwrap().clone()
    }

    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The consent as it is stored.
    pub(super) fn consent(&self) -> Consent {
        self.store.consents.lock().unwrap()[CONSENT].clone()
    }

    /// From now on it is stored like this.
    pub(super) fn put(&self, consent: Consent) {
        self.store.consents.lock().unwrap().insert(CONSENT.to_owned(), consent);
    }

    /// The time it was given for each answer.
    pub(super) fn budgets(&self) -> Vec<Duration> {
        self.layer.budgets.lock().unwrap().clone()
    }

    /// The report of the last call, as the metrics platform will get it.
    pub(super) fn report(&self) -> Value {
        serde_json::from_str(&self.outbox.rows().last().expect("the call was reported").body).unwrap()
    }

    pub(super) fn asked(&self) -> Vec<LayerRequest> {
        self.layer.asked.lock().unwrap().clone()
    }

    /// Follows a link of an answer.
    pub(super) async fn follow(&self, link: &Value) -> Reply {
        let link = link.as_str().and_then(|link| link.strip_prefix("https://mtls.banco.example"));
        let (path, query) = link.and_then(|link| link.split_once('?')).expect("a link with a query");
        self.get(path, query).await
    }

    pub(super) async fn get(&self, path: &str, query: &str) -> Reply {
        self.ask(&token(self.now()), path, query).await
    }

    /// The same with another token.
    pub(super) async fn ask(&self, token: &str, path: &str, query: &str) -> Reply {
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": path, "rawQueryString": query,
            "headers": {
                "authorization": format!("Bearer {token}"),
                "x-fapi-interaction-id": INTERACTION_ID,
            },
            "requestContext": {
                "authentication": {"clientCert": {
                    "clientCertPem": identity::certificate(), "subjectDN": "", "issuerDN": "", "serialNumber": "1",
                    "validity": {"notBefore": "", "notAfter": ""},
                }},
                "http": {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
                "timeEpoch": self.now().millis(),
            },
            "isBase64Encoded": false,
        });
        let event = serde_json::from_value(event).unwrap();
        let answer = serde_json::to_value(self.router.serve(event).await).unwrap();
        Reply {
            status: answer["statusCode"].as_i64().unwrap(),
            retry_after: answer["headers"]["retry-after"].as_str().map(str::to_owned),
            body: answer["body"].as_str().map_or(Value::Null, |body| serde_json::from_str(body).unwrap()),
        }
    }
}

/// The id of a record as it leaves for a product.
pub(super) fn bound(product: &str, name: &str, own: &str) -> String {
    format!("{own}-{}", PredictablePseudonyms.record(product, name, own))
}

fn id(number: u32) -> String {
    format!("public-{number}")
}

/// A product under its public id.
pub(super) fn discovered_resource(kind: ResourceKind, number: u32, status: ResourceStatus) -> Resource {
    Resource::new(id(number), kind, status, legacy_id(number))
}

pub(super) fn legacy_id(number: u32) -> LegacyId {
    serde_json::from_value(json!([{"key": "account", "value": number.to_string()}])).unwrap()
}

pub(super) fn consent(resources: Vec<Resource>) -> Consent {
    let new = NewConsent {
        id: ConsentId::parse(CONSENT).unwrap(),
        client: ClientId::parse(CLIENT).unwrap(),
        organisation: OrganisationId::parse(identity::ORGANISATION).unwrap(),
        search: SearchKeys { person: "person-key".to_owned(), company: None },
    };
    let permissions = PermissionSet::of(&[
        Permission::AccountsRead,
        Permission::AccountsBalancesRead,
        Permission::AccountsTransactionsRead,
        Permission::AccountsOverdraftLimitsRead,
        Permission::ResourcesRead,
    ]);
    let logged_user = Cpf::parse(CUSTOMER).unwrap();
    let request =
        ConsentRequest { logged_user, business: None, permissions, expires_at: None, linked: false };
    let now = now();
    let created = Consent::create(new, request, ConsentPolicy::default(), now).unwrap().consent;
    let authorisation = Authorisation { at: now, subject: "subject".to_owned(), resources: resources.into() };
    created.authorise(authorisation, Actor::Ponte).unwrap().consent
}
