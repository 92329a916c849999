//! Apps of an institution that open its links, as Apple and Google name them.

use crate::invalid::Invalid;

/// An app on iOS: `<application identifier prefix>.<bundle identifier>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AppleAppId(String);

impl AppleAppId {
    /// Characters of an application identifier prefix.
    const PREFIX: usize = 10;

    /// Reads an app id, such as `A1B2C3D4E5.br.example.app`.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let (prefix, bundle) = text.split_once('.').ok_or(Invalid("Apple app id"))?;
        let prefix_fits = prefix.len() == Self::PREFIX
            && prefix.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let bundle_fits = (1..=155).contains(&bundle.len())
            && bundle.split('.').all(|part| {
                !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            });
        if prefix_fits && bundle_fits { Ok(Self(text.to_owned())) } else { Err(Invalid("Apple app id")) }
    }

    /// The app id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An app on Android: its package, and a certificate it is signed with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AndroidApp {
    package: String,
    fingerprint: String,
}

impl AndroidApp {
    /// Bytes of a SHA-256 fingerprint.
    const FINGERPRINT: usize = 32;

    /// Reads `<package>:<SHA-256 fingerprint>`, the fingerprint as `keytool` prints it: pairs of digits with colons.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let invalid = Invalid("Android app");
        let (package, fingerprint) = text.split_once(':').ok_or(invalid)?;
        let segment = |part: &str| {
            part.starts_with(|first: char| first.is_ascii_alphabetic())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let package_fits = package.len() <= 255 && package.contains('.') && package.split('.').all(segment);
        let pairs: Vec<&str> = fingerprint.split(':').collect();
        let pair = |pair: &&str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !package_fits || pairs.len() != Self::FINGERPRINT || !pairs.iter().all(pair) {
            return Err(invalid);
        }
        Ok(Self { package: package.to_owned(), fingerprint: fingerprint.to_ascii_uppercase() })
    }

    /// Application id.
    #[must_use]
    pub fn package(&self) -> &str {
        &self.package
    }

    /// SHA-256 of the certificate, in capitals with colons.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apple_app_is_a_prefix_and_a_bundle() {
        let app = AppleAppId::parse("A1B2C3D4E5.br.com.banco-exemplo").unwrap();
        assert_eq!(app.as_str(), "A1B2C3D4E5.br.com.banco-exemplo");
        for wrong in
            ["", "A1B2C3D4E5", "A1B2C3D4E5.", "a1b2c3d4e5.br", "A1B2.br", "A1B2C3D4E5.br..x", "A1B2C3D4E5.b*"]
        {
            assert!(AppleAppId::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_android_app_is_a_package_and_a_certificate() {
        let print = vec!["ab"; 32].join(":");
        let app = AndroidApp::parse(&format!("br.com.banco_exemplo:{print}")).unwrap();
        assert_eq!(
            (app.package(), app.fingerprint()),
            ("br.com.banco_exemplo", print.to_ascii_uppercase().as_str())
        );
        let short = vec!["ab"; 31].join(":");
        let wide = vec!["abc"; 32].join(":");
        for wrong in [
            String::new(),
            print.clone(),
            format!("banco:{print}"),
            format!("br.1banco:{print}"),
            format!("br.com.banco:{short}"),
            format!("br.com.banco:{wide}"),
            format!("br.com.banco:{}", print.replace(':', "")),
        ] {
            assert!(AndroidApp::parse(&wrong).is_err(), "{wrong}");
        }
    }
}
