//! `infra/template.yaml`, read into what the local cloud builds. Nothing is skipped in silence: an intrinsic,
//! a property or a resource type that nobody understands here is an error that names its place.
//!
//! One more resource type: a variant of [`Kind`], its names in `scope`, its properties in a file beside this one.

mod conditions;
mod cron;
mod error;
mod function;
mod intrinsics;
mod kind;
mod parameters;
mod properties;
mod resources;
mod rules;
mod schedule;
mod scope;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_yaml_ng::Value as Yaml;

pub use cron::Cron;
pub use error::TemplateError;
pub use function::{Function, Mapping, Route};
pub use resources::{Api, Index, Queue, Redrive, Secret, Table};
pub use schedule::{Rhythm, Schedule};
pub use scope::{ACCOUNT, REGION, STACK, Scope};
pub(crate) use scope::{function_arn, queue_arn};

use kind::Kind;
use scope::Declared;

/// The template this binary was built with.
pub const TEXT: &str = include_str!("../../template.yaml");

/// Top-level sections that say nothing about what runs.
const SILENT_SECTIONS: [&str; 8] = [
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Conditions",
    "Outputs",
];

/// Everything the template declares, with parameters and references put in.
#[derive(Debug, Clone)]
pub struct Template {
    /// HTTP APIs with their routes.
    pub apis: Vec<Api>,
    /// Functions with environment, event-source mappings and schedules.
    pub functions: Vec<Function>,
    /// Queues, dead-letter queues included.
    pub queues: Vec<Queue>,
    /// Tables with keys and indexes.
    pub tables: Vec<Table>,
    /// Secrets; their values are not in the template.
    pub secrets: Vec<Secret>,
    /// Outputs by name.
    pub outputs: BTreeMap<String, String>,
}

impl Template {
    /// Reads template text in the given scope.
    pub fn read(text: &str, scope: &Scope) -> Result<Self, TemplateError> {
        let document: Yaml = serde_yaml_ng::from_str(text)
            .map_err(|error| TemplateError::new("whole file", error.to_string()))?;
        check_sections(&document)?;
        let declared = declared(&document)?;
        let resolver = intrinsics::Resolver::new(scope, &document, declared)?;
        let globals = function::Globals::read(resolver.resolve_at(&document, &["Globals"])?)?;
        let mut template = Self {
            apis: vec![],
            functions: vec![],
            queues: vec![],
            tables: vec![],
            secrets: vec![],
            outputs: outputs(&resolver, &document)?,
        };
        for (id, declared) in resolver.declared().filter(|(_, declared)| declared.there) {
            let path = format!("Resources.{id}.Properties");
            let properties = resolver.resolve_at(&document, &["Resources", id, "Properties"])?;
            match declared.kind {
                Kind::Api => template.apis.push(Api::read(id, &path, properties)?),
                Kind::Function => template.functions.push(Function::read(id, &path, properties, &globals)?),
                Kind::Queue => template.queues.push(Queue::read(id, declared, &path, properties)?),
                Kind::Table => template.tables.push(Table::read(id, &path, properties)?),
                Kind::Secret => template.secrets.push(Secret::read(id, &path, properties)?),
                Kind::Absent => {}
            }
        }
        template.check()?;
        Ok(template)
    }

    /// Names that the rest of the local cloud relies on being unambiguous.
    fn check(&self) -> Result<(), TemplateError> {
        let mut names = BTreeMap::new();
        for (function, schedule) in self.schedules() {
            if let Some(other) = names.insert(schedule.name.clone(), &function.name) {
                let fault = format!("the schedule name `{}` is also used by `{other}`", schedule.name);
                return Err(TemplateError::new(format!("function {}", function.name), fault));
            }
        }
        for route in self.functions.iter().flat_map(|function| &function.routes) {
            if !self.apis.iter().any(|api| api.name == route.api) {
                let fault = format!("no HTTP API `{}` is declared", route.api);
                return Err(TemplateError::new(format!("route {}", route.path), fault));
            }
        }
        for mapping in self.functions.iter().flat_map(|function| &function.mappings) {
            if self.queue_by_arn(&mapping.queue_arn).is_none() {
                let fault = format!("no queue is called {}", mapping.queue_arn);
                return Err(TemplateError::new("an event-source mapping", fault));
            }
        }
        Ok(())
    }

    /// Every schedule with the function it starts.
    pub fn schedules(&self) -> impl Iterator<Item = (&Function, &Schedule)> {
        self.functions
            .iter()
            .flat_map(|function| function.schedules.iter().map(move |schedule| (function, schedule)))
    }

    /// The queue with this ARN.
    #[must_use]
    pub fn queue_by_arn(&self, arn: &str) -> Option<&Queue> {
        self.queues.iter().find(|queue| queue.arn == arn)
    }
}

/// The value of each output; one that has none, or whose condition does not hold, is left out.
fn outputs(
    resolver: &intrinsics::Resolver<'_>,
    document: &Yaml,
) -> Result<BTreeMap<String, String>, TemplateError> {
    let mut outputs = BTreeMap::new();
    let section = document.get("Outputs").and_then(Yaml::as_mapping);
    for (key, output) in section.into_iter().flatten() {
        let name = key.as_str().unwrap_or_default();
        if resolver.is_there(output, &format!("Outputs.{name}"))? {
            let value = resolver.resolve_at(document, &["Outputs", name, "Value"])?;
            outputs.extend(value.as_str().map(|value| (name.to_owned(), value.to_owned())));
        }
    }
    Ok(outputs)
}

fn check_sections(document: &Yaml) -> Result<(), TemplateError> {
    let sections = document.as_mapping().ok_or_else(|| TemplateError::new("whole file", "not a mapping"))?;
    for key in sections.keys() {
        let name = key.as_str().unwrap_or_default();
        if !SILENT_SECTIONS.contains(&name) && name != "Globals" && name != "Resources" {
            return Err(TemplateError::new(name, "the local cloud does not understand this section"));
        }
    }
    Ok(())
}

fn declared(document: &Yaml) -> Result<BTreeMap<String, Declared>, TemplateError> {
    let resources = document
        .get("Resources")
        .and_then(Yaml::as_mapping)
        .ok_or_else(|| TemplateError::new("Resources", "missing"))?;
    let mut declared = BTreeMap::new();
    for (key, resource) in resources {
        let id = key.as_str().unwrap_or_default().to_owned();
        let path = format!("Resources.{id}");
        let type_name = resource
            .get("Type")
            .and_then(Yaml::as_str)
            .ok_or_else(|| TemplateError::new(&path, "has no Type"))?;
        let kind = Kind::of(type_name).ok_or_else(|| {
            TemplateError::new(&path, format!("the local cloud does not understand the type {type_name}"))
        })?;
        let fifo = resource.get("Properties").and_then(|p| p.get("FifoQueue")).and_then(Yaml::as_bool);
        let (type_name, fifo) = (type_name.to_owned(), fifo.unwrap_or(false));
        let declaration = Declared { kind, type_name, fifo, there: true };
        declared.insert(id, declaration);
    }
    Ok(declared)
}
