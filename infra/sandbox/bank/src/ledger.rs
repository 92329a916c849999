//! Transactions of an account: the same day always has the same transactions, whenever it is asked for (C58), and the
//! balance is what they add up to.

use ponte_values::{Date, Moment};

use crate::customers::Account;
use crate::dice::Dice;
use crate::institution::COMPE_CODE;
use crate::records::decimal;

/// How far back the ledger goes, days (C57: twelve months).
pub(crate) const DAYS_BACK: i64 = 366;
/// How far ahead bookings are known, days.
pub(crate) const DAYS_AHEAD: i64 = 365;

/// One booking, ready for the wire.
pub(crate) struct Booking {
    pub(crate) day: Date,
    /// Cents; credits above zero, debits below.
    pub(crate) cents: i64,
    pub(crate) future: bool,
    /// The record as it is sent.
    pub(crate) json: Box<str>,
}

/// All bookings of an account around one day, newest first.
pub(crate) struct Ledger {
    bookings: Vec<Booking>,
    balance: i64,
}

/// Transactions of an ordinary day: type, name, whether money comes in, cents from and to.
const EVENTS: &[(&str, &str, bool, i64, i64)] = &[
    ("CARTAO", "Compra no mercado", false, 1_500, 28_000),
    ("CARTAO", "Compra na farmácia", false, 900, 9_000),
    ("CARTAO", "Restaurante de exemplo", false, 2_500, 16_000),
    ("PIX", "Pix enviado a Carla Exemplo", false, 500, 40_000),
    ("PIX", "Pix recebido de Davi Exemplo", true, 500, 60_000),
    ("PIX", "Pix recebido de Elisa Exemplo", true, 1_000, 45_000),
    ("BOLETO", "Boleto da escola de exemplo", false, 5_000, 90_000),
    ("CONVENIO_ARRECADACAO", "Conta de luz de exemplo", false, 6_000, 31_000),
    ("TED", "TED recebida de exemplo", true, 10_000, 150_000),
    ("DEPOSITO", "Depósito em dinheiro", true, 2_000, 80_000),
    ("SAQUE", "Saque no caixa eletrônico", false, 2_000, 50_000),
    ("OUTROS", "Lançamento de exemplo", false, 100, 2_000),
];

impl Ledger {
    /// The bookings of `account` as known on `today` (a day in Brasília).
    pub(crate) fn of(account: &Account, today: Date) -> Self {
        let first = today.plus_days(-DAYS_BACK);
        // Start at the beginning of a month before the first day that is shown: there the balance is known.
        let start =
            (1..=31).map(|back| first.plus_days(-back)).find(|day| is_first_of_month(*day)).unwrap_or(first);
        let mut bookings = Vec::new();
        let mut balance = account.monthly_balance;
        let mut date = start;
        while date <= today {
            let mut day = Day::of(account, date);
            let mut of_day = Vec::new();
            day.ordinary(&mut of_day);
            let missing = account.monthly_balance - balance;
            if is_first_of_month(date) && date != start && missing != 0 {
                of_day.insert(0, day.sweep(missing));
            }
            // It happens at the end of its day, so it is known from the next one on.
            if account.last_second && date < today && date.to_string().ends_with("-12-31") {
                of_day.push(day.last_second());
            }
            balance += of_day.iter().map(|booking| booking.cents).sum::<i64>();
            if date >= first {
                bookings.append(&mut of_day);
            }
            date = date.plus_days(1);
        }
        let ahead = if account.transactions_a_day > 0 { DAYS_AHEAD } else { 0 };
        for date in (1..=ahead).map(|ahead| today.plus_days(ahead)) {
            if date.to_string().ends_with("-10") {
                bookings.push(Day::of(account, date).instalment());
            }
        }
        // Made day by day and second by second, so this is newest first.
        bookings.reverse();
        Self { bookings, balance }
    }

    /// Cents that are there now.
    pub(crate) fn balance(&self) -> i64 {
        self.balance
    }

    /// Bookings of these days, newest first.
    pub(crate) fn between(&self, from: Date, to: Date) -> &[Booking] {
        let start = self.bookings.partition_point(|booking| booking.day > to);
        let end = self.bookings.partition_point(|booking| booking.day >= from);
        self.bookings.get(start..end).unwrap_or(&[])
    }
}

fn is_first_of_month(day: Date) -> bool {
    day.to_string().ends_with("-01")
}

/// One day of an account while its bookings are made.
struct Day<'a> {
    account: &'a Account,
    date: Date,
    midnight: Moment,
    dice: Dice,
}

impl<'a> Day<'a> {
    fn of(account: &'a Account, date: Date) -> Self {
        // Midnight in Brasília is three hours into the day of UTC (C56).
        let midnight = Moment::parse(&format!("{date}T03:00:00Z")).unwrap_or(Moment::from_seconds(0));
        Self { date, midnight, dice: Dice::of(&format!("{}|{date}", account.id())), account }
    }

    /// Transactions of an ordinary day.
    fn ordinary(&mut self, of_day: &mut Vec<Booking>) {
        let usual = i64::from(self.account.transactions_a_day);
        let count = usual / 2 + self.dice.below(usual + 1);
        for position in 1..=count {
            let (kind, name, credit, low, high) = *self.dice.pick(EVENTS);
            let cents = low + self.dice.below(high - low);
            let cents = if credit { cents } else { -cents };
            // Booked in the night run, a second apart, so that today's bookings are there from the morning on.
            of_day.push(self.booking(&Line { kind, name, cents, second: position, future: false }));
        }
    }

    /// Money above the usual balance is invested, money below is fetched back.
    fn sweep(&mut self, missing: i64) -> Booking {
        let (kind, name) = if missing > 0 {
            ("RESGATE_APLIC_FINANCEIRA", "Resgate automático")
        } else {
            ("APLICACAO_FINANCEIRA", "Aplicação automática")
        };
        self.booking(&Line { kind, name, cents: missing, second: 0, future: false })
    }

    /// 23:59:59 of 31 December in Brasília, when it is next year in UTC already (C56).
    fn last_second(&mut self) -> Booking {
        let (kind, name) = ("PIX", "Pix no último segundo do ano");
        self.booking(&Line { kind, name, cents: -100, second: 86_399, future: false })
    }

    fn instalment(&mut self) -> Booking {
        let (kind, name) = ("OPERACAO_CREDITO", "Parcela agendada de exemplo");
        self.booking(&Line { kind, name, cents: -25_000, second: 0, future: true })
    }

    fn booking(&mut self, line: &Line) -> Booking {
        let moment = Moment::from_seconds(self.midnight.seconds() + line.second);
        // Written by hand: thousands of records at a time, none of them with a character to escape.
        let json = format!(
            concat!(
                r#"{{"transactionId":"{}","completedAuthorisedPaymentType":"{}","creditDebitType":"{}","#,
                r#""transactionName":"{}","type":"{}","transactionAmount":{{"amount":"{}","currency":"{}"}},"#,
                r#""transactionDateTime":"{}"{}}}"#
            ),
            self.dice.id(),
            if line.future { "LANCAMENTO_FUTURO" } else { "TRANSACAO_EFETIVADA" },
            if line.cents > 0 { "CREDITO" } else { "DEBITO" },
            line.name,
            line.kind,
            amount(line.cents.abs()),
            self.account.currency,
            moment.with_millis(),
            self.other_side(line.kind),
        );
        Booking { day: self.date, cents: line.cents, future: line.future, json: json.into() }
    }

    /// The properties about the other side of a booking, where the bank knows it.
    fn other_side(&mut self, kind: &str) -> String {
        match kind {
            "OUTROS" => r#","typeAdditionalInfo":"AJUSTE_DE_EXEMPLO""#.to_owned(),
            "PIX" | "TED" => format!(
                concat!(
                    r#","partieCnpjCpf":"22233344405","partiePersonType":"PESSOA_NATURAL","partieCompeCode":"{}","#,
                    r#""partieBranchCode":"0009","partieNumber":"{:08}","partieCheckDigit":"{}""#
                ),
                COMPE_CODE,
                self.dice.below(99_999_999),
                self.dice.below(10),
            ),
            "BOLETO" | "CONVENIO_ARRECADACAO" => {
                let payee = self.account.payee;
                format!(r#","partieCnpjCpf":"{payee}","partiePersonType":"PESSOA_JURIDICA""#)
            }
            _ => String::new(),
        }
    }
}

/// A booking.
struct Line {
    kind: &'static str,
    name: &'static str,
    cents: i64,
    second: i64,
    future: bool,
}

/// Cents as the wire has them: `1234.05`, `-0.50`.
pub(crate) fn amount(cents: i64) -> String {
    decimal(cents, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::CUSTOMERS;

    fn day(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn c58_a_day_never_changes_afterwards() {
        let account = &CUSTOMERS[0].accounts[0];
        let at = |today: &str| Ledger::of(account, day(today));
        let text = |ledger: &Ledger, past: &str| -> Vec<String> {
            ledger.between(day(past), day(past)).iter().map(|booking| booking.json.to_string()).collect()
        };
        let (then, later, last_seen) = (at("2026-03-02"), at("2026-05-20"), at("2027-03-02"));
        assert_eq!(text(&then, "2026-03-01"), text(&last_seen, "2026-03-01"));
        for past in ["2025-12-31", "2026-01-01", "2026-02-01", "2026-03-01", "2026-03-02"] {
            assert!(!text(&then, past).is_empty(), "{past}");
            assert_eq!(text(&then, past), text(&later, past), "{past}");
        }
    }

    #[test]
    fn the_balance_is_what_the_bookings_add_up_to() {
        for account in CUSTOMERS.iter().flat_map(|customer| customer.accounts) {
            let (one, other) =
                (Ledger::of(account, day("2026-03-02")), Ledger::of(account, day("2026-04-17")));
            let moved: i64 =
                other.between(day("2026-03-03"), day("2026-04-17")).iter().map(|booking| booking.cents).sum();
            assert_eq!(one.balance() + moved, other.balance(), "{}", account.id());
        }
    }

    #[test]
    fn c57_twelve_months_newest_first_with_unique_ids() {
        let today = day("2026-03-02");
        let ledger = Ledger::of(&CUSTOMERS[0].accounts[0], today);
        let all = ledger.between(today.plus_days(-DAYS_BACK), today.plus_days(DAYS_AHEAD));
        assert!(all.len() > 3_000, "{}", all.len());
        assert!(all.windows(2).all(|pair| pair[0].day >= pair[1].day));
        assert!(all.iter().all(|booking| booking.future == (booking.day > today)));
        let mut ids: Vec<String> = all
            .iter()
            .map(|booking| {
                let record: serde_json::Value = serde_json::from_str(&booking.json).unwrap();
                record["transactionId"].as_str().unwrap().to_owned()
            })
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all.len());
        assert!(ids.iter().all(|id| id.len() == 32));
    }

    #[test]
    fn c56_the_last_second_of_the_year_is_a_day_of_that_year() {
        let account =
            CUSTOMERS.iter().flat_map(|customer| customer.accounts).find(|one| one.last_second).unwrap();
        let last = |today: &str| {
            let ledger = Ledger::of(account, day(today));
            let of_day = ledger.between(day("2025-12-31"), day("2025-12-31"));
            of_day.first().map(|booking| booking.json.to_string()).unwrap_or_default()
        };
        assert!(last("2026-03-02").contains("\"transactionDateTime\":\"2026-01-01T02:59:59.000Z\""));
        assert!(!last("2025-12-31").contains("02:59:59"), "not before it happens");
        let ledger = Ledger::of(account, day("2026-03-02"));
        let new_year = ledger.between(day("2026-01-01"), day("2026-01-01"));
        assert!(new_year.iter().all(|booking| !booking.json.contains("02:59:59")));
    }

    #[test]
    fn amounts_have_two_decimals() {
        assert_eq!(amount(0), "0.00");
        assert_eq!(amount(5), "0.05");
        assert_eq!(amount(-123_456), "-1234.56");
    }
}
