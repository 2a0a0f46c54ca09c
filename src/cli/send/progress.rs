//! What a person sees while it sends: a line for each delivery, or a bar where there are many.

use std::{
    fmt,
    io::{IsTerminal, Write},
    time::Duration,
};

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use crate::{
    cli::{Context, Format},
    model::plan::{DeliveryState, Outcome, PlannedDelivery},
    report::{
        distribution::{self, Columns},
        style,
    },
    sender::{run::Progress, stop::Stop},
};

/// From so many deliveries on, somebody who watches sees a bar, and lines only for failures.
const MANY: usize = 25;
/// How often a bar that stands still is drawn, so that it is seen to be alive.
const TICK: Duration = Duration::from_millis(500);

/// Lines on standard output, or a bar on a terminal.
pub struct Lines<'a> {
    context: &'a Context,
    columns: Columns,
    stop: Stop,
    bar: Option<ProgressBar>,
    sent: usize,
    failed: usize,
}

impl<'a> Lines<'a> {
    /// For `due` deliveries; ends when somebody wants to `stop`.
    pub fn new(context: &'a Context, columns: Columns, stop: Stop, due: usize) -> Self {
        let watched = std::io::stderr().is_terminal() && !context.quiet;
        let many = due > MANY && watched && context.format == Format::Human;
        let lines = Lines {
            context,
            columns,
            stop,
            bar: many.then(|| bar(due)),
            sent: 0,
            failed: 0,
        };
        lines.count();
        lines
    }

    /// Takes the bar away.
    pub fn end(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }

    fn count(&self) {
        if let Some(bar) = &self.bar {
            let failed = match self.failed {
                0 => String::new(),
                n => format!(", {n} failed"),
            };
            bar.set_message(format!("{} sent{failed}", self.sent));
        }
    }

    fn say(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| {
                writeln!(anstream::stdout(), "{line}").ok();
            }),
            None if self.context.format == Format::Human => {
                // A closed pipe must not end a distribution half way.
                self.context.say(&format!("{line}\n")).ok();
            }
            None => {}
        }
    }
}

fn bar(due: usize) -> ProgressBar {
    let bar = ProgressBar::new(due as u64);
    let template = "{bar:30} {msg}, {pos} of {len}{pace}  {prefix}";
    if let Ok(look) = ProgressStyle::with_template(template) {
        bar.set_style(look.with_key("pace", pace));
    }
    bar.enable_steady_tick(TICK);
    bar
}

/// How fast it goes and how long it will take, once that can be told.
fn pace(state: &ProgressState, out: &mut dyn fmt::Write) {
    if state.pos() > 0 {
        let (speed, left) = (state.per_sec(), HumanDuration(state.eta()));
        let _ = match speed {
            1.0.. => write!(out, ", {speed:.0} a second, {left} left"),
            _ => write!(out, ", {:.0} a minute, {left} left", speed * 60.0),
        };
    }
}

impl Progress for Lines<'_> {
    fn begins(&mut self, delivery: &PlannedDelivery) {
        if let Some(bar) = &self.bar {
            bar.set_prefix(style::safe(&delivery.target));
        }
    }

    fn ends(&mut self, delivery: &PlannedDelivery, outcome: &Outcome) {
        let sent = outcome.state == DeliveryState::Sent;
        if sent {
            self.sent += 1;
        } else {
            self.failed += 1;
        }
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        self.count();
        if !sent || self.bar.is_none() {
            self.say(&distribution::outcome(delivery, outcome, self.columns));
        }
    }

    fn waits(&mut self, delivery: &PlannedDelivery, outcome: &Outcome, pause: Duration) {
        if self.bar.is_none() {
            self.say(&distribution::waits(delivery, outcome, pause, self.columns));
        }
    }

    fn stopped(&self) -> bool {
        self.stop.asked()
    }

    fn stopping(&mut self, in_flight: usize) {
        self.say(&distribution::stopping(in_flight));
    }
}
