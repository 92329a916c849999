//! Conditions: the values of the section `Conditions`, and the branch that `!If` takes.

use serde_yaml_ng::Value as Yaml;

use super::error::TemplateError;
use super::intrinsics::{Conditions, Resolver, named_intrinsic};

impl Resolver<'_> {
    /// Evaluates every condition of the section `Conditions`.
    pub(super) fn conditions(&self, document: &Yaml) -> Result<Conditions, TemplateError> {
        let section = document.get("Conditions").and_then(Yaml::as_mapping);
        let declared = section.into_iter().flatten();
        declared
            .map(|(name, expression)| {
                let name = name.as_str().unwrap_or_default().to_owned();
                let path = format!("Conditions.{name}");
                Ok((name, self.holds(expression, &path)?))
            })
            .collect()
    }

    /// Whether a resource or an output is there: it has no `Condition`, or the one it names holds.
    pub(super) fn is_there(&self, declaration: &Yaml, path: &str) -> Result<bool, TemplateError> {
        let Some(condition) = declaration.get("Condition") else { return Ok(true) };
        let known = condition.as_str().and_then(|name| self.known_condition(name));
        known.ok_or_else(|| TemplateError::new(path, "Condition names no condition"))
    }

    /// `!Equals`, `!Not`, `!And` and `!Or`; another function is an error.
    pub(super) fn holds(&self, expression: &Yaml, path: &str) -> Result<bool, TemplateError> {
        let Some((name, argument)) = named_intrinsic(expression) else {
            return Err(TemplateError::new(path, "is no condition"));
        };
        match (name.as_str(), argument.as_sequence().map(Vec::as_slice)) {
            ("Equals", Some([one, other])) => Ok(self.resolve(one, path)? == self.resolve(other, path)?),
            ("Not", Some([inner])) => Ok(!self.holds(inner, path)?),
            ("And" | "Or", Some(inner)) if (2..=10).contains(&inner.len()) => {
                let inner = inner.iter().map(|one| self.holds(one, path));
                let inner = inner.collect::<Result<Vec<bool>, TemplateError>>()?;
                Ok(if name == "And" { !inner.contains(&false) } else { inner.contains(&true) })
            }
            _ => Err(TemplateError::new(path, format!("the local cloud does not understand {name} here"))),
        }
    }

    /// The value itself, or the branch that its `!If` takes; `None` for `AWS::NoValue`.
    pub(super) fn chosen<'y>(
        &self,
        mut value: &'y Yaml,
        path: &str,
    ) -> Result<Option<&'y Yaml>, TemplateError> {
        while let Some((name, argument)) = named_intrinsic(value) {
            match (name.as_str(), argument.as_sequence().map(Vec::as_slice)) {
                ("If", Some([condition, yes, no])) => {
                    let known = condition.as_str().and_then(|name| self.known_condition(name));
                    let holds = known.ok_or_else(|| TemplateError::new(path, "!If names no condition"))?;
                    value = if holds { yes } else { no };
                }
                ("If", _) => return Err(TemplateError::new(path, "!If wants a condition and two values")),
                ("Ref", _) if argument.as_str() == Some("AWS::NoValue") => return Ok(None),
                _ => break,
            }
        }
        Ok(Some(value))
    }
}
