//! `kubectl config`: the one context of this sandbox. Follows `kubectl/pkg/cmd/config`.

use crate::process::Context;

use super::failure::{Failure, Outcome};
use super::flags::Parsed;
use super::output::tabwriter::{TABLE, align};

/// The context's name, and the cluster's.
pub const NAME: &str = "sandbox";
/// The user's name.
pub const USER: &str = "kubernetes-admin";
/// Where the API server would be.
pub const SERVER: &str = "https://127.0.0.1:6443";

/// Runs `kubectl config current-context`.
///
/// # Errors
/// None.
pub fn current_context(_: &Parsed, context: &mut Context<'_>) -> Outcome {
    context.streams.line(NAME);
    Ok(())
}

/// Runs `kubectl config get-contexts`.
///
/// # Errors
/// A context that does not exist.
pub fn get_contexts(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if let Some(other) = parsed.words.iter().find(|word| *word != NAME) {
        return Err(Failure::text(format!("context {other} not found")));
    }
    if parsed.text("output") == "name" {
        context.streams.line(NAME);
        return Ok(());
    }
    let namespace = if &*context.terminal.namespace == "default" { String::new() } else { context.terminal.namespace.to_string() };
    let headings = if parsed.on("no-headers") { "" } else { "CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE\n" };
    let text = align(&format!("{headings}*\t{NAME}\t{NAME}\t{USER}\t{namespace}\n"), TABLE);
    context.streams.out.push_str(&text);
    Ok(())
}

/// Runs `kubectl config get-clusters`.
///
/// # Errors
/// None.
pub fn get_clusters(_: &Parsed, context: &mut Context<'_>) -> Outcome {
    context.streams.line("NAME");
    context.streams.line(NAME);
    Ok(())
}

/// Runs `kubectl config set-context`.
///
/// # Errors
/// Another context than the one there is.
pub fn set_context(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    match parsed.words.as_slice() {
        [] if parsed.on("current") => {}
        [name] if name == NAME && !parsed.on("current") => {}
        [name] if !parsed.on("current") => {
            return Err(Failure::text(format!("this sandbox has one context, \"{NAME}\"; \"{name}\" cannot be made")));
        }
        [] => return Err(Failure::text("you must specify a non-empty context name or --current")),
        _ => return Err(Failure::text("you cannot specify both a context name and --current")),
    }
    if let Some(namespace) = parsed.get("namespace") {
        context.terminal.namespace = if namespace.is_empty() { "default".into() } else { namespace.into() };
    }
    context.streams.line(&format!("Context \"{NAME}\" modified."));
    Ok(())
}

/// Runs `kubectl config use-context`.
///
/// # Errors
/// Another context than the one there is.
pub fn use_context(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    match parsed.words.as_slice() {
        [name] if name == NAME => {
            context.streams.line(&format!("Switched to context \"{NAME}\"."));
            Ok(())
        }
        [name] => Err(Failure::text(format!("no context exists with the name: \"{name}\""))),
        words => Err(Failure::usage(&format!("Unexpected args: [{}]", words.join(" ")), "config use-context")),
    }
}

/// Runs `kubectl config view`.
///
/// # Errors
/// A path that cannot be read.
pub fn view(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let mut inner = crate::json::json!({"cluster": NAME, "user": USER});
    if &*context.terminal.namespace != "default" {
        inner["namespace"] = crate::json::json!(&*context.terminal.namespace);
    }
    let document = crate::json::json!({
        "apiVersion": "v1",
        "clusters": [{"cluster": {"certificate-authority-data": "DATA+OMITTED", "server": SERVER}, "name": NAME}],
        "contexts": [{"context": inner, "name": NAME}],
        "current-context": NAME,
        "kind": "Config",
        "users": [{"name": USER, "user": {"client-certificate-data": "DATA+OMITTED", "client-key-data": "DATA+OMITTED"}}],
    });
    let text = match super::get::Format::read(parsed)? {
        super::get::Format::Table => super::output::yaml::document(&document),
        format => format.print(&document, false).map_err(Failure::Text)?,
    };
    context.streams.out.push_str(&text);
    Ok(())
}
