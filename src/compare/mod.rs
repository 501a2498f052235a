//! The comparison of two histories at the same moment since they parted: as two small stages side by side, each identity in
//! the same place on both, and as a table. It must not know how histories are kept.

pub mod pairs;
mod small;
mod table;

use std::rc::Rc;

use statefulset_engine::api::time::Ms;
use yew::prelude::*;

use crate::app::Action;
use crate::locale::{tr, tr_count};
use crate::stage::scene::{Scene, Scenes};
use crate::state::branches::BranchId;
use crate::timeline::Travel;
use crate::timeline::clock::time_of;
use pairs::{Group, Pair, groups};
use small::SmallStage;

/// Two histories at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The history shown, and the other.
    pub branches: [BranchId; 2],
    /// The moment of each: the other may have ended before.
    pub at_ms: [Ms; 2],
    /// When they parted.
    pub parted_ms: Ms,
    /// What both show.
    pub groups: Rc<[Group]>,
}

/// Compares scenes one after the other: what has not changed is not compared again.
#[derive(Debug, Default)]
pub struct Comparer {
    /// Makes the scenes of the history beside the one shown.
    pub beside: Scenes,
    last: Option<Compared>,
}

/// Two scenes, and what they show.
type Compared = ([Rc<Scene>; 2], Rc<[Group]>);

impl Comparer {
    /// What two scenes show.
    pub fn compare(&mut self, scenes: [Rc<Scene>; 2]) -> Rc<[Group]> {
        if let Some((before, groups)) = &self.last
            && before.iter().zip(&scenes).all(|(before, now)| Rc::ptr_eq(before, now))
        {
            return groups.clone();
        }
        let groups: Rc<[Group]> = groups([&scenes[0], &scenes[1]]).into();
        self.last = Some((scenes, groups.clone()));
        groups
    }
}

/// Properties of [`Compare`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CompareProps {
    /// What is compared; nothing where nothing is.
    pub comparison: Option<Rc<Comparison>>,
    /// Takes actions.
    pub dispatch: Callback<Action>,
}

/// The comparison.
#[component]
pub fn Compare(props: &CompareProps) -> Html {
    let Some(comparison) = &props.comparison else {
        // A component that renders nothing can break its neighbours (yew #4092).
        return html! { <div hidden=true></div> };
    };
    let send = |travel: Travel| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.emit(Action::Travel(travel)))
    };
    let [one, other] = comparison.branches;
    let differing = comparison.groups.iter().flat_map(|group| &group.pairs).filter(|pair| pair.differs()).count();
    let title = tr("compare.title", &[("one", &one.to_string()), ("other", &other.to_string())]);
    let stage = |side: usize| {
        html! {
            <SmallStage
                key={side}
                {side}
                branch={comparison.branches[side]}
                at_ms={comparison.at_ms[side]}
                groups={comparison.groups.clone()}
            />
        }
    };
    html! {
        <section class="compare" aria-label={title.clone()} data-role="comparison">
            <div class="compare__bar">
                <h3 class="compare__title">{ title }</h3>
                <p class="compare__note">
                    { tr("compare.parted", &[("time", &time_of(comparison.parted_ms))]) }{ " " }
                    { if differing == 0 { tr("compare.differ-none", &[]) } else { tr_count("compare.differ", differing as u64, &[]) } }
                </p>
                <button type="button" class="button button--small" data-role="compare-switch" onclick={send(Travel::Show(other))}>{ tr("compare.switch", &[("number", &other.to_string())]) }</button>
                <button type="button" class="button button--quiet" data-role="compare-close" aria-label={tr("about.close", &[])} onclick={send(Travel::Compare(None))}>{ "✕" }</button>
            </div>
            <div class="compare__scroll" tabindex="0" role="region" aria-label={tr("compare.identities", &[])}>
                <div class="compare__stages">{ stage(0) }{ stage(1) }</div>
                { table::table(comparison) }
            </div>
        </section>
    }
}

/// The name of a history.
fn history(branch: BranchId) -> String {
    tr("time.history", &[("number", &branch.to_string())])
}

/// Says that an identity differs: a sign to see, a word to hear.
fn mark(pair: &Pair) -> Option<Html> {
    pair.differs().then(|| {
        html! {
            <span class="compare__mark" title={tr("compare.differs", &[])}>
                <span aria-hidden="true">{ "≠" }</span>
                <span class="visually-hidden">{ tr("compare.differs", &[]) }</span>
            </span>
        }
    })
}
