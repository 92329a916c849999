//! The customer's device, as reports of the conversion funnel describe it (M40, M41).

use serde::{Deserialize, Serialize};

/// Platform the customer used: a browser or an app (M41).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Platform {
    /// A web page.
    Browser,
    /// A native application.
    App,
}

/// Operating system of the device (M41).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the names are the wire's and need no words")]
pub enum OperatingSystem {
    Linux,
    Macos,
    Unix,
    Windows,
    Ios,
    Android,
    Other,
}

/// Device data sent with every interaction and turned into funnel reports (M40).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Device {
    /// Browser or app.
    pub platform: Platform,
    /// Operating system.
    pub os: OperatingSystem,
    /// Version of the operating system, 1 to 100 characters without control characters.
    #[serde(deserialize_with = "version")]
    pub os_version: String,
}

fn version<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text)
    } else {
        Err(serde::de::Error::custom("osVersion must have 1 to 100 printable characters"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m41_names_of_the_wire() {
        let json = r#"{"platform":"BROWSER","os":"LINUX","osVersion":"20.04"}"#;
        let device: Device = serde_json::from_str(json).unwrap();
        assert_eq!((device.platform, device.os), (Platform::Browser, OperatingSystem::Linux));
        assert_eq!(serde_json::to_string(&device).unwrap(), json);
    }

    #[test]
    fn m41_refuses_what_the_platform_would_discard() {
        for bad in [
            r#"{"platform":"TV","os":"LINUX","osVersion":"1"}"#,
            r#"{"platform":"APP","os":"BEOS","osVersion":"1"}"#,
            r#"{"platform":"APP","os":"IOS","osVersion":""}"#,
            r#"{"platform":"APP","os":"IOS","osVersion":"1\n2"}"#,
            r#"{"platform":"APP","os":"IOS"}"#,
            r#"{"platform":"APP","os":"IOS","osVersion":"1","imei":"1"}"#,
        ] {
            assert!(serde_json::from_str::<Device>(bad).is_err(), "{bad}");
        }
    }
}
