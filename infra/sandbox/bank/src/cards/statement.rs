//! What happened on a card, and the bills that it makes: the same day always has the same purchases (C58).

use std::collections::BTreeMap;

use ponte_values::{Date, Moment};
use serde_json::{Value, json};

use super::month::Month;
use super::purchases::{self, Entry};
use crate::customers::Card;
use crate::dice::Dice;
use crate::ledger::amount;

/// How far back transactions and bills are shown, days (C57: twelve months).
pub(super) const DAYS_BACK: i64 = 366;
/// Bills close on this day of their month and are due on the other; every month has both.
const CLOSES: u32 = 18;
const DUE: u32 = 28;
/// Entries are made from so long before, so that the instalments of the oldest bill are complete.
pub(super) const DAYS_BEFORE: i64 = 420;

/// A transaction, ready for the wire.
pub(super) struct Transaction {
    pub(super) day: Date,
    pub(super) kind: &'static str,
    pub(super) mcc: Option<u32>,
    bill: Month,
    /// As the lists of transactions have it.
    pub(super) json: Box<str>,
    /// As the bill has it.
    pub(super) on_bill: Box<str>,
}

/// A closed bill, ready for the wire.
pub(super) struct Bill {
    pub(super) id: String,
    pub(super) due: Date,
    month: Month,
    pub(super) json: Value,
}

/// A card on one day.
pub(super) struct Statement {
    /// Newest first; the instalments of a purchase in their order.
    pub(super) transactions: Vec<Transaction>,
    /// Closed ones, newest first.
    pub(super) bills: Vec<Bill>,
    /// Cents of the bills that are not closed.
    pub(super) used: i64,
}

impl Statement {
    /// The card as known on `today` (a day in Brasília).
    pub(super) fn of(card: &Card, today: Date) -> Self {
        let first = today.plus_days(-DAYS_BACK);
        let days = (0..=DAYS_BACK + DAYS_BEFORE).rev().map(|back| today.plus_days(-back));
        let mut entries: Vec<(Month, Entry)> = Vec::new();
        for day in days {
            entries.extend(purchases::of_day(card, day).into_iter().map(|entry| (bill_of(&entry), entry)));
        }
        let mut totals: BTreeMap<Month, i64> = BTreeMap::new();
        for (month, entry) in &entries {
            *totals.entry(*month).or_default() += entry.cents;
        }
        let closed = |month: Month| month.day(CLOSES) < today;
        let paid = totals.iter().filter(|(month, _)| closed(**month) && month.day(DUE) <= today);
        let payments: Vec<_> = paid
            .map(|(month, cents)| (month.plus(1), purchases::payment(card, month.day(DUE), *cents)))
            .collect();
        entries.extend(payments);
        // A bill is complete, whenever what is on it was bought.
        let known = |month: Month| closed(month) && month.day(DUE) >= first;
        entries.retain(|(month, entry)| entry.day >= first || known(*month));
        entries.sort_by_key(|(_, entry)| (std::cmp::Reverse((entry.day, entry.second)), entry.charge));
        Self {
            transactions: entries
                .iter()
                .map(|(month, entry)| transaction(card, *month, entry, today))
                .collect(),
            bills: totals
                .iter()
                .rev()
                .filter(|(month, cents)| known(**month) && **cents != 0)
                .map(|(month, cents)| bill(card, *month, *cents, today))
                .collect(),
            used: totals.iter().filter(|(month, _)| !closed(**month)).map(|(_, cents)| cents).sum(),
        }
    }

    /// Transactions of these days, newest first.
    pub(super) fn between(&self, from: Date, to: Date) -> &[Transaction] {
        let start = self.transactions.partition_point(|one| one.day > to);
        let end = self.transactions.partition_point(|one| one.day >= from);
        self.transactions.get(start..end).unwrap_or(&[])
    }

    /// Transactions of a bill, newest first.
    pub(super) fn on<'a>(&'a self, bill: &Bill) -> impl Iterator<Item = &'a Transaction> {
        let month = bill.month;
        self.transactions.iter().filter(move |one| one.bill == month)
    }
}

/// The bill that an entry is on: the one that closes next, and for a later instalment so many months after it.
fn bill_of(entry: &Entry) -> Month {
    let month = Month::of(entry.day);
    let next = if entry.day > month.day(CLOSES) { month.plus(1) } else { month };
    next.plus(entry.charge.map_or(0, |(number, _)| i64::from(number) - 1))
}

fn bill_id(card: &Card, month: Month) -> String {
    Dice::of(&format!("{}|bill|{month}", card.number)).id()
}

fn transaction(card: &Card, month: Month, entry: &Entry, today: Date) -> Transaction {
    // Midnight in Brasília is three hours into the day of UTC (C56).
    let midnight = Moment::parse(&format!("{}T03:00:00Z", entry.day)).unwrap_or(Moment::from_seconds(0));
    let mut record = entry.record(card);
    record["transactionDateTime"] =
        Moment::from_seconds(midnight.seconds() + entry.second).with_millis().into();
    // A later instalment is put on its bill when that bill opens.
    let opens = month.plus(-1).day(CLOSES).plus_days(1);
    let posted = entry.day.max(opens);
    record["billPostDate"] = posted.to_string().into();
    if month.day(CLOSES) < today {
        record["billId"] = bill_id(card, month).into();
    }
    let on_bill = record.to_string().into();
    if posted > today {
        record["billPostDate"] = "0001-01-01".into();
    }
    record["billForecastDate"] = month.to_string().into();
    let (kind, mcc) = (entry.kind, entry.mcc);
    Transaction { day: entry.day, kind, mcc, bill: month, json: record.to_string().into(), on_bill }
}

fn bill(card: &Card, month: Month, cents: i64, today: Date) -> Bill {
    let money = |cents: i64| json!({ "amount": amount(cents), "currency": "BRL" });
    let (id, due) = (bill_id(card, month), month.day(DUE));
    let late = month.is_one_in(4);
    let mut json = json!({
        "billId": id,
        "dueDate": due.to_string(),
        "billClosingDate": month.day(CLOSES).to_string(),
        "billTotalAmount": money(cents),
        "billMinimumAmount": money((cents * 15 / 100).max(0)),
        "isInstalment": month.is_one_in(2),
        "payments": if due <= today { payments(month, cents) } else { Vec::new() },
    });
    if late {
        let charge =
            |kind: &str, cents: i64| json!({ "type": kind, "amount": amount(cents), "currency": "BRL" });
        let mut other = charge("OUTROS", 190);
        other["additionalInfo"] = "Encargo de exemplo".into();
        json["financeCharges"] = json!([
            charge("JUROS_REMUNERATORIOS_ATRASO_PAGAMENTO_FATURA", 1_234),
            charge("MULTA_ATRASO_PAGAMENTO_FATURA", 200),
            charge("JUROS_MORA_ATRASO_PAGAMENTO_FATURA", 55),
            charge("IOF", 38),
            other,
        ]);
    }
    Bill { id, due, month, json }
}

/// How a bill was paid: at once, in parts, or by a plan.
fn payments(month: Month, cents: i64) -> Vec<Value> {
    let payment = |kind: &str, mode: &str, cents: i64| {
        json!({
            "valueType": kind,
            "paymentDate": month.day(DUE).to_string(),
            "paymentMode": mode,
            "amount": amount(cents.max(0)),
            "currency": "BRL",
        })
    };
    if month.is_one_in(5) {
        let part = cents / 3;
        return vec![
            payment("OUTRO_VALOR_PAGO_FATURA", "PIX", part),
            payment("OUTRO_VALOR_PAGO_FATURA", "BOLETO_BANCARIO", cents - part),
        ];
    }
    if month.is_one_in(7) {
        return vec![payment("VALOR_PAGAMENTO_FATURA_PARCELADO", "AVERBACAO_FOLHA", cents)];
    }
    vec![payment("VALOR_PAGAMENTO_FATURA_REALIZADO", "DEBITO_CONTA_CORRENTE", cents)]
}
