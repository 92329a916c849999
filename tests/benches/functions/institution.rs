//! Answers of the integration layer, in the shapes of `docs/integration-layer.md`, made once.

use std::sync::LazyLock;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::serve;

/// Records in the whole selection of transactions.
const TRANSACTIONS: usize = 5000;

/// The institution's key of the customer's account.
pub(crate) const LEGACY_ID: &str = r#"[{"key":"accountId","value":"0001-00012345"}]"#;

static PAGE_OF_25: LazyLock<Bytes> = LazyLock::new(|| page(25));
static PAGE_OF_1000: LazyLock<Bytes> = LazyLock::new(|| page(1000));
static CARD_PAGE_OF_25: LazyLock<Bytes> = LazyLock::new(|| card_transactions(25));
static CARD_PAGE_OF_1000: LazyLock<Bytes> = LazyLock::new(|| card_transactions(1000));
static LOANS_OF_25: LazyLock<Bytes> = LazyLock::new(|| loans(25));
static LOANS_OF_1000: LazyLock<Bytes> = LazyLock::new(|| loans(1000));
static ACCOUNTS: LazyLock<Bytes> = LazyLock::new(|| enveloped(&json!([account(LEGACY_ID)]), 1, 1));
static ACCOUNTS_OF_25: LazyLock<Bytes> = LazyLock::new(|| accounts(25));
static ACCOUNTS_OF_1000: LazyLock<Bytes> = LazyLock::new(|| accounts(1000));

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paging {
    page_size: Option<usize>,
    consent: Shared,
}

#[derive(Deserialize)]
struct Shared {
    resources: Vec<IgnoredAny>,
}

/// The answer of one operation.
pub(crate) fn answer(path: &str, body: &Bytes) -> Response<Full<Bytes>> {
    let paging = || serde_json::from_slice::<Paging>(body).ok();
    let size = || paging().and_then(|paging| paging.page_size);
    let shared = || paging().map_or(0, |paging| paging.consent.resources.len());
    let pages: Option<(&LazyLock<Bytes>, &LazyLock<Bytes>)> = match path.trim_start_matches("/institution") {
        "/accounts/transactions" => Some((&PAGE_OF_25, &PAGE_OF_1000)),
        "/credit-cards-accounts/transactions" => Some((&CARD_PAGE_OF_25, &CARD_PAGE_OF_1000)),
        "/loans/contracts" => Some((&LOANS_OF_25, &LOANS_OF_1000)),
        _ => None,
    };
    let body = match pages {
        Some((_, of_1000)) if size() == Some(1000) => Bytes::clone(of_1000),
        Some((of_25, _)) => Bytes::clone(of_25),
        None if path.ends_with("/accounts/accounts") => match shared() {
            1000 => ACCOUNTS_OF_1000.clone(),
            25 => ACCOUNTS_OF_25.clone(),
            _ => ACCOUNTS.clone(),
        },
        None => enveloped(&json!({}), 1, 1),
    };
    serve::json(200, body)
}

/// An answer with so many transactions.
pub(crate) fn transactions(size: usize) -> Bytes {
    page(size)
}

/// An answer with so many accounts.
pub(crate) fn accounts(size: usize) -> Bytes {
    let records: Vec<Value> = keys(size).map(|key| account(&key)).collect();
    enveloped(&Value::from(records), size, 1)
}

/// Their keys, each as JSON.
pub(crate) fn keys(size: usize) -> impl Iterator<Item = String> {
    (0..size).map(|number| format!(r#"[{{"key":"accountId","value":"0001-{number:08}"}}]"#))
}

fn page(size: usize) -> Bytes {
    of_many(size, transaction)
}

/// An answer with so many transactions of a card.
pub(crate) fn card_transactions(size: usize) -> Bytes {
    of_many(size, card_transaction)
}

/// An answer with so many loans, which are all that the customer has.
pub(crate) fn loans(size: usize) -> Bytes {
    let records: Vec<Value> = loan_keys(size).enumerate().map(|(number, key)| loan(number, &key)).collect();
    enveloped(&Value::from(records), size, 1)
}

/// Their keys, each as JSON.
pub(crate) fn loan_keys(size: usize) -> impl Iterator<Item = String> {
    (0..size).map(|number| format!(r#"[{{"key":"contract","value":"2026-{number:08}"}}]"#))
}

/// Public id of a loan: made from its key, so that the loans of a customer are stored in an order that nobody else has.
pub(crate) fn loan_id(number: usize) -> String {
    let number = u128::try_from(number).unwrap_or_default() + 1;
    format!("{:032x}", number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835))
}

fn of_many(size: usize, record: impl Fn(usize) -> Value) -> Bytes {
    let records: Vec<Value> = (0..size).map(record).collect();
    enveloped(&Value::from(records), TRANSACTIONS, TRANSACTIONS.div_ceil(size))
}

fn enveloped(data: &Value, records: usize, pages: usize) -> Bytes {
    let meta = json!({
        "totalRecords": records, "totalPages": pages, "requestDateTime": "2026-03-02T12:00:00Z",
    });
    json!({ "data": data, "meta": meta }).to_string().into()
}

fn account(key: &str) -> Value {
    let legacy_id: Value = serde_json::from_str(key).unwrap_or_default();
    json!({
        "resourceLegacyId": legacy_id,
        "brandName": "Banco Ponte de Exemplo", "companyCnpj": "11444777000161",
        "type": "CONTA_DEPOSITO_A_VISTA", "compeCode": "999", "branchCode": "0001",
        "number": "00012345", "checkDigit": "6",
    })
}

fn transaction(number: usize) -> Value {
    json!({
        "transactionId": format!("7f0c1f6a9b3e{number:08}"),
        "completedAuthorisedPaymentType": "TRANSACAO_EFETIVADA",
        "creditDebitType": if number.is_multiple_of(3) { "CREDITO" } else { "DEBITO" },
        "transactionName": "Compra no mercado da esquina",
        "type": "CARTAO",
        "transactionAmount": { "amount": format!("{}.90", 10 + number % 500), "currency": "BRL" },
        "transactionDateTime": format!("2026-03-01T{:02}:{:02}:09.000Z", number % 24, number % 60),
        "partieCnpjCpf": "11222333000181", "partiePersonType": "PESSOA_JURIDICA", "partieCompeCode": "999",
        "partieBranchCode": "0001", "partieNumber": "00054321", "partieCheckDigit": "0",
    })
}

fn card_transaction(number: usize) -> Value {
    let amount = json!({ "amount": format!("{}.90", 10 + number % 500), "currency": "BRL" });
    json!({
        "transactionId": format!("c70c1f6a9b3e{number:08}"), "identificationNumber": "4453",
        "transactionName": "Compra no mercado da esquina", "billId": "3459087XXZTR", "creditDebitType": "DEBITO",
        "transactionType": "PAGAMENTO", "paymentType": "A_VISTA", "brazilianAmount": amount, "amount": amount,
        "transactionDateTime": format!("2026-03-01T{:02}:{:02}:09.000Z", number % 24, number % 60),
        "billPostDate": "2026-03-05", "billForecastDate": "2026-04", "payeeMCC": 5411,
    })
}

fn loan(number: usize, key: &str) -> Value {
    let legacy_id: Value = serde_json::from_str(key).unwrap_or_default();
    json!({
        "resourceLegacyId": legacy_id, "brandName": "Banco Ponte de Exemplo", "companyCnpj": "11444777000161",
        "productType": "EMPRESTIMOS", "productSubType": "CREDITO_PESSOAL_SEM_CONSIGNACAO",
        "productSubTypeCategory": "CREDITO_PESSOAL_CLEAN", "ipocCode": format!("11444777020317610927767{number:08}"),
    })
}
