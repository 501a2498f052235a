//! A line above the page that says what happened to the session, and what can be done about it.
//! It must not know how it happened.

use yew::prelude::*;

use crate::app::{Action, Keeping};
use crate::locale::tr;
use crate::share::link::Damage;

/// What there is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A fresh cluster took the place of the one before.
    Fresh,
    /// A lesson brought its own cluster.
    Lesson,
    /// Everything was cleared.
    StartedOver,
    /// Another session took the place of the person's own.
    Opened,
    /// It did, and so many of its lines could not be read; the first of them, and what is wrong with it.
    OpenedInPart(usize, usize, &'static str),
    /// It took too long to be done again, and was left in the middle.
    TooLong,
    /// The link is damaged; whether anything could be read.
    Damaged(Damage, bool),
    /// The page broke the last time.
    Broke,
    /// The browser has no room left.
    Full,
    /// There is more than one history, and not all are kept.
    Histories,
    /// A new version of the page waits.
    Update,
}

impl Notice {
    fn text(&self) -> String {
        match self {
            Self::Fresh => tr("share.fresh", &[]),
            Self::Lesson => tr("share.lesson", &[]),
            Self::StartedOver => tr("share.started-over", &[]),
            Self::Opened => tr("share.opened", &[]),
            Self::OpenedInPart(count, line, kind) => {
                let why = tr(&format!("share.trouble.{kind}"), &[("line", &line.to_string())]);
                tr("share.opened-in-part", &[("count", &count.to_string()), ("why", &why)])
            }
            Self::TooLong => tr("share.too-long", &[]),
            Self::Damaged(Damage::Newer, _) => tr("share.damaged-newer", &[]),
            Self::Damaged(Damage::TooLarge, _) => tr("share.damaged-large", &[]),
            Self::Damaged(Damage::Broken, true) => tr("share.damaged", &[]),
            Self::Damaged(Damage::Broken, false) => tr("share.damaged-all", &[]),
            Self::Broke => tr("share.broke", &[]),
            Self::Full => tr("share.full", &[]),
            Self::Histories => tr("share.histories", &[]),
            Self::Update => tr("share.update", &[]),
        }
    }

    /// The button that does something about it.
    fn remedy(&self) -> Option<(&'static str, Keeping)> {
        match self {
            Self::Fresh | Self::StartedOver => Some(("share.undo", Keeping::Undo)),
            Self::Lesson | Self::Opened | Self::OpenedInPart(..) | Self::TooLong => Some(("share.back", Keeping::Undo)),
            Self::Damaged(_, true) => Some(("share.read-anyway", Keeping::Offered)),
            Self::Broke => Some(("share.run-anyway", Keeping::Offered)),
            Self::Update => Some(("share.update-now", Keeping::Update)),
            Self::Damaged(_, false) | Self::Full | Self::Histories => None,
        }
    }
}

/// Properties of [`NoticeLine`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct NoticeLineProps {
    /// What to say, if anything.
    pub notice: Option<Notice>,
    /// Whether there is a way back.
    pub undoable: bool,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The line; not there while there is nothing to say.
#[component]
pub fn NoticeLine(props: &NoticeLineProps) -> Html {
    let button = |keeping: Keeping, key: &str, role: &'static str| {
        let dispatch = props.dispatch.clone();
        let onclick = Callback::from(move |_: MouseEvent| dispatch.emit(Action::Keep(keeping.clone())));
        html! { <button class="button button--small" type="button" data-role={role} {onclick}>{ tr(key, &[]) }</button> }
    };
    html! {
        <div class="notice" role="status" data-role="notice">
            if let Some(notice) = &props.notice {
                <p class="notice__text">{ notice.text() }</p>
                if let Some((key, keeping)) = notice.remedy().filter(|(_, keeping)| props.undoable || *keeping != Keeping::Undo) {
                    { button(keeping, key, "notice-remedy") }
                }
                { button(Keeping::Dismiss, "share.dismiss", "notice-dismiss") }
            }
        </div>
    }
}
