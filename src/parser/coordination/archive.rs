//! The folder for what is kept: named by a line of its own, else by a follow-up.

use super::{
    Desk,
    spellings::{self, Label},
};
use crate::model::{
    coordination::{Archive, FollowUp},
    roots::EvidenceRoots,
};

/// The first folder that the document names for what is kept.
pub(super) fn read(desk: &Desk<'_>, follow_ups: &[FollowUp]) -> Option<Archive> {
    let roots = &desk.grammar.roots;
    let lines = desk.fields.iter().filter(|f| f.label == Label::Archive);
    let own = lines.filter_map(|field| {
        let folder = folders(&field.value.text, roots).find_map(|(_, path)| {
            // A label leaves no doubt: the `/` at the end may be missing, unless it is a file.
            let file = !path.ends_with('/') && path.rsplit('/').next()?.contains('.');
            (!file).then_some(path)
        });
        folder.map(|folder| (folder, field.span))
    });
    let told = follow_ups.iter().flat_map(|follow_up| {
        let texts = [&follow_up.title].into_iter().chain(&follow_up.details);
        texts.filter_map(|text| {
            let named = folders(text, roots)
                .find(|(before, path)| path.ends_with('/') && spellings::is_for_keeping(before));
            named.map(|(_, folder)| (folder, follow_up.span))
        })
    });
    let first = own.chain(told).next();
    first.map(|(folder, span)| Archive {
        folder: folder.trim_end_matches('/').to_owned(),
        span,
    })
}

/// The words below an evidence root, each with what stands before it.
fn folders<'t>(text: &'t str, roots: &EvidenceRoots) -> impl Iterator<Item = (&'t str, &'t str)> {
    let words = text.split_whitespace();
    let paths = words.filter_map(move |word| {
        let path = word.trim_matches(['`', '"', '\'', '(', ')', ',', ';', '.', '*', '_']);
        let start = path.as_ptr() as usize - text.as_ptr() as usize;
        roots.hold(path).then(|| (&text[..start], path))
    });
    paths.collect::<Vec<_>>().into_iter()
}

#[cfg(test)]
mod tests {
    use crate::parser::{Grammar, parse};

    /// The archive's folder in a document with this line, and with this follow-up.
    fn named(line: &str, follow_up: &str) -> Option<String> {
        let text = format!(
            "# 2026-05-04 Trial\n\n**Event:** 2026-05-04 10:00 UTC\n{line}\n\n1. **Shelf** (T+4h)\n   - {follow_up}\n"
        );
        let (document, _) = parse("docs/t.md", &text, &Grammar::default());
        document.coordination.archive.map(|a| a.folder)
    }

    #[test]
    fn the_folder_in_its_wordings() {
        for (follow_up, folder) in [
            (
                "Archive to `artifacts/ops/trial/` with a list",
                Some("artifacts/ops/trial"),
            ),
            ("To `artifacts/ops/trial/`", Some("artifacts/ops/trial")),
            (
                "All sheets are kept in artifacts/ops/trial/.",
                Some("artifacts/ops/trial"),
            ),
            (
                "Store the sound (all of it) under `artifacts/ops/trial/`",
                Some("artifacts/ops/trial"),
            ),
            (
                "Archive the sheets (see `artifacts/old/`) in `artifacts/new/`",
                Some("artifacts/new"),
            ),
            ("Compare with `artifacts/ops/trial/`", None),
            ("Do not keep anything in `artifacts/ops/trial/`", None),
            ("Archive to `notes/trial/`", None),
            ("Archive to `artifacts/ops/trial.log`", None),
        ] {
            assert_eq!(named("", follow_up).as_deref(), folder, "{follow_up}");
        }
        for (line, folder) in [
            ("**Archive:** `artifacts/ops/a/`", Some("artifacts/ops/a")),
            (
                "**Archive folder:** artifacts/ops/a",
                Some("artifacts/ops/a"),
            ),
            ("**Archive:** `artifacts/ops/a.log`", None),
            ("**Archive:** in the cellar", None),
        ] {
            assert_eq!(named(line, "nothing").as_deref(), folder, "{line}");
        }
        // The line of its own comes first.
        let both = named("**Archive:** `artifacts/own/`", "To `artifacts/told/`");
        assert_eq!(both.as_deref(), Some("artifacts/own"));
    }
}
