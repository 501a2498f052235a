//! What kubectl tells about the cluster and itself: `version`, `cluster-info`, `api-resources`, `api-versions`,
//! `auth can-i`; and the commands that this sandbox refuses.

use crate::api::kind::{KINDS, Kind, KindInfo};
use crate::order;
use crate::process::Context;

use super::config;
use super::failure::{Failure, Outcome};
use super::flags::Parsed;
use super::get::Format;
use super::output::tabwriter::{TABLE, align};
use super::resources;

/// The version that kubectl and the cluster say they have.
const VERSION: &str = "v1.36.2";

/// Runs `kubectl version`.
///
/// # Errors
/// A format that does not exist.
pub fn version(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    let client_only = parsed.on("client");
    match parsed.text("output") {
        "" => {
            context.streams.line(&format!("Client Version: {VERSION}\nKustomize Version: v5.8.1"));
            if !client_only {
                context.streams.line(&format!("Server Version: {VERSION}"));
            }
            Ok(())
        }
        "json" | "yaml" => {
            let one = crate::json::json!({"major": "1", "minor": "36", "gitVersion": VERSION, "platform": "linux/amd64"});
            let mut document = crate::json::json!({"clientVersion": one, "kustomizeVersion": "v5.8.1"});
            if !client_only {
                document["serverVersion"] = document["clientVersion"].clone();
            }
            let text = Format::read(parsed)?.print(&document, false).map_err(Failure::Text)?;
            context.streams.out.push_str(&text);
            Ok(())
        }
        _ => Err(Failure::text("--output must be 'yaml' or 'json'")),
    }
}

/// Runs `kubectl cluster-info`.
///
/// # Errors
/// None.
pub fn cluster_info(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if parsed.words.first().is_some_and(|word| word == "dump") {
        return Err(Failure::Verbatim(
            "sandbox: cluster-info dump is not modelled; kubectl get all -A -o yaml shows most of it".to_owned(),
        ));
    }
    let server = config::SERVER;
    context.streams.line(&format!("Kubernetes control plane is running at {server}"));
    if context
        .world
        .store
        .find(crate::api::kind::Kind::Service, "kube-system", "kube-dns")
        .is_some_and(|service| service.meta.label("kubernetes.io/cluster-service") == Some("true"))
    {
        context.streams.line(&format!("CoreDNS is running at {server}/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy"));
    }
    context.streams.line("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.");
    Ok(())
}

/// Runs `kubectl api-resources`.
///
/// # Errors
/// A wrong use.
pub fn api_resources(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if let Some(word) = parsed.words.first() {
        return Err(Failure::usage(&format!("unexpected arguments: [{word}]"), "api-resources"));
    }
    let group = parsed.get("api-group");
    let mut kinds: Vec<_> = KINDS
        .iter()
        .filter(|info| group.is_none_or(|group| info.group == group))
        .filter(|info| parsed.get("namespaced").is_none() || info.namespaced == parsed.on("namespaced"))
        .filter(|info| parsed.list("categories").iter().all(|category| *category == "all" && info.in_all))
        .filter(|info| parsed.list("verbs").iter().all(|verb| verbs(info).split(',').any(|known| known == *verb)))
        .collect();
    order::sort_by(&mut kinds, |a, b| a.group.cmp(b.group).then(a.plural.cmp(b.plural)));
    let mut text = String::new();
    if parsed.text("output") == "name" {
        for info in kinds {
            context.streams.line(&info.resource());
        }
        return Ok(());
    }
    let wide = parsed.text("output") == "wide";
    if !parsed.on("no-headers") {
        text.push_str("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND");
        text.push_str(if wide { "\tVERBS\tCATEGORIES\n" } else { "\n" });
    }
    for info in kinds {
        let short = info.short_names.join(",");
        text.push_str(&format!("{}\t{short}\t{}\t{}\t{}", info.plural, info.api_version(), info.namespaced, info.name));
        if wide {
            text.push_str(&format!("\t{}\t{}", verbs(info), if info.in_all { "all" } else { "" }));
        }
        text.push('\n');
    }
    context.streams.out.push_str(&align(&text, TABLE));
    Ok(())
}

/// What can be done to a kind.
fn verbs(info: &KindInfo) -> &'static str {
    // Namespaces are deleted one by one.
    if info.kind == Kind::Namespace {
        "create,delete,get,list,patch,update,watch"
    } else {
        "create,delete,deletecollection,get,list,patch,update,watch"
    }
}

/// Runs `kubectl api-versions`.
///
/// # Errors
/// None.
pub fn api_versions(_: &Parsed, context: &mut Context<'_>) -> Outcome {
    let mut versions: Vec<String> = KINDS.iter().map(crate::api::kind::KindInfo::api_version).collect();
    order::sort(&mut versions);
    versions.dedup();
    for version in versions {
        context.streams.line(&version);
    }
    Ok(())
}

/// Runs `kubectl auth can-i`: this sandbox has one user, who may do everything.
///
/// # Errors
/// A wrong use.
pub fn can_i(parsed: &Parsed, context: &mut Context<'_>) -> Outcome {
    if parsed.on("list") {
        context.streams.out.push_str(&align(
            "Resources\tNon-Resource URLs\tResource Names\tVerbs\n*.*\t[]\t[]\t[*]\n\t[*]\t[]\t[*]\n",
            super::output::tabwriter::TABLE,
        ));
        return Ok(());
    }
    match parsed.words.as_slice() {
        [_, resource, ..] => {
            let word = resource.split('/').next().unwrap_or(resource);
            if resources::one(word).is_err() && word != "*" && !word.starts_with('/') {
                context.streams.error(&format!("Warning: the server doesn't have a resource type '{word}'\n"));
            }
            if !parsed.on("quiet") {
                context.streams.line("yes");
            }
            Ok(())
        }
        _ => Err(Failure::text(
            "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
        )),
    }
}

/// Runs `kubectl auth whoami`.
///
/// # Errors
/// None.
pub fn whoami(_: &Parsed, context: &mut Context<'_>) -> Outcome {
    let text = "ATTRIBUTE\tVALUE\nUsername\tkubernetes-admin\nGroups\t[kubeadm:cluster-admins system:authenticated]\n";
    context.streams.out.push_str(&align(text, TABLE));
    Ok(())
}

/// Runs `kubectl top`.
///
/// # Errors
/// Always: there are no metrics.
pub fn top(_: &Parsed, _: &mut Context<'_>) -> Outcome {
    Err(Failure::text("Metrics API not available"))
}

/// Runs `kubectl debug`.
///
/// # Errors
/// Always: there are no ephemeral containers here.
pub fn debug(parsed: &Parsed, _: &mut Context<'_>) -> Outcome {
    if parsed.text("image").is_empty() {
        return Err(Failure::text("you must specify --image when not using --copy-to."));
    }
    Err(Failure::Verbatim(
        "sandbox: kubectl debug is not modelled; run a pod beside the others instead: kubectl run -it --rm --image=nicolaka/netshoot --restart=Never probe -- bash"
            .to_owned(),
    ))
}

/// Runs a command that needs a machine which is not there.
///
/// # Errors
/// Always.
pub fn refused(_: &Parsed, _: &mut Context<'_>) -> Outcome {
    Err(Failure::Verbatim(
        "sandbox: this command needs a machine beside the cluster, and there is none here; kubectl exec and kubectl run reach into pods"
            .to_owned(),
    ))
}
