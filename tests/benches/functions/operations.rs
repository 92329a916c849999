//! The operations that are measured. One more is one more constant here and a word in [`ALL`].

use bytes::Bytes;
use ponte_values::Moment;
use serde_json::Value;

use super::Fault;
use super::event::{HOST, Http};
use super::pages::{ACCOUNTS, CARD_TRANSACTIONS, LOANS, PageOf, TRANSACTIONS};
use super::payments;
use super::recipe::RsaWork;
use super::world::{ACCOUNT, CARD, CLIENT, FEW_ACCOUNTS, GIVEN, MANY, MANY_ACCOUNTS, World, consent_body};

/// One operation.
pub(crate) struct Operation {
    /// How it is called in the table.
    pub(crate) name: &'static str,
    /// Function that serves it.
    pub(crate) function: &'static str,
    /// Status of success.
    pub(crate) status: i64,
    /// RSA operations it cannot do without.
    pub(crate) rsa: RsaWork,
    /// Largest multiple of its floor.
    pub(crate) limit: f64,
    /// Records that it shows a page of.
    pub(crate) page: Option<(&'static PageOf, usize)>,
    /// An event that succeeds now.
    pub(crate) event: fn(&World, Moment) -> Result<Bytes, Fault>,
}

/// The access token, and nothing else.
pub(crate) const ONE_TOKEN: RsaWork = RsaWork { verifies: 1, signs: 0, decrypts: 0 };

/// All of them, in the order of a journey.
pub(crate) const ALL: [&Operation; 17] = [
    &TOKEN,
    &POST_CONSENT,
    &PAR,
    &ENCRYPTED_PAR,
    &GET_CONSENT,
    &GET_ACCOUNTS,
    &ACCOUNTS_OF_25,
    &ACCOUNTS_OF_1000,
    &PAGE_OF_25,
    &PAGE_OF_1000,
    &CARD_PAGE_OF_25,
    &CARD_PAGE_OF_1000,
    &LOANS_OF_25,
    &LOANS_OF_1000,
    &POST_PAYMENT_CONSENT,
    &POST_PAYMENT,
    &GET_PAYMENT,
];

const TOKEN: Operation = Operation {
    name: "POST token",
    function: "oauth",
    status: 200,
    rsa: RsaWork { verifies: 1, signs: 1, decrypts: 0 },
    limit: 1.25,
    page: None,
    event: |world, now| {
        let body = format!(
            "grant_type=client_credentials&scope=consents&client_id={CLIENT}&client_assertion_type={ASSERTION_TYPE}&\
             client_assertion={}",
            world.assertion(now)?
        );
        Ok(form(world, "/auth/token", &body, now))
    },
};

const POST_CONSENT: Operation = Operation {
    name: "POST consent",
    function: "consents",
    status: 201,
    rsa: ONE_TOKEN,
    limit: 1.25,
    page: None,
    event: |world, now| {
        let token = world.access_token("consents", None, now)?;
        Ok(call(world, "POST", "/open-banking/consents/v3/consents", Some(&consent_body(now)), &token, now))
    },
};

const PAR: Operation = Operation {
    name: "POST par",
    function: "oauth",
    status: 201,
    rsa: RsaWork { verifies: 2, signs: 0, decrypts: 0 },
    limit: 1.25,
    page: None,
    event: |world, now| push(world, &world.request_object(now)?, now),
};

const ENCRYPTED_PAR: Operation = Operation {
    name: "POST par, encrypted",
    function: "oauth",
    status: 201,
    rsa: RsaWork { verifies: 2, signs: 0, decrypts: 1 },
    limit: 1.25,
    page: None,
    event: |world, now| push(world, &world.encrypted(&world.request_object(now)?)?, now),
};

const GET_CONSENT: Operation = Operation {
    name: "GET consent",
    function: "consents",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.15,
    page: None,
    event: |world, now| {
        let token = world.access_token("consents", None, now)?;
        Ok(call(world, "GET", &format!("/open-banking/consents/v3/consents/{GIVEN}"), None, &token, now))
    },
};

pub(crate) const GET_ACCOUNTS: Operation = Operation {
    name: "GET accounts",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.15,
    page: None,
    event: |world, now| customer(world, GIVEN, "/open-banking/accounts/v2/accounts?page=1&page-size=25", now),
};

const ACCOUNTS_OF_25: Operation = Operation {
    name: "GET 25 accounts",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.2,
    page: Some((&ACCOUNTS, 25)),
    event: |world, now| {
        customer(world, FEW_ACCOUNTS, "/open-banking/accounts/v2/accounts?page=1&page-size=25", now)
    },
};

const ACCOUNTS_OF_1000: Operation = Operation {
    name: "GET 1000 accounts",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.5,
    page: Some((&ACCOUNTS, 1000)),
    event: |world, now| {
        customer(world, MANY_ACCOUNTS, "/open-banking/accounts/v2/accounts?page=1&page-size=1000", now)
    },
};

const PAGE_OF_25: Operation = Operation {
    name: "GET 25 transactions",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.2,
    page: Some((&TRANSACTIONS, 25)),
    event: |world, now| transactions(world, 25, now),
};

const PAGE_OF_1000: Operation = Operation {
    name: "GET 1000 transactions",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.5,
    page: Some((&TRANSACTIONS, 1000)),
    event: |world, now| transactions(world, 1000, now),
};

const CARD_PAGE_OF_25: Operation = Operation {
    name: "GET 25 card transactions",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.2,
    page: Some((&CARD_TRANSACTIONS, 25)),
    event: |world, now| card_transactions(world, 25, now),
};

const CARD_PAGE_OF_1000: Operation = Operation {
    name: "GET 1000 card transactions",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.5,
    page: Some((&CARD_TRANSACTIONS, 1000)),
    event: |world, now| card_transactions(world, 1000, now),
};

const LOANS_OF_25: Operation = Operation {
    name: "GET 25 loans",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.2,
    page: Some((&LOANS, 25)),
    event: |world, now| customer(world, GIVEN, "/open-banking/loans/v2/contracts?page=1&page-size=25", now),
};

const LOANS_OF_1000: Operation = Operation {
    name: "GET 1000 loans",
    function: "data",
    status: 200,
    rsa: ONE_TOKEN,
    limit: 1.5,
    page: Some((&LOANS, 1000)),
    event: |world, now| customer(world, MANY, "/open-banking/loans/v2/contracts?page=1&page-size=1000", now),
};

/// Token and request verified, answer signed.
const POST_PAYMENT_CONSENT: Operation = Operation {
    name: "POST payment consent",
    function: "payments",
    status: 201,
    rsa: RsaWork { verifies: 2, signs: 1, decrypts: 0 },
    limit: 1.25,
    page: None,
    event: |world, now| {
        let token = world.access_token("payments", None, now)?;
        message(world, "/open-banking/payments/v5/consents", &payments::consent_data(now), &token, now)
    },
};

/// Besides, the question to the core is signed, and its answer verified.
const POST_PAYMENT: Operation = Operation {
    name: "POST payment",
    function: "payments",
    status: 201,
    rsa: RsaWork { verifies: 3, signs: 2, decrypts: 0 },
    limit: 1.25,
    page: None,
    event: |world, now| {
        let scope = format!("openid consent:{} payments", payments::GIVEN);
        let token = world.access_token(&scope, Some(payments::GIVEN), now)?;
        let data = payments::payment_data(&payments::end_to_end_id(now));
        message(world, "/open-banking/payments/v5/pix/payments", &data, &token, now)
    },
};

const GET_PAYMENT: Operation = Operation {
    name: "GET payment",
    function: "payments",
    status: 200,
    rsa: RsaWork { verifies: 1, signs: 1, decrypts: 0 },
    limit: 1.15,
    page: None,
    event: |world, now| {
        let token = world.access_token("payments", None, now)?;
        let path = format!("/open-banking/payments/v5/pix/payments/{}", payments::paid()?);
        Ok(call(world, "GET", &path, None, &token, now))
    },
};

const ASSERTION_TYPE: &str = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer";
const INTERACTION: (&str, &str) = ("x-fapi-interaction-id", "0f3e2d1c-5a55-4b7e-9c39-6b0c6c6f6a01");

fn push(world: &World, request: &str, now: Moment) -> Result<Bytes, Fault> {
    let assertion = world.assertion(now)?;
    let body = format!(
        "client_id={CLIENT}&client_assertion_type={ASSERTION_TYPE}&client_assertion={assertion}&request={request}"
    );
    Ok(form(world, "/auth/par", &body, now))
}

fn form(world: &World, path: &str, body: &str, now: Moment) -> Bytes {
    let headers = [("content-type", "application/x-www-form-urlencoded"), INTERACTION];
    Http {
        method: "POST",
        path,
        query: "",
        headers: &headers,
        body: Some(body),
        certificate: &world.certificates.client_pem,
        arrived: now.millis(),
    }
    .event()
}

fn call(
    world: &World,
    method: &'static str,
    target: &str,
    body: Option<&str>,
    token: &str,
    now: Moment,
) -> Bytes {
    let authorization = format!("Bearer {token}");
    let mut headers = vec![("authorization", authorization.as_str()), INTERACTION];
    headers.extend(body.map(|_| ("content-type", "application/json")));
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let certificate = &world.certificates.client_pem;
    Http { method, path, query, headers: &headers, body, certificate, arrived: now.millis() }.event()
}

/// A call with a signed body.
fn message(world: &World, path: &str, data: &Value, token: &str, now: Moment) -> Result<Bytes, Fault> {
    let body = world.message(&format!("https://{HOST}{path}"), data, now)?;
    let authorization = format!("Bearer {token}");
    let headers = [
        ("authorization", authorization.as_str()),
        INTERACTION,
        ("content-type", "application/jwt"),
        ("x-idempotency-key", "4f8e2c1a-chave-da-bancada"),
    ];
    let (certificate, arrived) = (&world.certificates.client_pem, now.millis());
    let http =
        Http { method: "POST", path, query: "", headers: &headers, body: Some(&body), certificate, arrived };
    Ok(http.event())
}

fn customer(world: &World, consent: &str, target: &str, now: Moment) -> Result<Bytes, Fault> {
    let scope = format!("openid consent:{consent} accounts credit-cards-accounts loans resources");
    let token = world.access_token(&scope, Some(consent), now)?;
    Ok(call(world, "GET", target, None, &token, now))
}

fn transactions(world: &World, size: u32, now: Moment) -> Result<Bytes, Fault> {
    let today = now.date_brasilia();
    let from = today.plus_days(-30);
    let target = format!(
        "/open-banking/accounts/v2/accounts/{ACCOUNT}/transactions?fromBookingDate={from}&toBookingDate={today}\
         &page=1&page-size={size}"
    );
    customer(world, GIVEN, &target, now)
}

fn card_transactions(world: &World, size: u32, now: Moment) -> Result<Bytes, Fault> {
    let today = now.date_brasilia();
    let from = today.plus_days(-30);
    let target = format!(
        "/open-banking/credit-cards-accounts/v2/accounts/{CARD}/transactions?fromTransactionDate={from}\
         &toTransactionDate={today}&page=1&page-size={size}"
    );
    customer(world, GIVEN, &target, now)
}
