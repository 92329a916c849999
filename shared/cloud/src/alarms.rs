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
    use ponte_kit::lines::Lines;

    use super::*;

    #[test]
    fn t45_an_alarm_is_an_error_line_with_the_field_that_the_metric_filter_counts() {
        let lines = Lines::default();
        let listening = lines.listen();
        let alarm = Alarm { secret: "SigningKeySecret", reason: "not a PKCS#8 PEM".to_owned() };
        LoggedAlarms.raise(&alarm);
        LoggedAlarms.warn(&alarm);
        LoggedAlarms.raise_setting("ChannelSession", "off");
        drop(listening);
        let lines = lines.read();
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
