//! The page's frame: which panel stands where. Where there is room for one pane only, the root says which it is, and the
//! style sheet shows that one. It must not know what is inside a panel.

use yew::prelude::*;

use super::App;
use super::opening::Drawn;
use crate::chrome::about::About;
use crate::chrome::header::Header;
use crate::chrome::live::Live;
use crate::chrome::notice::NoticeLine;
use crate::chrome::panes::{Pane, Panes};
use crate::compare::Compare;
use crate::dock::Dock;
use crate::inspector::Inspector;
use crate::lesson::LessonPanel;
use crate::lesson::classroom::Shown;
use crate::locale::{self, tr};
use crate::resolver::Resolver;
use crate::share::dialog::ShareDialog;
use crate::stage::Stage;
use crate::terminal::Terminal;
use crate::timeline::film::line_of;
use crate::timeline::{Timeline, Transport};
use crate::why::WhyBanner;

impl App {
    /// The whole page.
    pub(super) fn page(&self) -> Html {
        let dispatch = &self.dispatch;
        let session = self.sandbox.session();
        let namespace = AttrValue::from(session.terminal.namespace.to_string());
        let language = locale::current();
        html! {
            // Every text is another one in another language, so nothing that was drawn is kept.
            <div class="page" key={language.tag()} data-pane={self.pane.name()} data-chosen={self.chosen_name()}>
                <a class="skip" href="#stage">{ tr("page.skip", &[]) }</a>
                <Header theme={self.theme} {language} embedded={self.around.parameters.embedded} dispatch={dispatch.clone()} />
                <NoticeLine
                    notice={self.around.notice.clone()}
                    undoable={self.around.before.is_some()}
                    dispatch={dispatch.clone()}
                />
                <main class={classes!("zones", (self.room.shown != Shown::Closed).then_some("has-lesson"))} data-folded={self.room.folded.to_string()}>
                    if self.room.shown != Shown::Closed {
                        <section class="zone zone--lesson" key="lesson" aria-labelledby="lesson-title">
                            <LessonPanel room={self.room.clone()} dispatch={dispatch.clone()} />
                        </section>
                    }
                    <section class="zone zone--editor" key="editor" aria-labelledby="editor-title">
                        { self.editor() }
                    </section>
                    <section
                        class={classes!("zone", "zone--stage", self.sheet.is_some().then_some("is-inspected"), self.comparison.is_some().then_some("is-compared"))}
                        key="stage"
                        id="stage"
                        tabindex="-1"
                        aria-labelledby="stage-title"
                    >
                        <h2 class="visually-hidden" id="stage-title">{ tr("stage.title", &[]) }</h2>
                        if self.draws(Drawn::Stage) {
                            <WhyBanner why={self.why.clone()} dispatch={dispatch.clone()} />
                            <Compare comparison={self.comparison.clone()} dispatch={dispatch.clone()} />
                            <Stage
                                scene={self.scene.clone()}
                                view={self.view}
                                chosen={self.chosen.clone()}
                                namespace={namespace.clone()}
                                passes={self.passing.is_some()}
                                dispatch={dispatch.clone()}
                            />
                            <Inspector sheet={self.sheet.clone()} dispatch={dispatch.clone()} />
                        }
                    </section>
                    if self.draws(Drawn::Time) {
                        <section class="zone zone--time" key="time" aria-label={tr("time.title", &[])}>
                            <Transport
                                at_ms={self.sandbox.now_ms()}
                                next_ms={self.sandbox.next_ms()}
                                playing={self.playback.playing()}
                                speed={self.playback.speed()}
                                can_step_back={self.sandbox.can_step_back()}
                                in_the_past={self.sandbox.in_the_past()}
                                undoes={self.sandbox.undoes().map_or_else(AttrValue::default, |act| line_of(act).to_owned().into())}
                                redoes={self.sandbox.redoes().map_or_else(AttrValue::default, |act| line_of(act).to_owned().into())}
                                dispatch={dispatch.clone()}
                            />
                            <Timeline
                                film={self.film.clone()}
                                at_ms={self.sandbox.now_ms()}
                                beside={self.sandbox.beside_id()}
                                refused={self.sandbox.refused()}
                                chosen={self.chosen.clone()}
                                foretold={self.room.foretold()}
                                dispatch={dispatch.clone()}
                            />
                        </section>
                    }
                    <section class="zone zone--dock" key="dock" aria-label={tr("page.tabs", &[])}>
                        if self.draws(Drawn::Dock) {
                            <Dock
                                open={self.dock}
                                note={tr("terminal.namespace", &[("namespace", &namespace)])}
                                terminal={self.terminal()}
                                names={html! { <Resolver lookups={self.lookups.clone()} askers={self.askers.clone()} dispatch={dispatch.clone()} /> }}
                                dispatch={dispatch.clone()}
                            />
                        }
                    </section>
                </main>
                <Panes pane={self.pane} lesson={self.room.shown != Shown::Closed} dispatch={dispatch.clone()} />
                <Live text={self.news.clone()} />
                if self.draws(Drawn::All) {
                    <About theme={self.theme} {language} dispatch={dispatch.clone()} />
                    <ShareDialog shared={self.around.shared.clone()} dispatch={dispatch.clone()} />
                }
            </div>
        }
    }

    /// The chosen object, for tests and embedders: `Pod default/web-0`.
    fn chosen_name(&self) -> Option<String> {
        let key = self.chosen.as_ref()?;
        Some(if key.namespace.is_empty() {
            format!("{} {}", key.kind, key.name)
        } else {
            format!("{} {}/{}", key.kind, key.namespace, key.name)
        })
    }

    fn terminal(&self) -> Html {
        html! {
            <Terminal
                jobs={self.jobs.views().clone()}
                recall={self.recall.lines().clone()}
                busy={self.foreground.is_some()}
                waiting={self.waiting()}
                unfinished={self.unfinished.clone()}
                calls={self.calls}
                playing={self.playback.playing()}
                shown={self.dock == Pane::Terminal}
                copied={self.copied}
                dispatch={self.dispatch.clone()}
            />
        }
    }

    /// What the cluster said against the manifest that was applied last; empty where it said nothing.
    pub(super) fn refusal(&self) -> AttrValue {
        let job = self.applied.and_then(|id| self.jobs.of(id));
        job.map_or_else(AttrValue::default, |job| job.err.text.clone().into())
    }
}
