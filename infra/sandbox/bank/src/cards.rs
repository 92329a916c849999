//! Credit cards 2.4.0.

use std::sync::Arc;

use http::StatusCode;
use ponte_values::Date;
use ponte_web::Answer;
use serde_json::{Value, json};

use crate::accounts::authorizers;
use crate::call::{Answered, Call};
use crate::contract::{Discovered, Pair};
use crate::customers::{Card, Customer};
use crate::daily::Daily;
use crate::institution::{BANK_CNPJ, BANK_NAME};
use crate::ledger::amount;
use crate::refusal::{Refusal, invalid, not_found};

use statement::{DAYS_BACK, DAYS_BEFORE, Statement, Transaction};

mod month;
mod purchases;
mod statement;

const DUE_DATES: (&str, &str) = ("fromDueDate", "toDueDate");
const TRANSACTION_DATES: (&str, &str) = ("fromTransactionDate", "toTransactionDate");
const TYPES: [&str; 7] = [
    "PAGAMENTO",
    "PAGAMENTO_FATURA",
    "TARIFA",
    "OPERACOES_CREDITO_CONTRATADAS_CARTAO",
    "ESTORNO",
    "CASHBACK",
    "OUTROS",
];

/// Statements of today, made when first asked for.
#[derive(Default)]
pub(crate) struct Cards {
    statements: Daily<Statement>,
}

impl Cards {
    /// Answers an operation below `/credit-cards-accounts/`.
    pub(crate) fn answer(&self, operation: &str, call: &Call<'_>) -> Answered {
        Some(match operation {
            "account-discovery" => Ok(self.discovery(call)),
            "accounts" => list(call),
            "find" => asked(call).map(|card| call.single(&identification(card))),
            "limits" => self.limits(call),
            "bills" => self.bills(call),
            "bills-transactions" => self.bill(call),
            "transactions" => self.transactions(call, -DAYS_BACK),
            "transactions-current" => self.transactions(call, -6),
            _ => return None,
        })
    }

    fn discovery(&self, call: &Call<'_>) -> Answer {
        let discovered = |card: &Card| Discovered {
            resource_legacy_id: card.legacy_id(),
            resource_name: vec![
                Pair { key: "name".into(), value: card.name.into() },
                Pair {
                    key: "number".into(),
                    value: card.cards.first().map_or("", |(number, _)| number).into(),
                },
            ],
            resource_balance_currency: card.limit.map(|_| "BRL"),
            resource_balance_amount: card.limit.map(|limit| amount(limit - self.statement(card, call).used)),
            authorizers: authorizers(card.authorizer),
            default_selected: card.authorizer.is_none(),
        };
        let available = |card: &&Card| call.is_available("CREDIT_CARD_ACCOUNT", &card.legacy_id());
        let resources: Vec<Discovered> =
            call.customer.cards.iter().filter(available).map(discovered).collect();
        let meta = call.meta(resources.len(), 1000);
        Answer::json(StatusCode::OK, &json!({ "data": { "resources": resources }, "meta": meta }))
    }

    fn limits(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let card = asked(call)?;
        let used = self.statement(card, call).used;
        let cards = card.cards.iter();
        let records = cards.flat_map(|(number, _)| limits_of(card, number, used)).collect::<Vec<_>>();
        call.list(&records)
    }

    fn bills(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let card = asked(call)?;
        let (from, to) = call.window(DUE_DATES, -DAYS_BACK, 31)?;
        let statement = self.statement(card, call);
        let wanted = statement.bills.iter().filter(|bill| from <= bill.due && bill.due <= to);
        call.list(&wanted.map(|bill| bill.json.clone()).collect::<Vec<_>>())
    }

    fn bill(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let card = asked(call)?;
        let id = call.text("billId")?.ok_or_else(|| invalid("billId é obrigatório"))?;
        let window = call.window(TRANSACTION_DATES, -DAYS_BACK - DAYS_BEFORE, 0)?;
        let statement = self.statement(card, call);
        let bill = statement.bills.iter().find(|bill| bill.id == id);
        let bill = bill.ok_or_else(|| not_found("billId desconhecido"))?;
        let filter = Filter::of(call, window)?;
        let records: Vec<&str> =
            statement.on(bill).filter(|one| filter.takes(one)).map(|one| &*one.on_bill).collect();
        call.texts(records.len(), records.iter())
    }

    fn transactions(&self, call: &Call<'_>, earliest: i64) -> Result<Answer, Refusal> {
        let card = asked(call)?;
        let (from, to) = call.days(TRANSACTION_DATES, earliest, 0)?;
        let filter = Filter::of(call, (from, to))?;
        let statement = self.statement(card, call);
        let wanted = statement.between(from, to).iter().filter(|one| filter.takes(one));
        let records: Vec<&str> = wanted.map(|one| &*one.json).collect();
        call.texts(records.len(), records.iter())
    }

    fn statement(&self, card: &Card, call: &Call<'_>) -> Arc<Statement> {
        self.statements.of(card.number.to_owned(), call.today(), || Statement::of(card, call.today()))
    }
}

/// What a caller wants of the transactions.
struct Filter<'a> {
    days: (Date, Date),
    kind: Option<&'a str>,
    mcc: Option<u32>,
}

impl<'a> Filter<'a> {
    fn of(call: &Call<'a>, days: (Date, Date)) -> Result<Self, Refusal> {
        let kind = call.word("transactionType", &TYPES)?;
        Ok(Self { days, kind, mcc: call.number("payeeMCC")? })
    }

    fn takes(&self, one: &Transaction) -> bool {
        (self.days.0..=self.days.1).contains(&one.day)
            && self.kind.is_none_or(|kind| kind == one.kind)
            && self.mcc.is_none_or(|mcc| one.mcc == Some(mcc))
    }
}

fn of_customer(customer: &'static Customer) -> Vec<&'static Card> {
    customer.cards.iter().collect()
}

/// The card asked for.
fn asked(call: &Call<'_>) -> Result<&'static Card, Refusal> {
    call.product(of_customer, |card| card.legacy_id())
}

fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    let shared = call.shared("CREDIT_CARD_ACCOUNT", of_customer, |card| card.legacy_id())?;
    let record = |card: &Card| {
        let mut record = described(card);
        record["resourceLegacyId"] = json!(card.legacy_id());
        record["brandName"] = BANK_NAME.into();
        record["companyCnpj"] = BANK_CNPJ.into();
        record
    };
    call.list(&shared.into_iter().map(record).collect::<Vec<_>>())
}

fn identification(card: &Card) -> Value {
    let method = |(number, several): &(&str, bool)| json!({ "identificationNumber": number, "isMultipleCreditCard": several });
    let mut record = described(card);
    record["paymentMethod"] = card.cards.iter().map(method).collect();
    record
}

/// What the list says of a card and the card of itself.
fn described(card: &Card) -> Value {
    let ((product, product_info), (network, network_info)) = (card.product, card.network);
    let mut record = json!({ "name": card.name, "productType": product, "creditCardNetwork": network });
    for (name, info) in [("productAdditionalInfo", product_info), ("networkAdditionalInfo", network_info)] {
        if let Some(info) = info {
            record[name] = info.into();
        }
    }
    record
}

/// Limits of one card of the account: the shared one, and two that are its own.
fn limits_of(card: &Card, number: &str, used: i64) -> Vec<Value> {
    let money = |cents: i64| json!({ "amount": amount(cents), "currency": "BRL" });
    let record = |kind: &str, consolidation: &str, used: i64| {
        json!({
            "creditLineLimitType": kind,
            "consolidationType": consolidation,
            "identificationNumber": number,
            "isLimitFlexible": card.limit.is_none(),
            "usedAmount": money(used),
        })
    };
    let mut total = record("LIMITE_CREDITO_TOTAL", "CONSOLIDADO", used);
    let Some(limit) = card.limit else {
        return vec![total];
    };
    total["limitAmount"] = money(limit);
    total["availableAmount"] = money(limit - used);
    if limit == 0 {
        total["limitAmount"]["limitAmountReason"] = "O perfil de exemplo foi reavaliado".into();
        return vec![total];
    }
    total["customizedLimitAmount"] = money(limit / 2);
    let line = |name: &str, info: Option<&str>, limit: i64| {
        let mut line = record("LIMITE_CREDITO_MODALIDADE_OPERACAO", "INDIVIDUAL", 0);
        line["lineName"] = name.into();
        if let Some(info) = info {
            line["lineNameAdditionalInfo"] = info.into();
        }
        line["limitAmount"] = money(limit);
        line["availableAmount"] = money(limit);
        line
    };
    vec![
        total,
        line("SAQUE_CREDITO_BRASIL", None, limit / 10),
        line("OUTROS", Some("Linha que só há no exemplo"), limit / 20),
    ]
}
