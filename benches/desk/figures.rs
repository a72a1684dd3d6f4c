//! The figures of a benchmark: a table on the screen, JSON in target/bench.

use crate::cost::Cost;
use crate::ground::target;
use serde_json::{Value, json};
use std::fs;
use std::time::Duration;

/// What a figure has to reach.
#[derive(Debug, Clone, Copy)]
pub enum Mark {
    AtLeast(f64),
    AtMost(f64),
    /// For information.
    None,
}

impl Mark {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
            Self::None => true,
        }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {least}"),
            Self::AtMost(most) => format!("≤ {most}"),
            Self::None => String::new(),
        }
    }
}

struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    mark: Mark,
}

pub struct Report {
    name: &'static str,
    /// Of the machine when it began: others' work shows here.
    busy: String,
    figures: Vec<Figure>,
    notes: Vec<(&'static str, Value)>,
}

impl Report {
    pub fn new(name: &'static str) -> Self {
        let busy = fs::read_to_string("/proc/loadavg").unwrap_or_default();
        let busy = busy.split_whitespace().next().unwrap_or("?").to_owned();
        Self { name, busy, figures: Vec::new(), notes: Vec::new() }
    }

    pub fn add(&mut self, name: impl Into<String>, value: f64, unit: &'static str, mark: Mark) {
        self.figures.push(Figure { name: name.into(), value, unit, mark });
    }

    /// Seconds for a thousand of `things`, and how many a second all cores could do if nothing else ran.
    pub fn cost(&mut self, cost: &Cost, count: usize, things: &str, mark: Mark) {
        let of = |time: Duration| time.as_secs_f64() / count as f64 * 1_000.0;
        let (desk, postgres, visitors) = (of(cost.desk), of(cost.postgres), of(cost.visitors));
        self.add(format!("CPU of the desk for 1,000 {things}"), desk, "s", mark);
        self.add(format!("CPU of PostgreSQL for 1,000 {things}"), postgres, "s", Mark::None);
        self.add(format!("CPU of the visitors for 1,000 {things}"), visitors, "s", Mark::None);
        let possible = cores() as f64 / (desk + postgres + visitors) * 1_000.0;
        self.add(format!("{things} that all cores could do at that cost"), possible, "/s", Mark::None);
    }

    /// Only in the JSON.
    pub fn note(&mut self, name: &'static str, value: Value) {
        self.notes.push((name, value));
    }

    /// Returns how many figures miss their mark.
    pub fn show_and_keep(&self) -> anyhow::Result<usize> {
        let cores = cores();
        println!("\n{} ({cores} cores; load average before: {})", self.name, self.busy);
        for Figure { name, value, unit, mark } in &self.figures {
            let verdict = match mark {
                Mark::None => "",
                mark if mark.is_met(*value) => "ok",
                _ => "MISSED",
            };
            println!("  {name:<52} {value:>10.2} {unit:<12} {:>10}  {verdict}", mark.text());
        }
        self.keep(cores)?;
        Ok(self.figures.iter().filter(|figure| !figure.mark.is_met(figure.value)).count())
    }

    fn keep(&self, cores: usize) -> anyhow::Result<()> {
        let figures = self.figures.iter().map(|figure| {
            let is_met = figure.mark.is_met(figure.value);
            json!({
                "name": figure.name, "value": figure.value, "unit": figure.unit, "mark": figure.mark.text(), "met": is_met,
            })
        });
        let figures: Vec<Value> = figures.collect();
        let mut report = json!({
            "benchmark": self.name, "at": chrono::Utc::now(), "cores": cores, "load_average": self.busy, "figures": figures,
        });
        for (name, value) in &self.notes {
            report[*name] = value.clone();
        }
        let folder = target().join("bench");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{}.json", self.name)), serde_json::to_vec_pretty(&report)?)?;
        Ok(())
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get())
}
