//! The editor's side of the app: its deeds, those that are commands among them, and the text that follows what gestures change.
//! It must not know how the editor looks.

use yew::prelude::*;

use super::App;
use crate::browser::frames::now;
use crate::editor::desk::Deed;
use crate::editor::{Editor, Looks, Sheet};
use crate::state::command::Command;
use crate::state::in_step::Before;

/// How long the page waits with its first picture for what is found in a text, in milliseconds of the browser's clock. Large
/// texts are looked at further once it is drawn.
const FIRST_LOOK_MS_MAX: f64 = 30.0;

impl App {
    /// Runs a gesture of the stage. What it changes of an object is changed in the text as well, where the text holds the object.
    pub(super) fn gesture(&mut self, command: Command) {
        let before = Before::of(&self.sandbox.session().world);
        self.run(command, false);
        let session = self.sandbox.session();
        if let Some(text) = before.follow(&session.world, &self.desk.files.open().text, &session.terminal.namespace) {
            self.desk.edit_own(text);
        }
    }

    /// Looks at what the visit begins with, so that what is found has its place in the first picture. The example was looked at
    /// when it was made.
    pub(super) fn look_first(&mut self) {
        let begun = now();
        while self.desk.is_unread() && now() - begun < FIRST_LOOK_MS_MAX {
            self.desk.perform(Deed::Look, self.sandbox.session());
        }
    }

    /// Does what was asked in the editor; deeds that touch the terminal's files are commands.
    pub(super) fn perform_at_desk(&mut self, deed: Deed) -> bool {
        let has = |app: &Self, name: &str| app.sandbox.session().terminal.files.contains_key(name);
        match deed {
            Deed::Rename(index, name) => {
                if let Some(old) = self.desk.files.rename(index, &name).filter(|old| has(self, old)) {
                    self.run(Command::new(format!("mv {old} {}", name.trim())), false);
                }
            }
            Deed::Delete(index) => {
                if let Some(name) = self.desk.files.delete(index).filter(|name| has(self, name)) {
                    self.run(Command::new(format!("rm {name}")), false);
                }
            }
            deed => return self.desk.perform(deed, self.sandbox.session()),
        }
        true
    }

    /// The editor.
    pub(super) fn editor(&self) -> Html {
        let (files, open) = self.desk.tabs();
        html! {
            <>
                <Looks
                    text={self.desk.text()}
                    pending={self.desk.pending()}
                    revision={self.sandbox.session().world.store.revision()}
                    dispatch={self.dispatch.clone()}
                />
                <Editor
                text={self.desk.text()}
                reads_only={self.around.reads_only()}
                {files}
                {open}
                deleted={self.desk.files.deleted().map_or_else(AttrValue::default, |name| name.to_owned().into())}
                sheet={Sheet::of(&self.desk)}
                refusal={self.refusal()}
                dispatch={self.dispatch.clone()}
            />
            </>
        }
    }
}
