//! Credit cards through the wire contract.

use ponte_machine::clock;
use serde_json::{Value, json};

use super::bank;
use super::walk::{Days, Kind, Operation, ask, common, walk, whole, with};
use crate::customers::{CUSTOMERS, Card};

const CARDS: Kind = Kind {
    file: "credit-cards-accounts-2.4.0",
    kind: "CREDIT_CARD_ACCOUNT",
    id: "creditCardAccountId",
    discovery: "/credit-cards-accounts/account-discovery",
    list: ("/credit-cards-accounts/accounts", "/accounts"),
    operations: &[
        of("/credit-cards-accounts/find", "/accounts/{creditCardAccountId}", None),
        of("/credit-cards-accounts/limits", "/accounts/{creditCardAccountId}/limits", None),
        of("/credit-cards-accounts/bills", "/accounts/{creditCardAccountId}/bills", DUE),
        of(TRANSACTIONS, "/accounts/{creditCardAccountId}/transactions", MADE),
        of(CURRENT, "/accounts/{creditCardAccountId}/transactions-current", MADE),
        Operation {
            name: BILL,
            path: "/accounts/{creditCardAccountId}/bills/{billId}/transactions",
            days: MADE,
            below: Some(("/credit-cards-accounts/bills", "billId")),
        },
    ],
};
const TRANSACTIONS: &str = "/credit-cards-accounts/transactions";
const CURRENT: &str = "/credit-cards-accounts/transactions-current";
const BILL: &str = "/credit-cards-accounts/bills-transactions";
const DUE: Option<Days> = Some(Days { from: "fromDueDate", to: "toDueDate", field: "dueDate" });
const MADE: Option<Days> =
    Some(Days { from: "fromTransactionDate", to: "toTransactionDate", field: "transactionDateTime" });

const fn of(name: &'static str, path: &'static str, days: Option<Days>) -> Operation {
    Operation { name, path, days, below: None }
}

/// A question about Ana's first card, with the widest window.
fn asked() -> Value {
    let today = clock::now().date_brasilia();
    let body = common(&CUSTOMERS[0], CARDS.kind, &[]);
    let body = with(body, "resourceLegacyId", id(&CUSTOMERS[0].cards[0]));
    let body = with(body, "fromTransactionDate", today.plus_days(-366).to_string());
    with(body, "toTransactionDate", today.to_string())
}

fn id(card: &Card) -> Value {
    json!([{ "key": "creditCardAccountId", "value": card.number }])
}

#[tokio::test]
async fn every_answer_is_what_the_file_says() {
    let tally = walk(&CARDS).await;
    assert!(tally[TRANSACTIONS] > 3_000 && tally[BILL] > 3_000, "{tally:?}");
}

#[tokio::test]
async fn z_com_06_there_is_enough_to_page_through() {
    let bank = bank();
    assert!(whole(&bank, TRANSACTIONS, &asked()).await.len() > 1_000);
    assert!(whole(&bank, CURRENT, &asked()).await.len() >= 20);
}

#[tokio::test]
async fn z_crd_08_the_instalments_of_a_purchase_are_due_month_after_month() {
    let records = whole(&bank(), TRANSACTIONS, &asked()).await;
    let instalments: Vec<&Value> = records.iter().filter(|one| one["paymentType"] == "A_PRAZO").collect();
    let purchases: Vec<&[&Value]> =
        instalments.chunk_by(|one, next| one["transactionDateTime"] == next["transactionDateTime"]).collect();
    assert!(purchases.len() >= 4);
    for purchase in purchases {
        assert_eq!(purchase.len(), 10);
        for (number, instalment) in (1..).zip(purchase) {
            assert_eq!(
                (&instalment["chargeIdentificator"], &instalment["chargeNumber"]),
                (&json!(number), &json!(10))
            );
        }
        let months: Vec<i64> =
            purchase.iter().map(|one| month(one["billForecastDate"].as_str().unwrap())).collect();
        assert!(months.windows(2).all(|pair| pair[1] == pair[0] + 1), "{months:?}");
    }
    let open = instalments.iter().filter(|one| one.get("billId").is_none()).count();
    assert!(open > 0 && open < instalments.len(), "some are billed, some are not");
    assert!(instalments.iter().any(|one| one["billPostDate"] == "0001-01-01"), "not on a bill yet");
}

/// Months since the year 0 of `YYYY-MM`.
fn month(text: &str) -> i64 {
    let (year, month) = text.split_once('-').unwrap();
    assert_eq!((year.len(), month.len()), (4, 2), "{text}");
    year.parse::<i64>().unwrap() * 12 + month.parse::<i64>().unwrap()
}

#[tokio::test]
async fn every_filter_alone_and_together() {
    let bank = bank();
    let all = whole(&bank, TRANSACTIONS, &asked()).await;
    let kinds: std::collections::BTreeSet<&str> =
        all.iter().map(|one| one["transactionType"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 7, "{kinds:?}");
    let mut count = 0;
    for kind in kinds {
        let some = whole(&bank, TRANSACTIONS, &with(asked(), "transactionType", kind)).await;
        assert!(!some.is_empty() && some.iter().all(|one| one["transactionType"] == kind));
        count += some.len();
    }
    assert_eq!(count, all.len());
    let books = whole(&bank, TRANSACTIONS, &with(asked(), "payeeMCC", 5942)).await;
    assert!(!books.is_empty() && books.iter().all(|one| one["payeeMCC"] == 5942));
    assert!(
        books
            .iter()
            .any(|one| one["amount"]["currency"] == "USD" && one["brazilianAmount"]["currency"] == "BRL")
    );
    assert_eq!(whole(&bank, TRANSACTIONS, &with(asked(), "payeeMCC", "5942")).await, books);
    let both = with(with(asked(), "payeeMCC", 5942), "transactionType", "TARIFA");
    assert!(whole(&bank, TRANSACTIONS, &both).await.is_empty());
    for (filter, value) in [
        ("transactionType", json!("COMPRA")),
        ("transactionType", json!(1)),
        ("payeeMCC", json!("x")),
        ("payeeMCC", json!(-1)),
    ] {
        assert_eq!(ask(&bank, TRANSACTIONS, &with(asked(), filter, value)).await.0, 400, "{filter}");
    }
}

#[tokio::test]
async fn a_bill_is_the_sum_of_what_is_on_it() {
    let bank = bank();
    let cents = |text: &Value| text.as_str().unwrap().replace('.', "").parse::<i64>().unwrap();
    let body = with(common(&CUSTOMERS[0], CARDS.kind, &[]), "resourceLegacyId", id(&CUSTOMERS[0].cards[0]));
    let bills = whole(&bank, "/credit-cards-accounts/bills", &body).await;
    assert!((11..=13).contains(&bills.len()), "{}", bills.len());
    for bill in &bills {
        let on_it = whole(&bank, BILL, &with(body.clone(), "billId", bill["billId"].clone())).await;
        let owed = on_it.iter().filter(|one| one["transactionType"] != "PAGAMENTO_FATURA").map(|one| {
            let cents = cents(&one["brazilianAmount"]["amount"]);
            if one["creditDebitType"] == "CREDITO" { -cents } else { cents }
        });
        assert!(on_it.iter().all(|one| one["billId"] == bill["billId"]));
        assert_eq!(owed.sum::<i64>(), cents(&bill["billTotalAmount"]["amount"]), "{bill}");
    }
    assert!(bills.iter().any(|bill| bill["payments"].as_array().unwrap().len() == 2));
    assert!(bills.iter().any(|bill| bill.get("financeCharges").is_some()));
}

#[tokio::test]
async fn limits_of_every_form() {
    let bank = bank();
    let mut seen = Vec::new();
    for customer in CUSTOMERS {
        for card in customer.cards {
            let body = with(common(customer, CARDS.kind, &[]), "resourceLegacyId", id(card));
            seen.extend(whole(&bank, "/credit-cards-accounts/limits", &body).await);
        }
    }
    assert!(seen.iter().any(|one| one["isLimitFlexible"] == true && one.get("limitAmount").is_none()));
    assert!(
        seen.iter().any(|one| one["limitAmount"]["amount"] == "0.00"
            && one["limitAmount"]["limitAmountReason"].is_string())
    );
    assert!(seen.iter().any(|one| one["lineName"] == "OUTROS" && one["lineNameAdditionalInfo"].is_string()));
    assert!(
        seen.iter().all(|one| one["isLimitFlexible"] == true || one["availableAmount"]["amount"].is_string())
    );
}

#[tokio::test]
async fn what_a_kind_of_transaction_must_say_besides() {
    for one in whole(&bank(), TRANSACTIONS, &asked()).await {
        let (kind, has) = (one["transactionType"].as_str().unwrap(), |name: &str| one.get(name).is_some());
        assert_eq!(has("paymentType") && has("payeeMCC"), kind == "PAGAMENTO", "{one}");
        assert_eq!(has("feeType"), kind == "TARIFA", "{one}");
        assert_eq!(has("feeTypeAdditionalInfo"), one["feeType"] == "OUTRA", "{one}");
        assert_eq!(has("otherCreditsType"), kind == "OPERACOES_CREDITO_CONTRATADAS_CARTAO", "{one}");
        assert_eq!(has("otherCreditsAdditionalInfo"), one["otherCreditsType"] == "OUTROS", "{one}");
        assert_eq!(has("transactionalAdditionalInfo"), kind == "OUTROS", "{one}");
        assert_eq!(
            has("chargeIdentificator") && has("chargeNumber"),
            one["paymentType"] == "A_PRAZO",
            "{one}"
        );
    }
}
