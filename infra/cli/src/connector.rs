//! `ponte connector`: what helps those who write a payment connector.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use ponte_cloud::environment::SystemClock;
use ponte_connector_check::{Dedupe, Plan, Report, Scene, Sides};
use ponte_fapi::jwk::KeySet;
use ponte_fapi::jws::Signer;
use ponte_ports::Clock as _;
use ponte_values::{Amount, Cpf};
use serde_json::{Value, json};

use crate::console::{complain, say_aside, tell};
use crate::layer::{Http, TlsOptions};

/// Exit code where the check could not be made: that of wrong arguments as well.
const NOT_CHECKED: u8 = 2;

/// Subcommands of `ponte connector`.
#[derive(Subcommand)]
pub(crate) enum ConnectorCommand {
    /// Ask every operation of a payment connector in ways it must answer and must refuse; moves money between test accounts. Exit code 0 without a fault, 1 with faults, 2 when it could not be checked
    Check(Box<ConnectorCheck>),
}

/// How a core recognises what it has executed.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Recognises {
    ByKey,
    QueryOnly,
    None,
}

/// Options of `ponte connector check`.
#[derive(Args)]
pub(crate) struct ConnectorCheck {
    /// Base URL of the connector, http or https
    url: String,
    /// PEM file with the PKCS#8 key that signs requests
    #[arg(long, value_name = "FILE")]
    signing_key: PathBuf,
    /// kid of that key
    #[arg(long, value_name = "KID")]
    kid: String,
    /// PEM file with a key that the connector does not know; it must refuse what this signs
    #[arg(long, value_name = "FILE")]
    stranger_key: PathBuf,
    /// File with the key set that verifies answers
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// CPF of a test customer with an account
    #[arg(long, value_name = "CPF")]
    customer: String,
    /// CPF of another one, who must not debit the first one's account
    #[arg(long, value_name = "CPF")]
    other: String,
    /// Account that is paid, ISPB:BRANCH:NUMBER:TYPE, 12345678:0001:1234567890:CACC
    #[arg(long, value_name = "ACCOUNT")]
    creditor: String,
    /// What is paid each time, about five times
    #[arg(long, value_name = "AMOUNT", default_value = "1.00")]
    amount: String,
    /// An amount that the customer does not have and the limits of the core allow
    #[arg(long, value_name = "AMOUNT", default_value = "999999999.98")]
    beyond: String,
    /// An amount that the core holds for analysis (PDNG); without it no cancellation of a held payment is tried
    #[arg(long, value_name = "AMOUNT")]
    held: Option<String>,
    /// How the core recognises what it has executed
    #[arg(long, value_enum, default_value = "by_key")]
    dedupe: Recognises,
    /// settle_ms of the connector
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 5_000)]
    settle_ms: u64,
    /// Name of the institution in the requests
    #[arg(long, value_name = "NAME", default_value = "ponte-bank")]
    brand: String,
    #[command(flatten)]
    tls: TlsOptions,
    /// Tell it as JSON
    #[arg(long)]
    json: bool,
}

impl ConnectorCommand {
    /// Runs it; the exit code says what became of it.
    pub(crate) async fn run(self) -> ExitCode {
        let Self::Check(check) = self;
        let json = check.json;
        match check.run().await.and_then(|report| Ok((told(&report, json)?, report.faults()))) {
            Ok((text, faults)) => {
                tell(&text);
                ExitCode::from(u8::from(faults > 0))
            }
            Err(fault) => {
                complain(&fault);
                ExitCode::from(NOT_CHECKED)
            }
        }
    }
}

fn told(report: &Report, json: bool) -> Result<String, String> {
    if json {
        serde_json::to_string_pretty(report).map_err(|error| error.to_string())
    } else {
        Ok(report.text())
    }
}

impl ConnectorCheck {
    async fn run(self) -> Result<Report, String> {
        let named = |name: &str, text: &str| {
            Cpf::parse(text).map(|_| text.to_owned()).map_err(|fault| format!("--{name}: {fault}"))
        };
        let amount = |name: &str, text: &str| {
            let amount = Amount::parse(text).map_err(|fault| format!("--{name}: {fault}"));
            amount.map(|amount| amount.to_string())
        };
        let keys = read(&self.keys)?;
        let scene = Scene {
            customer: named("customer", &self.customer)?,
            other: named("other", &self.other)?,
            creditor: account(&self.creditor)?,
            amount: amount("amount", &self.amount)?,
            beyond: amount("beyond", &self.beyond)?,
            held: self.held.as_deref().map(|held| amount("held", held)).transpose()?,
        };
        let sides = Sides {
            brand: self.brand,
            address: self.url.trim_end_matches('/').to_owned(),
            signer: signer(&self.signing_key, &self.kid)?,
            stranger: signer(&self.stranger_key, "stranger")?,
            impostor: signer(&self.stranger_key, &self.kid)?,
            keys: KeySet::parse(&keys).map_err(|error| format!("{}: {error}", self.keys.display()))?,
        };
        let http = Http::new(&self.url, &self.tls)?;
        http.answers().await?;
        say_aside(&format!("checking {}", self.url));
        let plan = Plan {
            transport: Arc::new(http),
            sides,
            scene,
            dedupe: match self.dedupe {
                Recognises::ByKey => Dedupe::ByKey,
                Recognises::QueryOnly => Dedupe::QueryOnly,
                Recognises::None => Dedupe::None,
            },
            settle: Duration::from_millis(self.settle_ms),
            now: Box::new(|| SystemClock.now()),
        };
        Ok(ponte_connector_check::run(plan, &|line| say_aside(line)).await)
    }
}

fn signer(file: &Path, kid: &str) -> Result<Signer, String> {
    Signer::from_pkcs8_pem(&read(file)?, kid).map_err(|error| format!("{}: {error}", file.display()))
}

fn read(file: &Path) -> Result<String, String> {
    std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// `ISPB:BRANCH:NUMBER:TYPE`; without a branch where the type has none.
fn account(text: &str) -> Result<Value, String> {
    match text.split(':').collect::<Vec<_>>()[..] {
        [ispb, "", number, kind] => Ok(json!({"ispb": ispb, "number": number, "accountType": kind})),
        [ispb, issuer, number, kind] => {
            Ok(json!({"ispb": ispb, "issuer": issuer, "number": number, "accountType": kind}))
        }
        _ => Err("--creditor: ISPB:BRANCH:NUMBER:TYPE is needed".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_a_branch_where_its_type_has_one() {
        let with = account("12345678:0001:99:CACC").unwrap();
        assert_eq!(
            with,
            json!({"ispb": "12345678", "issuer": "0001", "number": "99", "accountType": "CACC"})
        );
        assert_eq!(account("12345678::99:TRAN").unwrap().get("issuer"), None);
        assert!(account("12345678:0001:99").is_err());
    }
}
