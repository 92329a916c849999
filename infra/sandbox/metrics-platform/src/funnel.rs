//! The conversion funnel: six steps of a consent's journey, each with its own fields (M40, M41).

use serde_json::Value;

use crate::check::{Discard, Fields, discard, invalid, is_plain, is_urn};
use crate::intake::Intake;

const OS: &[&str] = &["LINUX", "MACOS", "UNIX", "WINDOWS", "IOS", "ANDROID", "OTHER"];
const PLATFORM: &[&str] = &["BROWSER", "APP"];
/// Longest URI (M40).
const URI: usize = 200;

/// A step of the journey; its paths are the names of the platform.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Step {
    /// Path below `/report-api/v2/hybrid-flow/`.
    pub(crate) path: &'static str,
    organisation: &'static str,
    fields: &'static [Field],
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Field {
    Platform,
    AuthorizationEndpoint,
    Callback,
    Target,
    Outcome,
    Error,
}

/// All steps in the order of a journey.
pub(crate) const STEPS: [Step; 6] = [
    Step {
        path: "client/redirect-to-server",
        organisation: "clientOrgId",
        fields: &[Field::Platform, Field::AuthorizationEndpoint],
    },
    Step {
        path: "server/redirect-target",
        organisation: "serverOrgId",
        fields: &[Field::AuthorizationEndpoint, Field::Target],
    },
    Step { path: "server/authenticated", organisation: "serverOrgId", fields: &[Field::Platform] },
    Step {
        path: "server/redirect-to-client",
        organisation: "serverOrgId",
        fields: &[Field::Platform, Field::Callback, Field::Outcome],
    },
    Step {
        path: "client/redirect-target-with-errors",
        organisation: "clientOrgId",
        fields: &[Field::Platform, Field::Error],
    },
    Step {
        path: "client/redirect-target-without-errors",
        organisation: "clientOrgId",
        fields: &[Field::Platform],
    },
];

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::AuthorizationEndpoint => "uriAuthorizationEndpoint",
            Self::Callback => "uri_callback",
            Self::Target | Self::Outcome => "type",
            Self::Error => "error",
        }
    }

    fn required(self) -> bool {
        self != Self::AuthorizationEndpoint
    }

    fn check(self, fields: &Fields<'_>) -> Result<(), Discard> {
        match self {
            Self::Platform => fields.one_of(self.name(), PLATFORM).map(drop),
            Self::AuthorizationEndpoint => match fields.optional_text(self.name())? {
                Some(text) if !is_plain(text, URI) => Err(invalid(self.name())),
                _ => Ok(()),
            },
            Self::Callback => {
                if is_plain(fields.short(self.name(), URI)?, URI) {
                    Ok(())
                } else {
                    Err(invalid(self.name()))
                }
            }
            Self::Error => fields.short(self.name(), URI).map(drop),
            Self::Target => fields
                .one_of(self.name(), &["AWAITING_HANDOFF", "AWAITING_USER_AUTH", "AWAITING_REDIRECT_TO_APP"])
                .map(drop),
            Self::Outcome => fields.one_of(self.name(), &["AUTHORISED", "REJECTED"]).map(drop),
        }
    }
}

impl Step {
    /// The step of a path below `/report-api/v2/hybrid-flow/`.
    pub(crate) fn at(path: &str) -> Option<Self> {
        STEPS.into_iter().find(|step| step.path == path)
    }

    /// Judges one item; returns its consentId.
    pub(crate) fn read(self, item: &Value, intake: &Intake<'_>) -> Result<String, Discard> {
        let mut required = vec!["consentId", "os", "osVersion", "timestamp", self.organisation];
        required.extend(self.fields.iter().filter(|field| field.required()).map(|field| field.name()));
        let mut known = required.clone();
        known.extend(self.fields.iter().map(|field| field.name()));
        let fields = Fields::of(item, &known)?;
        fields.required(&required)?;
        let consent = fields.short("consentId", 256)?;
        if !is_urn(consent) {
            return Err(invalid("consentId"));
        }
        fields.one_of("os", OS)?;
        fields.short("osVersion", 200)?;
        fields.timestamp(intake.now)?;
        // Empty means the organisation of the token (product contracts 3.6).
        let organisation = fields.text(self.organisation)?;
        if !organisation.is_empty() {
            intake.knows(organisation)?;
            if organisation != intake.reporter {
                return Err(discard("Requester id mismatch with", self.organisation));
            }
        }
        for field in self.fields {
            field.check(&fields)?;
        }
        Ok(consent.to_owned())
    }
}
