//! A certificate that changes while calls go out (T45), over the real protocol of Secrets Manager and real TLS.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use ponte_ports::Alarm;
use rcgen::{ExtendedKeyUsagePurpose, date_time_ymd};
use serde_json::json;

use super::*;
use crate::testing::{aws_at, trust};
use ponte_cloud::secrets::Secrets;
use ponte_kit::authority::{Authority, Identity};
use ponte_kit::secrets::AlarmsInMemory;
use ponte_kit::stub::{Reply, Stub};

const US: &str = "c770aef3-6784-41f7-8e0e-ff5f97bddb3a";
const OTHERS: &str = "d770aef3-6784-41f7-8e0e-ff5f97bddb3a";

fn organisation(id: &str) -> OrganisationId {
    OrganisationId::parse(id).unwrap()
}

fn after(seconds: u64) -> Moment {
    Moment::parse("2026-06-01T12:00:00Z").unwrap().plus(Duration::from_secs(seconds))
}

fn text(identity: &Identity) -> String {
    json!({ "certificate": identity.certificate, "private_key": identity.private_key }).to_string()
}

/// Versions as they were put, the newest last.
#[derive(Clone, Default)]
struct Secret(Arc<Mutex<Vec<String>>>);

impl Secret {
    fn put(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }

    /// Answers `GetSecretValue` of both stages.
    fn answer(&self, body: &str) -> Reply {
        let versions = self.0.lock().unwrap();
        let back = if body.contains("AWSCURRENT") { 1 } else { 2 };
        match versions.len().checked_sub(back) {
            Some(index) => {
                let text = &versions[index];
                let version =
                    json!({"VersionId": format!("v{index}"), "CreatedDate": 1, "SecretString": text});
                Reply::json(200, version.to_string())
            }
            None => Reply::json(400, r#"{"__type":"ResourceNotFoundException"}"#),
        }
    }
}

/// A client that follows the secret, and the server of the secret.
async fn following(
    trust: &Trust,
    secret: &Secret,
    heard: &Arc<AlarmsInMemory>,
) -> (Result<Rotating<Client>, PortError>, Stub) {
    let behind = secret.clone();
    let manager = Stub::start(move |_, request| behind.answer(&request.body)).await;
    let versions = Secrets::new(aws_at(&manager.url()).secrets()).versions("brcac".to_owned());
    let alarms = heard.clone();
    (mutual_client(trust, &organisation(US), versions, alarms, after(0)).await, manager)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn t45_a_new_certificate_is_shown_within_60_seconds_and_calls_under_way_end_on_the_old_one() {
    let (old, new) = (Authority::generate(), Authority::generate());
    let (go, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    // Each server takes the certificates of one authority, so that it shows which one was shown.
    let before = Stub::start_tls(old.mutual_server(), move |number, _| {
        if number > 0 {
            // A worker that blocks must give its other tasks away first.
            tokio::task::block_in_place(|| gate.lock().unwrap().recv().unwrap());
        }
        Reply::json(200, "{}")
    })
    .await;
    let afterwards = Stub::start_tls(new.mutual_server(), |_, _| Reply::json(200, "{}")).await;
    let trust = Trust::pem(format!("{}{}", old.pem(), new.pem()).as_bytes()).unwrap();
    let (secret, heard) = (Secret::default(), Arc::<AlarmsInMemory>::default());
    secret.put(text(&old.brcac(&organisation(US), |_| ())));
    let (client, _manager) = following(&trust, &secret, &heard).await;
    let client = client.unwrap();

    let first = client.at(after(1)).await;
    assert_eq!(first.connections().get(before.tls_url()).send().await.unwrap().status(), 200);
    assert!(first.connections().get(afterwards.tls_url()).send().await.is_err());
    let under_way = tokio::spawn(first.connections().get(before.tls_url()).send());
    while before.heads().len() < 2 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    drop(first);
    secret.put(text(&new.brcac(&organisation(US), |_| ())));
    let second = client.at(after(60)).await;
    assert_eq!(second.connections().get(afterwards.tls_url()).send().await.unwrap().status(), 200);
    assert!(second.connections().get(before.tls_url()).send().await.is_err());
    go.send(()).unwrap();
    assert_eq!(under_way.await.unwrap().unwrap().status(), 200);
    assert!(heard.raised.lock().unwrap().is_empty());
}

/// Every way not to be an identity of ours, with what is said of it.
fn bad_identities(authority: &Authority) -> Vec<(&'static str, String)> {
    let ours = |change: fn(&mut rcgen::CertificateParams)| authority.brcac(&organisation(US), change);
    let mixed = Identity { private_key: ours(|_| ()).private_key, ..ours(|_| ()) };
    let broken_key = Identity { private_key: "segredo".to_owned(), ..ours(|_| ()) };
    let broken = Identity { certificate: "segredo".to_owned(), ..ours(|_| ()) };
    let seal = ours(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection]);
    vec![
        ("not an object of certificate and private_key", "segredo".to_owned()),
        ("not an object of certificate and private_key", r#"{"private_key":"segredo"}"#.to_owned()),
        ("the private key is not that of the certificate", text(&mixed)),
        ("the private key is not that of the certificate", text(&broken_key)),
        ("not a certificate", text(&broken)),
        ("key of the certificate not accepted", text(&authority.identity())),
        ("certificate expired", text(&ours(|params| params.not_after = date_time_ymd(2026, 6, 1)))),
        ("certificate not valid yet", text(&ours(|params| params.not_before = date_time_ymd(2026, 6, 2)))),
        ("certificate not made for clients", text(&seal)),
        ("certificate of another organisation", text(&authority.brcac(&organisation(OTHERS), |_| ()))),
    ]
}

#[tokio::test]
async fn s96_t41_t45_a_bad_identity_is_ignored_and_reported_once() {
    let authority = Authority::generate();
    let (secret, heard) = (Secret::default(), Arc::<AlarmsInMemory>::default());
    secret.put(text(&authority.brcac(&organisation(US), |_| ())));
    let (client, _manager) = following(&trust(&authority), &secret, &heard).await;
    let client = client.unwrap();
    let good = client.at(after(0)).await;
    let mut at = 0;
    for (reason, bad) in bad_identities(&authority) {
        secret.put(bad);
        for _ in 0..3 {
            at += 60;
            assert!(Arc::ptr_eq(&client.at(after(at)).await, &good), "{reason}");
        }
        let said = std::mem::take(&mut *heard.raised.lock().unwrap());
        assert_eq!(said, [Alarm { secret: "TransportCertificateSecret", reason: reason.to_owned() }]);
    }
    secret.put(text(&authority.brcac(&organisation(US), |_| ())));
    assert!(!Arc::ptr_eq(&client.at(after(at + 60)).await, &good));
}

#[tokio::test]
async fn s96_without_any_identity_of_ours_nothing_starts() {
    let authority = Authority::generate();
    for (reason, bad) in bad_identities(&authority) {
        let (secret, heard) = (Secret::default(), Arc::<AlarmsInMemory>::default());
        secret.put(bad);
        let (client, _manager) = following(&trust(&authority), &secret, &heard).await;
        let error = format!("{:?}", client.err().unwrap());
        assert!(error.contains(reason) && !error.contains("segredo"), "{error}");
    }
}

#[tokio::test]
async fn t67_the_end_of_the_certificate_is_that_of_the_version_in_use() {
    let authority = Authority::generate();
    let (secret, heard) = (Secret::default(), Arc::<AlarmsInMemory>::default());
    let until = |year: i32| {
        text(&authority.brcac(&organisation(US), |params| params.not_after = date_time_ymd(year, 3, 1)))
    };
    secret.put(until(2027));
    let behind = secret.clone();
    let manager = Stub::start(move |_, request| behind.answer(&request.body)).await;
    let versions = Secrets::new(aws_at(&manager.url()).secrets()).versions("brcac".to_owned());
    let trust = trust(&authority);
    let end = certificate_end(&trust, &organisation(US), versions, heard.clone(), after(0)).await.unwrap();
    assert_eq!(end.at(after(1)).await.to_string(), "2027-03-01T00:00:00Z");
    secret.put(until(2028));
    assert_eq!(end.at(after(60)).await.to_string(), "2028-03-01T00:00:00Z");
    secret.put(until(2020));
    assert_eq!(end.at(after(120)).await.to_string(), "2028-03-01T00:00:00Z", "the last good one serves on");
    assert_eq!(heard.raised.lock().unwrap().len(), 1);
}
