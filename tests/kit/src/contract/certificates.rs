//! What is known of certificates.

use std::time::Duration;

use ponte_authorization::ports::CertificateStatuses;
use ponte_authorization::revocation::{Source, StatusRecord};
use ponte_fapi::revocation::{CertificateStatus, Statement};

use crate::examples::now;

/// What is known after an authority said this, true since so many seconds.
#[must_use]
pub fn record(status: CertificateStatus, second: u64) -> StatusRecord {
    let at = now().plus(Duration::from_secs(second));
    let end = at.plus(Duration::from_hours(24));
    let statement = Statement { status, this_update: at.seconds(), next_update: Some(end.seconds()) };
    StatusRecord::after(None, Some((statement, Source::Answer)), at)
}

/// What was stored is read; of two changes of one version one is stored, so that one of many takes a question.
pub async fn of_two_changes_of_one_version_one_is_stored(statuses: &dyn CertificateStatuses) {
    assert_eq!(statuses.find("one").await.unwrap(), None);
    let claim = StatusRecord::claimed(None, now());
    assert!(statuses.replace("one", &claim).await.unwrap());
    assert!(!statuses.replace("one", &StatusRecord::claimed(None, now())).await.unwrap(), "taken");
    assert_eq!(statuses.find("one").await.unwrap(), Some(claim.clone()));
    let known = StatusRecord { version: 2, ..record(CertificateStatus::Revoked, 5) };
    let far = StatusRecord { version: 4, ..known.clone() };
    assert!(!statuses.replace("one", &far).await.unwrap(), "a change of no version");
    assert!(statuses.replace("one", &known).await.unwrap());
    assert!(
        !statuses.replace("one", &StatusRecord::after(Some(&claim), None, now())).await.unwrap(),
        "too late"
    );
    assert_eq!(statuses.find("one").await.unwrap(), Some(known));
    assert_eq!(statuses.find("other").await.unwrap(), None);
}
