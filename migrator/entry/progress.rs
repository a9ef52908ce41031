//! What a run tells while it works: a line per finished step, and on a terminal a bar for the one that runs.
//! Everything goes to stderr, so that stdout holds nothing but the result. Never decides anything.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::entry::print;
use crate::progress::{Event, Session, Stage};
use crate::report::text::{Palette, styled};
use crate::report::{one_line, plural, shortened, time};

const LONGEST_STATEMENT: usize = 80;

/// A listener for events that shows them to a person or writes them to a log.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    palette: Palette,
    /// What runs now.
    statement: String,
}

impl Progress {
    pub fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar
        });
        Self { bar, palette: print::error_palette(), statement: String::new() }
    }

    /// Removes the bar; what was printed stays.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    pub fn on(&mut self, event: &Event) {
        match event {
            Event::Connected { .. } | Event::CatalogRead { .. } | Event::Planned { .. } | Event::LockTaken { .. } => {}
            Event::LockHeld { holder } => {
                let who = holder.as_ref().map_or_else(|| "another run".to_owned(), ToString::to_string);
                self.line(&format!("Waiting for {}", one_line(&who)));
            }
            Event::TakenOver { holder } => self.line(&format!("Ended {}", one_line(&holder.to_string()))),
            Event::Proved { objects, statements, elapsed } => {
                let copy = format!("in a copy of prod's schema ({})", plural(*objects, "object"));
                self.line(&format!(
                    "Proved: {} ran {copy}, which is like dev then; {}",
                    plural(*statements, "statement"),
                    time(*elapsed)
                ));
            }
            Event::RunInterrupted { run } => {
                self.line(&format!("An earlier run ({}) broke off; going on from what it left", one_line(run)));
            }
            Event::Archived { revision, stage, .. } => {
                let what = match stage {
                    Stage::Planned => "the plan",
                    Stage::Finished => "the outcome",
                    Stage::Recovered => "what the run that broke off has done",
                };
                self.quiet(&format!("Archived as revision {revision}: {what}"));
            }
            Event::BatchStarted { step, steps, statements, .. } => self.begin(*step, *steps, statements),
            Event::BatchDone { step, steps, elapsed, .. } => self.done(*step, *steps, *elapsed),
            Event::Waiting { blockers, .. } => self.now(&format!("waiting for {}", sessions(blockers))),
            Event::LockGivenUp { attempt, attempts, pause, blockers, .. } => {
                let why = format!("The lock did not come (attempt {attempt} of {attempts}): {}", sessions(blockers));
                self.line(&format!("{why}. Trying again in {}", time(*pause)));
            }
            Event::Advancing { phase, done, total, .. } => {
                let percent = if *total == 0 { 0 } else { 100 * done / total };
                self.now(&format!("{} {percent} %", one_line(phase)));
            }
            Event::Verified { .. } => self.quiet("Read prod again: nothing else is left to do"),
        }
    }

    fn begin(&mut self, step: usize, steps: usize, statements: &[String]) {
        let first = statements.first().map_or("", |sql| sql.lines().next().unwrap_or_default());
        let mut text = shortened(&one_line(first), LONGEST_STATEMENT);
        if statements.len() > 1 {
            text = format!("{text} (and {} more)", statements.len() - 1);
        }
        self.statement = text;
        self.now(&format!("{step}/{steps}"));
        if let Some(bar) = &self.bar {
            bar.reset_elapsed();
            bar.enable_steady_tick(Duration::from_millis(120));
        }
    }

    fn done(&self, step: usize, steps: usize, elapsed: Duration) {
        let width = steps.to_string().len();
        let mark = styled(self.palette.good, "done");
        let time = styled(self.palette.quiet, &format!("{:>8}", time(elapsed)));
        if step == steps {
            self.after_the_last();
        }
        self.line(&format!("{mark} {step:>width$}/{steps} {time}  {}", self.statement));
    }

    /// Reading prod again takes its time, and is not the last statement's.
    fn after_the_last(&self) {
        if let Some(bar) = &self.bar {
            bar.set_message("reading prod again");
        }
    }

    /// What the running statement does right now: for the bar only.
    fn now(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{what}  {}", self.statement));
        }
    }

    fn quiet(&self, text: &str) {
        self.line(&styled(self.palette.quiet, text));
    }

    fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| print::remark(text)),
            None => print::remark(text),
        }
    }
}

fn sessions(sessions: &[Session]) -> String {
    if sessions.is_empty() {
        return "another session".to_owned();
    }
    sessions.iter().map(|session| one_line(&session.to_string())).collect::<Vec<_>>().join("; ")
}
