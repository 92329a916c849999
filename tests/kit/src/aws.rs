//! The variables that Lambda gives every function, for SDK clients of a test.

/// A source of variables for clients that call `endpoint` under made-up credentials.
pub fn variables(endpoint: &str) -> impl Fn(&str) -> Option<String> {
    move |name| {
        let value = match name {
            "AWS_REGION" => "sa-east-1",
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => "test",
            "AWS_ENDPOINT_URL" => endpoint,
            _ => return None,
        };
        Some(value.to_owned())
    }
}
