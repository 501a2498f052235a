//! What a person does to what is drawn: each gesture becomes an action, and all that changes the cluster a command.
//! It must not know what is drawn.

use statefulset_engine::api::kind::Kind;
use statefulset_engine::api::object::Key;
use yew::prelude::*;

use crate::app::Action;
use crate::state::command::Command;

/// Runs a command at a press, which goes no further: the card around the button is not chosen by it.
pub(super) fn run(dispatch: &Callback<Action>, command: Command) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        dispatch.emit(Action::Run(command.clone()));
    })
}

/// Chooses an object, or lets go of it where it is chosen already.
pub(super) fn choose(dispatch: &Callback<Action>, kind: Kind, namespace: &str, name: &str, chosen: bool) -> Callback<MouseEvent> {
    let dispatch = dispatch.clone();
    let key = Key::new(kind, namespace, name);
    Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        dispatch.emit(Action::Select((!chosen).then(|| key.clone())));
    })
}

/// Whether an object is the chosen one.
pub(super) fn is_chosen(chosen: Option<&Key>, kind: Kind, namespace: &str, name: &str) -> bool {
    chosen.is_some_and(|key| key.kind == kind && &*key.name == name && (&*key.namespace == namespace || !kind.namespaced()))
}
