//! Functions of the template: environment, limits, routes, event-source mappings and schedules.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::error::TemplateError;
use super::properties::typed;
use super::schedule::{Schedule, ScheduleProperties};
use super::scope::function_name;

/// Lambda's own default, in seconds.
const DEFAULT_TIMEOUT: u64 = 3;
/// Lambda's own default, in MB.
const DEFAULT_MEMORY: u32 = 128;

/// A function and what starts it.
#[derive(Debug, Clone)]
pub struct Function {
    /// Local name: the logical id without `Function`, in lower case.
    pub name: String,
    /// Exactly the variables of the template.
    pub environment: BTreeMap<String, String>,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// Memory in MB; told to the function, not enforced.
    pub memory: u32,
    /// Routes that lead to it.
    pub routes: Vec<Route>,
    /// Queues it works off.
    pub mappings: Vec<Mapping>,
    /// Schedules that start it.
    pub schedules: Vec<Schedule>,
}

/// One route of an HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Name of the API.
    pub api: String,
    /// Upper-case method or `ANY`.
    pub method: String,
    /// Path with `{name}` and `{name+}` variables.
    pub path: String,
    /// Name of the function.
    pub function: String,
}

/// An event-source mapping from a queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// ARN of the queue.
    pub queue_arn: String,
    /// Most messages in one invocation, 1 to 10.
    pub batch_size: u16,
    /// Whether the function names the messages that failed.
    pub partial_failures: bool,
    /// Most invocations at the same time.
    pub max_concurrency: usize,
}

/// `Globals.Function`: what every function has unless it says otherwise.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Globals {
    #[serde(default)]
    function: FunctionProperties,
}

impl Globals {
    pub(super) fn read(section: Value) -> Result<Self, TemplateError> {
        typed("Globals", section)
    }
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct FunctionProperties {
    environment: Option<Environment>,
    timeout: Option<u64>,
    memory_size: Option<u32>,
    #[serde(default)]
    events: BTreeMap<String, Event>,
    // How it is built, described and permitted matters on AWS only.
    #[serde(rename = "Architectures")]
    _architectures: Option<IgnoredAny>,
    #[serde(rename = "CodeUri")]
    _code: Option<IgnoredAny>,
    #[serde(rename = "Description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "EventInvokeConfig")]
    _event_invoke_config: Option<IgnoredAny>,
    #[serde(rename = "Handler")]
    _handler: Option<IgnoredAny>,
    #[serde(rename = "LoggingConfig")]
    _logging: Option<IgnoredAny>,
    #[serde(rename = "Policies")]
    _policies: Option<IgnoredAny>,
    #[serde(rename = "RecursiveLoop")]
    _recursive_loop: Option<IgnoredAny>,
    #[serde(rename = "ReservedConcurrentExecutions")]
    _reserved_concurrency: Option<IgnoredAny>,
    #[serde(rename = "Runtime")]
    _runtime: Option<IgnoredAny>,
    #[serde(rename = "Tags")]
    _tags: Option<IgnoredAny>,
    #[serde(rename = "Tracing")]
    _tracing: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Environment {
    #[serde(default)]
    variables: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Event {
    r#type: String,
    #[serde(default)]
    properties: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct HttpApiProperties {
    api_id: String,
    method: Option<String>,
    path: Option<String>,
    payload_format_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct SqsProperties {
    queue: String,
    batch_size: Option<u16>,
    #[serde(default)]
    function_response_types: Vec<String>,
    scaling_config: Option<ScalingConfig>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct ScalingConfig {
    #[serde(deserialize_with = "number")]
    maximum_concurrency: usize,
}

/// A number, as it is written or as a parameter has it, which is text.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(usize),
        Text(String),
    }
    match Written::deserialize(deserializer)? {
        Written::Number(number) => Ok(number),
        Written::Text(text) => text.parse().map_err(D::Error::custom),
    }
}

impl Function {
    pub(super) fn read(
        id: &str,
        path: &str,
        properties: Value,
        globals: &Globals,
    ) -> Result<Self, TemplateError> {
        let properties: FunctionProperties = typed(path, properties)?;
        let globals = &globals.function;
        let own = properties.environment.unwrap_or_default().variables;
        let mut environment = BTreeMap::new();
        let inherited = globals.environment.as_ref().map(|environment| &environment.variables);
        for (name, value) in inherited.into_iter().flatten().chain(&own) {
            environment.insert(name.clone(), plain_text(value, path)?);
        }
        let mut function = Self {
            name: function_name(id),
            environment,
            timeout: Duration::from_secs(properties.timeout.or(globals.timeout).unwrap_or(DEFAULT_TIMEOUT)),
            memory: properties.memory_size.or(globals.memory_size).unwrap_or(DEFAULT_MEMORY),
            routes: Vec::new(),
            mappings: Vec::new(),
            schedules: Vec::new(),
        };
        for (event_id, event) in properties.events {
            function.add_event(&event_id, event, &format!("{path}.Events.{event_id}"))?;
        }
        Ok(function)
    }

    fn add_event(&mut self, event_id: &str, event: Event, path: &str) -> Result<(), TemplateError> {
        let properties_path = format!("{path}.Properties");
        match event.r#type.as_str() {
            "HttpApi" => {
                let route = route(&self.name, typed(&properties_path, event.properties)?, &properties_path)?;
                self.routes.push(route);
            }
            "SQS" => {
                let mapping = mapping(typed(&properties_path, event.properties)?, &properties_path)?;
                self.mappings.push(mapping);
            }
            "ScheduleV2" => {
                let properties: ScheduleProperties = typed(&properties_path, event.properties)?;
                self.schedules.push(Schedule::read(event_id, properties, &properties_path)?);
            }
            other => {
                let fault = format!("the local cloud does not understand the event type {other}");
                return Err(TemplateError::new(path, fault));
            }
        }
        Ok(())
    }
}

fn route(function: &str, properties: HttpApiProperties, path: &str) -> Result<Route, TemplateError> {
    if properties.payload_format_version.is_some_and(|version| version != "2.0") {
        return Err(TemplateError::new(path, "the local gateway speaks payload format 2.0 only"));
    }
    let (Some(method), Some(route_path)) = (properties.method, properties.path) else {
        return Err(TemplateError::new(path, "the local gateway wants Method and Path"));
    };
    Ok(Route {
        api: properties.api_id,
        method: method.to_uppercase(),
        path: route_path,
        function: function.to_owned(),
    })
}

fn mapping(properties: SqsProperties, path: &str) -> Result<Mapping, TemplateError> {
    let batch_size = properties.batch_size.unwrap_or(10);
    if !(1..=10).contains(&batch_size) {
        return Err(TemplateError::new(
            path,
            "BatchSize above 10 needs a batching window, which is not built here",
        ));
    }
    let mut partial_failures = false;
    for response_type in properties.function_response_types {
        if response_type != "ReportBatchItemFailures" {
            let fault = format!("the local cloud does not understand the response type {response_type}");
            return Err(TemplateError::new(path, fault));
        }
        partial_failures = true;
    }
    Ok(Mapping {
        queue_arn: properties.queue,
        batch_size,
        partial_failures,
        // Lambda starts with five pollers when nothing else is said.
        max_concurrency: properties.scaling_config.map_or(5, |scaling| scaling.maximum_concurrency.max(1)),
    })
}

fn plain_text(value: &Value, path: &str) -> Result<String, TemplateError> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => Err(TemplateError::new(
            format!("{path}.Environment.Variables"),
            "a variable is neither text nor number",
        )),
    }
}
