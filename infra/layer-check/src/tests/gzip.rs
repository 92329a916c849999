//! A layer that takes compressed questions is asked one, and may take its offer back.

use async_trait::async_trait;
use ponte_bank::Bank;

use super::{InProcess, bank, report};
use crate::sheet::{Check, Outcome};
use crate::{Received, Sent, Transport};

/// A bank that offers gzip, and answers what comes by it with this status where it is not 200.
struct Offering(InProcess<Bank>, u16);

#[async_trait]
impl Transport for Offering {
    async fn send(&self, sent: Sent) -> Result<Received, String> {
        let gzip = sent.gzip;
        let answer = self.0.send(sent).await?;
        let status = if gzip { self.1 } else { answer.status };
        Ok(Received { status, takes_gzip: true, ..answer })
    }
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_takes_gzip_or_takes_its_offer_back_has_no_fault() {
    for (status, faults) in [(200, 0), (415, 0), (500, 1)] {
        let report = report(Offering(InProcess(bank()), status), &["/accounts/accounts"]).await;
        assert_eq!(report.faults, faults, "{}", report.text());
        let made = report.operations[0].checks[&Check::Gzip];
        assert_eq!(made, if faults == 0 { Outcome::Held } else { Outcome::Broken }, "{status}");
    }
}
