//! What CloudFormation answers to `DescribeStacks` and STS to `GetCallerIdentity`, as far as it is needed.

use std::collections::BTreeMap;

/// The outputs in an answer by name.
pub(super) fn outputs_in(xml: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    let mut rest = xml;
    while let Some((key, after)) = element(rest, "OutputKey") {
        let (value, after) = element(after, "OutputValue").unwrap_or_default();
        outputs.insert(key, value);
        rest = after;
    }
    outputs
}

/// The id of the caller, which SQS names as the sender of a message: `AIDA..` of a user, `AROA..:session` of a role.
pub(super) fn user_in(xml: &str) -> Option<String> {
    element(xml, "UserId").map(|(user, _)| user)
}

/// The message of a refusal.
pub(super) fn fault_in(xml: &str) -> Option<String> {
    element(xml, "Message").map(|(message, _)| message)
}

/// Whether an answer is about one stack, and that is the one of this name or id.
pub(super) fn is_about(xml: &str, stack: &str) -> bool {
    let only = |element| matches!(&all(xml, element)[..], [only] if only == stack);
    only("StackName") || (only("StackId") && all(xml, "StackName").len() == 1)
}

/// The region and the account of the stack in an answer, of its id: `arn:aws:cloudformation:<region>:<account>:stack/..`.
pub(super) fn place_in(xml: &str) -> Option<(String, String)> {
    let (id, _) = element(xml, "StackId")?;
    let mut parts = id.split(':').skip(3).map(str::to_owned);
    Some((parts.next()?, parts.next()?))
}

fn all(xml: &str, name: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), xml);
    while let Some((text, after)) = element(rest, name) {
        found.push(text);
        rest = after;
    }
    found
}

/// The text of the first element of this name, and what is behind it.
fn element<'x>(xml: &'x str, name: &str) -> Option<(String, &'x str)> {
    let (_, after) = xml.split_once(&format!("<{name}>"))?;
    let (text, after) = after.split_once(&format!("</{name}>"))?;
    Some((unescaped(text), after))
}

fn unescaped(text: &str) -> String {
    let pairs =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")];
    pairs.into_iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_read_out_of_the_answer_of_cloudformation() {
        // As CloudFormation writes it, with a description between.
        let answer = r#"<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
          <DescribeStacksResult><Stacks><member><StackName>s</StackName><Outputs>
            <member>
              <OutputKey>PcmFunctionName</OutputKey>
              <OutputValue>s-PcmFunction-1AB</OutputValue>
            </member>
            <member>
              <Description>a &lt;b&gt;</Description>
              <OutputKey>Odd</OutputKey>
              <OutputValue>&amp;lt; &quot;x&quot;</OutputValue>
              <ExportName>e</ExportName>
            </member>
          </Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>"#;
        let expected = [("PcmFunctionName", "s-PcmFunction-1AB"), ("Odd", "&lt; \"x\"")];
        let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(outputs_in(answer), BTreeMap::from(expected));
        assert!(outputs_in("<Stacks/>").is_empty() && outputs_in("").is_empty());
    }

    #[test]
    fn an_answer_about_another_stack_or_about_several_is_told_from_one_about_this() {
        let id = "arn:aws:cloudformation:sa-east-1:123456789012:stack/s/0a1b";
        let member =
            |name: &str| format!("<member><StackName>{name}</StackName><StackId>{id}</StackId></member>");
        assert!(is_about(&member("s"), "s") && is_about(&member("s"), id));
        assert!(!is_about(&member("s"), "s2") && !is_about(&member("s"), ""));
        assert!(!is_about(&format!("{}{}", member("s"), member("t")), "s"));
        assert!(!is_about("<Stacks/>", "s") && !is_about("<Stacks/>", ""));
        let place = ("sa-east-1".to_owned(), "123456789012".to_owned());
        assert_eq!((place_in(&member("s")), place_in("<Stacks/>")), (Some(place), None));
    }

    #[test]
    fn t47_the_caller_is_named_as_sts_does() {
        let answer = "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::1:assumed-role/r/ana</Arn>\
                      <UserId>AROAINVENTED:ana</UserId><Account>1</Account></GetCallerIdentityResult>";
        assert_eq!(user_in(answer).as_deref(), Some("AROAINVENTED:ana"));
        assert_eq!(user_in("<html>"), None);
    }

    #[test]
    fn a_refusal_is_told_in_its_own_words() {
        let answer = "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>\
                      <Message>Stack with id x does not exist</Message></Error></ErrorResponse>";
        assert_eq!(fault_in(answer).as_deref(), Some("Stack with id x does not exist"));
        assert_eq!(fault_in("<html>"), None);
    }
}
