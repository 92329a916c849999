//! Rules: what must be true of the parameters together, or `CloudFormation` takes none of them.

use serde_yaml_ng::Value as Yaml;

use super::error::TemplateError;
use super::intrinsics::Resolver;

impl Resolver<'_> {
    /// Holds the parameters to every assertion of the section `Rules`.
    pub(super) fn rules(&self, document: &Yaml) -> Result<(), TemplateError> {
        let section = document.get("Rules").and_then(Yaml::as_mapping);
        for (name, rule) in section.into_iter().flatten() {
            let path = format!("Rules.{}", name.as_str().unwrap_or_default());
            let assertions = rule.get("Assertions").and_then(Yaml::as_sequence);
            let only = rule.as_mapping().is_some_and(|members| members.len() == 1);
            let Some(assertions) = assertions.filter(|_| only) else {
                return Err(TemplateError::new(
                    path,
                    "the local cloud understands rules of Assertions alone",
                ));
            };
            for assertion in assertions {
                let Some(assert) = assertion.get("Assert") else {
                    return Err(TemplateError::new(path, "an assertion without Assert"));
                };
                if !self.holds(assert, &path)? {
                    let told = assertion.get("AssertDescription").and_then(Yaml::as_str);
                    return Err(TemplateError::new(path, told.unwrap_or("does not hold")));
                }
            }
        }
        Ok(())
    }
}
