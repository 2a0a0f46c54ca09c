//! `packet render`: a draft while on hold, the bundle once clear.

mod check;
mod in_place;
mod said;
mod watch;

use std::{path::PathBuf, time::SystemTime};

use super::context::{Context, Exit, Start, environment};
use said::Said;

use crate::{
    model::{evidence::FileHash, ledger::Event},
    renderer::templates::Templates,
    report::rendering::{self, Rendering},
    sender::{changes, leaks, standing},
    workspace::{
        bundle::{Bundle, Changes},
        documents,
        living::{self, Living},
        lock,
        rendered::{Rendered, common},
        situation::Situation,
        templates,
    },
};

/// Write the packet: a draft while on hold, the bundle once clear
///
/// Exits 3 while the document is on hold: then a marked draft is written below .packet/ and no
/// bundle folder is made. The document itself is changed only on request: `--in-place` brings its
/// ticks, status, acknowledgement table, doc_hash and change log up to date, and keeps a copy of
/// what it was.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  packet render\n  packet render docs/launch_packet.md\n  packet render --in-place\n  packet render --check\n  packet render --watch\n  packet render --format json"
)]
pub struct Args {
    /// Documents; those of packet.yaml unless named
    #[arg(value_name = "DOC")]
    documents: Vec<PathBuf>,
    /// Bring the document itself up to date, too
    #[arg(long)]
    in_place: bool,
    /// Replace patterns, placeholders and the tree in it as well
    #[arg(long, requires = "in_place")]
    resolve: bool,
    /// Write nothing; exit 3 if anything is missing or out of date, for CI
    #[arg(long)]
    check: bool,
    /// Go on: render what a change concerns, until Ctrl-C
    #[arg(long, conflicts_with_all = ["check", "in_place"])]
    watch: bool,
}

/// Renders each document. Those of which nothing changed since the last time are not read again.
///
/// # Errors
/// A document cannot be read, or a file cannot be written.
pub fn run(args: &Args, start: &Start<'_>) -> anyhow::Result<Exit> {
    if args.check {
        return check::run(args, &start.context()?);
    }
    if args.watch {
        return watch::run(args, &start.context()?);
    }
    let (workspace, now) = (start.workspace()?, start.clock()?.now());
    let mut rendered = Rendered::read(&workspace, common(&workspace, &environment()));
    let mut said = Said::new(start);
    let known = match args.documents.is_empty() {
        true => rendered.documents().map(<[String]>::to_vec),
        false => Some(documents::chosen(&workspace, &args.documents, &[])?),
    };
    if let Some(paths) = known.filter(|_| !args.in_place) {
        let fresh = rendered.fresh(&workspace, &paths, now);
        if let Some(folders) = fresh.into_iter().collect::<Option<Vec<String>>>() {
            for (path, folder) in paths.into_iter().zip(folders) {
                said.unchanged(path, folder)?;
            }
            return said.end();
        }
    }
    let context = start.context()?;
    let paths = context.documents(&args.documents)?;
    let templates = templates::load(&workspace)?;
    let _lock = lock::take(&workspace, "render", now)?;
    let fresh = match args.in_place {
        true => vec![None; paths.len()],
        false => rendered.fresh(&workspace, &paths, now),
    };
    for (path, fresh) in paths.into_iter().zip(fresh) {
        if let Some(folder) = fresh {
            said.unchanged(path, folder)?;
            continue;
        }
        let began = SystemTime::now();
        let mut situation = context.situation(&path, false)?;
        let mut written = None;
        if args.in_place {
            let (again, done) = in_place::write(&context, situation, args.resolve)?;
            situation = again;
            context.say_human(&rendering::in_place(&path, &done))?;
            written = Some(done);
        }
        let rendering = render(&context, &mut situation, &templates)?;
        said.rendering(&rendering, &situation, written.as_ref())?;
        if rendering.leaves_nothing_to_do() {
            rendered.note(&workspace, &situation, &context.settings.config, began);
        }
    }
    let listed = documents::chosen(&workspace, &[], &context.settings.config.documents);
    rendered.write(&workspace, listed.unwrap_or_default())?;
    said.end()
}

/// Writes draft or bundle of one document and says what changed.
///
/// # Errors
/// A file cannot be written.
pub fn render(
    context: &Context,
    situation: &mut Situation,
    templates: &Templates,
) -> anyhow::Result<Rendering> {
    if !situation.resolution.is_clear() {
        let blockers = situation.resolution.blockers.clone();
        return draft(context, situation, templates, blockers);
    }
    // The bundle is handed out as it lies there: what must not be sent is not laid either.
    let leaks = context.leaks(situation, leaks::Scope::All);
    if leaks.is_empty() {
        bundle(context, situation, templates)
    } else {
        draft(context, situation, templates, leaks)
    }
}

fn draft(
    context: &Context,
    situation: &Situation,
    templates: &Templates,
    blockers: Vec<String>,
) -> anyhow::Result<Rendering> {
    let living = self::living(context, situation, templates)?;
    let (folder, changed) = living::write_draft(&context.workspace, &living, situation)?;
    Ok(Rendering {
        document: situation.document.path.clone(),
        folder,
        blockers,
        living: changed,
        ..Rendering::default()
    })
}

/// Lays the bundle of a clear document: frozen files, then living ones.
fn bundle(
    context: &Context,
    situation: &mut Situation,
    templates: &Templates,
) -> anyhow::Result<Rendering> {
    let root = situation.resolution.root.clone();
    let config = &context.settings.config;
    let since_held = changes::since_held(&context.workspace, situation, config);
    let bundle = Bundle::new(&context.workspace, &root)?;
    bundle.refuse_foreign(living::LIVING, &situation.history)?;
    let changes = lay(context, situation, &bundle)?;
    let changed = write_living(context, situation, &bundle, templates)?;
    Ok(Rendering {
        document: situation.document.path.clone(),
        folder: root,
        frozen: changes,
        living: changed,
        since_held,
        ..Rendering::default()
    })
}

/// Lays the frozen files. What a sent revision left there is kept first.
fn lay(context: &Context, situation: &mut Situation, bundle: &Bundle) -> anyhow::Result<Changes> {
    let digest = situation.resolution.digest.clone().unwrap_or_default();
    let revision = situation.revision();
    let bundled = situation.history.bundled.clone();
    // What lies there may be what people hold even where something else was rendered meanwhile.
    let in_place = bundle.listed();
    let sent = situation.history.revisions.iter().rev();
    let replaced = sent
        .filter(|r| r.digest != digest)
        .find(|r| situation.history.files(r) == Some(&in_place))
        .map(|r| r.number);
    if bundled != Some((revision, digest.clone())) {
        let files: Vec<FileHash> = situation
            .resolution
            .files
            .iter()
            .map(|f| FileHash {
                path: f.to.clone(),
                sha256: f.from.sha256.clone(),
                size: f.from.size,
            })
            .collect();
        situation.append(
            &Event::Bundled {
                revision,
                digest,
                files,
            },
            None,
            context.clock,
        )?;
    }
    Ok(bundle.lay(&situation.resolution.files, &situation.history, replaced)?)
}

/// Writes the living files as the record now stands.
///
/// # Errors
/// A file cannot be written.
pub fn write_living(
    context: &Context,
    situation: &Situation,
    bundle: &Bundle,
    templates: &Templates,
) -> anyhow::Result<Vec<&'static str>> {
    let living = living(context, situation, templates)?;
    Ok(living::write(bundle, &living, situation)?)
}

/// The living files as the record now stands: of the bundle, or of a draft while on hold.
fn living(
    context: &Context,
    situation: &Situation,
    templates: &Templates,
) -> anyhow::Result<Living> {
    let resolution = &situation.resolution;
    let (state, standings) = context.standing(situation);
    let revision = match resolution.is_clear() {
        true => standing::current(situation),
        false => situation.history.latest(),
    };
    let state = match state {
        // The page says of itself that it is a draft.
        standing::State::Hold => "hold",
        _ => standing::state_word(state, &standings),
    };
    Ok(living::render(
        &context.workspace,
        situation,
        revision,
        state,
        &resolution.blockers,
        templates,
    )?)
}
