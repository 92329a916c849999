//! Why a command cannot be read, without the words of whoever sent it: they may hold a secret or a customer's data, and a fault
//! goes into logs and records.

/// What is wrong with a command, of the error of its reader: the names of our own members alone are told.
#[must_use]
pub fn unread(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let ours = |beginning: &str| {
        let name = message.strip_prefix(beginning)?.split('`').next()?;
        Some(format!("{beginning}{name}`"))
    };
    if let Some(named) = ours("missing field `").or_else(|| ours("duplicate field `")) {
        return named;
    }
    let kind = if message.starts_with("unknown variant `") {
        "there is no such command"
    } else if message.starts_with("unknown field `") {
        "a member that the command does not have"
    } else {
        "a member has another type or value than it may have"
    };
    kind.to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Deserialize, Debug)]
    #[serde(tag = "operator", deny_unknown_fields)]
    enum Command {
        #[serde(rename = "thing.look")]
        Look {
            #[expect(dead_code, reason = "read alone")]
            day: u8,
        },
    }

    #[test]
    fn t62_what_cannot_be_read_is_told_by_the_names_of_our_members_and_by_no_word_that_was_sent() {
        let secret = "segredo";
        for (command, told) in [
            (json!({"operator": "thing.look"}), "missing field `day`"),
            (json!({"operator": "thing.look", "day": secret}), "a member has another type or value"),
            (
                json!({"operator": "thing.look", "day": 1, secret: 1}),
                "a member that the command does not have",
            ),
            (json!({"operator": secret}), "there is no such command"),
            (json!(secret), "a member has another type or value"),
        ] {
            let error = serde_json::from_value::<Command>(command.clone()).unwrap_err();
            let text = unread(&error);
            assert!(text.starts_with(told) && !text.contains(secret), "{command}: {text}");
        }
        let twice = r#"{"operator": "thing.look", "day": 1, "day": 2}"#;
        assert_eq!(unread(&serde_json::from_str::<Command>(twice).unwrap_err()), "duplicate field `day`");
    }
}
