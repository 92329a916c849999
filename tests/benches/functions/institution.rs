//! Answers of the integration layer, in the shapes of `docs/integration-layer.md`, made once.

use std::sync::LazyLock;

use bytes::Bytes;
use http::Response;
use http_body_util::Full;
use serde::Deserialize;
use serde_json::{Value, json};

use super::serve;

/// Records in the whole selection of transactions.
const TRANSACTIONS: usize = 5000;

/// The institution's key of the customer's account.
pub(crate) const LEGACY_ID: &str = r#"[{"key":"accountId","value":"0001-00012345"}]"#;

static PAGE_OF_25: LazyLock<Bytes> = LazyLock::new(|| page(25));
static PAGE_OF_1000: LazyLock<Bytes> = LazyLock::new(|| page(1000));
static ACCOUNTS: LazyLock<Bytes> = LazyLock::new(|| enveloped(&json!([account(LEGACY_ID)]), 1, 1));

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paging {
    page_size: Option<usize>,
}

/// The answer of one operation.
pub(crate) fn answer(path: &str, body: &Bytes) -> Response<Full<Bytes>> {
    let body = match path.rsplit('/').next().unwrap_or_default() {
        "accounts" => ACCOUNTS.clone(),
        "transactions" => {
            match serde_json::from_slice::<Paging>(body).ok().and_then(|paging| paging.page_size) {
                Some(1000) => PAGE_OF_1000.clone(),
                _ => PAGE_OF_25.clone(),
            }
        }
        _ => enveloped(&json!({}), 1, 1),
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
    let records: Vec<Value> = (0..size).map(transaction).collect();
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
