//! Exchanges 1.1.0.

use ponte_values::Date;
use serde_json::{Value, json};

use crate::calendar;
use crate::call::{Answered, Call};
use crate::holdings::{Family, Held};
use crate::records::{decimal, with};

/// The API. The holder of many has three pages of operations.
pub(crate) static EXCHANGES: Family = Family {
    api: "exchanges",
    kind: "EXCHANGE",
    key: "operationId",
    prefix: "CAM",
    few: 3,
    many: 55,
    unavailable: None,
};

/// Currencies and their prices in ten-thousandths of a real.
static CURRENCIES: &[(&str, i64)] = &[("USD", 54_321), ("EUR", 61_234), ("JPY", 368), ("GBP", 70_110)];

/// How the foreign currency is delivered.
static DELIVERIES: &[&str] = &["TELETRANSMISSAO", "CONTA_DEPOSITO", "ESPECIE_CHEQUES_VIAGEM"];

/// Events of the first operation of each holder.
const MANY_EVENTS: i64 = 55;

/// Answers an operation of this API.
pub(crate) fn answer(operation: &str, call: &Call<'_>) -> Answered {
    let asked = || EXCHANGES.asked(call).map(|held| Exchange { held, today: call.today() });
    Some(match operation {
        "discovery" => Ok(call.discovered(EXCHANGES.kind, EXCHANGES.found(call.customer))),
        "operations" => {
            let listed = |shared: Vec<Held>| shared.iter().map(Held::listed).collect::<Vec<_>>();
            EXCHANGES.shared(call).and_then(|shared| call.list(&listed(shared)))
        }
        "find" => asked().map(|exchange| call.single(&exchange.detail())),
        "events" => asked().and_then(|exchange| call.list(&exchange.events())),
        _ => return None,
    })
}

/// An operation of a customer.
struct Exchange {
    held: Held,
    today: Date,
}

impl Exchange {
    fn detail(&self) -> Value {
        let number = self.held.number;
        let identity = json!({
            // Both institutions have letters in their CNPJ (Z-CNP-05).
            "authorizedInstitutionCnpjNumber": "EXEMPL0C000191",
            "authorizedInstitutionName": "Câmbio de Exemplo S.A.",
            "operationNumber": format!("{number:012}"),
            "operationType": if number % 2 == 0 { "VENDA" } else { "COMPRA" },
            "operationDate": self.made(),
            "deliveryForeignCurrency": self.held.made_of(DELIVERIES),
            "operationCategoryCode": "90302",
        });
        let mut record = with(self.terms(0), identity);
        if number % 2 == 1 {
            record["intermediaryInstitutionCnpjNumber"] = "EXEMPL0I000169".into();
            record["intermediaryInstitutionName"] = "Corretora de Exemplo Ltda".into();
        }
        record
    }

    /// The events, newest first: fifty-five of the first operation, two of every second one, none of the others.
    fn events(&self) -> Vec<Value> {
        let count = match self.held.number {
            1 => MANY_EVENTS,
            number if number % 2 == 0 => 2,
            _ => 0,
        };
        (1..=count).rev().map(|position| self.event(position, count)).collect()
    }

    fn event(&self, position: i64, count: i64) -> Value {
        // Made, changed again and again, settled.
        let kind = match position {
            1 => "1",
            last if last == count => "4",
            _ => "2",
        };
        let identity = json!({
            "eventSequenceNumber": format!("{position:012}"),
            "eventType": kind,
            "eventDate": format!("{}T15:00:00Z", self.day().plus_days(position)),
            "deliveryForeignCurrency": self.held.made_of(DELIVERIES),
            "operationCategoryCode": "90302",
        });
        let mut record = with(self.terms(position), identity);
        if kind == "4" {
            record["foreignPartie"] = json!({
                "relationshipCode": "50",
                "foreignPartieName": "Exemplo Overseas Traders",
                "foreignPartieCountryCode": "ZZ",
            });
        }
        record
    }

    /// Price and amounts after so many events: each has made it a little more expensive.
    fn terms(&self, events: i64) -> Value {
        let (currency, price) = *self.held.made_of(CURRENCIES);
        let (foreign, price) = (100_000 + self.held.number * 1_111, price + events);
        let foreign_money = |cents: i64| json!({ "amount": decimal(cents, 2), "currency": currency });
        let mut record = json!({
            "dueDate": self.day().plus_days(if self.is_future() { 180 } else { 2 }).to_string(),
            "localCurrencyOperationTax": { "amount": decimal(price, 4), "currency": "BRL" },
            "localCurrencyOperationValue": { "amount": decimal(foreign * price / 10_000, 2), "currency": "BRL" },
            "foreignOperationValue": foreign_money(foreign),
        });
        if self.is_future() {
            record["operationOutstandingBalance"] = foreign_money(foreign / 2);
            record["localCurrencyAdvancePercentage"] = "0.500000".into();
        } else {
            record["vetAmount"] = json!({ "amount": decimal(price + price / 100, 4), "currency": "BRL" });
        }
        record
    }

    /// Whether it is settled later than in two days.
    fn is_future(&self) -> bool {
        self.held.number % 3 == 1
    }

    /// The day in Brasília on which it was made; the second operation is of 31 December.
    fn day(&self) -> Date {
        let last_year = calendar::parts(self.today).0 - 1;
        match self.held.number {
            // A year earlier than the others, so that its events are over on every day of this one.
            2 => calendar::day(last_year - 1, 11, 31),
            number => calendar::day(last_year, number % 11, 1 + number % 28),
        }
    }

    /// The moment it was made; the one of 31 December in the last second of the year in Brasília.
    fn made(&self) -> String {
        match self.held.number {
            2 => format!("{}T02:59:59Z", self.day().plus_days(1)),
            _ => format!("{}T14:30:00Z", self.day()),
        }
    }
}
