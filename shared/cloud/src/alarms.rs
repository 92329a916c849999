//! Alarms as log lines: a metric filter of `infra/template.yaml` counts every line with the field `alarm`.

use ponte_ports::{Alarm, Alarms};

/// Alarms as lines in the log of the function.
#[derive(Clone, Copy, Debug, Default)]
pub struct LoggedAlarms;

impl LoggedAlarms {
    /// A parameter of the stack has a value that leaves something open; said at every start.
    pub fn raise_setting(self, parameter: &str, reason: &str) {
        tracing::error!(alarm = parameter, reason, "setting leaves something open");
    }
}

impl Alarms for LoggedAlarms {
    fn raise(&self, alarm: &Alarm) {
        tracing::error!(
            alarm = alarm.secret,
            reason = alarm.reason,
            "secret not usable, the last good one serves on if there is one"
        );
    }

    fn warn(&self, alarm: &Alarm) {
        tracing::warn!(
            secret = alarm.secret,
            reason = alarm.reason,
            "secret not read, the one in use serves on"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn t45_an_alarm_is_an_error_line_with_the_field_that_the_metric_filter_counts() {
        let lines = Lines::default();
        let sink = lines.clone();
        let layer = tracing_subscriber::fmt::layer().json().with_writer(move || sink.clone());
        let alarm = Alarm { secret: "SigningKeySecret", reason: "not a PKCS#8 PEM".to_owned() };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            LoggedAlarms.raise(&alarm);
            LoggedAlarms.warn(&alarm);
            LoggedAlarms.raise_setting("ChannelSession", "off");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>();
        assert_eq!(
            (&lines[0]["level"], &lines[0]["fields"]["alarm"]),
            (&"ERROR".into(), &"SigningKeySecret".into())
        );
        assert_eq!(lines[0]["fields"]["reason"], "not a PKCS#8 PEM");
        assert_eq!(
            (&lines[2]["level"], &lines[2]["fields"]["alarm"]),
            (&"ERROR".into(), &"ChannelSession".into())
        );
        assert_eq!(lines[1]["level"], "WARN");
        assert!(lines[1]["fields"].get("alarm").is_none(), "a warning wakes nobody");
    }
}
