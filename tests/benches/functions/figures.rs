//! Medians and percentiles.

use serde::Serialize;

/// Several measurements of one thing.
#[derive(Clone, Default, Debug)]
pub(crate) struct Figures(Vec<f64>);

/// Median, minimum and maximum.
#[derive(Clone, Copy, Default, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    /// Median.
    pub(crate) median: f64,
    /// Smallest.
    pub(crate) min: f64,
    /// Largest.
    pub(crate) max: f64,
}

impl Figures {
    /// One more.
    pub(crate) fn push(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// The value that `share` (0 to 1) of all do not exceed; 0 if there are none.
    pub(crate) fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "an index"
        )]
        let rank = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// The value in the middle.
    pub(crate) fn median(&self) -> f64 {
        f64::midpoint(
            self.percentile(0.5),
            -Self(self.0.iter().map(|figure| -figure).collect()).percentile(0.5),
        )
    }

    /// Median and extremes.
    pub(crate) fn summary(&self) -> Summary {
        Summary { median: self.median(), min: self.percentile(0.0), max: self.percentile(1.0) }
    }
}

impl FromIterator<f64> for Figures {
    fn from_iter<I: IntoIterator<Item = f64>>(figures: I) -> Self {
        Self(figures.into_iter().collect())
    }
}
