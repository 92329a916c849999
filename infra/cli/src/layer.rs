//! `ponte layer`: what helps those who write an integration layer.

mod credential;
mod http;
mod tls;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use ponte_cloud::environment::SystemClock;
use ponte_layer_check::{Customer, Plan, Report};
use ponte_local::endpoints;
use ponte_ports::Clock as _;
use serde_json::Value;

use crate::console::{complain, say_aside, tell};

pub(crate) use self::credential::CredentialOptions;
pub(crate) use self::http::Http;
pub(crate) use self::tls::TlsOptions;

/// Exit code where the check could not be made: that of wrong arguments as well.
const NOT_CHECKED: u8 = 2;

/// Subcommands of `ponte layer`.
#[derive(Subcommand)]
pub(crate) enum LayerCommand {
    /// Ask every operation of a layer in every way and say what is wrong; exit code 0 without a fault, 1 with faults, 2 when it could not be checked
    Check(Box<LayerCheck>),
}

/// Options of `ponte layer check`.
#[derive(Args)]
pub(crate) struct LayerCheck {
    /// Base URL of the layer, http or https; that of the running stack in DIR without
    url: Option<String>,
    #[command(flatten)]
    credential: CredentialOptions,
    /// A test customer, CPF or CPF:CNPJ; may be repeated. Those of the stack in DIR without
    #[arg(long = "customer", value_name = "CPF[:CNPJ]")]
    customers: Vec<String>,
    /// JSON file with test customers: [{"cpf": "..", "cnpj": "..", "token": ".."}], with a token of the channel where there is one
    #[arg(long, value_name = "FILE", conflicts_with = "customers")]
    customers_file: Option<PathBuf>,
    /// Check this operation alone, /loans/find, or those of an API, /loans/; may be repeated
    #[arg(long, value_name = "OPERATION")]
    only: Vec<String>,
    /// Name of the institution in the requests
    #[arg(long, value_name = "NAME", default_value = "ponte-bank")]
    brand: String,
    #[command(flatten)]
    tls: TlsOptions,
    /// Tell it as JSON
    #[arg(long)]
    json: bool,
}

impl LayerCommand {
    /// Runs it; the exit code says what became of it.
    pub(crate) async fn run(self, directory: &Path) -> ExitCode {
        let Self::Check(check) = self;
        let json = check.json;
        match check.run(directory).await.and_then(|report| Ok((told(&report, json)?, report.faults))) {
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

impl LayerCheck {
    async fn run(self, directory: &Path) -> Result<Report, String> {
        let stack = endpoints::read(directory).ok();
        let of_stack = |pointer: &str| stack.as_ref().and_then(|stack| stack.pointer(pointer));
        let url = match self.url {
            Some(url) => url,
            None => of_stack("/layer/url").and_then(Value::as_str).map(str::to_owned).ok_or_else(|| {
                format!(
                    "no URL, and no stack runs in {} that has one: ponte layer check URL",
                    directory.display()
                )
            })?,
        };
        let credential = match self.credential.read()? {
            Some(credential) => credential,
            None => credential::of_stack(of_stack("/layer/credential_file"))?,
        };
        let customers = match (self.customers_file, &self.customers[..]) {
            (Some(file), _) => from_file(&file)?,
            (None, []) => {
                let customers = of_stack("/customers").ok_or("no customer: name one by --customer CPF")?;
                checked(serde_json::from_value(customers.clone()).map_err(|error| error.to_string())?)?
            }
            (None, named) => named
                .iter()
                .map(|text| Customer::parse(text).map_err(|fault| format!("--customer: {fault}")))
                .collect::<Result<_, _>>()?,
        };
        let http = Http::new(&url, &self.tls)?;
        http.answers().await?;
        say_aside(&format!("checking {url} with {} customers", customers.len()));
        let plan = Plan {
            transport: Arc::new(http),
            credential,
            customers,
            brand: self.brand,
            now: SystemClock.now(),
            only: self.only,
        };
        let report = ponte_layer_check::run(plan, &|line| say_aside(line)).await;
        if report.operations.is_empty() {
            return Err("--only: no operation has this path; those of an API are named /loans/".to_owned());
        }
        if report.asked() == 0 {
            return Err(format!("nothing could be asked:\n{}", report.text()));
        }
        Ok(report)
    }
}

fn from_file(file: &Path) -> Result<Vec<Customer>, String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| told(&error))?;
    let customers: Vec<Customer> = serde_json::from_str(&text).map_err(|error| told(&error))?;
    checked(customers).map_err(|fault| told(&fault))
}

fn checked(customers: Vec<Customer>) -> Result<Vec<Customer>, String> {
    if customers.is_empty() {
        return Err("there is no customer in it".to_owned());
    }
    customers.into_iter().map(|customer| customer.checked().map_err(|fault| fault.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_of_a_file_have_documents() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("customers.json");
        let read = |text: &str| {
            std::fs::write(&file, text).unwrap();
            from_file(&file)
        };
        let two =
            r#"[{"cpf": "76109277673", "token": "t"}, {"cpf": "11122233396", "cnpj": "11222333000181"}]"#;
        let two = read(two).unwrap();
        assert_eq!(
            (two.len(), two[0].token.as_deref(), two[1].cnpj.as_deref()),
            (2, Some("t"), Some("11222333000181"))
        );
        for (text, words) in
            [("[]", "no customer"), (r#"[{"cpf": "1"}]"#, "CPF"), ("[", "EOF"), (r#"[{"cnpj": ""}]"#, "cpf")]
        {
            assert!(read(text).err().unwrap().contains(words), "{text}");
        }
        let read = from_file(Path::new("no/such/file"));
        assert!(read.err().unwrap().starts_with("no/such/file"));
    }
}
