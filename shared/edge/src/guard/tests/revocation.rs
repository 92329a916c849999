//! T41: a token over a certificate that its authority has revoked.

use ponte_authorization::ports::CertificateStatuses as _;
use ponte_authorization::revocation::{RevocationCheck, Source, StatusRecord};
use ponte_fapi::revocation::{CertificateId, CertificateStatus, Statement};
use ponte_kit::certificates::{RuledResponders, StatusesInMemory};
use ponte_kit::clock::ManualClock;
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};

use super::*;
use crate::revocations::RevocationPorts;

/// Of the scene's certificate this is known, if anything; nobody can be asked.
async fn outcome(
    scene: &Scene,
    check: RevocationCheck,
    known: Option<CertificateStatus>,
    row: &Row,
) -> (u16, Option<u32>) {
    let statuses = StatusesInMemory::default();
    if let Some(status) = known {
        let statement = Statement { status, this_update: now().seconds(), next_update: None };
        let record = StatusRecord::after(None, Some((statement, Source::Answer)), now());
        let id = CertificateId::of(&scene.certificate).unwrap();
        assert!(statuses.replace(id.as_str(), &record).await.unwrap());
    }
    let issuers = SecretInMemory::default();
    issuers.put("none", now());
    let ports = RevocationPorts {
        issuers: Arc::new(issuers),
        alarms: Arc::new(AlarmsInMemory::default()),
        responders: Arc::new(RuledResponders::by(|_, _| None)),
        statuses: Arc::new(statuses),
        ids: Arc::new(ManualClock::at(now())),
    };
    let revocations = Revocations::start(check, ports, now()).await.unwrap();
    let guard = Guard::new(ISSUER.to_owned(), scene.keys(), BlockList::default()).looking_up(revocations);
    let mut claims = claims(&scene.certificate);
    if matches!(row.access, Access::Client(_)) {
        claims.scope = "consents".to_owned();
        claims.consent_id = None;
    }
    let request = request(&claims.mint(&scene.signer).unwrap(), Some(&scene.certificate));
    let passed = pass(&guard, row, &request, scene.consent.clone(), now()).await;
    passed.map_or_else(|refusal| (refusal.status(), refusal.retry_after()), |_| (200, None))
}

#[tokio::test]
async fn t41_a_revoked_certificate_opens_no_row() {
    let scene = Scene::new();
    for row in [&ACCOUNTS, &CONSENTS] {
        for (check, known, expected) in [
            (RevocationCheck::Soft, Some(CertificateStatus::Good), 200),
            (RevocationCheck::Soft, Some(CertificateStatus::Revoked), 401),
            (RevocationCheck::Soft, None, 200),
            (RevocationCheck::Hard, Some(CertificateStatus::Good), 200),
            (RevocationCheck::Hard, Some(CertificateStatus::Revoked), 401),
            (RevocationCheck::Hard, None, 529),
            (RevocationCheck::Off, Some(CertificateStatus::Revoked), 200),
        ] {
            let wait = (expected == 529).then_some(60);
            assert_eq!(outcome(&scene, check, known, row).await, (expected, wait), "{check:?} {known:?}");
        }
    }
}
