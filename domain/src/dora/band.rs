//! Where a value stands among the clusters of a report of DORA: a way to look at it, never a target, and never said of
//! nothing.

use super::{
    editions::EDITIONS,
    figure::{FigureName, Point},
};
use serde::{Deserialize, Serialize};

/// A cluster's name, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    Elite,
    High,
    Medium,
    Low,
}

/// Against what the numbers here were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// The report itself.
    Report,
    /// What others retold of it.
    Retold,
}

impl Checked {
    pub fn words(self) -> &'static str {
        match self {
            Self::Report => "Read in the report itself.",
            Self::Retold => "Read in what others retold of the report, not in the report itself.",
        }
    }
}

/// One year's report.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Edition {
    pub year: u16,
    pub source: &'static str,
    pub checked: Checked,
    /// What to know before comparing oneself.
    pub caveat: &'static str,
    /// None in years whose report found none.
    pub clusters: &'static [Cluster],
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cluster {
    pub band: Band,
    /// Of those who answered, in percent, where it could be looked up.
    pub share: Option<u8>,
    pub deployment_frequency: Reach,
    pub change_lead_time: Reach,
    pub failed_deployment_recovery_time: Reach,
    pub change_fail_rate: Reach,
}

/// What a report says of a cluster, in its words and in the figure's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Reach {
    /// From a lower to an upper value; no value on a side that is open.
    Range { words: &'static str, low: Option<f64>, high: Option<f64> },
    /// The mean of the cluster.
    Mean { words: &'static str, mean: f64 },
}

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "bands", rename_all = "snake_case")]
pub enum Standing {
    /// In the range of these clusters; several may state the same.
    In(Vec<Band>),
    /// Nearest to this cluster's mean.
    Nearest(Band),
    /// In nobody's range: worse than the one, better than the other.
    Between(Band, Band),
    /// Better than the range of the first.
    Above(Band),
    /// Worse than the range of the last.
    Beyond(Band),
}

impl Standing {
    /// One word for it, the best that is true; nothing between two.
    pub fn band(&self) -> Option<Band> {
        match self {
            Self::In(bands) => bands.iter().min().copied(),
            Self::Nearest(band) | Self::Above(band) | Self::Beyond(band) => Some(*band),
            Self::Between(..) => None,
        }
    }
}

impl Edition {
    pub fn of(year: u16) -> Option<&'static Self> {
        EDITIONS.iter().find(|edition| edition.year == year)
    }

    /// Where a figure stands. Nothing for no value, for a value that rests on nothing, for figures that the report did
    /// not cluster, and for reports without clusters.
    pub fn standing(&self, figure: FigureName, point: &Point) -> Option<Standing> {
        let value = point.value.filter(|value| value.is_finite() && point.n > 0)?;
        let reaches: Vec<(Band, Reach)> =
            self.clusters.iter().filter_map(|cluster| Some((cluster.band, cluster.reach(figure)?))).collect();
        if let Some((_, nearest)) =
            reaches.iter().filter_map(|(band, reach)| Some((reach.distance(value)?, *band))).reduce(
                // Of two that are equally near, the first, which is the better one.
                |a, b| if b.0 < a.0 { b } else { a },
            )
        {
            return Some(Standing::Nearest(nearest));
        }
        // "Less than a day" holds five minutes too; the best range that holds is meant, with all who state the same.
        if let Some((_, best)) = reaches.iter().find(|(_, reach)| reach.holds(figure, value)) {
            let bands = reaches.iter().filter(|(_, reach)| reach == best).map(|(band, _)| *band);
            return Some(Standing::In(bands.collect()));
        }
        // Ranges get worse from cluster to cluster, so the first that is worse than the value ends the gap.
        let worse = reaches.iter().position(|(_, reach)| reach.is_worse_than(figure, value));
        match worse {
            Some(0) => Some(Standing::Above(reaches[0].0)),
            Some(at) => Some(Standing::Between(reaches[at - 1].0, reaches[at].0)),
            None => reaches.last().map(|(band, _)| Standing::Beyond(*band)),
        }
    }
}

impl Cluster {
    pub fn reach(&self, figure: FigureName) -> Option<Reach> {
        match figure {
            FigureName::DeploymentFrequency => Some(self.deployment_frequency),
            FigureName::ChangeLeadTime => Some(self.change_lead_time),
            FigureName::FailedDeploymentRecoveryTime => Some(self.failed_deployment_recovery_time),
            FigureName::ChangeFailRate => Some(self.change_fail_rate),
            _ => None,
        }
    }
}

impl Reach {
    pub fn words(&self) -> &'static str {
        match self {
            Self::Range { words, .. } | Self::Mean { words, .. } => words,
        }
    }

    fn distance(&self, value: f64) -> Option<f64> {
        match self {
            Self::Mean { mean, .. } => Some((value - mean).abs()),
            Self::Range { .. } => None,
        }
    }

    /// "Once per day" is no more than once; "less than a day" is less; shares are asked for in whole percent.
    fn holds(&self, figure: FigureName, value: f64) -> bool {
        let Self::Range { low, high, .. } = self else { return false };
        match figure {
            FigureName::DeploymentFrequency => {
                low.is_none_or(|low| value > low) && high.is_none_or(|high| value <= high)
            }
            FigureName::ChangeFailRate => {
                let percent = (value * 100.0).round() / 100.0;
                low.is_none_or(|low| percent >= low) && high.is_none_or(|high| percent <= high)
            }
            _ => low.is_none_or(|low| value >= low) && high.is_none_or(|high| value < high),
        }
    }

    fn is_worse_than(&self, figure: FigureName, value: f64) -> bool {
        let Self::Range { low, high, .. } = self else { return false };
        if figure.more_is_better() { high.is_some_and(|high| high < value) } else { low.is_some_and(|low| low > value) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Band, Edition, Standing};
    use crate::dora::{FigureName, Point};

    fn standing(year: u16, figure: FigureName, value: f64) -> Option<Standing> {
        let point = Point { value: Some(value), n: 10, of: None };
        Edition::of(year).expect("a year").standing(figure, &point)
    }

    const HOUR: f64 = 3_600.0;
    const DAY: f64 = 24.0 * HOUR;

    #[test]
    fn no_data_is_never_elite() {
        for year in [2019, 2021, 2022, 2023, 2024, 2025] {
            let edition = Edition::of(year).expect("a year");
            for figure in FigureName::FIVE {
                assert_eq!(edition.standing(figure, &Point::default()), None, "{year} {figure:?}: no value");
                let nothing = Point { value: Some(0.0), n: 0, of: None };
                assert_eq!(edition.standing(figure, &nothing), None, "{year} {figure:?}: a value of nothing");
            }
        }
    }

    #[test]
    fn values_stand_where_the_report_says() {
        use {Band::*, FigureName::*, Standing::*};
        let cases = [
            (2019, DeploymentFrequency, 1.5, In(vec![Elite])),
            (2019, DeploymentFrequency, 1.0, In(vec![High])),
            (2019, DeploymentFrequency, 1.0 / 7.0, In(vec![Medium])),
            (2019, DeploymentFrequency, 0.001, Beyond(Low)),
            (2019, ChangeLeadTime, 23.0 * HOUR, In(vec![Elite])),
            (2019, ChangeLeadTime, DAY, In(vec![High])),
            (2019, FailedDeploymentRecoveryTime, 5.0 * HOUR, In(vec![High, Medium])),
            (2019, FailedDeploymentRecoveryTime, 3.0 * DAY, Between(Medium, Low)),
            (2019, FailedDeploymentRecoveryTime, -60.0, In(vec![Elite])),
            (2019, ChangeFailRate, 0.154, In(vec![Elite, High, Medium])),
            (2019, ChangeFailRate, 0.3, Between(Medium, Low)),
            (2021, ChangeLeadTime, 5.0 * HOUR, Between(Elite, High)),
            (2021, ChangeFailRate, 0.2, In(vec![High, Medium, Low])),
            (2021, ChangeFailRate, 0.4, Beyond(Low)),
            (2022, ChangeLeadTime, HOUR, Above(High)),
            (2023, ChangeFailRate, 0.06, Nearest(Elite)),
            (2024, ChangeFailRate, 0.19, Nearest(High)),
            (2024, ChangeFailRate, 0.11, Nearest(Medium)),
            (2024, ChangeLeadTime, 100.0 * DAY, In(vec![Low])),
        ];
        for (year, figure, value, expected) in cases {
            assert_eq!(standing(year, figure, value), Some(expected), "{year} {figure:?} {value}");
        }
        assert_eq!(standing(2024, DeploymentReworkRate, 0.1), None, "not clustered");
        assert_eq!(standing(2025, ChangeLeadTime, HOUR), None, "no clusters that year");
    }
}
