//! Every mutant of the resolver in one build. cargo-mutants lists them; each is written into a
//! copy of the crate behind its number, so that an environment variable switches it on, and the
//! tests that reach it are run until one fails.
//!
//! The copy, what is built of it and what was found are kept in `target/mutants/`. A second run
//! over the same sources tries only what no test caught, with the tests as they are by then.
//! Arguments are parts of file names; without any, all mutants are tried.

mod list;
mod prepare;
mod run;
mod settle;
mod sites;
mod steps;
mod weave;

use std::{collections::BTreeMap, error::Error, fs, path::Path};

use list::Mutant;

fn main() -> Result<(), Box<dyn Error>> {
    let parts: Vec<String> = std::env::args().skip(1).collect();
    let krate = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let kept = krate.join("target/mutants");
    let copy = kept.join("packet");
    fs::create_dir_all(&copy)?;

    let listed = list::of(&krate, &kept)?;
    let mutants = &listed.mutants;
    let (results, left_out) = (kept.join("results.tsv"), kept.join("left_out.tsv"));
    if listed.changed {
        fs::write(&results, "")?;
        fs::write(&left_out, "")?;
    }
    prepare::prepare(&krate, &copy, mutants)?;
    let sources = settle::sources(&krate, mutants)?;
    let dropped = settle::settle(&copy, &left_out, &sources, mutants)?;
    println!("{} listed, {} left out", mutants.len(), dropped.len());

    let chosen: Vec<&Mutant> = mutants
        .iter()
        .filter(|m| parts.is_empty() || parts.iter().any(|p| m.file.contains(p)))
        .filter(|m| !dropped.contains_key(&m.id))
        .collect();
    let steps = steps::steps(&copy, &kept.join("reach"))?;
    println!("{} to be tried with {} steps", chosen.len(), steps.len());
    report(&chosen, &run::run(&copy, &chosen, &steps, &results)?);
    Ok(())
}

fn report(chosen: &[&Mutant], tried: &BTreeMap<usize, String>) {
    let outcome = |m: &&&Mutant| tried.get(&m.id).map(String::as_str);
    for wanted in ["missed", "unreached"] {
        for mutant in chosen.iter().filter(|m| outcome(m) == Some(wanted)) {
            println!("{wanted}: {}", mutant.name);
        }
    }
    let count = |wanted| chosen.iter().filter(|m| outcome(m) == Some(wanted)).count();
    println!(
        "{} tried: {} caught, {} ran too long, {} missed, {} in what no test reaches",
        chosen.len(),
        count("caught"),
        count("timeout"),
        count("missed"),
        count("unreached")
    );
}
