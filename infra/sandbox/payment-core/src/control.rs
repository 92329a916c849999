//! The core's controls over HTTP, below the plain listener of the bank: what it is to do, and what its books say.

use std::sync::Arc;

use http::{Method, StatusCode};
use ponte_web::faults::Faults;
use ponte_web::{Answer, Request, control_faults};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::Account;
use crate::mode::Mode;
use crate::order::Order;
use crate::payment::Reason;
use crate::payment_core::PaymentCore;
use crate::pix_keys::PixKey;
use crate::push::Notifier;

/// The controls of a core.
pub struct Control {
    core: Arc<PaymentCore>,
    faults: Faults,
    notifier: Arc<Notifier>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    proxy: String,
    #[serde(flatten)]
    key: PixKey,
}

#[derive(Deserialize)]
struct Release {
    key: String,
    approved: bool,
}

#[derive(Deserialize)]
struct Seconds {
    #[serde(default)]
    ahead: Option<i64>,
    #[serde(default)]
    elapse: Option<u64>,
}

#[derive(Deserialize)]
struct Deposit {
    account: Account,
    cents: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    key: String,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    rejection_reason: Option<Reason>,
}

impl Control {
    /// Of `core`, whose server has these faults.
    #[must_use]
    pub fn new(core: Arc<PaymentCore>, faults: Faults, notifier: Arc<Notifier>) -> Self {
        Self { core, faults, notifier }
    }

    /// Answers a path below the controls.
    pub async fn answer(&self, path: &str, request: &Request) -> Answer {
        if path == "/sandbox/faults" {
            return control_faults(&self.faults, request);
        }
        if path == "/sandbox/notifications" && request.method == Method::POST {
            return match request.json() {
                Ok(order) => self.notify(order).await,
                Err(problem) => Answer::message(StatusCode::BAD_REQUEST, &problem),
            };
        }
        match self.controlled(path, request) {
            Ok(Some(told)) => Answer::json(StatusCode::OK, &told),
            Ok(None) => Answer::message(StatusCode::NOT_FOUND, "no such control"),
            Err(problem) => Answer::message(StatusCode::BAD_REQUEST, &problem),
        }
    }

    fn controlled(&self, path: &str, request: &Request) -> Result<Option<Value>, String> {
        let core = &self.core;
        match (path, request.method.as_str()) {
            ("/sandbox/orders", "POST") => core.order(request.json::<Order>()?),
            ("/sandbox/orders", "DELETE") => core.clear_orders(),
            ("/sandbox/mode", "PUT") => core.become_mode(request.json::<Mode>()?),
            ("/sandbox/pix-keys", "POST") => {
                let Key { proxy, key } = request.json()?;
                core.register(&proxy, key);
            }
            ("/sandbox/release", "POST") => {
                let Release { key, approved } = request.json()?;
                return Ok(Some(json!({ "released": core.release(&key, approved) })));
            }
            ("/sandbox/clock", "POST") => {
                let Seconds { ahead, elapse } = request.json()?;
                if let Some(seconds) = ahead {
                    core.shift_clock(seconds);
                }
                core.elapse(elapse.unwrap_or_default());
            }
            ("/sandbox/deposits", "POST") => {
                let Deposit { account, cents } = request.json()?;
                core.deposit(account, cents);
            }
            (_, "GET") => {}
            _ => return Ok(None),
        }
        Ok(self.shown(path))
    }

    /// What a control says of itself.
    fn shown(&self, path: &str) -> Option<Value> {
        let core = &self.core;
        Some(match path {
            "/sandbox/orders" => json!({ "orders": core.orders() }),
            "/sandbox/mode" => json!(core.mode()),
            "/sandbox/keys" => core.published_keys(),
            "/sandbox/books" | "/sandbox/clock" | "/sandbox/deposits" => json!(core.books()),
            "/sandbox/entries" => json!({ "entries": core.entries() }),
            "/sandbox/accounts" => {
                let account =
                    |(account, cents): (Account, i64)| json!({ "account": account, "cents": cents });
                json!({ "accounts": core.balances().into_iter().map(account).collect::<Vec<_>>() })
            }
            "/sandbox/payments" => {
                let payments = core.payments();
                let told = payments.iter().map(|payment| {
                    let mut told = payment.told();
                    told["calls"] = core.calls(&payment.key).into();
                    told["refused"] = payment.refused.into();
                    told
                });
                json!({ "payments": told.collect::<Vec<_>>() })
            }
            "/sandbox/pix-keys" => {
                let keys = core.pix_keys().into_iter();
                let keys: serde_json::Map<String, Value> =
                    keys.map(|(proxy, key)| (proxy, json!(key))).collect();
                json!({ "keys": keys })
            }
            _ => return None,
        })
    }

    /// Tells Ponte a status of a payment, true or not.
    async fn notify(&self, order: Notification) -> Answer {
        let payments = self.core.payments();
        let Some(payment) = payments.iter().rev().find(|payment| payment.key == order.key) else {
            return Answer::message(StatusCode::NOT_FOUND, "no payment has this key");
        };
        let own = json!(payment.status);
        let status = order.status.as_deref().or(own.as_str()).unwrap_or_default();
        let reason = order.rejection_reason.as_ref().or(payment.reason.as_ref());
        match self.notifier.tell(payment, status, reason).await {
            Ok(answered) => Answer::json(StatusCode::OK, &json!({ "told": status, "answered": answered })),
            Err(problem) => Answer::message(StatusCode::BAD_GATEWAY, &problem),
        }
    }
}
