//! Switches the mutants on, one after the other, and runs the steps that reach each.

use std::{
    collections::BTreeMap,
    error::Error,
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use crate::{
    list::Mutant,
    steps::{Ended, Kind, Step},
};

/// How many mutants are tried at once.
const THREADS: usize = 2;

/// So many cases are run one by one, those first that caught others of the same function; then
/// all of them together.
const SINGLY: usize = 90;

/// How many mutants of a function or file each step caught.
type Caught = Mutex<BTreeMap<(usize, String), u64>>;

/// Runs every mutant of `mutants` that `results` does not say was caught, and adds a line for
/// each: number, outcome, the step that caught it, the mutant. Returns the outcomes by number:
/// `caught`, `timeout`, `missed`, or `unreached` where no step comes to it.
///
/// # Errors
/// `results` cannot be read or written.
pub fn run(
    copy: &Path,
    mutants: &[&Mutant],
    steps: &[Step],
    results: &Path,
) -> Result<BTreeMap<usize, String>, Box<dyn Error>> {
    let known = outcomes(results);
    let is_caught = |m: &&&Mutant| {
        let outcome = known.get(&m.id).map(String::as_str);
        matches!(outcome, Some("caught" | "timeout"))
    };
    let left: Vec<&&Mutant> = mutants.iter().filter(|m| !is_caught(m)).collect();
    let file = OpenOptions::new().create(true).append(true).open(results)?;
    let file = Mutex::new(file);
    let next = AtomicUsize::new(0);
    let caught = Caught::default();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(mutant) = left.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let (outcome, by) = one(copy, mutant, steps, &caught);
                    let line = format!("{}\t{outcome}\t{by}\t{}\n", mutant.id, mutant.name);
                    if let Ok(mut file) = file.lock() {
                        // What is not written is tried again the next time.
                        let _ = file.write_all(line.as_bytes());
                    }
                }
            });
        }
    });
    Ok(outcomes(results))
}

/// The last word about each mutant.
fn outcomes(results: &Path) -> BTreeMap<usize, String> {
    let text = fs::read_to_string(results).unwrap_or_default();
    let read = |line: &str| {
        let mut cells = line.split('\t');
        Some((cells.next()?.parse().ok()?, cells.next()?.to_owned()))
    };
    text.lines().filter_map(read).collect()
}

fn one(copy: &Path, mutant: &Mutant, steps: &[Step], caught: &Caught) -> (&'static str, String) {
    if !steps.iter().any(|s| s.reached.contains(&mutant.id)) {
        return ("unreached", String::new());
    }
    for kind in [Kind::Unit, Kind::Case, Kind::Suite] {
        let order = order(mutant, steps, caught, kind);
        let together = kind == Kind::Case && order.len() > SINGLY;
        let singly = if together { SINGLY } else { order.len() };
        for &index in &order[..singly] {
            let step = &steps[index];
            let outcome = match step.run(copy, mutant.id) {
                Ended::Passed => continue,
                Ended::Failed => "caught",
                Ended::Late => "timeout",
            };
            if let Ok(mut caught) = caught.lock() {
                for of in [&mutant.file, &mutant.function] {
                    *caught.entry((index, of.clone())).or_default() += 1;
                }
            }
            return (outcome, step.label());
        }
        if together {
            let all = steps[order[0]].with_all_cases();
            match all.run(copy, mutant.id) {
                Ended::Passed => {}
                Ended::Failed => return ("caught", all.label()),
                Ended::Late => return ("timeout", all.label()),
            }
        }
    }
    ("missed", String::new())
}

/// The steps of a kind that reach the mutant: what is quick first, and what caught its
/// neighbours.
fn order(mutant: &Mutant, steps: &[Step], caught: &Caught, kind: Kind) -> Vec<usize> {
    let Ok(caught) = caught.lock() else {
        return Vec::new();
    };
    let times = |index: usize, of: &str| caught.get(&(index, of.to_owned())).copied().unwrap_or(0);
    let mut order: Vec<(u64, usize)> = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        if step.kind == kind && step.reached.contains(&mutant.id) {
            let near = times(index, &mutant.file) + 10 * times(index, &mutant.function);
            let took = u64::try_from(step.took.as_micros()).unwrap_or(u64::MAX);
            order.push((took / (1 + near), index));
        }
    }
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}
