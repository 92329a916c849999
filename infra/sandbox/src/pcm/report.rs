//! Private reports: one call as one side saw it, judged at intake (M10 to M15, M22).

use ponte_values::Moment;
use serde_json::{Map, Value};

use super::check::{Discard, Fields, discard, invalid, is_uuid};
use super::endpoints::EndpointList;
use super::members::Members;

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
/// Only a client may send these (M11, M12).
const CLIENT_ONLY: &[&str] = &["clientSSId", "endpointUriPrefix"];
/// `additionalInfo` of these is an object or a list; of every other name it is a string (M39).
const STRUCTURED: &[&str] =
    &["companyProfileInfo", "statusSummary", "paymentList", "paymentSchedule", "errorCodes"];
const NIL_UUID: &str = "00000000-0000-0000-0000-000000000000";

/// Who saw the call.
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

/// What intake compares with.
pub(crate) struct Intake<'a> {
    pub(crate) endpoints: &'a EndpointList,
    pub(crate) members: &'a Members,
    /// Organisation of the token.
    pub(crate) reporter: &'a str,
    pub(crate) now: Moment,
}

impl Report {
    /// Judges one item.
    pub(crate) fn read(item: &Value, intake: &Intake<'_>) -> Result<Self, Discard> {
        let role = match item.get("role").and_then(Value::as_str) {
            Some("CLIENT") => Role::Client,
            Some("SERVER") => Role::Server,
            Some(_) => return Err(invalid("role")),
            None => return Err(discard("Missing property", "'role'")),
        };
        let known = if role == Role::Client { [BOTH, CLIENT_ONLY].concat() } else { BOTH.to_vec() };
        let fields = Fields::of(item, &known)?;
        let report = Self {
            interaction: interaction(&fields)?,
            endpoint: fields.text("endpoint")?.to_owned(),
            method: fields.one_of("httpMethod", &["GET", "POST", "PUT", "PATCH", "DELETE"])?.to_owned(),
            status_code: fields.integer("statusCode")?,
            client: fields.text("clientOrgId")?.to_owned(),
            server: fields.text("serverOrgId")?.to_owned(),
            role,
            timestamp: fields.timestamp(intake.now)?.to_owned(),
        };
        if !(200..=599).contains(&report.status_code) {
            return Err(discard("Invalid field value", "statusCode must be between 200 and 599"));
        }
        if fields.integer("processTimespan")? <= 0 {
            return Err(discard("Invalid field value", "processTimespan must be greater than zero"));
        }
        if fields.optional_text("correlationId")?.is_some_and(|text| text.chars().count() > 100) {
            return Err(invalid("correlationId"));
        }
        report.parties(intake)?;
        report.place(intake)?;
        match role {
            Role::Client => client_part(&fields, &report, intake)?,
            Role::Server => server_part(&fields)?,
        }
        Ok(report)
    }

    /// Both organisations exist and the reporter is the one the role says (M22).
    fn parties(&self, intake: &Intake<'_>) -> Result<(), Discard> {
        for organisation in [&self.client, &self.server] {
            if !intake.members.is_organisation(organisation) {
                return Err(discard("OrganisationId doesn't exist on Directory", organisation));
            }
        }
        let (own, name) = match self.role {
            Role::Client => (&self.client, "clientOrgId"),
            Role::Server => (&self.server, "serverOrgId"),
        };
        if own == intake.reporter { Ok(()) } else { Err(discard("Requester id mismatch with", name)) }
    }

    /// The endpoint is listed, has the method, and the interaction id is there where it has to be (M13, M15).
    fn place(&self, intake: &Intake<'_>) -> Result<(), Discard> {
        let entry = intake
            .endpoints
            .get(&self.endpoint)
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
    let statement = fields.text("clientSSId")?;
    if !intake.members.owns(&report.client, statement) {
        return Err(discard("Invalid field value", "'clientSSId' is not of 'clientOrgId'"));
    }
    fields.short("endpointUriPrefix", 200)?;
    let additional = fields
        .optional_object("additionalInfo")?
        .ok_or_else(|| discard("Missing property", "'additionalInfo'"))?;
    types_of(additional)
}

fn server_part(fields: &Fields<'_>) -> Result<(), Discard> {
    let Some(additional) = fields.optional_object("additionalInfo")? else {
        return Ok(());
    };
    if let Some(extra) = additional.keys().find(|name| *name != "dropReason") {
        return Err(discard("Additional property not allowed", &format!("additionalInfo.{extra}")));
    }
    types_of(additional)
}

fn types_of(additional: &Map<String, Value>) -> Result<(), Discard> {
    for (name, value) in additional {
        let fits = value.is_string()
            || (STRUCTURED.contains(&name.as_str()) && (value.is_object() || value.is_array()));
        if !fits {
            return Err(discard("Field type mismatch", &format!("'additionalInfo.{name}' must be a string")));
        }
    }
    Ok(())
}
