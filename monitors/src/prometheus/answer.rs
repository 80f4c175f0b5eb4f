//! Reads what the HTTP API of Prometheus answers: vectors, matrices, native histograms.

use crate::number::parse;
use serde::{Deserialize, de::IgnoredAny};
use std::collections::BTreeMap;

pub type Labels = BTreeMap<String, String>;

/// One series of an instant query.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub labels: Labels,
    /// Seconds since 1970.
    pub at: f64,
    pub sample: Sample,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    Number(f64),
    /// Upper bounds in the unit of the source, with what lies in each bucket.
    Native(Vec<(f64, f64)>),
}

/// One series of a range query.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    pub labels: Labels,
    pub values: Vec<(f64, f64)>,
}

#[derive(Deserialize)]
struct Envelope {
    status: String,
    error: Option<String>,
    #[serde(default)]
    warnings: Vec<String>,
    data: Option<Data>,
}

#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Data {
    Vector(Vec<Row>),
    Matrix(Vec<Row>),
    Scalar(IgnoredAny),
    String(IgnoredAny),
}

#[derive(Deserialize)]
struct Row {
    #[serde(default)]
    metric: Labels,
    value: Option<(f64, String)>,
    #[serde(default)]
    values: Vec<(f64, String)>,
    histogram: Option<(f64, Native)>,
}

#[derive(Deserialize)]
struct Native {
    /// Which bounds belong to the bucket, lower bound, upper bound, count.
    #[serde(default)]
    buckets: Vec<(u8, String, String, String)>,
}

/// The series of an instant query; what is wrong with the answer otherwise.
pub fn vector(body: &[u8]) -> Result<Vec<Series>, String> {
    match data(body)? {
        Data::Vector(rows) => rows.into_iter().map(series).collect(),
        Data::Matrix(_) => Err(shape("a matrix: the query ends in a range, such as [1m], without a function over it")),
        Data::Scalar(_) => Err(shape("a scalar, which belongs to no version")),
        Data::String(_) => Err(shape("a string")),
    }
}

/// The series of a range query.
pub fn matrix(body: &[u8]) -> Result<Vec<Track>, String> {
    let Data::Matrix(rows) = data(body)? else { return Err(shape("no matrix")) };
    let track = |row: Row| {
        let number = |(at, text): (f64, String)| Ok((at, parse(&text).ok_or_else(|| no_number(&text))?));
        Ok(Track { labels: row.metric, values: row.values.into_iter().map(number).collect::<Result<_, String>>()? })
    };
    rows.into_iter().map(track).collect()
}

fn data(body: &[u8]) -> Result<Data, String> {
    let envelope: Envelope = serde_json::from_slice(body).map_err(|why| shape(&format!("something else ({why})")))?;
    if envelope.status != "success" {
        return Err(format!("the query failed: {}", envelope.error.unwrap_or_else(|| "no reason given".to_owned())));
    }
    // Sources that ask others warn where some of them did not answer: half a sum looks like a whole one.
    if let Some(warning) = envelope.warnings.first() {
        return Err(format!("the answer may be incomplete: {warning}"));
    }
    envelope.data.ok_or_else(|| shape("no data"))
}

fn series(row: Row) -> Result<Series, String> {
    let (at, sample) = match (row.value, row.histogram) {
        (Some((at, text)), None) => (at, Sample::Number(parse(&text).ok_or_else(|| no_number(&text))?)),
        (None, Some((at, native))) => {
            let bucket = |(_, _, upper, count): (u8, String, String, String)| {
                let bound = parse(&upper).ok_or_else(|| no_number(&upper))?;
                Ok((bound, parse(&count).ok_or_else(|| no_number(&count))?))
            };
            (at, Sample::Native(native.buckets.into_iter().map(bucket).collect::<Result<_, String>>()?))
        }
        (None, None) => return Err(shape("a series without a value")),
        (Some(_), Some(_)) => return Err(shape("a series with two values")),
    };
    Ok(Series { labels: row.metric, at, sample })
}

fn shape(found: &str) -> String {
    format!("the answer has another shape than agreed: {found}")
}

fn no_number(text: &str) -> String {
    shape(&format!("“{}” where a number belongs", text.chars().take(40).collect::<String>()))
}
