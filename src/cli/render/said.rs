//! What a render says of each document, for people or for scripts.

use serde_json::Value;

use crate::{
    cli::{
        Exit, Format,
        context::{Start, print, print_json},
    },
    report::rendering::{self, InPlace, Rendering},
    workspace::situation::Situation,
};

/// What was said so far, and how the command ends.
pub struct Said<'a> {
    start: &'a Start<'a>,
    /// For people, printed document by document as the work goes on.
    exit: Exit,
    /// For scripts, printed as one value at the end.
    objects: Vec<Value>,
}

impl<'a> Said<'a> {
    /// Nothing yet.
    pub fn new(start: &'a Start<'a>) -> Self {
        Said {
            start,
            exit: Exit::Done,
            objects: Vec::new(),
        }
    }

    /// Says that nothing changed in the bundle of a document.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn unchanged(&mut self, document: String, folder: String) -> anyhow::Result<()> {
        let rendering = Rendering {
            document,
            folder,
            ..Rendering::default()
        };
        if self.start.format != Format::Human {
            self.objects.push(rendering::json(&rendering));
        } else if !self.start.quiet {
            print(&rendering::unchanged(&rendering))?;
        }
        Ok(())
    }

    /// Says what became of a document, and of its source.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn rendering(
        &mut self,
        rendering: &Rendering,
        situation: &Situation,
        written: Option<&InPlace>,
    ) -> anyhow::Result<()> {
        if !rendering.blockers.is_empty() {
            self.exit = Exit::Hold;
        }
        if self.start.format != Format::Human {
            let mut object = rendering::json(rendering);
            if let Some(done) = written {
                object["in_place"] = rendering::in_place_json(done);
            }
            self.objects.push(object);
        } else if !self.start.quiet {
            print(&rendering::text(rendering, &situation.resolution))?;
        }
        Ok(())
    }

    /// Prints what is left to print.
    ///
    /// # Errors
    /// Standard output is closed.
    pub fn end(mut self) -> anyhow::Result<Exit> {
        if self.start.format != Format::Human {
            print_json(&match self.objects.len() {
                1 => self.objects.remove(0),
                _ => Value::Array(self.objects),
            })?;
        }
        Ok(self.exit)
    }
}
