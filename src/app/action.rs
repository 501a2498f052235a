//! Everything that can happen to the page.
//! It must not know what is done about it.

use std::rc::Rc;

use statefulset_engine::api::object::Key;
use statefulset_engine::api::time::Ms;
use statefulset_engine::complete::Completion;
use yew::Callback;

use super::keeping::{Export, Keeping};
use crate::browser::theme::Theme;
use crate::chrome::panes::Pane;
use crate::editor::desk::Deed;
use crate::embed::protocol::Request;
use crate::lesson;
use crate::locale::Language;
use crate::resolver::lookup::Query;
use crate::stage::View;
use crate::state::command::Command;
use crate::state::speed::Speed;
use crate::timeline::Travel;

/// A question to the engine: what may stand at the cursor of a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// The line.
    pub line: String,
    /// The cursor, in bytes.
    pub cursor: usize,
    /// Takes the answer.
    pub reply: Callback<Completion>,
}

/// Something that a person, a clock or a test does to the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The manifest was edited.
    Edit(Rc<str>),
    /// An example was chosen, by its place in the list.
    Example(usize),
    /// Something else done in the editor.
    Desk(Deed),
    /// The manifest is to be applied.
    Apply,
    /// A gesture, which is a command.
    Run(Command),
    /// A line was typed into the terminal.
    Type(String),
    /// Several lines were pasted into the terminal.
    Lines(Vec<String>),
    /// Ctrl+C in the terminal.
    Interrupt,
    /// Ctrl+D in the terminal.
    EndInput,
    /// The terminal's screen is to be cleared.
    Clear,
    /// Somebody pressed Tab.
    Complete(Ask),
    /// All that a command has printed is to be copied.
    Copy(usize),
    /// It was copied, or the browser did not allow it.
    Copied(usize, bool),
    /// The file that a command has open in the editor is closed: with what was saved, or with nothing.
    CloseFile(Option<Rc<str>>),
    /// A name is to be resolved.
    Resolve(Query),
    /// Time is to go by.
    Play,
    /// Time is to stand still.
    Pause,
    /// On to the next change that can be seen.
    Step,
    /// Back to before the last change that could be seen.
    StepBack,
    /// Another moment or another history.
    Travel(Travel),
    /// Another pace.
    Speed(Speed),
    /// A fresh cluster.
    Reset,
    /// So many virtual milliseconds are to go by at once: how tests move time.
    Advance(Ms),
    /// The next zone of the page is to be drawn.
    Draw,
    /// The browser is about to draw; its clock says this many milliseconds.
    Frame(f64),
    /// An object is chosen, to be told about; `None` chooses the whole again.
    Select(Option<Key>),
    /// Texts that somebody waited for are there, or cannot be had.
    Texts,
    /// Other colours.
    Theme(Theme),
    /// Another language was chosen.
    Language(Language),
    /// The texts of the language that was chosen are there, or could not be had.
    LanguageLoaded,
    /// Something of the lesson panel.
    Lesson(lesson::Act),
    /// Another pane, where there is room for one.
    Pane(Pane),
    /// Another tab of the dock: the terminal or the names.
    Dock(Pane),
    /// Another view of the cluster on the stage.
    View(View),
    /// The session is to be handed out: the dialog opens.
    Share,
    /// It is to be saved in some form.
    Export(Export),
    /// Something about keeping it.
    Keep(Keeping),
    /// The page around asks for something.
    Host(Request),
    /// The same is to be shown in a page of its own.
    OpenInFull,
}

impl Action {
    /// Whether the session is another one afterwards, as it would be kept.
    pub(super) fn changes(&self) -> bool {
        !matches!(self, Self::Desk(deed) if !deed.writes())
            && !matches!(
                self,
                Self::Draw
                    | Self::Frame(_)
                    | Self::Keep(_)
                    | Self::Share
                    | Self::Export(_)
                    | Self::Copy(_)
                    | Self::Copied(..)
                    | Self::Complete(_)
                    | Self::Travel(Travel::Past(_))
            )
    }

    /// Whether the run goes on with it from where it is: then what commands write into files comes into the editor.
    pub(super) fn goes_on(&self) -> bool {
        matches!(
            self,
            Self::Apply
                | Self::Run(_)
                | Self::Type(_)
                | Self::Lines(_)
                | Self::Interrupt
                | Self::EndInput
                | Self::CloseFile(_)
                | Self::Step
                | Self::Advance(_)
                | Self::Frame(_)
                | Self::Desk(_)
        )
    }
}
