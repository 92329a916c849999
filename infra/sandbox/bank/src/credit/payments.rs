//! Instalments and payments of a contract, in the shape of the regulatory APIs.

use ponte_values::{Date, Moment};
use serde_json::{Value, json};

use crate::credit::contract::Contract;
use crate::records::decimal;

/// What was paid beside the instalments, in cents: a fee and a charge.
const BESIDE: (i64, i64) = (3_590, 1_210);

impl Contract {
    /// `scheduled-instalments`.
    pub(crate) fn instalments(&self) -> Value {
        let schedule = &self.schedule;
        if schedule.is_open_ended() {
            return json!({
                "typeNumberOfInstalments": "SEM_PRAZO_TOTAL",
                "typeContractRemaining": "SEM_PRAZO_REMANESCENTE",
                "paidInstalments": 0,
                "dueInstalments": 0,
                "pastDueInstalments": 0,
            });
        }
        let mut record = json!({
            "typeNumberOfInstalments": "MES",
            "totalNumberOfInstalments": self.offer.instalments,
            "typeContractRemaining": "MES",
            "contractRemainingNumber": schedule.coming,
            "paidInstalments": schedule.paid,
            "dueInstalments": schedule.coming,
            "pastDueInstalments": schedule.overdue,
        });
        if let Some(balloon) = self.offer.balloon {
            let amount = json!({ "amount": decimal(balloon, 2), "currency": self.offer.currency });
            record["balloonPayments"] = json!([{ "dueDate": schedule.end().to_string(), "amount": amount }]);
        }
        record
    }

    /// `payments`, newest first.
    pub(crate) fn payments(&self, now: Moment) -> Value {
        let schedule = &self.schedule;
        let mut releases: Vec<Value> = (1..=schedule.paid).rev().map(|number| self.paid(number)).collect();
        releases.push(self.paid_beside(schedule.start()));
        let mut record = json!({
            "contractOutstandingBalance": decimal(schedule.outstanding, 2),
            "releases": releases,
        });
        if !schedule.is_open_ended() {
            record["paidInstalments"] = schedule.paid.into();
        }
        if self.portable {
            // Made at midnight in Brasília: portability wants the balance of the day before ten in the morning.
            let made = Moment::parse(&format!("{}T03:00:00Z", now.date_brasilia())).unwrap_or(now);
            record["lastUpdatedContractOutstandingBalance"] = made.with_millis().into();
            record["totalRemainingAmount"] = decimal(schedule.remaining(), 2).into();
        }
        record
    }

    fn paid(&self, number: i64) -> Value {
        let id = self.held.text();
        json!({
            "paymentId": format!("{id}-PAGAMENTO-{number}"),
            "isOverParcelPayment": false,
            "instalmentId": format!("{id}-PARCELA-{number}"),
            "paidDate": self.schedule.due(number).to_string(),
            "currency": self.offer.currency,
            "paidAmount": decimal(self.schedule.instalment, 2),
        })
    }

    fn paid_beside(&self, day: Date) -> Value {
        let (fee, charge) = BESIDE;
        json!({
            "paymentId": format!("{}-PAGAMENTO-AVULSO", self.held.text()),
            "isOverParcelPayment": true,
            "paidDate": day.to_string(),
            "currency": self.offer.currency,
            "paidAmount": decimal(fee + charge, 2),
            "overParcel": {
                "fees": [{
                    "feeName": "Tarifa avulsa de exemplo",
                    "feeCode": "AVULSA",
                    "feeAmount": decimal(fee, 2),
                }],
                "charges": [
                    { "chargeType": "IOF_CONTRATACAO", "chargeAmount": decimal(charge, 2) },
                    { "chargeType": "OUTROS", "chargeAdditionalInfo": "Encargo de exemplo", "chargeAmount": "0.00" },
                ],
            },
        })
    }
}
