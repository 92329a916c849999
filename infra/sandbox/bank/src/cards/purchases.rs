//! What happens on a card on one day.

use ponte_values::Date;
use serde_json::{Value, json};

use super::month::Month;
use crate::customers::Card;
use crate::dice::Dice;
use crate::ledger::amount;

/// Something that happened on a card; each instalment of a purchase is one.
pub(super) struct Entry {
    id: String,
    pub(super) day: Date,
    /// Seconds after midnight.
    pub(super) second: i64,
    pub(super) kind: &'static str,
    name: &'static str,
    /// Cents; what is owed above zero, what comes back below.
    pub(super) cents: i64,
    /// Cents of dollars, where it was paid abroad.
    dollars: Option<i64>,
    /// Which instalment it is, and of how many.
    pub(super) charge: Option<(u32, u32)>,
    pub(super) mcc: Option<u32>,
    /// Properties that this kind has besides.
    more: &'static [(&'static str, &'static str)],
}

/// Cents of reais for a hundred cents of dollars.
const DOLLAR: i64 = 543;

/// Ordinary purchases: name, category of the merchant, cents from and to, whether abroad.
const SHOPS: &[(&str, u32, i64, i64, bool)] = &[
    ("Mercado de exemplo", 5411, 2_000, 38_000, false),
    ("Farmácia de exemplo", 5912, 900, 12_000, false),
    ("Restaurante de exemplo", 5812, 3_000, 24_000, false),
    ("Posto de exemplo", 5541, 5_000, 30_000, false),
    ("Livraria Açaí & Pão de exemplo", 5942, 1_500, 15_000, false),
    ("Example Bookstore Ltd.", 5942, 1_000, 9_000, true),
];

/// What happens once a month: day, kind, name, cents, further properties.
type Monthly = (u32, &'static str, &'static str, i64, &'static [(&'static str, &'static str)]);

const MONTHLY: &[Monthly] = &[
    (3, "TARIFA", "Anuidade", 2_990, &[("feeType", "ANUIDADE")]),
    (
        7,
        "TARIFA",
        "Tarifa de exemplo",
        450,
        &[("feeType", "OUTRA"), ("feeTypeAdditionalInfo", "Tarifa que só há no exemplo")],
    ),
    (
        11,
        "OPERACOES_CREDITO_CONTRATADAS_CARTAO",
        "Crédito rotativo",
        10_000,
        &[("otherCreditsType", "CREDITO_ROTATIVO")],
    ),
    (
        13,
        "OPERACOES_CREDITO_CONTRATADAS_CARTAO",
        "Crédito de exemplo",
        7_500,
        &[("otherCreditsType", "OUTROS"), ("otherCreditsAdditionalInfo", "Crédito que só há no exemplo")],
    ),
    (16, "ESTORNO", "Estorno de compra", -4_321, &[]),
    (20, "CASHBACK", "Cashback de exemplo", -350, &[]),
    (22, "OUTROS", "Lançamento de exemplo", 99, &[("transactionalAdditionalInfo", "Ajuste de exemplo")]),
];

/// Entries of a day: nothing on a card that nobody uses.
pub(super) fn of_day(card: &Card, day: Date) -> Vec<Entry> {
    let usual = i64::from(card.purchases_a_day);
    if usual == 0 {
        return Vec::new();
    }
    let mut dice = Dice::of(&format!("{}|{day}", card.number));
    let mut entries = Vec::new();
    // Booked in the night run, a second apart, so that today's entries are there from the morning on.
    for second in 1..=usual / 2 + dice.below(usual + 1) {
        let (name, mcc, low, high, abroad) = *dice.pick(SHOPS);
        let cents = low + dice.below(high - low);
        let dollars = abroad.then_some(cents);
        let cents = dollars.map_or(cents, |dollars| dollars * DOLLAR / 100);
        let more = &[("paymentType", "A_VISTA")];
        let (kind, mcc, id) = ("PAGAMENTO", Some(mcc), dice.id());
        entries.push(Entry { id, day, second, kind, name, cents, dollars, charge: None, mcc, more });
    }
    let month = Month::of(day);
    for (second, (of_month, kind, name, cents, more)) in (100..).zip(MONTHLY) {
        if month.day(*of_month) == day {
            let (id, dollars, charge, mcc) = (dice.id(), None, None, None);
            entries.push(Entry { id, day, second, kind, name, cents: *cents, dollars, charge, mcc, more });
        }
    }
    if month.day(5) == day && month.is_one_in(3) {
        entries.extend(in_instalments(&mut dice, day));
    }
    entries
}

/// A purchase in ten instalments: one moment, a bill each (Z-CRD-08).
fn in_instalments(dice: &mut Dice, day: Date) -> Vec<Entry> {
    const COUNT: u32 = 10;
    let cents = 19_900 + dice.below(5_000);
    let instalment = |number| Entry {
        id: dice.id(),
        day,
        second: 200,
        kind: "PAGAMENTO",
        name: "Eletrodomésticos de exemplo",
        cents,
        dollars: None,
        charge: Some((number, COUNT)),
        mcc: Some(5722),
        more: &[("paymentType", "A_PRAZO")],
    };
    (1..=COUNT).map(instalment).collect()
}

/// The payment of a bill.
pub(super) fn payment(card: &Card, day: Date, cents: i64) -> Entry {
    let id = Dice::of(&format!("{}|payment|{day}", card.number)).id();
    let (kind, name) = ("PAGAMENTO_FATURA", "Pagamento da fatura");
    let (dollars, charge, mcc) = (None, None, None);
    Entry { id, day, second: 300, kind, name, cents: -cents, dollars, charge, mcc, more: &[] }
}

impl Entry {
    /// The record without what depends on its bill.
    pub(super) fn record(&self, card: &Card) -> Value {
        let money =
            |cents: i64, currency: &str| json!({ "amount": amount(cents.abs()), "currency": currency });
        let mut record = json!({
            "transactionId": self.id,
            "identificationNumber": card.cards.first().map_or("0000", |(number, _)| number),
            "transactionName": self.name,
            "creditDebitType": if self.cents < 0 { "CREDITO" } else { "DEBITO" },
            "transactionType": self.kind,
            "brazilianAmount": money(self.cents, "BRL"),
            "amount": self.dollars.map_or_else(|| money(self.cents, "BRL"), |dollars| money(dollars, "USD")),
        });
        for (name, value) in self.more {
            record[*name] = (*value).into();
        }
        if let Some((number, count)) = self.charge {
            record["chargeIdentificator"] = number.into();
            record["chargeNumber"] = count.into();
        }
        if let Some(mcc) = self.mcc {
            record["payeeMCC"] = mcc.into();
        }
        record
    }
}
