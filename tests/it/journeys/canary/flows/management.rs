//! The management API, for the back office and the app.

use ponte_bank::system::Headers;
use serde_json::json;

use super::{ANA, BAKERY, BRUNO, Flows, naming, written};
use crate::journeys::systems::{LIST, MANAGED};

impl Flows<'_> {
    /// The back office and the app: lists, details, answers of approvers, notifications, revocations, and what is wrong.
    pub(in super::super) async fn management(&mut self) {
        let (joint, _) = self.shared(1).await;
        let (denied, _) = self.shared(1).await;
        let (hers, _) = self.shared(0).await;
        let (company_s, _) = self.shared(2).await;
        let cnpj = BAKERY.cnpj.unwrap_or_default();
        let gets = [
            (200, format!("{LIST}?cpf={}&page-size=1", ANA.cpf)),
            (200, format!("{LIST}?cnpj={cnpj}")),
            (400, format!("{LIST}?cpf={}", written(ANA.cpf))),
            (400, format!("{LIST}?cnpj={}", ANA.cpf)),
            (400, format!("{LIST}?name={}", ANA.name.replace(' ', "%20"))),
            (422, format!("{LIST}?cpf={}&status={}", ANA.cpf, ANA.cpf)),
            (422, format!("{LIST}?cpf={0}&cursor={0}", ANA.cpf)),
            (404, format!("{LIST}/{}", ANA.cpf)),
            (404, format!("{LIST}/urn:bancoexemplo:{cnpj}")),
            (404, format!("{MANAGED}/{}", ANA.cpf)),
            (200, format!("{LIST}/{joint}")),
            (200, format!("{LIST}/{company_s}/extends")),
            (400, format!("{LIST}/{company_s}/extends?cpf={}", ANA.cpf)),
        ];
        for (status, path) in gets {
            let reply = self.office.get(&path, &[]).await;
            self.replied(&path, Ok(reply), &[status]);
        }
        let headers: [(Headers<'_>, &[u16]); 5] = [
            (&[("x-customer-cpf", ANA.cpf)], &[200]),
            (&[("x-customer-cpf", BRUNO.cpf)], &[404]),
            (&[("x-customer-cpf", "761.092.776-73")], &[400]),
            (&[("x-customer-cnpj", ANA.cpf)], &[400, 403]),
            (
                &[("x-customer-cpf", ANA.cpf), ("x-correlation-id", ANA.cpf), ("x-brand-id", ANA.name)],
                &[400, 403],
            ),
        ];
        for (headers, wanted) in headers {
            let reply = self.servers.get(&format!("{LIST}/{hers}"), headers).await;
            self.replied("detail of the app", Ok(reply), wanted);
        }
        let forged = self.office.with_key(&format!("ponte_{}", ANA.cpf)).get(LIST, &[]).await;
        self.replied("a key that is none", Ok(forged), &[401]);
        let stranger = json!({ "authorised": true, "approver": { "cpf": BAKERY.cpf } });
        let unreadable = json!({ "authorised": true, "approver": { "cpf": written(ANA.cpf) } });
        let no = json!({ "authorised": false, "approver": { "cpf": ANA.cpf } });
        for (consent, data, status) in [
            (&joint, stranger, 403),
            (&joint, unreadable, 400),
            (&joint, naming("approver"), 400),
            (&joint, json!({ "authorised": true }), 204),
            (&joint, json!({ "authorised": true }), 422),
            (&denied, no.clone(), 204),
            (&denied, no, 422),
        ] {
            let reply = self.office.settle(consent, &data).await;
            self.replied("approval", Ok(reply), &[status]);
        }
        for (data, wanted) in [
            (json!({ "key": { "cpf": ANA.cpf }, "type": "ACCOUNT" }), &[200, 202][..]),
            (json!({ "key": { "cnpj": cnpj }, "type": "ACCOUNT" }), &[200, 202]),
            (json!({ "key": { "cpf": ANA.cpf, "cnpj": cnpj }, "type": "ACCOUNT" }), &[422]),
            (json!({ "key": { "cpf": written(ANA.cpf) }, "type": "ACCOUNT" }), &[400]),
            (json!({ "key": { "cpf": ANA.cpf }, "type": ANA.name }), &[400]),
        ] {
            let reply = self.office.notify(&data).await;
            self.replied("notification", Ok(reply), wanted);
        }
        let words = json!({ "code": "INTERNAL_SECURITY_REASON", "additionalInformation": format!("a pedido de {}", ANA.name) });
        let by_office = json!({ "revokedBy": "ASPSP", "reason": words });
        let by_nobody = json!({ "revokedBy": ANA.name, "reason": { "code": ANA.cpf } });
        for (consent, revocation, status) in [
            (&hers, &by_nobody, 400),
            (&hers, &by_office, 204),
            (&hers, &by_office, 422),
            (&denied, &by_office, 204),
        ] {
            let reply = self.office.revoke(consent, &[], revocation).await;
            self.replied("revocation", Ok(reply), &[status]);
        }
    }
}
