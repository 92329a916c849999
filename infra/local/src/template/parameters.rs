//! Parameters: given values or defaults, validated as CloudFormation validates them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::error::TemplateError;
use super::properties::typed;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Declaration {
    r#type: String,
    default: Option<Value>,
    allowed_values: Option<Vec<Value>>,
    min_value: Option<f64>,
    max_value: Option<f64>,
    #[serde(rename = "Description")]
    _description: Option<IgnoredAny>,
    #[serde(rename = "NoEcho")]
    _no_echo: Option<IgnoredAny>,
    // The sandbox's own values are its own to get right; a deployment's are CloudFormation's to match.
    #[serde(rename = "AllowedPattern")]
    _allowed_pattern: Option<IgnoredAny>,
    #[serde(rename = "ConstraintDescription")]
    _constraint: Option<IgnoredAny>,
}

/// Values of the declared parameters: given ones, else defaults; a missing, unknown or forbidden one is an error.
pub(super) fn values(
    declared: &Map<String, Value>,
    given: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, TemplateError> {
    if let Some(unknown) = given.keys().find(|name| !declared.contains_key(*name)) {
        return Err(TemplateError::new(
            format!("Parameters.{unknown}"),
            "a value is given but nothing declares it",
        ));
    }
    let mut values = BTreeMap::new();
    for (name, declaration) in declared {
        let path = format!("Parameters.{name}");
        let declaration: Declaration = typed(&path, declaration.clone())?;
        let default = declaration.default.as_ref().map(text);
        let value = given
            .get(name)
            .cloned()
            .or(default)
            .ok_or_else(|| TemplateError::new(&path, "no value is given and it has no default"))?;
        declaration.check(&value).map_err(|fault| TemplateError::new(&path, fault))?;
        values.insert(name.clone(), value);
    }
    Ok(values)
}

impl Declaration {
    fn check(&self, value: &str) -> Result<(), String> {
        let allowed = |allowed: &Vec<Value>| allowed.iter().any(|one| text(one) == value);
        if !self.allowed_values.as_ref().is_none_or(allowed) {
            return Err(format!("`{value}` is none of its AllowedValues"));
        }
        match self.r#type.as_str() {
            "String" => Ok(()),
            "Number" => {
                let number: f64 = value.parse().map_err(|_| format!("`{value}` is no number"))?;
                let fits = self.min_value.is_none_or(|least| number >= least)
                    && self.max_value.is_none_or(|most| number <= most);
                if fits { Ok(()) } else { Err(format!("{value} is not between MinValue and MaxValue")) }
            }
            other => Err(format!("the local cloud does not understand parameters of type {other}")),
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(declaration: &Value, given: &str) -> Result<String, String> {
        let Value::Object(declared) = json!({ "P": declaration }) else { return Err(String::new()) };
        let given = BTreeMap::from([("P".to_owned(), given.to_owned())]);
        values(&declared, &given).map(|values| values["P"].clone()).map_err(|error| error.fault)
    }

    #[test]
    fn numbers_keep_their_bounds() {
        let seconds = json!({ "Type": "Number", "Default": "900", "MinValue": 300, "MaxValue": 900 });
        assert_eq!(check(&seconds, "300").unwrap(), "300");
        for bad in ["299", "901", "many"] {
            assert!(check(&seconds, bad).unwrap_err().contains(bad), "{bad}");
        }
        let Value::Object(declared) = json!({ "P": seconds }) else { return };
        assert_eq!(values(&declared, &BTreeMap::new()).unwrap()["P"], "900", "the default");
    }

    #[test]
    fn texts_are_among_the_allowed_ones() {
        let levels = json!({ "Type": "String", "AllowedValues": ["loa2", "loa2 loa3"] });
        assert_eq!(check(&levels, "loa2 loa3").unwrap(), "loa2 loa3");
        assert!(check(&levels, "loa3").is_err());
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        assert!(check(&json!({ "Type": "List<Number>" }), "1").is_err());
        assert!(check(&json!({ "Type": "String", "MinLenght": 3 }), "abc").is_err());
    }
}
