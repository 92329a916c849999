//! The institution's own authority and the certificate that is shown to its layer, as their secret changes.

use super::*;
use crate::institution::Media;
use crate::testing::trust;
use bytes::Bytes;
use ponte_kit::authority::Authority;
use ponte_kit::clock::ManualClock;
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};
use ponte_kit::stub::{Reply, Stub};
use ponte_ports::Clock as _;
use ponte_values::OrganisationId;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::Instant;

use crate::http::Resend;
use crate::institution::way::{Question, Way};

/// A secret that names an authority and, by another one perhaps, a certificate.
fn value(authority: &Authority, shown_by: Option<&Authority>) -> Value {
    let mut value = json!({ "authority": authority.pem() });
    if let Some(by) = shown_by {
        let identity = by.identity();
        (value["certificate"], value["private_key"]) =
            (identity.certificate.into(), identity.private_key.into());
    }
    value
}

fn organisation() -> OrganisationId {
    OrganisationId::parse("74e929d9-33b6-4d85-8ba7-c146c867a817").unwrap()
}

struct Scene {
    secret: Arc<SecretInMemory>,
    alarms: Arc<AlarmsInMemory>,
    clock: Arc<ManualClock>,
}

impl Scene {
    fn with(text: &str) -> Self {
        let (secret, clock) = (Arc::<SecretInMemory>::default(), Arc::new(ManualClock::default()));
        secret.put(text, clock.now());
        Self { secret, alarms: Arc::default(), clock }
    }

    async fn way(&self, url: String) -> Way {
        // The usual trust is another authority's: that of everybody's outgoing calls.
        let usual = trust(&Authority::generate());
        let (secret, alarms) = (self.secret.clone(), self.alarms.clone());
        let client =
            layer_client("InstitutionTlsSecret", &usual, secret, alarms, self.clock.now()).await.unwrap();
        Way::over_http(client, url, self.clock.clone())
    }

    fn raised(&self) -> usize {
        self.alarms.raised.lock().unwrap().len()
    }
}

async fn answers(way: &Way) -> bool {
    let (credential, body) = (SecretText::from("credential".to_owned()), Bytes::from_static(b"{}"));
    let until = Instant::now() + Duration::from_secs(5);
    let question = Question {
        what: "integration layer",
        operation: "/accounts/find",
        body: &body,
        media: Media::Json,
        credential: Some(&credential),
        names: None,
        resend: Resend::Always,
        until,
    };
    way.0.carry(question).await.is_ok()
}

#[tokio::test]
async fn the_institutions_own_authority_is_trusted_beside_the_usual_ones() {
    let own = Authority::generate();
    let stub = Stub::start_tls(own.server(), |_, _| Reply::json(200, "{}")).await;
    assert!(!answers(&Scene::with("none\n").way(stub.tls_url()).await).await, "nobody vouches for it");
    let scene = Scene::with(&value(&own, None).to_string());
    assert!(answers(&scene.way(stub.tls_url()).await).await);
    // The usual ones go on: a client of both.
    let usual = Authority::generate();
    let both = checked(&trust(&usual), &value(&own, None).to_string(), scene.clock.now()).unwrap();
    for authority in [&own, &usual] {
        let stub = Stub::start_tls(authority.server(), |_, _| Reply::json(200, "{}")).await;
        assert!(answers(&Way::over_http(both.clone(), stub.tls_url(), scene.clock.clone())).await);
    }
}

#[tokio::test]
async fn a_certificate_is_shown_beside_the_credential_and_a_new_one_counts_without_a_deployment() {
    let (own, stranger) = (Authority::generate(), Authority::generate());
    let stub = Stub::start_tls(own.mutual_server(), |_, _| Reply::json(200, "{}")).await;
    let scene = Scene::with(&value(&own, Some(&stranger)).to_string());
    let way = scene.way(stub.tls_url()).await;
    assert!(!answers(&way).await, "a certificate of somebody else");
    scene.secret.put(value(&own, Some(&own)).to_string(), scene.clock.now());
    assert!(!answers(&way).await, "within 30 s of the last look nothing is looked at");
    // The refusal of the certificate is what only another version explains.
    scene.clock.forward(31);
    assert!(answers(&way).await);
    assert!(stub.heads()[0].contains("authorization: Bearer credential\r\n"));
    assert_eq!(scene.raised(), 0);
}

#[tokio::test]
async fn a_new_authority_of_the_layer_counts_without_a_deployment() {
    let (old, new) = (Authority::generate(), Authority::generate());
    let stub = Stub::start_tls(new.server(), |_, _| Reply::json(200, "{}")).await;
    let scene = Scene::with(&value(&old, None).to_string());
    let way = scene.way(stub.tls_url()).await;
    scene.clock.forward(31);
    scene.secret.put(value(&new, None).to_string(), scene.clock.now());
    assert!(answers(&way).await);
}

#[tokio::test]
async fn a_version_that_is_no_use_is_told_and_the_one_before_goes_on() {
    let own = Authority::generate();
    let stub = Stub::start_tls(own.mutual_server(), |_, _| Reply::json(200, "{}")).await;
    let scene = Scene::with(&value(&own, Some(&own)).to_string());
    let way = scene.way(stub.tls_url()).await;
    let mut mixed = value(&own, Some(&own));
    mixed["private_key"] = own.identity().private_key.into();
    let mut alone = value(&own, Some(&own));
    alone.as_object_mut().unwrap().remove("private_key");
    let expired = own.brcac(&organisation(), |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1));
    let expired = json!({ "certificate": expired.certificate, "private_key": expired.private_key });
    let mut misspelt = value(&own, None);
    misspelt["authorities"] = own.pem().into();
    for (count, bad) in [
        json!("segredo").to_string(),
        "segredo".to_owned(),
        json!({ "authority": "segredo" }).to_string(),
        mixed.to_string(),
        alone.to_string(),
        misspelt.to_string(),
        expired.to_string(),
    ]
    .into_iter()
    .enumerate()
    {
        scene.secret.put(&bad, scene.clock.now());
        scene.clock.forward(46);
        assert!(answers(&way).await, "{bad}");
        assert_eq!(scene.raised(), count + 1, "{bad}");
    }
    let told = format!(
        "{:?}",
        scene.alarms.raised.lock().unwrap().iter().map(|one| one.reason.clone()).collect::<Vec<_>>()
    );
    assert!(!told.contains("segredo") && !told.contains("PRIVATE KEY"), "{told}");
}
