//! How fast one pod's kubelet works and what goes wrong with it: the settings and the rules that match its name.
//! It must not know what the kubelet does with it.

use crate::api::time::Ms;
use crate::settings::{KubeletSettings, RuleMode};

use super::pattern;

/// The pace of one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    /// From binding to `ContainerCreating`.
    pub(super) create_ms: Ms,
    /// From `ContainerCreating` to `Running`; `None`: as long as the image takes.
    pub(super) run_ms: Option<Ms>,
    /// From `Running` to `Ready`; `None`: what the probes say.
    pub(super) ready_ms: Option<Ms>,
    /// From deletion to containers stopped.
    pub(super) term_ms: Ms,
    /// From containers stopped to the object gone.
    pub(super) gone_ms: Ms,
    /// The exit code with which containers stop.
    pub(super) exit_code: i32,
    /// What goes wrong.
    pub(super) mode: Option<RuleMode>,
}

/// The pace of the pod with this name.
pub(super) fn of(settings: &KubeletSettings, pod: &str, instant: bool) -> Pace {
    let mut pace = Pace {
        create_ms: settings.create_ms,
        run_ms: settings.run_ms,
        ready_ms: settings.ready_ms,
        term_ms: settings.term_ms,
        gone_ms: settings.gone_ms,
        exit_code: 0,
        mode: None,
    };
    for rule in settings.rules.iter().filter(|rule| pattern::matches(&rule.pattern, pod)) {
        pace.run_ms = rule.run_ms.or(pace.run_ms);
        pace.term_ms = rule.term_ms.unwrap_or(pace.term_ms);
        pace.exit_code = rule.exit_code.unwrap_or(pace.exit_code);
        pace.mode = rule.mode.or(pace.mode);
    }
    if settings.zero || instant {
        pace = Pace { create_ms: 0, run_ms: Some(0), ready_ms: Some(0), term_ms: 0, gone_ms: 0, ..pace };
    }
    pace
}
