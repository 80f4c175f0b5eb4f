//! What the yearly reports of DORA found, as data. 2020 had no report.
//!
//! The tables of 2019 and 2021 were read in the reports themselves (pages 18 and 9, shares of 2021 on page 11; those of
//! 2019 in the press as well), the means of the Quick Check in the data file of its own source. Those of 2022, 2023 and
//! 2024 were read in what others retold of them; a share that was not found there is left out.

use super::{
    band::{Band, Checked, Cluster, Edition, Reach},
    figure::FigureName,
};
use serde::Serialize;

const HOUR: f64 = 3_600.0;
const DAY: f64 = 24.0 * HOUR;
const WEEK: f64 = 7.0 * DAY;
/// A twelfth of a year of 365.25 days.
const MONTH: f64 = 30.437_5 * DAY;

const fn range(words: &'static str, low: Option<f64>, high: Option<f64>) -> Reach {
    Reach::Range { words, low, high }
}

const ON_DEMAND: Reach = range("on demand (multiple deploys per day)", Some(1.0), None);
const DAILY: Reach = range("between once per day and once per week", Some(DAY / WEEK), Some(1.0));
const WEEKLY: Reach = range("between once per week and once per month", Some(DAY / MONTH), Some(DAY / WEEK));
const MONTHLY: Reach =
    range("between once per month and once every six months", Some(DAY / MONTH / 6.0), Some(DAY / MONTH));
const RARELY: Reach = range("fewer than once per six months", None, Some(DAY / MONTH / 6.0));

const HOUR_OR_LESS: Reach = range("less than one hour", None, Some(HOUR));
const DAY_OR_LESS: Reach = range("less than one day", None, Some(DAY));
const A_DAY_TO_A_WEEK: Reach = range("between one day and one week", Some(DAY), Some(WEEK));
const A_WEEK_TO_A_MONTH: Reach = range("between one week and one month", Some(WEEK), Some(MONTH));
const A_MONTH_TO_SIX: Reach = range("between one month and six months", Some(MONTH), Some(6.0 * MONTH));
const MORE_THAN_SIX: Reach = range("more than six months", Some(6.0 * MONTH), None);

const UPTO_15: Reach = range("0–15 %", Some(0.0), Some(0.15));
const UPTO_30: Reach = range("16–30 %", Some(0.16), Some(0.30));
const UPTO_60: Reach = range("46–60 %", Some(0.46), Some(0.60));

const fn mean(words: &'static str, mean: f64) -> Reach {
    Reach::Mean { words, mean }
}

const fn cluster(
    band: Band,
    share: Option<u8>,
    deployment_frequency: Reach,
    change_lead_time: Reach,
    failed_deployment_recovery_time: Reach,
    change_fail_rate: Reach,
) -> Cluster {
    Cluster { band, share, deployment_frequency, change_lead_time, failed_deployment_recovery_time, change_fail_rate }
}

pub const EDITIONS: [Edition; 6] = [
    Edition {
        year: 2019,
        source: "https://dora.dev/research/2019/dora-report/",
        checked: Checked::Report,
        caveat: "Answers of a survey. Recovery was asked as time to restore service, whatever the cause. Three of four \
                 clusters state the same share of failures.",
        clusters: &[
            cluster(Band::Elite, Some(20), ON_DEMAND, DAY_OR_LESS, HOUR_OR_LESS, UPTO_15),
            cluster(Band::High, Some(23), DAILY, A_DAY_TO_A_WEEK, DAY_OR_LESS, UPTO_15),
            cluster(Band::Medium, Some(44), WEEKLY, A_WEEK_TO_A_MONTH, DAY_OR_LESS, UPTO_15),
            cluster(Band::Low, Some(12), MONTHLY, A_MONTH_TO_SIX, A_WEEK_TO_A_MONTH, UPTO_60),
        ],
    },
    Edition {
        year: 2021,
        source: "https://dora.dev/research/2021/dora-report/",
        checked: Checked::Report,
        caveat: "Answers of a survey. Recovery was asked as time to restore service, whatever the cause. All but the \
                 elite state the same share of failures, and there are gaps between clusters.",
        clusters: &[
            cluster(Band::Elite, Some(26), ON_DEMAND, HOUR_OR_LESS, HOUR_OR_LESS, UPTO_15),
            cluster(Band::High, Some(40), WEEKLY, A_DAY_TO_A_WEEK, DAY_OR_LESS, UPTO_30),
            cluster(Band::Medium, Some(28), MONTHLY, A_MONTH_TO_SIX, A_DAY_TO_A_WEEK, UPTO_30),
            cluster(Band::Low, Some(7), RARELY, MORE_THAN_SIX, MORE_THAN_SIX, UPTO_30),
        ],
    },
    Edition {
        year: 2022,
        source: "https://dora.dev/research/2022/dora-report/",
        checked: Checked::Retold,
        caveat: "Answers of a survey. There was no elite cluster that year, and no range for lead times below a day. \
                 Recovery was asked as time to restore service, whatever the cause.",
        clusters: &[
            cluster(Band::High, None, ON_DEMAND, A_DAY_TO_A_WEEK, DAY_OR_LESS, UPTO_15),
            cluster(Band::Medium, None, WEEKLY, A_WEEK_TO_A_MONTH, A_DAY_TO_A_WEEK, UPTO_30),
            cluster(Band::Low, Some(19), MONTHLY, A_MONTH_TO_SIX, A_WEEK_TO_A_MONTH, UPTO_60),
        ],
    },
    Edition {
        year: 2023,
        source: "https://dora.dev/research/2023/dora-report/",
        checked: Checked::Retold,
        caveat: "Answers of a survey. Since this year recovery is that of failed deployments, and fail rates are means \
                 of clusters: a value is placed with the nearest. Medium and low state the same frequency.",
        clusters: &[
            cluster(Band::Elite, Some(18), ON_DEMAND, DAY_OR_LESS, HOUR_OR_LESS, mean("5 %", 0.05)),
            cluster(Band::High, Some(31), DAILY, A_DAY_TO_A_WEEK, DAY_OR_LESS, mean("10 %", 0.10)),
            cluster(Band::Medium, Some(33), WEEKLY, A_WEEK_TO_A_MONTH, A_DAY_TO_A_WEEK, mean("15 %", 0.15)),
            cluster(Band::Low, None, WEEKLY, A_WEEK_TO_A_MONTH, A_MONTH_TO_SIX, mean("64 %", 0.64)),
        ],
    },
    Edition {
        year: 2024,
        source: "https://dora.dev/research/2024/dora-report/",
        checked: Checked::Retold,
        caveat: "Answers of a survey. Not in one order: the medium cluster fails less (10 %) than the high one (20 %), \
                 which deploys more often. Fail rates are means of clusters: a value is placed with the nearest.",
        clusters: &[
            cluster(Band::Elite, Some(19), ON_DEMAND, DAY_OR_LESS, HOUR_OR_LESS, mean("5 %", 0.05)),
            cluster(Band::High, Some(22), DAILY, A_DAY_TO_A_WEEK, DAY_OR_LESS, mean("20 %", 0.20)),
            cluster(Band::Medium, Some(35), WEEKLY, A_WEEK_TO_A_MONTH, DAY_OR_LESS, mean("10 %", 0.10)),
            cluster(Band::Low, Some(25), MONTHLY, A_MONTH_TO_SIX, A_WEEK_TO_A_MONTH, mean("40 %", 0.40)),
        ],
    },
    Edition {
        year: 2025,
        source: "https://dora.dev/research/2025/dora-report/",
        checked: Checked::Retold,
        caveat: "The report of 2025 describes team profiles instead of clusters: there are no bands for this year.",
        clusters: &[],
    },
];

/// Means of all industries in DORA's Quick Check of 2025.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct QuickCheck {
    pub figure: FigureName,
    /// On the Quick Check's own scale from 0 to 10, where 10 is best.
    pub mean: f64,
    pub deviation: f64,
}

pub const QUICK_CHECK_SOURCE: &str = "https://dora.dev/quickcheck/";

pub const QUICK_CHECK_CAVEAT: &str = "Means of answers on a scale from 0 to 10, 10 being best, in steps of the survey's \
    choices: they say nothing in hours or percent and are shown beside a figure, never as its band.";

pub const QUICK_CHECK_2025: [QuickCheck; 5] = [
    QuickCheck { figure: FigureName::ChangeLeadTime, mean: 5.5, deviation: 2.4 },
    QuickCheck { figure: FigureName::DeploymentFrequency, mean: 4.8, deviation: 2.8 },
    QuickCheck { figure: FigureName::FailedDeploymentRecoveryTime, mean: 7.4, deviation: 2.1 },
    // Published the other way round, 10 being worst: 1.9 and 2.2.
    QuickCheck { figure: FigureName::ChangeFailRate, mean: 8.1, deviation: 2.1 },
    QuickCheck { figure: FigureName::DeploymentReworkRate, mean: 7.8, deviation: 2.2 },
];
