//! A customer of the bank who shared everything, and the function over that consent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_util::FutureExt as _;
use ponte_authorization::ports::Pseudonyms as _;
use ponte_authorization::search_keys::SearchKeys;
use ponte_catalog::{FilterKind, Reach, Row, Shape};
use ponte_cloud::pseudonyms::HmacPseudonyms;
use ponte_data::{Ports, router};
use ponte_data_consent::authority::ConsentAuthority;
use ponte_data_consent::consent::{Authorisation, Consent, NewConsent, Resource, ResourceStatus};
use ponte_edge::{Context, Guard, Router, Serve as _, TokenBlocks};
use ponte_kit::blocks::BlocksInMemory;
use ponte_kit::clock::ManualClock;
use ponte_kit::gateway::GatewayCall;
use ponte_kit::outbox::OutboxInMemory;
use ponte_kit::quality::QualityInMemory;
use ponte_kit::store::Store;
use ponte_kit::{examples, identity};
use ponte_machine::clock;
use ponte_ports::audit::Actor;
use ponte_values::{Cnpj, Moment, OrganisationId, Permission, PermissionSet, ResourceKind};
use serde_json::{Value, json};

use super::lying_bank::LyingBank;

/// Products of a kind that are asked for one by one, and records below one of them.
const SOME: usize = 4;

/// A call that was served, and what the bank said.
pub(super) struct Answered {
    pub(super) row: &'static Row,
    path: String,
    pub(super) data: Value,
}

pub(super) struct Customer {
    bank: Arc<LyingBank>,
    quality: Arc<QualityInMemory>,
    router: Router<Ports>,
    now: Moment,
    token: String,
}

impl Customer {
    /// The customer, at a strict institution.
    pub(super) async fn of(customer: &ponte_bank::customers::Customer) -> Self {
        let now = clock::now();
        let (bank, pseudonyms) = (Arc::new(LyingBank::new()), Arc::new(HmacPseudonyms::new(&[7; 32])));
        let mut consent = created(customer, now);
        let mut chosen = Vec::new();
        for kind in ResourceKind::chosen() {
            for key in bank.keys(kind, &consent).await.expect("the bank discovers") {
                let id = pseudonyms.resource(&consent.logged_user, consent.business.as_ref(), kind, &key);
                chosen.push(Resource::new(id, kind, ResourceStatus::Available, key));
            }
        }
        let authorisation =
            Authorisation { at: now, subject: "subject".to_owned(), resources: chosen.into() };
        consent = consent.authorise(authorisation, Actor::Ponte).expect("it waits").consent;
        let (store, quality) = (Arc::new(Store::of([consent])), Arc::<QualityInMemory>::default());
        let clock = Arc::new(ManualClock::at(now));
        let context = Context {
            clock: clock.clone(),
            ids: clock,
            outbox: Arc::<OutboxInMemory>::default(),
            organisation: OrganisationId::parse(identity::ORGANISATION).expect("an organisation"),
            base_url: "https://mtls.banco.example".to_owned(),
        };
        let blocks = TokenBlocks::start(Arc::<BlocksInMemory>::default(), now).now_or_never();
        let guard = Guard::new(identity::ISSUER.to_owned(), identity::keys(), blocks.expect("in memory"));
        let authority = Arc::new(ConsentAuthority::new(store.clone()));
        let ports = Ports {
            institution: bank.clone(),
            discovered: store,
            pseudonyms,
            quality: quality.clone(),
            strict: true,
        };
        let router = router(context, guard, &authority, ports, ponte_catalog::ALL);
        Self { bank, quality, router, now, token: token(now) }
    }

    /// Every endpoint of these APIs that this customer has something of, asked for with the widest window; nothing is found in what the bank says.
    pub(super) async fn walk(&self, apis: &[&str]) -> Vec<Answered> {
        let mut answered = Vec::new();
        for rows in ponte_catalog::ALL.iter().filter(|rows| apis.contains(&rows[0].api.name)) {
            let mut ids = BTreeMap::new();
            // What names nothing comes first, then what names a product, then what names something below it.
            let steps = [(false, false), (true, false), (true, true), (false, true)];
            for row in steps.iter().flat_map(|step| {
                rows.iter().copied().filter(move |row| (row.product.is_some(), !row.ids.is_empty()) == *step)
            }) {
                if row.layer.is_none() {
                    continue;
                }
                for path in paths(row, &ids) {
                    if let Some(one) = self.honest(row, path).await {
                        note(&one.shown, rows, &one.answered.path, &mut ids);
                        answered.push(one.answered);
                    }
                }
            }
        }
        answered
    }

    /// A call that the bank answers as it is; `None` if it has nothing.
    async fn honest(&self, row: &'static Row, path: String) -> Option<Honest> {
        let (status, shown) = self.get(&format!("{path}?{}", query(row, self.now))).await;
        let found = self.quality.take();
        assert!(found.is_empty(), "{path}: {found:?}");
        if status == 404 {
            return None;
        }
        assert_eq!(status, 200, "{path}: {shown}");
        if row.shape == Shape::Products && shown["data"] == json!([]) {
            // The bank was not asked, or has nothing either.
            return None;
        }
        let said: Value = serde_json::from_slice(&self.bank.said.lock().expect("an answer")).expect("JSON");
        Some(Honest { answered: Answered { row, path, data: said["data"].clone() }, shown })
    }

    /// What is counted of a call that the bank answers with this `data`, which is refused: `operation path rule count`.
    pub(super) async fn caught(&self, answered: &Answered, data: &Value) -> Vec<String> {
        let records = data.as_array().map_or(1, Vec::len);
        let body = json!({ "data": data, "meta": { "totalRecords": records } }).to_string().into_bytes();
        *self.bank.lie.lock().expect("a lie") = Some(body);
        let (status, shown) = self.get(&answered.path).await;
        *self.bank.lie.lock().expect("a lie") = None;
        let refused = (status, shown["errors"][0]["code"].as_str()) == (500, Some("ERRO_INTERNO"));
        let days = self.quality.take();
        assert!(refused && shown["data"].is_null(), "{}: {status} for {days:?} in {data}", answered.path);
        let found = days.iter().flat_map(|day| day.found.iter().map(move |one| (&day.operation, one)));
        found.map(|(operation, one)| format!("{operation} {} {} {}", one.path, one.rule, one.count)).collect()
    }

    async fn get(&self, path: &str) -> (i64, Value) {
        let call = GatewayCall {
            method: "GET",
            path,
            certificate: Some(identity::certificate()),
            headers: json!({
                "authorization": format!("Bearer {}", self.token),
                "x-fapi-interaction-id": "d78fc4e5-37ca-4da3-adf2-9b082bf92280",
            }),
            at: self.now.millis(),
            ..GatewayCall::default()
        };
        let event = serde_json::from_value(call.event()).expect("an event");
        let answer = serde_json::to_value(self.router.serve(event).await).expect("an answer");
        let body =
            answer["body"].as_str().map_or(Value::Null, |body| serde_json::from_str(body).expect("JSON"));
        (answer["statusCode"].as_i64().expect("a status"), body)
    }
}

struct Honest {
    answered: Answered,
    shown: Value,
}

/// A consent for everything, not yet authorised.
fn created(customer: &ponte_bank::customers::Customer, now: Moment) -> Consent {
    let new = NewConsent {
        id: examples::consent_id(),
        client: examples::client_id(),
        organisation: OrganisationId::parse(identity::ORGANISATION).expect("an organisation"),
        search: SearchKeys { person: "person".to_owned(), company: None },
    };
    let mut consent = examples::created_for(new, customer.cpf, now).consent;
    consent.business = customer.cnpj.map(|cnpj| Cnpj::parse(cnpj).expect("a CNPJ"));
    consent.permissions = PermissionSet::of(Permission::ALL);
    consent
}

fn token(now: Moment) -> String {
    let consent = examples::consent_id();
    let names = ponte_catalog::ALL.iter().map(|rows| rows[0].api.name).filter(|name| *name != "consents");
    let scope = names.fold(format!("openid consent:{consent}"), |scope, name| scope + " " + name);
    identity::minted(examples::client_id().as_str(), &scope, Some(consent.as_str()), now)
}

/// A long page and the widest window.
fn query(row: &Row, now: Moment) -> String {
    let today = now.date_brasilia();
    let window = match row.reach {
        Reach::Year => Some((-366, 366)),
        Reach::PastYear => Some((-366, 0)),
        Reach::Current => Some((-6, 366)),
        Reach::PastWeek => Some((-6, 0)),
        Reach::None | Reach::Open | Reach::All => None,
    };
    let from = row.filters.iter().find_map(|filter| match filter.kind {
        FilterKind::From(to) => Some((filter.name, to)),
        _ => None,
    });
    let days = from.zip(window).map(|((from, to), (back, ahead))| {
        format!("&{from}={}&{to}={}", today.plus_days(back), today.plus_days(ahead))
    });
    let page = row.smallest_page.map_or(String::new(), |_| "page-size=200".to_owned());
    page + &days.unwrap_or_default()
}

/// Ids by the name of the parameter, each with the path in which it was shown.
type Ids = BTreeMap<&'static str, BTreeSet<(String, String)>>;

/// The paths of a row, as far as its ids are known.
fn paths(row: &'static Row, ids: &Ids) -> Vec<String> {
    let mut paths = vec![(row.template.to_owned(), None::<String>)];
    for name in row.product.iter().chain(row.ids) {
        let known: Vec<&(String, String)> = ids.get(name).into_iter().flatten().collect();
        let filled = paths.iter().flat_map(|(path, product)| {
            // An id below a product was shown in a path of that product.
            let own = known.iter().filter(move |(_, shown_in)| {
                product.as_ref().is_none_or(|product| shown_in.contains(product))
            });
            own.take(SOME).map(move |(id, _)| (path.replace(&format!("{{{name}}}"), id), Some(id.clone())))
        });
        paths = filled.collect();
    }
    paths.into_iter().map(|(path, _)| path).collect()
}

/// Notes the ids that an answer shows and paths of the API have.
fn note(shown: &Value, rows: &[&'static Row], path: &str, ids: &mut Ids) {
    let names = rows.iter().flat_map(|row| row.product.iter().chain(row.ids));
    for name in names.copied() {
        for id in shown["data"].as_array().into_iter().flatten().filter_map(|record| record[name].as_str()) {
            ids.entry(name).or_default().insert((id.to_owned(), path.to_owned()));
        }
    }
}
