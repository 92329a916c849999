//! Intrinsic functions: `!Ref`, `!Sub`, `!GetAtt` and `!If` are evaluated, any other one is an error.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;
use serde_yaml_ng::value::TaggedValue;

use super::error::TemplateError;
use super::parameters;
use super::scope::{Declared, Scope, pseudo_parameter};

/// Conditions by name.
pub(super) type Conditions = BTreeMap<String, bool>;

/// Turns YAML with intrinsics into plain JSON.
pub(crate) struct Resolver<'a> {
    scope: &'a Scope,
    parameters: BTreeMap<String, String>,
    conditions: Conditions,
    declared: BTreeMap<String, Declared>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(
        scope: &'a Scope,
        document: &Yaml,
        declared: BTreeMap<String, Declared>,
    ) -> Result<Self, TemplateError> {
        let (parameters, conditions) = (BTreeMap::new(), Conditions::new());
        let mut resolver = Self { scope, parameters, conditions, declared };
        if let Value::Object(parameters) = resolver.resolve_at(document, &["Parameters"])? {
            resolver.parameters = parameters::values(&parameters, &scope.parameters)?;
        }
        resolver.rules(document)?;
        resolver.conditions = resolver.conditions(document)?;
        resolver.leave_out(document)?;
        Ok(resolver)
    }

    /// Marks the resources whose condition does not hold.
    fn leave_out(&mut self, document: &Yaml) -> Result<(), TemplateError> {
        let resources = document.get("Resources").and_then(Yaml::as_mapping);
        for (key, resource) in resources.into_iter().flatten() {
            let id = key.as_str().unwrap_or_default();
            let there = self.is_there(resource, &format!("Resources.{id}"))?;
            self.declared.entry(id.to_owned()).and_modify(|declared| declared.there = there);
        }
        Ok(())
    }

    pub(crate) fn declared(&self) -> impl Iterator<Item = (&str, &Declared)> {
        self.declared.iter().map(|(id, declared)| (id.as_str(), declared))
    }

    /// Whether the condition called `name` holds; `None` if there is none.
    pub(super) fn known_condition(&self, name: &str) -> Option<bool> {
        self.conditions.get(name).copied()
    }

    /// Resolves the part of the document under `keys`; `Null` when it is absent.
    pub(crate) fn resolve_at(&self, document: &Yaml, keys: &[&str]) -> Result<Value, TemplateError> {
        let mut part = document;
        for key in keys {
            match part.get(*key) {
                Some(inner) => part = inner,
                None => return Ok(Value::Null),
            }
        }
        self.resolve(part, &keys.join("."))
    }

    /// The value with its intrinsics evaluated; `Null` for `AWS::NoValue`.
    pub(super) fn resolve(&self, value: &Yaml, path: &str) -> Result<Value, TemplateError> {
        let Some(value) = self.chosen(value, path)? else { return Ok(Value::Null) };
        Ok(match value {
            Yaml::Null => Value::Null,
            Yaml::Bool(flag) => Value::Bool(*flag),
            Yaml::String(text) => Value::String(text.clone()),
            Yaml::Number(number) => {
                serde_json::to_value(number).map_err(|error| TemplateError::new(path, error.to_string()))?
            }
            Yaml::Sequence(items) => {
                let mut resolved = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    if let Some(item) = self.chosen(item, &path)? {
                        resolved.push(self.resolve(item, &path)?);
                    }
                }
                Value::Array(resolved)
            }
            Yaml::Mapping(mapping) => self.resolve_mapping(mapping, path)?,
            Yaml::Tagged(tagged) => self.resolve_tagged(tagged, path)?,
        })
    }

    fn resolve_mapping(&self, mapping: &serde_yaml_ng::Mapping, path: &str) -> Result<Value, TemplateError> {
        let mut resolved = Map::new();
        for (key, value) in mapping {
            let key = key.as_str().ok_or_else(|| TemplateError::new(path, "a key is not a string"))?;
            if key == "Ref" || key.starts_with("Fn::") {
                let name = key.strip_prefix("Fn::").unwrap_or(key);
                return self.intrinsic(name, value, path);
            }
            let path = format!("{path}.{key}");
            if let Some(value) = self.chosen(value, &path)? {
                resolved.insert(key.to_owned(), self.resolve(value, &path)?);
            }
        }
        Ok(Value::Object(resolved))
    }

    fn resolve_tagged(&self, tagged: &TaggedValue, path: &str) -> Result<Value, TemplateError> {
        let tag = tagged.tag.to_string();
        self.intrinsic(tag.trim_start_matches('!'), &tagged.value, path)
    }

    fn intrinsic(&self, name: &str, argument: &Yaml, path: &str) -> Result<Value, TemplateError> {
        let text = match name {
            "Ref" => self.reference(text_of(argument, path)?, path)?,
            "GetAtt" => match argument {
                Yaml::Sequence(parts) => {
                    let parts: Vec<&str> = parts.iter().filter_map(Yaml::as_str).collect();
                    self.attribute(&parts.join("."), path)?
                }
                other => self.attribute(text_of(other, path)?, path)?,
            },
            "Sub" => match argument {
                Yaml::Sequence(parts) => {
                    let (Some(pattern), Some(variables)) = (parts.first(), parts.get(1)) else {
                        return Err(TemplateError::new(path, "!Sub wants a text and its variables"));
                    };
                    let variables = self.resolve(variables, path)?;
                    self.substitute(text_of(pattern, path)?, variables.as_object(), path)?
                }
                other => self.substitute(text_of(other, path)?, None, path)?,
            },
            other => {
                let fault = format!("the local cloud does not understand the intrinsic function {other}");
                return Err(TemplateError::new(path, fault));
            }
        };
        Ok(Value::String(text))
    }

    fn reference(&self, name: &str, path: &str) -> Result<String, TemplateError> {
        if let Some(value) = pseudo_parameter(name) {
            return Ok(value.to_owned());
        }
        if let Some(value) = self.parameters.get(name) {
            return Ok(value.clone());
        }
        self.known(name, path)?
            .map(|declared| declared.reference(name, self.scope))
            .ok_or_else(|| TemplateError::new(path, format!("nothing is called {name}")))
    }

    /// The resource called `name`; one whose condition does not hold cannot be referred to.
    fn known(&self, name: &str, path: &str) -> Result<Option<&Declared>, TemplateError> {
        match self.declared.get(name) {
            Some(declared) if !declared.there => {
                Err(TemplateError::new(path, format!("{name} is not there: its condition does not hold")))
            }
            known => Ok(known),
        }
    }

    fn attribute(&self, dotted: &str, path: &str) -> Result<String, TemplateError> {
        let (id, attribute) = dotted
            .split_once('.')
            .ok_or_else(|| TemplateError::new(path, "!GetAtt wants Resource.Attribute"))?;
        let declared = self
            .known(id, path)?
            .ok_or_else(|| TemplateError::new(path, format!("no resource is called {id}")))?;
        declared.attribute(id, attribute).ok_or_else(|| {
            TemplateError::new(path, format!("the local cloud knows no attribute {attribute} of {id}"))
        })
    }

    fn substitute(
        &self,
        pattern: &str,
        variables: Option<&Map<String, Value>>,
        path: &str,
    ) -> Result<String, TemplateError> {
        let mut text = String::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, remainder) =
                after.split_once('}').ok_or_else(|| TemplateError::new(path, "!Sub has ${ without }"))?;
            text.push_str(before);
            if let Some(literal) = name.strip_prefix('!') {
                text.push_str("${");
                text.push_str(literal);
                text.push('}');
            } else if let Some(value) = variables.and_then(|known| known.get(name)).and_then(Value::as_str) {
                text.push_str(value);
            } else if name.contains('.') {
                text.push_str(&self.attribute(name, path)?);
            } else {
                text.push_str(&self.reference(name, path)?);
            }
            rest = remainder;
        }
        text.push_str(rest);
        Ok(text)
    }
}

/// Name and argument of an intrinsic function, short (`!If`) or long (`Fn::If`).
pub(super) fn named_intrinsic(value: &Yaml) -> Option<(String, &Yaml)> {
    match value {
        Yaml::Tagged(tagged) => {
            Some((tagged.tag.to_string().trim_start_matches('!').to_owned(), &tagged.value))
        }
        Yaml::Mapping(mapping) => {
            let (key, argument) = mapping.iter().next().filter(|_| mapping.len() == 1)?;
            let key = key.as_str()?;
            let name = if key == "Ref" { key } else { key.strip_prefix("Fn::")? };
            Some((name.to_owned(), argument))
        }
        _ => None,
    }
}

fn text_of<'y>(value: &'y Yaml, path: &str) -> Result<&'y str, TemplateError> {
    value.as_str().ok_or_else(|| TemplateError::new(path, "the intrinsic function wants a text"))
}
