//! Properties of a resource, read into a typed struct.

use serde_json::{Map, Value};

use super::error::TemplateError;

/// Reads resolved properties into a typed struct, naming the place on failure.
pub(crate) fn typed<T: serde::de::DeserializeOwned>(
    path: &str,
    properties: Value,
) -> Result<T, TemplateError> {
    let properties = if properties.is_null() { Value::Object(Map::new()) } else { properties };
    serde_json::from_value(properties).map_err(|error| TemplateError::new(path, error.to_string()))
}
