//! `Invoke` of one Lambda function: where it is called, and the headers of a call.

use aws_credential_types::Credentials;
use ponte_ports::{Ending, PortError};
use ponte_values::{Invalid, Moment};

use super::refusals;
use super::signed::Post;

const WHAT: &str = "Lambda";
const TYPE: (&str, &str) = ("content-type", "application/json");

/// ARN of a Lambda function, with or without a version or an alias at its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FunctionArn(String);

impl FunctionArn {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, or the same with `:ALIAS` (or a version).
    pub fn parse(value: &str) -> Result<Self, Invalid> {
        let named = |text: &str, others: &str, most: usize| {
            let known = |c: char| c.is_ascii_alphanumeric() || others.contains(c);
            (1..=most).contains(&text.len()) && text.chars().all(known)
        };
        let valid = match value.split(':').collect::<Vec<_>>()[..] {
            ["arn", "aws", "lambda", region, account, "function", name, ref alias @ ..] => {
                named(region, "-", 30)
                    && account.len() == 12
                    && account.bytes().all(|digit| digit.is_ascii_digit())
                    && named(name, "-_", 64)
                    && match alias {
                        [] => true,
                        [alias] => named(alias, "-_", 128),
                        _ => false,
                    }
            }
            _ => false,
        };
        if valid { Ok(Self(value.to_owned())) } else { Err(Invalid("ARN of a Lambda function")) }
    }

    fn region(&self) -> &str {
        self.0.split(':').nth(3).unwrap_or_default()
    }
}

/// Calls of one function: it is invoked for its answer.
pub struct Invocation {
    pub(super) url: String,
    pub(super) region: String,
    pub(super) credentials: Credentials,
    pub(super) ending: Ending,
}

impl Invocation {
    pub(super) fn of(
        function: &FunctionArn,
        endpoint: Option<&str>,
        credentials: Credentials,
        ending: Ending,
    ) -> Self {
        let region = function.region().to_owned();
        let regional = format!("https://lambda.{region}.amazonaws.com");
        let endpoint = endpoint.unwrap_or(&regional).trim_end_matches('/');
        let name = function.0.replace(':', "%3A");
        let url = format!("{endpoint}/2015-03-31/functions/{name}/invocations");
        Self { url, region, credentials, ending }
    }

    /// Where it is called, by `POST`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The headers of a call with this event, at this moment; they count for five minutes.
    pub fn headers(&self, event: &[u8], now: Moment) -> Result<Vec<(String, String)>, PortError> {
        let (service, region, url) = ("lambda", self.region.as_str(), self.url.as_str());
        let call = Post { service, region, url, headers: &[TYPE], body: event };
        let signed = call.signed(self.credentials.clone(), now);
        let mut headers = signed.map_err(|error| PortError::new(WHAT, error))?;
        headers.push((TYPE.0.to_owned(), TYPE.1.to_owned()));
        Ok(headers)
    }

    /// Takes note of the code of a refusal: the process ends after its answer if its credentials are over (LB-11).
    pub fn refused(&self, code: &str) {
        refusals::note(&self.ending, code);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_named_by_its_whole_arn() {
        let plain = "arn:aws:lambda:sa-east-1:000000000000:function:camada-de-integracao";
        for good in [plain.to_owned(), format!("{plain}:live"), format!("{plain}:7")] {
            assert_eq!(FunctionArn::parse(&good).unwrap().region(), "sa-east-1", "{good}");
        }
        for bad in [
            "",
            "camada",
            "arn:aws:lambda:sa-east-1:000000000000:function:",
            "arn:aws:lambda:sa-east-1:0000:function:camada",
            "arn:aws:lambda:sa-east-1:000000000000:function:*",
            "arn:aws:lambda:sa-east-1:000000000000:function:camada:",
            "arn:aws:lambda:sa-east-1:000000000000:function:camada:a:b",
            "arn:aws:lambda:evil.example/:000000000000:function:camada",
            "arn:aws:sqs:sa-east-1:000000000000:fila",
            "arn:aws:lambda:sa-east-1:000000000000:function:camada/../outra",
        ] {
            assert!(FunctionArn::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_call_is_signed_for_the_region_of_its_function_and_anew_for_each_event() {
        let function =
            FunctionArn::parse("arn:aws:lambda:us-east-1:000000000000:function:camada:live").unwrap();
        let credentials = Credentials::from_keys("id", "secret", Some("token".to_owned()));
        let invocation = Invocation::of(&function, None, credentials, Ending::default());
        assert_eq!(
            invocation.url(),
            "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/\
             arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Acamada%3Alive/invocations"
        );
        let now = Moment::parse("2026-03-02T12:00:00Z").unwrap();
        let value = |event: &[u8], name: &str| {
            let headers = invocation.headers(event, now).unwrap();
            headers.into_iter().find(|(known, _)| known == name).unwrap().1
        };
        let signature = value(b"{}", "authorization");
        assert!(signature.contains("/20260302/us-east-1/lambda/aws4_request"), "{signature}");
        assert!(
            signature.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"),
            "{signature}"
        );
        assert_eq!(
            (value(b"{}", "x-amz-security-token"), value(b"{}", "x-amz-date")),
            ("token".to_owned(), "20260302T120000Z".to_owned())
        );
        assert_ne!(signature, value(b"{\"a\":1}", "authorization"));
    }
}
