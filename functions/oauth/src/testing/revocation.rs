//! What is known of the revocation of the client's own certificate.

use std::sync::Arc;

use ponte_authorization::ports::CertificateStatuses as _;
use ponte_authorization::revocation::{RevocationCheck, Source, StatusRecord};
use ponte_edge::{RevocationPorts, Revocations};
use ponte_fapi::revocation::{CertificateId, CertificateStatus, Statement};
use ponte_kit::certificates::{RuledResponders, StatusesInMemory};
use ponte_kit::secrets::{AlarmsInMemory, SecretInMemory};

use super::keys::own_certificate;
use super::names::now;
use super::world::World;

impl World {
    /// From now on certificates are looked up, and refused when nothing is known of them. Of the client's own this is known.
    pub(crate) async fn look_up(&mut self, known: Option<CertificateStatus>) {
        let statuses = StatusesInMemory::default();
        if let Some(status) = known {
            let statement = Statement { status, this_update: now().seconds(), next_update: None };
            let record = StatusRecord::after(None, Some((statement, Source::Answer)), now());
            let id = CertificateId::of(own_certificate()).unwrap();
            assert!(statuses.replace(id.as_str(), &record).await.unwrap());
        }
        let issuers = SecretInMemory::default();
        issuers.put("none", now());
        let ports = RevocationPorts {
            issuers: Arc::new(issuers),
            alarms: Arc::new(AlarmsInMemory::default()),
            responders: Arc::new(RuledResponders::by(|_, _| None)),
            statuses: Arc::new(statuses),
            ids: self.memory.ids.clone(),
        };
        self.ports.revocations = Revocations::start(RevocationCheck::Hard, ports, now()).await.unwrap();
    }
}
