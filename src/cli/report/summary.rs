//! `packet report --final`: go or no-go, from what is known.

use serde_json::json;

use crate::{
    cli::{
        Context, Exit, Format,
        context::{Misuse, print_json},
        notices::{self, Job},
        render,
    },
    model::decision::Assessment,
    renderer::{
        final_report::{self, About},
        templates::Templates,
    },
    report::decision as shown,
    resolver::{
        decision::{self, Facts},
        involved,
    },
    sender::notices::{
        Notices,
        compose::{Desk, Refused},
        final_reports::{self, Report},
    },
    workspace::{
        bundle::Bundle,
        final_archive::{self, Kept},
        final_report as file, lock,
        situation::Situation,
        templates,
    },
};

/// Judges, writes the report and sends it.
///
/// # Errors
/// The document cannot be read, the ledger or a file cannot be written.
pub fn run(context: &Context, path: &str, dry_run: bool, yes: bool) -> anyhow::Result<Exit> {
    let _lock = lock::take(&context.workspace, "report", context.clock.now())?;
    let templates = templates::load(&context.workspace)?;
    let mut situation = context.situation(path, false)?;
    let folder = folder(context, &situation);
    let archive = match &folder {
        Some(Folder::Archive(folder)) => {
            let stem = situation.document.stem();
            let files = file::files_in(&context.workspace, folder, stem)?;
            Some((folder.as_str(), files))
        }
        _ => None,
    };
    let acknowledgements = situation.acknowledgements();
    let assessed = decision::assess(Facts {
        document: &situation.document,
        resolution: &situation.resolution,
        history: &situation.history,
        acknowledgements: &acknowledgements,
        archive,
        now: situation.now,
    });
    let Some(assessment) = assessed else {
        return Err(Misuse(format!(
            "{path} names nothing to judge by; write task items under a heading such as `Success Metrics` or `Readiness Gates`"
        ))
        .into());
    };
    let stem = path.strip_suffix(".md").unwrap_or(path);
    let place = folder.as_ref().map(Folder::path);
    let own = match place {
        Some(folder) => format!("{folder}/{}", file::FILE),
        None => format!(".packet/final-report/{stem}/{}", file::FILE),
    };
    let next = next(&situation);
    let about = About {
        path: &own,
        document: path,
        title: situation.document.title(),
        next: next.as_deref(),
    };
    let text = final_report::final_report(about, &assessment, &templates)?;
    context.say_human(&shown::assessment(&assessment))?;
    if assessment.before.is_some() {
        // What is not over cannot be judged, and nobody is told so.
        if context.format != Format::Human {
            print_json(&fields(&assessment, None))?;
        }
        return Ok(Exit::Hold);
    }
    let config = &context.settings.config;
    let people = involved::involved(&situation.document, &situation.roster, config);
    let report = Report {
        document: &situation.document,
        assessment: &assessment,
        text: &text,
    };
    let (mails, posts) = final_reports::messages(report, &people.reached);
    if mails.is_empty() && posts.is_empty() {
        return Err(Refused::nobody().into());
    }
    let desk = Desk {
        situation: &situation,
        config,
        templates: &templates,
    };
    let mut composed = Vec::new();
    for mail in &mails {
        composed.push(desk.mail(mail)?);
    }
    for post in &posts {
        composed.push(desk.post(post)?);
    }
    let notices = Notices::new(composed);
    // What stands in the file's way is said before anything goes out.
    let target = match dry_run {
        true => None,
        false => Some(file::Place::new(&context.workspace, place, stem)?),
    };
    let job = Job {
        noun: "final report",
        command: "packet report --final",
        dry_run,
        yes,
        after: shown::unreached(&people.unreached),
        fields: fields(&assessment, target.as_ref().map(file::Place::path)),
    };
    let (mut exit, mut value) =
        notices::handle(context, &mut situation, &templates, &notices, &job)?;
    let target = target.filter(|_| exit != Exit::Usage);
    if let Some(target) = &target {
        let new = target.write(&text)?;
        context.say_human(&shown::written(target.path(), new))?;
    }
    value["archive"] = json!(null);
    match &folder {
        Some(Folder::Archive(folder)) if target.is_some() => {
            let kept = keep(context, &situation, folder, &templates)?;
            context.say_human(&shown::kept(&kept))?;
            value["archive"] = json!(kept.path());
            if kept.path().is_none() {
                exit = exit.max(Exit::Hold);
            }
        }
        Some(Folder::Archive(folder)) if dry_run => {
            context.say_human(&shown::would_keep(folder))?
        }
        Some(Folder::Bundle(_)) | None if target.is_some() => {
            context.say_human(&shown::kept_nowhere())?
        }
        _ => {}
    }
    if context.format != Format::Human {
        print_json(&value)?;
    }
    Ok(exit)
}

/// Packs what is on record into the folder that the document names for it.
fn keep(
    context: &Context,
    situation: &Situation,
    folder: &str,
    templates: &Templates,
) -> anyhow::Result<Kept> {
    let workspace = &context.workspace;
    let root = &situation.resolution.root;
    // An earlier run may have ended before it brought the bundle's copies up to date.
    if situation.resolution.is_clear() && workspace.root().join(root).is_dir() {
        let bundle = Bundle::new(workspace, root)?;
        render::write_living(context, situation, &bundle, templates)?;
    }
    Ok(final_archive::keep(workspace, situation, folder)?)
}

/// Where the report belongs.
enum Folder {
    /// The folder that the follow-ups name for what is kept.
    Archive(String),
    /// The bundle, where there is one.
    Bundle(String),
}

impl Folder {
    fn path(&self) -> &str {
        match self {
            Folder::Archive(path) | Folder::Bundle(path) => path,
        }
    }
}

fn folder(context: &Context, situation: &Situation) -> Option<Folder> {
    if let Some(folder) = decision::archive_folder(&situation.document) {
        return Some(Folder::Archive(folder.to_owned()));
    }
    let root = &situation.resolution.root;
    let there = context.workspace.root().join(root).is_dir();
    there.then(|| Folder::Bundle(root.clone()))
}

fn fields(assessment: &Assessment, written: Option<&str>) -> serde_json::Value {
    let mut value = json!(assessment);
    value["file"] = json!(written);
    value
}

/// The next review, where it is still to come.
fn next(situation: &Situation) -> Option<String> {
    let review = situation.document.coordination.next_review.as_ref()?;
    let due = review.deadline.due().filter(|due| due.at > situation.now)?;
    let parts = [
        Some(format!("Next review {due}")).filter(|_| !review.about.is_empty()),
        Some(review.about.clone()).filter(|a| !a.is_empty()),
        review.deliverable.clone(),
    ];
    let text: Vec<String> = parts.into_iter().flatten().collect();
    Some(match text.is_empty() {
        true => format!("Next review {due}"),
        false => text.join(": "),
    })
}
