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

impl Device {
    /// The device that a `User-Agent` header tells of (RFC 9110 section 10.1.5): the operating system by the names that
    /// browsers and the HTTP libraries of phones give it, and its version. `OTHER` and `unknown` are what it does not say.
    #[must_use]
    pub fn of_user_agent(text: &str, platform: Platform) -> Self {
        let named = NAMES.iter().find_map(|(name, os)| Some((*os, text.split_once(name)?.1)));
        let (os, rest) = named.unwrap_or((OperatingSystem::Other, ""));
        let version: String =
            rest.chars().take_while(|c| c.is_ascii_digit() || matches!(c, '.' | '_')).take(20).collect();
        let version = version.replace('_', ".");
        let version = version.trim_matches('.');
        let os_version = if version.is_empty() { "unknown" } else { version }.to_owned();
        Self { platform, os, os_version }
    }
}

/// What stands in front of the version in a `User-Agent`, the telling one first: an iPhone says it is like a Mac, and Android
/// that it is a Linux.
const NAMES: [(&str, OperatingSystem); 14] = [
    ("iPhone OS ", OperatingSystem::Ios),
    ("CPU OS ", OperatingSystem::Ios),
    ("iOS ", OperatingSystem::Ios),
    ("iOS/", OperatingSystem::Ios),
    ("CFNetwork", OperatingSystem::Ios),
    ("Android ", OperatingSystem::Android),
    ("Android", OperatingSystem::Android),
    ("okhttp", OperatingSystem::Android),
    ("Windows NT ", OperatingSystem::Windows),
    ("Mac OS X ", OperatingSystem::Macos),
    ("FreeBSD", OperatingSystem::Unix),
    ("OpenBSD", OperatingSystem::Unix),
    ("SunOS", OperatingSystem::Unix),
    ("Linux", OperatingSystem::Linux),
];

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
    fn m41_a_user_agent_tells_the_system_and_its_version() {
        use OperatingSystem::{Android, Ios, Linux, Macos, Other, Unix, Windows};
        for (text, os, version) in [
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15", Ios, "17.5.1"),
            ("Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15", Ios, "16.0"),
            ("Banco/4.2 CFNetwork/1494.0.7 Darwin/23.4.0", Ios, "unknown"),
            ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36", Android, "14"),
            ("Mozilla/5.0 (Android; Mobile; rv:40.0)", Android, "unknown"),
            ("okhttp/4.12.0", Android, "unknown"),
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36", Windows, "10.0"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", Macos, "10.15.7"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101", Linux, "unknown"),
            ("Mozilla/5.0 (X11; FreeBSD amd64)", Unix, "unknown"),
            ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)", Other, "unknown"),
            ("Android ________________________________________1", Android, "unknown"),
            ("", Other, "unknown"),
        ] {
            let device = Device::of_user_agent(text, Platform::Browser);
            assert_eq!((device.os, device.os_version.as_str()), (os, version), "{text}");
            let told = serde_json::to_string(&device).unwrap();
            assert_eq!(serde_json::from_str::<Device>(&told).unwrap(), device, "it may be told");
        }
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
