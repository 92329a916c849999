//! The receiver's side of the metrics: every call it made, role CLIENT (M10, M11, M34 to M37), and its funnel steps.

use std::sync::{MutexGuard, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ponte_machine::clock;
use ponte_values::Device;
use ponte_web::caller::{Call, NoAnswer, Reply};
use serde_json::{Map, Value, json};

use crate::pending::Pending;
use crate::receiver::Receiver;

/// Facts of a call for its report.
pub(crate) struct About {
    endpoint: String,
    prefix: String,
    pub(crate) info: Map<String, Value>,
}

/// How a batch of reports went.
#[derive(Default)]
pub struct Reported {
    /// Interaction ids that the other side reports too.
    pub interactions: Vec<String>,
    /// Reports of calls that were accepted.
    pub accepted: usize,
    /// Funnel steps that were accepted.
    pub steps: usize,
    /// Messages of the platform about discarded and refused reports.
    pub problems: Vec<String>,
}

impl About {
    /// A call below `/open-banking`.
    pub(crate) fn of(endpoint: &str, host: &str) -> Self {
        Self { endpoint: endpoint.to_owned(), prefix: host.to_owned(), info: Map::new() }
    }

    /// A security endpoint: its prefix is the whole URL (M11).
    pub(crate) fn security(endpoint: &str, url: &str) -> Self {
        Self::of(endpoint, url)
    }
}

/// The fields that every funnel step of a client has (M40).
pub(crate) fn step(consent: &str, device: &Device, organisation: &str) -> Value {
    json!({
        "consentId": consent,
        "platform": device.platform,
        "os": device.os,
        "osVersion": device.os_version,
        "timestamp": clock::now().with_millis(),
        "clientOrgId": organisation,
    })
}

impl Receiver {
    /// Interaction ids of the calls whose reports were not sent yet.
    #[must_use]
    pub fn unreported(&self) -> usize {
        self.pending().reports.len()
    }

    /// Sends what is pending, with the receiver's own token of the platform (M01).
    pub async fn send_reports(&self) -> Result<Reported, NoAnswer> {
        let (reports, steps) = {
            let mut pending = self.pending();
            (std::mem::take(&mut pending.reports), std::mem::take(&mut pending.steps))
        };
        let mut reported = Reported {
            interactions: reports
                .iter()
                .filter_map(|report| report["fapiInteractionId"].as_str().map(str::to_owned))
                .collect(),
            ..Reported::default()
        };
        let token = self.pcm_token().await?;
        let path = "/report-api/v1/private/report";
        reported.accepted = self.send_batch(&token, path, &reports, &mut reported.problems).await?;
        for (step, item) in steps {
            let path = format!("/report-api/v2/hybrid-flow/{step}");
            reported.steps += self.send_batch(&token, &path, &[item], &mut reported.problems).await?;
        }
        Ok(reported)
    }

    /// Keeps the report of a call for later. A connection that was never made is nothing to report.
    pub(crate) fn note(&self, about: &About, token: Option<&str>, result: &Result<Reply, NoAnswer>) {
        let (status, started, millis, interaction, body) = match result {
            Ok(reply) => {
                let interaction = reply.header("x-fapi-interaction-id").map(str::to_owned);
                (reply.status, reply.started, reply.millis, interaction, Some(reply.json()))
            }
            // M14: we gave up.
            Err(problem) if problem.timed_out => (408, problem.started, problem.millis, None, None),
            Err(_) => return,
        };
        let mut info = about.info.clone();
        if let Some(token) = token {
            info.insert("tokenId".into(), self.token_id(token).into());
        }
        if let Some(code) = body.as_ref().and_then(error_code).filter(|_| status >= 400) {
            info.insert("errorCodes".into(), code.into());
        }
        let mut report = json!({
            "endpoint": about.endpoint,
            "statusCode": status,
            "httpMethod": result.as_ref().map_or("GET", |reply| reply.method.as_str()),
            "timestamp": started.with_millis(),
            "processTimespan": millis,
            "clientOrgId": self.record.organisation_id,
            "serverOrgId": self.around.institution_organisation,
            "clientSSId": self.record.software_statement_id,
            "endpointUriPrefix": about.prefix.chars().take(200).collect::<String>(),
            "role": "CLIENT",
            "additionalInfo": info,
        });
        if let Some(interaction) = interaction {
            report["fapiInteractionId"] = interaction.into();
        }
        self.pending().reports.push(report);
    }

    pub(crate) fn note_step(&self, step: &'static str, item: Value) {
        self.pending().steps.push((step, item));
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// M36: which token it was, without saying it.
    pub(crate) fn token_id(&self, token: &str) -> String {
        let mut context = Context::new(&SHA256);
        context.update(token.as_bytes());
        context.update(&self.pepper);
        URL_SAFE_NO_PAD.encode(&context.finish().as_ref()[..9])
    }

    async fn pcm_token(&self) -> Result<String, NoAnswer> {
        let kept = self.pending().token.clone();
        if let Some(token) = kept {
            return Ok(token);
        }
        let fields = [("grant_type", "client_credentials"), ("client_id", self.record.pcm_client_id())];
        let url = format!("{}/token/", self.around.pcm_auth);
        let reply = self.mtls.send(Call::post_form(url, &fields)).await?;
        let token = reply.json()["access_token"].as_str().unwrap_or_default().to_owned();
        self.pending().token = Some(token.clone());
        Ok(token)
    }

    /// Sends one batch; returns how many items were accepted.
    async fn send_batch(
        &self,
        token: &str,
        path: &str,
        items: &[Value],
        problems: &mut Vec<String>,
    ) -> Result<usize, NoAnswer> {
        if items.is_empty() {
            return Ok(0);
        }
        let url = format!("{}{path}", self.around.pcm_api);
        let call = Call::post_json(url, &Value::Array(items.to_vec())).bearer(token);
        // Reports travel without a client certificate (M01).
        let reply = self.browser.caller().send(call).await?;
        let verdicts = reply.json();
        let Some(verdicts) = verdicts.as_array().filter(|_| matches!(reply.status, 200 | 207)) else {
            problems.push(format!("{path}: {} {}", reply.status, reply.excerpt()));
            return Ok(0);
        };
        let accepted = verdicts.iter().filter(|verdict| verdict["status"] == "ACCEPTED").count();
        for (item, verdict) in items.iter().zip(verdicts) {
            if verdict["status"] != "ACCEPTED" {
                problems.push(format!("{path}: {} for {item}", verdict["message"]));
            }
        }
        Ok(accepted)
    }
}

/// M37: exactly one code, of the Open Finance or the `OAuth` error body.
fn error_code(body: &Value) -> Option<String> {
    body["errors"][0]["code"].as_str().or(body["error"].as_str()).map(|code| code.chars().take(100).collect())
}
