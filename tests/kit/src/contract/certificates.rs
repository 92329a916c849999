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

/// What was stored is read; a revocation stays when what is stored after it is older.
pub async fn a_newer_revocation_stays(statuses: &dyn CertificateStatuses) {
    let (good, revoked) = (CertificateStatus::Good, CertificateStatus::Revoked);
    let nothing = StatusRecord::after(None, None, now());
    assert_eq!(statuses.find("one").await.unwrap(), None);
    for stored in [&nothing, &record(good, 1), &record(revoked, 2), &record(revoked, 5)] {
        statuses.keep("one", stored).await.unwrap();
        assert_eq!(statuses.find("one").await.unwrap().as_ref(), Some(stored));
    }
    for older in [&nothing, &record(good, 4), &record(revoked, 3)] {
        statuses.keep("one", older).await.unwrap();
        assert_eq!(statuses.find("one").await.unwrap(), Some(record(revoked, 5)));
    }
    assert_eq!(statuses.find("other").await.unwrap(), None);
    // Asked again without an answer: the revocation is still what is known.
    let asked_again =
        StatusRecord::after(Some(&record(revoked, 5)), None, now().plus(Duration::from_hours(1)));
    for newer in [&asked_again, &record(good, 6)] {
        statuses.keep("one", newer).await.unwrap();
        assert_eq!(statuses.find("one").await.unwrap().as_ref(), Some(newer));
    }
}
