//! Structs whose fields are read from the environment, all faults at once.

use std::marker::PhantomData;

use super::var::{EnvError, Reader, Var};

/// Source of a field: a [`Var`], or a whole struct by its [`Settings::SETTING`].
pub trait Setting {
    /// Type of the field.
    type Value;
    /// Reads it, or notes in `reader` what is wrong.
    fn read(self, reader: &mut Reader<'_>) -> Option<Self::Value>;
}

impl<T> Setting for Var<T> {
    type Value = T;

    fn read(self, reader: &mut Reader<'_>) -> Option<T> {
        reader.variable(&self)
    }
}

/// A struct that is read from the environment; [`settings!`](crate::settings) implements it.
pub trait Settings: Sized {
    /// The struct as a field of another one.
    const SETTING: Group<Self> = Group(PhantomData);

    /// Reads every field, or notes in `reader` all that is wrong.
    fn collect(reader: &mut Reader<'_>) -> Option<Self>;

    /// Reads it from this process's environment.
    fn read() -> Result<Self, EnvError> {
        Self::read_from(&|name| std::env::var(name).ok())
    }

    /// Reads it from another source of variables.
    fn read_from(source: &dyn Fn(&str) -> Option<String>) -> Result<Self, EnvError> {
        let mut reader = Reader::new(source);
        let value = Self::collect(&mut reader);
        reader.finish(value)
    }
}

/// A struct as a field of another one.
#[derive(Clone, Copy, Debug)]
pub struct Group<S>(PhantomData<fn() -> S>);

impl<S: Settings> Setting for Group<S> {
    type Value = S;

    fn read(self, reader: &mut Reader<'_>) -> Option<S> {
        S::collect(reader)
    }
}

/// A struct that is read only where an optional variable is given, as a field of another one.
#[derive(Debug)]
pub struct Given<T, S>(Var<Option<T>>, Group<S>);

/// The struct of `group` where the variable `of` is given, with all that is wrong in it; nothing of it is looked at elsewhere.
#[must_use]
pub fn given<T, S>(of: Var<Option<T>>, group: Group<S>) -> Given<T, S> {
    Given(of, group)
}

impl<T, S: Settings> Setting for Given<T, S> {
    type Value = Option<S>;

    fn read(self, reader: &mut Reader<'_>) -> Option<Option<S>> {
        match reader.variable(&self.0)? {
            Some(_) => self.1.read(reader).map(Some),
            None => Some(None),
        }
    }
}

/// Defines a struct that is read from the environment, each field with its type and what it is read from; or, after
/// `impl`, says what the fields of a known struct are read from.
///
/// ```
/// use ponte_cloud::env::{self, Settings as _};
///
/// ponte_cloud::settings! {
///     struct Env {
///         issuer: String = env::PUBLIC_URL,
///         outbox: String = env::OUTBOX_TABLE,
///     }
/// }
///
/// let nothing = |_: &str| None;
/// let error = Env::read_from(&nothing).err().expect("both are missing");
/// assert_eq!(error.to_string(), "environment: PUBLIC_URL is missing; OUTBOX_TABLE is missing");
/// # let _ = |env: Env| (env.issuer, env.outbox);
/// ```
#[macro_export]
macro_rules! settings {
    (impl $name:ident { $($field:ident: $setting:expr),+ $(,)? }) => {
        impl $crate::env::Settings for $name {
            fn collect(reader: &mut $crate::env::Reader<'_>) -> Option<Self> {
                // All are read before the first absence returns, so that the error is complete.
                $(let $field = $crate::env::Setting::read($setting, reader);)+
                Some(Self { $($field: $field?),+ })
            }
        }
    };
    (
        $(#[$about:meta])* $seen:vis struct $name:ident {
            $($(#[$of_field:meta])* $field:ident: $type:ty = $setting:expr),+ $(,)?
        }
    ) => {
        $(#[$about])*
        $seen struct $name { $($(#[$of_field])* $seen $field: $type),+ }
        $crate::settings!(impl $name { $($field: $setting),+ });
    };
}
