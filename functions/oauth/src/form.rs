//! The parameters of a request body or a query (RFC 6749 sections 3.1 and 3.2, appendix B).

use crate::fault::OAuthError;

/// Longest body read, in bytes: a request object and an assertion.
const BODY_MAX: usize = 65_536;
/// Most parameters read.
const PARAMETERS_MAX: usize = 50;

/// Parameters, each at most once. One without a value counts as not sent.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(body: &str) -> Result<Self, OAuthError> {
        if body.len() > BODY_MAX {
            return Err(OAuthError::invalid_request("body too long"));
        }
        let mut parameters: Vec<(String, String)> = serde_urlencoded::from_str(body)
            .map_err(|_| OAuthError::invalid_request("body is not a form"))?;
        if parameters.len() > PARAMETERS_MAX {
            return Err(OAuthError::invalid_request("too many parameters"));
        }
        Self::each_once(&parameters)?;
        parameters.retain(|(_, value)| !value.is_empty());
        Ok(Self(parameters))
    }

    /// RFC 6749 section 3.1 and 3.2: a parameter must not be included more than once.
    fn each_once(parameters: &[(String, String)]) -> Result<(), OAuthError> {
        let repeated = parameters
            .iter()
            .enumerate()
            .any(|(index, (name, _))| parameters.iter().take(index).any(|(earlier, _)| earlier == name));
        if repeated { Err(OAuthError::invalid_request("parameter sent more than once")) } else { Ok(()) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn require(&self, name: &'static str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_come_once_and_with_a_value_rfc6749() {
        let form = Form::parse("a=1&b=&c=x%20y+z").unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c")), (Some("1"), None, Some("x y z")));
        assert!(form.require("b").is_err());
        assert!(Form::parse("").unwrap().get("a").is_none());
        for bad in ["a=1&a=1", "a=1&b=2&a=", &"a".repeat(65_537), &"&a".repeat(51)] {
            assert!(Form::parse(bad).is_err());
        }
    }
}
