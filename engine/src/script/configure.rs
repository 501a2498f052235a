//! `@config` and `@kubelet`: JSON into settings. It must not know what the settings do.

use std::rc::Rc;

use serde_json::Value;

use crate::api::node::NodeInfo;
use crate::api::time::{Epoch, Ms};
use crate::settings::{DnsCache, KubeletRule, KubeletSettings, NODES_MAX, RuleMode, Settings, Version};

/// Milliseconds beyond which a pace makes no sense: a day.
const PACE_MS_MAX: Ms = 86_400_000;
/// The longest text by which a node describes a part of itself.
const NODE_TEXT_BYTES_MAX: usize = 100;

/// Changes the settings of a cluster as `@config` says.
pub(super) fn cluster(settings: &mut Settings, value: &Value) -> Result<(), String> {
    for (key, value) in value.as_object().into_iter().flatten() {
        match key.as_str() {
            "version" => {
                settings.version =
                    value.as_str().and_then(Version::parse).ok_or("version: one of \"1.34\", \"1.35\", \"1.36\", \"1.37\"")?;
            }
            "featureGates" => {
                let gates = value.as_object().ok_or("featureGates: an object, such as {\"MaxUnavailableStatefulSet\": true}")?;
                for (name, on) in gates {
                    let on = on.as_bool().ok_or_else(|| format!("featureGates: {name} is true or false"))?;
                    settings.gates.push((name.as_str().into(), on));
                }
            }
            "clusterDomain" => {
                let domain = value.as_str().map(|text| text.trim_end_matches('.').to_ascii_lowercase());
                let domain = domain.filter(|text| is_domain(text)).ok_or("clusterDomain: a domain, such as \"cluster.local\"")?;
                settings.cluster_domain = domain.into();
            }
            "dnsCache" => {
                settings.dns_cache = match value.as_str() {
                    Some("off") => DnsCache::Off,
                    Some("all") => DnsCache::All,
                    _ => return Err("dnsCache: \"off\" or \"all\"".to_owned()),
                };
            }
            "nodes" => {
                let nodes = value.as_u64().and_then(|nodes| u32::try_from(nodes).ok()).filter(|nodes| (1..=NODES_MAX).contains(nodes));
                settings.nodes = nodes.ok_or_else(|| format!("nodes: a number from 1 to {NODES_MAX}"))?;
                settings.nodes_fixed = true;
            }
            "nodeInfo" => node_info(Rc::make_mut(&mut settings.node_info), value)?,
            "epoch" => {
                settings.epoch = value.as_str().and_then(Epoch::parse).ok_or("epoch: a date in UTC, such as \"2026-01-01T00:00:00Z\"")?;
            }
            "kubeApiQps" => {
                let qps = value.as_u64().and_then(|qps| u32::try_from(qps).ok()).filter(|qps| *qps <= 1_000);
                settings.kube_api.qps = qps.ok_or("kubeApiQps: calls a second, from 1 to 1000, or 0 for no limit")?;
            }
            "kubeApiOthersMs" => {
                let times = value.as_array().and_then(|times| times.iter().map(Value::as_u64).collect::<Option<Vec<Ms>>>());
                settings.kube_api.others_ms = times.ok_or("kubeApiOthersMs: the times at which others call, in milliseconds")?.into();
            }
            _ => {
                return Err(format!(
                    "`@config` has no key {key:?}: version, featureGates, clusterDomain, dnsCache, nodes, nodeInfo, epoch, kubeApiQps, kubeApiOthersMs"
                ));
            }
        }
    }
    Ok(())
}

/// What nodes say of themselves; keys that are absent keep their value.
fn node_info(info: &mut NodeInfo, value: &Value) -> Result<(), String> {
    const KEYS: &str = "nodeInfo: an object with osImage, kernelVersion or containerRuntimeVersion";
    for (key, value) in value.as_object().ok_or(KEYS)? {
        let field = match key.as_str() {
            "osImage" => &mut info.os_image,
            "kernelVersion" => &mut info.kernel_version,
            "containerRuntimeVersion" => &mut info.container_runtime_version,
            _ => return Err(KEYS.to_owned()),
        };
        let text = value.as_str().filter(|text| text.len() <= NODE_TEXT_BYTES_MAX && !text.chars().any(char::is_control));
        *field = text.ok_or_else(|| format!("nodeInfo: {key} is a line of at most {NODE_TEXT_BYTES_MAX} bytes"))?.into();
    }
    Ok(())
}

/// Changes the kubelets' pace and rules as `@kubelet` says; keys that are absent keep their value.
pub(super) fn kubelet(settings: &mut KubeletSettings, value: &Value) -> Result<(), String> {
    for (key, value) in value.as_object().into_iter().flatten() {
        match key.as_str() {
            "createMs" => settings.create_ms = pace(key, value)?,
            "runMs" => settings.run_ms = Some(pace(key, value)?),
            "readyMs" => settings.ready_ms = if value.is_null() { None } else { Some(pace(key, value)?) },
            "termMs" => settings.term_ms = pace(key, value)?,
            "goneMs" => settings.gone_ms = pace(key, value)?,
            "events" => settings.events = flag(key, value)?,
            "zero" => settings.zero = flag(key, value)?,
            "nodesDown" => {
                let names = value.as_array().map(|names| names.iter().map(|name| name.as_str().map(Into::into)).collect::<Option<_>>());
                settings.nodes_down = names.flatten().ok_or("nodesDown: a list of node names, such as [\"node-2\"]")?;
            }
            "rule" => rule(settings, value)?,
            _ => {
                return Err(format!(
                    "`@kubelet` has no key {key:?}: createMs, runMs, readyMs, termMs, goneMs, nodesDown, events, zero, rule"
                ));
            }
        }
    }
    Ok(())
}

/// A rule replaces an earlier one with the same pattern; one that says nothing removes it.
fn rule(settings: &mut KubeletSettings, value: &Value) -> Result<(), String> {
    let pattern = value.get("pod").and_then(Value::as_str).ok_or("rule: needs \"pod\", a pattern for the whole name, such as \"web-1\"")?;
    regex_lite::Regex::new(pattern).map_err(|error| format!("rule: {pattern:?} is no pattern: {error}"))?;
    let mut rule = KubeletRule { pattern: pattern.into(), mode: None, run_ms: None, term_ms: None, exit_code: None };
    for (key, value) in value.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        match key.as_str() {
            "pod" => {}
            "mode" => {
                let mode = value.as_str().and_then(RuleMode::parse);
                rule.mode = Some(mode.ok_or("rule: mode is notready, crash, imagepull, failed, succeeded or pending")?);
            }
            "runMs" => rule.run_ms = Some(pace(key, value)?),
            "termMs" => rule.term_ms = Some(pace(key, value)?),
            "exitCode" => {
                let code = value.as_i64().and_then(|code| i32::try_from(code).ok()).filter(|code| (0..=255).contains(code));
                rule.exit_code = Some(code.ok_or("rule: exitCode is a number from 0 to 255")?);
            }
            _ => return Err(format!("rule: there is no key {key:?}: pod, mode, runMs, termMs, exitCode")),
        }
    }
    settings.rules.retain(|standing| standing.pattern != rule.pattern);
    if rule.mode.is_some() || rule.run_ms.is_some() || rule.term_ms.is_some() || rule.exit_code.is_some() {
        settings.rules.push(rule);
    }
    Ok(())
}

fn pace(key: &str, value: &Value) -> Result<Ms, String> {
    value.as_u64().filter(|ms| *ms <= PACE_MS_MAX).ok_or_else(|| format!("{key}: milliseconds, a number from 0 to {PACE_MS_MAX}"))
}

fn flag(key: &str, value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| format!("{key}: true or false"))
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
    };
    text.len() <= 200 && text.split('.').all(label)
}
