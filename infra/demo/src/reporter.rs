//! Output of the demo: lines with a tick for people, or a JSON object a line for programs.

use std::io::IsTerminal as _;

use serde_json::{Map, Value, json};

const GREEN: &str = "\u{1b}[32m";
const RED: &str = "\u{1b}[31m";
const DIM: &str = "\u{1b}[2m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// Prints steps as they happen.
pub struct Reporter {
    style: Style,
    /// Takes a line.
    say: fn(&str),
}

#[derive(Clone, Copy)]
enum Style {
    Json,
    Text { colours: bool },
}

/// The outcome of one step.
pub(crate) struct StepReport {
    /// Number of the chapter.
    pub(crate) chapter: usize,
    /// The step in one sentence.
    pub(crate) title: String,
    /// The caller.
    pub(crate) from: &'static str,
    /// The one that was called.
    pub(crate) to: &'static str,
    /// Method and path, short.
    pub(crate) call: String,
    /// How many lines it takes.
    pub(crate) length: Length,
    /// Where it went, without its query.
    pub(crate) url: Option<String>,
    /// HTTP status.
    pub(crate) status: Option<u16>,
    /// Milliseconds until the first byte of the answer, or since the last step when it is no single call.
    pub(crate) millis: Option<u64>,
    /// A note about the answer, or the expectation that it failed.
    pub(crate) result: Result<String, Mismatch>,
}

/// How many lines a step takes that held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// The call and what is worth knowing about it.
    One,
    /// The sentence as well.
    Two,
}

/// An expectation, and the answer that failed it.
pub(crate) struct Mismatch {
    pub(crate) expected: String,
    pub(crate) got: String,
}

impl Reporter {
    /// For programs with `json`, for people otherwise: with colours on a terminal unless `NO_COLOR` is set. Every line
    /// goes to `say`.
    #[must_use]
    pub fn new(json: bool, say: fn(&str)) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colours = wanted && std::io::stdout().is_terminal();
        Self { style: if json { Style::Json } else { Style::Text { colours } }, say }
    }

    /// For tests: without colours, printing nothing.
    #[cfg(test)]
    pub(crate) const fn plain() -> Self {
        Self { style: Style::Text { colours: false }, say: |_| {} }
    }

    pub(crate) fn chapter(&self, number: usize, title: &str) {
        if let Style::Text { .. } = self.style {
            (self.say)(&format!("\n{}", self.paint(BOLD, &format!("{number}. {title}"))));
        }
    }

    pub(crate) fn step(&self, step: &StepReport) {
        match self.style {
            Style::Json => (self.say)(&as_json(step).to_string()),
            Style::Text { .. } => {
                for line in self.lines(step) {
                    (self.say)(&line);
                }
            }
        }
    }

    /// The end: `facts` for programs, `lines` for people.
    pub(crate) fn summary(&self, facts: &Map<String, Value>, held: bool, lines: &[String]) {
        match self.style {
            Style::Json => {
                let mut summary = json!({ "type": "summary" });
                for (name, value) in facts {
                    summary[name] = value.clone();
                }
                (self.say)(&summary.to_string());
            }
            Style::Text { .. } => {
                let colour = if held { GREEN } else { RED };
                (self.say)("");
                for (position, line) in lines.iter().enumerate() {
                    (self.say)(&if position == 0 { self.paint(colour, line) } else { line.clone() });
                }
            }
        }
    }

    /// A step for people: tick, sentence, who called whom, status and time on one line; the call and what is worth
    /// knowing about it below, or what was expected. A short one has no sentence while it holds.
    pub(crate) fn lines(&self, step: &StepReport) -> Vec<String> {
        let (mark, colour) = if step.result.is_ok() { ("✓", GREEN) } else { ("✗", RED) };
        let actors = format!("{} → {}", step.from, step.to);
        let status = step.status.map_or(String::new(), |status| status.to_string());
        let time = step.millis.map_or(String::new(), |millis| format!("{millis} ms"));
        let line = |words: &str| {
            let headline = format!("{words:<55} {actors:<18} {status:>3} {time:>8}");
            format!("  {} {}", self.paint(colour, mark), headline.trim_end())
        };
        if let (Length::One, Ok(note)) = (step.length, &step.result) {
            return vec![line(&format!("{} · {note}", step.call))];
        }
        let mut lines = vec![line(&step.title)];
        match &step.result {
            Ok(note) if note.is_empty() => lines.push(format!("    {}", self.paint(DIM, &step.call))),
            Ok(note) => lines.push(format!("    {}", self.paint(DIM, &format!("{} · {note}", step.call)))),
            Err(mismatch) => {
                lines.push(format!("    {}", self.paint(DIM, &step.call)));
                lines.push(format!("    expected  {}", mismatch.expected));
                lines.push(format!("    got       {}", mismatch.got));
            }
        }
        lines
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        match self.style {
            Style::Text { colours: true } => format!("{colour}{text}{PLAIN}"),
            _ => text.to_owned(),
        }
    }
}

/// A step for programs.
pub(crate) fn as_json(step: &StepReport) -> Value {
    let mut json = json!({
        "type": "step",
        "chapter": step.chapter,
        "title": step.title,
        "from": step.from,
        "to": step.to,
        "call": step.call,
        "url": step.url,
        "status": step.status,
        "milliseconds": step.millis,
        "held": step.result.is_ok(),
    });
    match &step.result {
        Ok(note) => json["note"] = note.clone().into(),
        Err(mismatch) => {
            json["expected"] = mismatch.expected.clone().into();
            json["got"] = mismatch.got.clone().into();
        }
    }
    json
}
