//! The integration layer of the bank: the operations of `docs/integration-layer.md`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use http::StatusCode;
use ponte_values::{Date, Moment};
use ponte_web::Answer;
use serde_json::{Value, json};

use crate::contract::{Authorizer, DataRequest, Discovered, Meta, Pair};
use crate::customers::{Account, BANK_CNPJ, BANK_NAME, COMPE_CODE, CUSTOMERS, Customer};
use crate::ledger::{Booking, DAYS_AHEAD, DAYS_BACK, Ledger, amount};

/// Why an operation was refused.
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) detail: String,
}

/// Ledgers of today, made when first asked for.
#[derive(Default)]
pub(crate) struct Layer {
    ledgers: Mutex<HashMap<(String, Date), Arc<Ledger>>>,
}

impl Layer {
    /// Answers `path`, one of the operations below `/accounts/`.
    pub(crate) fn answer(&self, path: &str, request: &DataRequest, now: Moment) -> Result<Answer, Refusal> {
        match path {
            "/accounts/account-discovery" => self.discovery(request, now),
            "/accounts/accounts" => accounts(request, now),
            "/accounts/find" => Ok(single(&identification(resource(request)?), now)),
            "/accounts/balances" => Ok(single(&self.balances(resource(request)?, now), now)),
            "/accounts/overdraft-limits" => Ok(single(&self.overdraft(resource(request)?, now), now)),
            "/accounts/reserved-balances" => reserved(request, now),
            "/accounts/transactions" => self.transactions(request, now, -DAYS_BACK, 0),
            "/accounts/transactions-current" => self.transactions(request, now, -6, DAYS_AHEAD),
            _ => Err(not_found("operação desconhecida")),
        }
    }

    fn discovery(&self, request: &DataRequest, now: Moment) -> Result<Answer, Refusal> {
        let customer = customer(request)?;
        let resources: Vec<Discovered> = customer
            .accounts
            .iter()
            .map(|account| Discovered {
                resource_legacy_id: account.legacy_id(),
                resource_name: shown(account),
                resource_balance_currency: "BRL",
                resource_balance_amount: amount(self.ledger(account, now).balance()),
                authorizers: account
                    .authorizer
                    .iter()
                    .map(|(cpf, name)| Authorizer { cpf: (*cpf).into(), name: (*name).into() })
                    .collect(),
                default_selected: account.authorizer.is_none(),
            })
            .collect();
        let meta = meta(resources.len(), 1000, now);
        Ok(Answer::json(StatusCode::OK, &json!({ "data": { "resources": resources }, "meta": meta })))
    }

    fn balances(&self, account: &Account, now: Moment) -> Value {
        let money = |cents: i64| json!({ "amount": amount(cents), "currency": "BRL" });
        json!({
            "availableAmount": money(self.ledger(account, now).balance()),
            "blockedAmount": money(0),
            "automaticallyInvestedAmount": money(account.monthly_balance / 10),
            "updateDateTime": now.to_string(),
            "hasReservedBalance": !account.reserved.is_empty(),
        })
    }

    fn overdraft(&self, account: &Account, now: Moment) -> Value {
        let Some(limit) = account.overdraft else {
            return json!({});
        };
        let money = |cents: i64| json!({ "amount": amount(cents), "currency": "BRL" });
        let below_zero = (-self.ledger(account, now).balance()).max(0);
        json!({
            "overdraftContractedLimit": money(limit),
            "overdraftUsedLimit": money(below_zero.min(limit)),
            "unarrangedOverdraftAmount": money((below_zero - limit).max(0)),
        })
    }

    fn transactions(
        &self,
        request: &DataRequest,
        now: Moment,
        earliest: i64,
        latest: i64,
    ) -> Result<Answer, Refusal> {
        let account = resource(request)?;
        let today = now.date_brasilia();
        let date = |text: &Option<String>, name: &str| match text {
            None => Ok(today),
            Some(text) => Date::parse(text).map_err(|_| invalid(format!("{name} não é uma data"))),
        };
        let from = date(&request.from_booking_date, "fromBookingDate")?.max(today.plus_days(earliest));
        let to = date(&request.to_booking_date, "toBookingDate")?.min(today.plus_days(latest));
        let credit = match request.credit_debit_indicator.as_deref() {
            None => None,
            Some("CREDITO") => Some(true),
            Some("DEBITO") => Some(false),
            Some(_) => return Err(invalid("creditDebitIndicator é CREDITO ou DEBITO")),
        };
        let ledger = self.ledger(account, now);
        let selected: Vec<&Booking> = ledger
            .between(from, to)
            .iter()
            .filter(|booking| credit.is_none_or(|credit| credit == (booking.cents > 0)))
            .filter(|booking| latest > 0 || !booking.future)
            .collect();
        let (page, size) = paging(request)?;
        let meta = meta(selected.len(), size, now);
        let mut body = String::with_capacity(512 * size.min(selected.len()) + 256);
        body.push_str(r#"{"data":["#);
        for (position, booking) in selected.iter().skip((page - 1) * size).take(size).enumerate() {
            if position > 0 {
                body.push(',');
            }
            body.push_str(&booking.json);
        }
        let _ = write!(
            body,
            r#"],"meta":{{"totalRecords":{},"totalPages":{},"requestDateTime":"{}"}}}}"#,
            meta.total_records, meta.total_pages, meta.request_date_time
        );
        Ok(Answer::json_text(StatusCode::OK, body))
    }

    fn ledger(&self, account: &Account, now: Moment) -> Arc<Ledger> {
        let key = (account.id(), now.date_brasilia());
        let mut ledgers = self.ledgers.lock().unwrap_or_else(PoisonError::into_inner);
        if !ledgers.contains_key(&key) {
            // Yesterday's ledger is of no more use.
            ledgers.retain(|(id, _), _| *id != key.0);
        }
        let ledger =
            ledgers.entry(key).or_insert_with_key(|(_, today)| Arc::new(Ledger::of(account, *today)));
        Arc::clone(ledger)
    }
}

fn accounts(request: &DataRequest, now: Moment) -> Result<Answer, Refusal> {
    let customer = customer(request)?;
    let mut records = Vec::new();
    for resource in request.consent.resources.iter().filter(|one| one.kind == "ACCOUNT") {
        let account = owned(customer, |account| account.is(&resource.resource_legacy_id))?;
        if request.account_type.as_deref().is_none_or(|wanted| wanted == account.kind) {
            let mut record = json!({
                "resourceLegacyId": account.legacy_id(),
                "brandName": BANK_NAME,
                "companyCnpj": BANK_CNPJ,
                "type": account.kind,
                "compeCode": COMPE_CODE,
                "number": account.number,
                "checkDigit": account.check_digit,
            });
            if let Some(branch) = account.branch {
                record["branchCode"] = branch.into();
            }
            records.push(record);
        }
    }
    list(request, &records, now)
}

fn identification(account: &Account) -> Value {
    let mut record = json!({
        "compeCode": COMPE_CODE,
        "number": account.number,
        "checkDigit": account.check_digit,
        "type": account.kind,
        "subtype": account.subtype,
        "currency": "BRL",
    });
    if let Some(branch) = account.branch {
        record["branchCode"] = branch.into();
    }
    record
}

fn reserved(request: &DataRequest, now: Moment) -> Result<Answer, Refusal> {
    let records: Vec<Value> = resource(request)?
        .reserved
        .iter()
        .map(|(name, identification, cents)| {
            json!({
                "reservedName": name,
                "reservedIdentification": identification,
                "availableAmount": [{ "amount": amount(*cents), "currency": "BRL" }],
            })
        })
        .collect();
    list(request, &records, now)
}

fn shown(account: &Account) -> Vec<Pair> {
    let pair = |key: &str, value: String| Pair { key: key.into(), value };
    let mut shown = vec![pair("type", account.label.into())];
    shown.extend(account.branch.map(|branch| pair("branch", branch.into())));
    shown.push(pair("number", format!("{}-{}", account.number, account.check_digit)));
    shown
}

/// The customer of the consent: by company where there is one, by person otherwise.
fn customer(request: &DataRequest) -> Result<&'static Customer, Refusal> {
    let consent = &request.consent;
    let cpf = &consent.logged_user.document.identification;
    let cnpj = consent.business_entity.as_ref().map(|company| company.document.identification.as_str());
    CUSTOMERS
        .iter()
        .find(|customer| customer.cnpj == cnpj && customer.cpf == cpf)
        .ok_or_else(|| not_found("cliente desconhecido"))
}

/// The account asked for, which must be the customer's.
fn resource(request: &DataRequest) -> Result<&'static Account, Refusal> {
    let id = request.resource_legacy_id.as_ref().ok_or_else(|| invalid("resourceLegacyId é obrigatório"))?;
    owned(customer(request)?, |account| account.is(id))
}

fn owned(
    customer: &'static Customer,
    wanted: impl Fn(&Account) -> bool,
) -> Result<&'static Account, Refusal> {
    if let Some(account) = customer.accounts.iter().find(|account| wanted(account)) {
        return Ok(account);
    }
    let of_another = CUSTOMERS.iter().flat_map(|customer| customer.accounts).any(wanted);
    Err(if of_another {
        Refusal {
            status: StatusCode::FORBIDDEN,
            code: "RECURSO_DE_OUTRO_CLIENTE",
            title: "Recurso de outro cliente",
            detail: "o recurso não pertence ao cliente do consentimento".into(),
        }
    } else {
        not_found("accountId desconhecido")
    })
}

fn single(data: &Value, now: Moment) -> Answer {
    Answer::json(StatusCode::OK, &json!({ "data": data, "meta": meta(1, 1, now) }))
}

fn list(request: &DataRequest, records: &[Value], now: Moment) -> Result<Answer, Refusal> {
    let (page, size) = paging(request)?;
    let data: Vec<&Value> = records.iter().skip((page - 1) * size).take(size).collect();
    Ok(Answer::json(StatusCode::OK, &json!({ "data": data, "meta": meta(records.len(), size, now) })))
}

fn paging(request: &DataRequest) -> Result<(usize, usize), Refusal> {
    let page = request.page.unwrap_or(1);
    let size = request.page_size.unwrap_or(25);
    if page < 1 || !(1..=1000).contains(&size) {
        return Err(invalid("page começa em 1, pageSize vai de 1 a 1000"));
    }
    Ok((usize::try_from(page).unwrap_or(usize::MAX), usize::try_from(size).unwrap_or(1000)))
}

fn meta(total: usize, size: usize, now: Moment) -> Meta {
    Meta {
        total_records: total,
        total_pages: total.div_ceil(size.max(1)),
        request_date_time: now.to_string(),
    }
}

pub(crate) fn invalid(detail: impl Into<String>) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "REQUISICAO_INVALIDA",
        title: "Requisição inválida",
        detail: detail.into(),
    }
}

pub(crate) fn not_found(detail: &str) -> Refusal {
    Refusal {
        status: StatusCode::NOT_FOUND,
        code: "RECURSO_NAO_ENCONTRADO",
        title: "Recurso não encontrado",
        detail: detail.into(),
    }
}
