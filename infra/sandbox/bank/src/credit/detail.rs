//! Records about a contract itself, in the shape of the regulatory APIs.

use serde_json::{Value, json};

use crate::credit::contract::Contract;
use crate::credit::offers::Indexer;
use crate::credit::schedule::growth;
use crate::institution::BANK_CNPJ;
use crate::records::{decimal, with};

/// What a loan costs a year beside its interest, in millionths.
const OTHER_COSTS: i64 = 23_000;

impl Contract {
    /// The record in the list.
    pub(crate) fn listed(&self) -> Value {
        with(self.held.listed(), self.product())
    }

    /// `find`.
    pub(crate) fn detail(&self) -> Value {
        let (offer, schedule) = (self.offer, &self.schedule);
        let priced = !schedule.is_open_ended();
        let mut record = with(
            json!({
                "contractNumber": self.held.text(),
                "productName": offer.name,
                "contractDate": schedule.start().to_string(),
                "disbursementDates": [schedule.start().to_string()],
                "contractAmount": decimal(self.amount, 2),
                "currency": offer.currency,
                "dueDate": schedule.end().to_string(),
                "instalmentPeriodicity": if priced { "MENSAL" } else { "SEM_PERIODICIDADE_REGULAR" },
                "CET": decimal(growth(offer.rate, 12) + OTHER_COSTS, 6),
                "hasInsuranceContracted": offer.warranties.len() > 1,
                "amortizationScheduled": if priced { "PRICE" } else { "SEM_SISTEMA_AMORTIZACAO" },
                "interestRates": self.rates(),
                "contractedFees": self.fees(),
                "contractedFinanceCharges": charges(),
            }),
            self.product(),
        );
        if priced {
            record["firstInstalmentDueDate"] = schedule.due(1).to_string().into();
        }
        if schedule.is_over() {
            record["settlementDate"] = schedule.end().to_string().into();
        }
        if self.portable {
            let next = if schedule.is_over() { 0 } else { schedule.instalment };
            record["nextInstalmentAmount"] = decimal(next, 2).into();
        }
        if let Some(consignor) = offer.consignor {
            record["cnpjConsignor"] = consignor.into();
        }
        record
    }

    /// `warranties`.
    pub(crate) fn warranties(&self) -> Vec<Value> {
        let record = |(kind, sub_kind, amount): &(&str, &str, i64)| {
            json!({
                "currency": self.offer.currency,
                "warrantyType": kind,
                "warrantySubType": sub_kind,
                "warrantyAmount": decimal(*amount, 2),
            })
        };
        self.offer.warranties.iter().map(record).collect()
    }

    /// What the list and `find` both say.
    fn product(&self) -> Value {
        let (kind, sub_kind) = self.offer.product;
        let mut record =
            json!({ "productType": kind, "productSubType": sub_kind, "ipocCode": self.registry_code() });
        if self.portable {
            record["productSubTypeCategory"] = self.offer.category.into();
        }
        record
    }

    /// The IPOC: bank, modality, kind of customer, customer, contract.
    fn registry_code(&self) -> String {
        let holder = self.held.holder;
        let (kind, customer) =
            if holder.is_company() { ("2", &holder.document[..8]) } else { ("1", holder.document) };
        format!("{}{}{kind}{customer}{}", &BANK_CNPJ[..8], self.offer.modality, self.held.text())
    }

    /// Interest as agreed, nominal and effective, both a year (which portability wants).
    fn rates(&self) -> Vec<Value> {
        let rate = self.offer.rate;
        let (indexer, sub_indexer, more) = match self.offer.indexer {
            Indexer::Without => return Vec::new(),
            Indexer::Fixed => ("PRE_FIXADO", "PRE_FIXADO", None),
            Indexer::Floating(indexer, sub_indexer, more) => (indexer, sub_indexer, more),
        };
        let field = if indexer == "PRE_FIXADO" { "preFixedRate" } else { "postFixedRate" };
        let kinds = [("NOMINAL", "SIMPLES", rate * 12), ("EFETIVA", "COMPOSTO", growth(rate, 12))];
        let record = |(tax, kind, rate): (&str, &str, i64)| {
            let mut record = json!({
                "taxType": tax,
                "interestRateType": kind,
                "taxPeriodicity": "AA",
                "calculation": "30/360",
                "referentialRateIndexerType": indexer,
                "referentialRateIndexerSubType": sub_indexer,
                "additionalInfo": "Taxa de exemplo",
            });
            record[field] = decimal(rate, 6).into();
            if let Some(more) = more {
                record["referentialRateIndexerAdditionalInfo"] = more.into();
            }
            record
        };
        kinds.into_iter().map(record).collect()
    }

    fn fees(&self) -> Vec<Value> {
        let mut fees = vec![json!({
            "feeName": "Tarifa de cadastro",
            "feeCode": "CADASTRO",
            "feeChargeType": "UNICA",
            "feeCharge": "FIXO",
            "feeAmount": "350.00",
        })];
        if !self.offer.warranties.is_empty() {
            fees.push(json!({
                "feeName": "Avaliação do bem de exemplo",
                "feeCode": "AVALIACAO_BEM",
                "feeChargeType": "UNICA",
                "feeCharge": "PERCENTUAL",
                "feeRate": "0.002000",
            }));
        }
        fees
    }
}

fn charges() -> Value {
    json!([
        { "chargeType": "JUROS_MORA_ATRASO", "chargeRate": "0.010000" },
        { "chargeType": "MULTA_ATRASO_PAGAMENTO", "chargeRate": "0.020000" },
        { "chargeType": "IOF_CONTRATACAO", "chargeRate": "0.003800" },
        { "chargeType": "OUTROS", "chargeAdditionalInfo": "Encargo de exemplo", "chargeRate": "0.000100" },
    ])
}
