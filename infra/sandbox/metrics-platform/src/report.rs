//! Private reports: one call as one side saw it, judged at intake (M10 to M15, M22).

use ponte_catalog::pcm::ReportKind;
use serde_json::Value;

use crate::additional;
use crate::check::{Discard, Fields, discard, invalid, is_plain, is_uuid};
use crate::intake::Intake;

const BOTH: &[&str] = &[
    "fapiInteractionId",
    "endpoint",
    "statusCode",
    "httpMethod",
    "correlationId",
    "additionalInfo",
    "timestamp",
    "processTimespan",
    "clientOrgId",
    "serverOrgId",
    "role",
];
/// Both, and what only a client may send (M11, M12).
const CLIENT: &[&str] = &[
    "fapiInteractionId",
    "endpoint",
    "statusCode",
    "httpMethod",
    "correlationId",
    "additionalInfo",
    "timestamp",
    "processTimespan",
    "clientOrgId",
    "serverOrgId",
    "role",
    "clientSSId",
    "endpointUriPrefix",
];
const REQUIRED: &[&str] =
    &["endpoint", "statusCode", "httpMethod", "timestamp", "processTimespan", "clientOrgId", "serverOrgId"];
const REQUIRED_OF_CLIENTS: &[&str] = &["clientSSId", "endpointUriPrefix", "additionalInfo"];
const NIL_UUID: &str = "00000000-0000-0000-0000-000000000000";
/// Longest text of `correlationId` and of `endpointUriPrefix` (M11).
const CORRELATION: usize = 100;
const PREFIX: usize = 200;

/// Side of the call that reports.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub(crate) enum Role {
    Client,
    Server,
}

impl Role {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Client => "CLIENT",
            Self::Server => "SERVER",
        }
    }
}

/// A report that passed intake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Report {
    pub(crate) interaction: Option<String>,
    pub(crate) endpoint: String,
    pub(crate) method: String,
    pub(crate) status_code: i64,
    pub(crate) client: String,
    pub(crate) server: String,
    pub(crate) role: Role,
    pub(crate) timestamp: String,
}

impl Report {
    /// Judges one item.
    pub(crate) fn read(item: &Value, intake: &Intake<'_>) -> Result<Self, Discard> {
        let role = match item.get("role") {
            Some(Value::String(role)) if role == "SERVER" => Role::Server,
            Some(Value::String(role)) if role == "CLIENT" => Role::Client,
            None | Some(Value::Null) if item.is_object() => {
                return Err(discard("Missing property", "'role'"));
            }
            _ if item.is_object() => return Err(invalid("role")),
            _ => Role::Server,
        };
        let fields = Fields::of(item, if role == Role::Client { CLIENT } else { BOTH })?;
        fields.required(REQUIRED)?;
        let report = Self {
            interaction: interaction(&fields)?,
            endpoint: fields.text("endpoint")?.to_owned(),
            method: fields.method()?.to_owned(),
            status_code: fields.status_code()?,
            client: fields.uuid("clientOrgId")?.to_owned(),
            server: fields.uuid("serverOrgId")?.to_owned(),
            role,
            timestamp: fields.timestamp(intake.now)?.to_owned(),
        };
        fields.timespan()?;
        if fields.optional_text("correlationId")?.is_some_and(|text| !is_plain(text, CORRELATION)) {
            return Err(invalid("correlationId"));
        }
        report.parties(intake)?;
        report.place(intake)?;
        match role {
            Role::Client => client_part(&fields, &report, intake)?,
            Role::Server => {
                fields.optional_object("additionalInfo")?.map_or(Ok(()), additional::of_server)?;
            }
        }
        Ok(report)
    }

    /// Both organisations exist and the reporter is the one the role says (M22).
    fn parties(&self, intake: &Intake<'_>) -> Result<(), Discard> {
        for organisation in [&self.client, &self.server] {
            intake.knows(organisation)?;
        }
        let (own, name) = match self.role {
            Role::Client => (&self.client, "clientOrgId"),
            Role::Server => (&self.server, "serverOrgId"),
        };
        if own == intake.reporter { Ok(()) } else { Err(discard("Requester id mismatch with", name)) }
    }

    /// The endpoint is listed, has the method, and the interaction id is there where it has to be (M13, M15).
    fn place(&self, intake: &Intake<'_>) -> Result<(), Discard> {
        let entry = intake.endpoints.get(&self.endpoint);
        let entry = entry
            .filter(|entry| entry.kind == ReportKind::Private && !intake.withdrawn.holds(&entry.endpoint))
            .ok_or_else(|| discard("Unlisted endpoint", &self.endpoint))?;
        if !entry.methods.contains(&self.method) {
            return Err(discard("Unlisted endpoint", &format!("{} {}", self.method, self.endpoint)));
        }
        let may_lack = entry.interaction_optional || self.status_code == 408 || self.status_code >= 500;
        if self.interaction.is_none() && (self.role == Role::Server || !may_lack) {
            return Err(discard("Missing property", "'fapiInteractionId'"));
        }
        Ok(())
    }
}

fn interaction(fields: &Fields<'_>) -> Result<Option<String>, Discard> {
    let Some(text) = fields.optional_text("fapiInteractionId")? else {
        return Ok(None);
    };
    if !is_uuid(text) || text == NIL_UUID {
        return Err(invalid("fapiInteractionId"));
    }
    Ok(Some(text.to_ascii_lowercase()))
}

fn client_part(fields: &Fields<'_>, report: &Report, intake: &Intake<'_>) -> Result<(), Discard> {
    fields.required(REQUIRED_OF_CLIENTS)?;
    if !intake.members.owns(&report.client, fields.uuid("clientSSId")?) {
        return Err(discard("Invalid field value", "'clientSSId' is not of 'clientOrgId'"));
    }
    let prefix = fields.text("endpointUriPrefix")?;
    if prefix.is_empty() || !is_plain(prefix, PREFIX) {
        return Err(invalid("endpointUriPrefix"));
    }
    fields.optional_object("additionalInfo")?.map_or(Ok(()), additional::of_client)
}
