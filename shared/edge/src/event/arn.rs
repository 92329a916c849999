//! Names of queues and schedules, as AWS calls them and as the template does.

/// Name at the end of an ARN.
pub(super) fn last_part(arn: &str) -> String {
    arn.rsplit([':', '/']).next().unwrap_or_default().to_owned()
}

/// Whether this is the name of the schedule called `id`: the template names it `<stack>-<id>`.
pub(crate) fn is_schedule(name: &str, id: &str) -> bool {
    name.strip_suffix(id).is_some_and(|stack| stack.is_empty() || stack.ends_with('-'))
}

/// Whether this is the name of the queue called `id` in the template: `<stack>-<id>`, or as CloudFormation makes it,
/// `<stack>-<id>-<random>`.
pub(crate) fn is_queue(name: &str, id: &str) -> bool {
    let made = |rest: &str| rest.strip_suffix(id).is_some_and(|stack| stack.ends_with('-'));
    is_schedule(name, id) || name.rsplit_once('-').is_some_and(|(rest, _)| made(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_known_by_its_id_in_the_template() {
        for name in ["PcmQueue", "ponte-PcmQueue", "banco-a-PcmQueue-1A2B3C"] {
            assert!(is_queue(name, "PcmQueue"), "{name}");
        }
        for name in ["", "ponte-OtherPcmQueue", "ponte-PcmQueueX-1A2B", "PcmQueue-a-b"] {
            assert!(!is_queue(name, "PcmQueue"), "{name}");
        }
    }

    #[test]
    fn a_schedule_is_known_by_the_name_that_the_template_gives_it() {
        for name in ["sweep", "ponte-sweep", "banco-a-sweep"] {
            assert!(is_schedule(name, "sweep"), "{name}");
        }
        // A stack may be called like a schedule: no random part is taken from the end of its name.
        for name in ["", "ponte-othersweep", "banco-sweep-expiry", "ponte-sweep-1A2B"] {
            assert!(!is_schedule(name, "sweep"), "{name}");
        }
    }
}
