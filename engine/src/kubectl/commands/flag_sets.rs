//! The flags of kubectl's commands, in the sets that several of them share. It must not know any command.

use crate::kubectl::flags::{Flag, Takes, flag, short};

/// Flags that every command takes.
pub const GLOBAL: &[Flag] = &[
    short('n', "namespace", Takes::Text),
    short('h', "help", Takes::Switch),
    short('s', "server", Takes::Text),
    short('v', "v", Takes::Number),
    flag("as", Takes::Text),
    flag("as-group", Takes::List),
    flag("as-uid", Takes::Text),
    flag("cache-dir", Takes::Text),
    flag("certificate-authority", Takes::Text),
    flag("client-certificate", Takes::Text),
    flag("client-key", Takes::Text),
    flag("cluster", Takes::Text),
    flag("context", Takes::Text),
    flag("disable-compression", Takes::Switch),
    flag("insecure-skip-tls-verify", Takes::Switch),
    flag("kubeconfig", Takes::Text),
    flag("log-flush-frequency", Takes::Duration),
    flag("match-server-version", Takes::Switch),
    flag("password", Takes::Text),
    flag("profile", Takes::Text),
    flag("profile-output", Takes::Text),
    flag("request-timeout", Takes::Text),
    flag("tls-server-name", Takes::Text),
    flag("token", Takes::Text),
    flag("user", Takes::Text),
    flag("username", Takes::Text),
    flag("vmodule", Takes::Text),
    flag("warnings-as-errors", Takes::Switch),
];

pub(super) const OUTPUT: &[Flag] = &[
    short('o', "output", Takes::Text),
    flag("template", Takes::Text),
    flag("allow-missing-template-keys", Takes::Switch),
    flag("show-managed-fields", Takes::Switch),
];
pub(super) const FILES: &[Flag] =
    &[short('f', "filename", Takes::List), short('k', "kustomize", Takes::Text), short('R', "recursive", Takes::Switch)];
pub(super) const SELECT: &[Flag] = &[short('l', "selector", Takes::Text)];
pub(super) const FIELDS: &[Flag] = &[flag("field-selector", Takes::Text)];
pub(super) const ALL: &[Flag] = &[flag("all", Takes::Switch)];
pub(super) const EVERYWHERE: &[Flag] = &[short('A', "all-namespaces", Takes::Switch)];
pub(super) const DRY_RUN: &[Flag] = &[flag("dry-run", Takes::Optional("unchanged"))];
pub(super) const WRITER: &[Flag] = &[flag("field-manager", Takes::Text)];
pub(super) const RECORD: &[Flag] = &[flag("record", Takes::Switch)];
pub(super) const VALIDATE: &[Flag] = &[flag("validate", Takes::Optional("strict"))];
pub(super) const SAVE: &[Flag] = &[flag("save-config", Takes::Switch)];
pub(super) const TIMEOUT: &[Flag] = &[flag("timeout", Takes::Duration)];
pub(super) const DELETING: &[Flag] = &[
    flag("cascade", Takes::Optional("background")),
    flag("force", Takes::Switch),
    flag("grace-period", Takes::Number),
    flag("wait", Takes::Switch),
];

pub(super) const GET: &[Flag] = &[
    short('w', "watch", Takes::Switch),
    short('L', "label-columns", Takes::List),
    flag("watch-only", Takes::Switch),
    flag("output-watch-events", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("show-labels", Takes::Switch),
    flag("show-kind", Takes::Switch),
    flag("sort-by", Takes::Text),
    flag("ignore-not-found", Takes::Switch),
    flag("chunk-size", Takes::Number),
    flag("server-print", Takes::Switch),
    flag("raw", Takes::Text),
    flag("subresource", Takes::Text),
];
pub(super) const APPLY: &[Flag] = &[
    flag("server-side", Takes::Switch),
    flag("force-conflicts", Takes::Switch),
    flag("overwrite", Takes::Switch),
    flag("prune", Takes::Switch),
    flag("prune-allowlist", Takes::List),
    flag("openapi-patch", Takes::Switch),
];
pub(super) const DELETE: &[Flag] = &[
    flag("now", Takes::Switch),
    flag("ignore-not-found", Takes::Switch),
    short('i', "interactive", Takes::Switch),
    flag("raw", Takes::Text),
];
pub(super) const SCALE: &[Flag] =
    &[flag("replicas", Takes::Number), flag("current-replicas", Takes::Number), flag("resource-version", Takes::Text)];
pub(super) const LABEL: &[Flag] = &[flag("overwrite", Takes::Switch), flag("list", Takes::Switch), flag("resource-version", Takes::Text)];
pub(super) const WAIT: &[Flag] = &[flag("for", Takes::Text)];
pub(super) const EXEC: &[Flag] = &[
    short('c', "container", Takes::Text),
    short('i', "stdin", Takes::Switch),
    short('t', "tty", Takes::Switch),
    short('q', "quiet", Takes::Switch),
    flag("pod-running-timeout", Takes::Duration),
];
pub(super) const LOGS: &[Flag] = &[
    short('c', "container", Takes::Text),
    short('f', "follow", Takes::Switch),
    short('p', "previous", Takes::Switch),
    flag("all-containers", Takes::Switch),
    flag("all-pods", Takes::Switch),
    flag("ignore-errors", Takes::Switch),
    flag("limit-bytes", Takes::Number),
    flag("max-log-requests", Takes::Number),
    flag("pod-running-timeout", Takes::Duration),
    flag("prefix", Takes::Switch),
    flag("since", Takes::Duration),
    flag("since-time", Takes::Text),
    flag("tail", Takes::Number),
    flag("timestamps", Takes::Switch),
];
pub(super) const RUN: &[Flag] = &[
    short('i', "stdin", Takes::Switch),
    short('t', "tty", Takes::Switch),
    short('l', "labels", Takes::Text),
    short('q', "quiet", Takes::Switch),
    flag("image", Takes::Text),
    flag("restart", Takes::Text),
    flag("rm", Takes::Switch),
    flag("attach", Takes::Switch),
    flag("command", Takes::Switch),
    flag("env", Takes::Text),
    flag("expose", Takes::Switch),
    flag("port", Takes::Number),
    flag("image-pull-policy", Takes::Text),
    flag("overrides", Takes::Text),
    flag("override-type", Takes::Text),
    flag("annotations", Takes::Text),
    flag("privileged", Takes::Switch),
    flag("leave-stdin-open", Takes::Switch),
    flag("pod-running-timeout", Takes::Duration),
];
pub(super) const CONTEXTS: &[Flag] = &[
    flag("current", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("minify", Takes::Switch),
    flag("raw", Takes::Switch),
    flag("flatten", Takes::Switch),
    flag("merge", Takes::Switch),
];
pub(super) const DRAIN: &[Flag] = &[
    flag("ignore-daemonsets", Takes::Switch),
    flag("delete-emptydir-data", Takes::Switch),
    flag("disable-eviction", Takes::Switch),
    flag("force", Takes::Switch),
    flag("grace-period", Takes::Number),
    flag("pod-selector", Takes::Text),
    flag("chunk-size", Takes::Number),
    flag("skip-wait-for-delete-timeout", Takes::Number),
];
pub(super) const TAINT: &[Flag] = &[flag("overwrite", Takes::Switch)];
pub(super) const EVENTS: &[Flag] = &[
    flag("for", Takes::Text),
    flag("types", Takes::List),
    short('w', "watch", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("chunk-size", Takes::Number),
];
pub(super) const EXPOSE: &[Flag] = &[
    flag("port", Takes::Text),
    flag("target-port", Takes::Text),
    flag("name", Takes::Text),
    flag("type", Takes::Text),
    flag("protocol", Takes::Text),
    flag("cluster-ip", Takes::Text),
    flag("external-ip", Takes::Text),
    flag("load-balancer-ip", Takes::Text),
    flag("session-affinity", Takes::Text),
    flag("overrides", Takes::Text),
    flag("override-type", Takes::Text),
    short('l', "labels", Takes::Text),
    flag("selector", Takes::Text),
];
pub(super) const AUTOSCALE: &[Flag] = &[
    flag("min", Takes::Number),
    flag("max", Takes::Number),
    flag("cpu-percent", Takes::Number),
    flag("cpu", Takes::Text),
    flag("memory", Takes::Text),
    flag("name", Takes::Text),
];
pub(super) const EXPLAIN: &[Flag] = &[flag("recursive", Takes::Switch), flag("api-version", Takes::Text)];
pub(super) const RESOURCES: &[Flag] = &[
    flag("api-group", Takes::Text),
    flag("namespaced", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("cached", Takes::Switch),
    flag("categories", Takes::List),
    flag("sort-by", Takes::Text),
    flag("verbs", Takes::List),
];
pub(super) const VERSION: &[Flag] = &[flag("client", Takes::Switch)];
pub(super) const CAN_I: &[Flag] =
    &[flag("list", Takes::Switch), short('q', "quiet", Takes::Switch), flag("no-headers", Takes::Switch), flag("subresource", Takes::Text)];
pub(super) const ANY: &[Flag] = &[
    short('c', "container", Takes::Text),
    short('i', "stdin", Takes::Switch),
    short('t', "tty", Takes::Switch),
    short('p', "port", Takes::Number),
    flag("image", Takes::Text),
    flag("target", Takes::Text),
    flag("copy-to", Takes::Text),
    flag("profile", Takes::Text),
    flag("address", Takes::List),
    flag("no-preserve", Takes::Switch),
    flag("retries", Takes::Number),
    flag("containers", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("sort-by", Takes::Text),
];
pub(super) const DESCRIBE: &[Flag] = &[flag("show-events", Takes::Switch), flag("chunk-size", Takes::Number)];
pub(super) const REVISION: &[Flag] = &[flag("revision", Takes::Number)];
pub(super) const ROLLOUT_STATUS: &[Flag] = &[short('w', "watch", Takes::Switch)];
pub(super) const UNDO: &[Flag] = &[flag("to-revision", Takes::Number)];
pub(super) const PATCH: &[Flag] =
    &[short('p', "patch", Takes::Text), flag("patch-file", Takes::Text), flag("type", Takes::Text), flag("subresource", Takes::Text)];
pub(super) const SET: &[Flag] = &[flag("local", Takes::Switch)];
pub(super) const SET_CONTAINERS: &[Flag] = &[short('c', "containers", Takes::Text)];
pub(super) const SET_ENV: &[Flag] = &[
    short('e', "env", Takes::Text),
    flag("list", Takes::Switch),
    flag("from", Takes::Text),
    flag("keys", Takes::List),
    flag("overwrite", Takes::Switch),
    flag("prefix", Takes::Text),
    flag("resolve", Takes::Switch),
];
pub(super) const SET_RESOURCES: &[Flag] = &[flag("limits", Takes::Text), flag("requests", Takes::Text)];
pub(super) const DATA: &[Flag] = &[
    flag("from-literal", Takes::Text),
    flag("from-file", Takes::Text),
    flag("from-env-file", Takes::Text),
    flag("append-hash", Takes::Switch),
    flag("type", Takes::Text),
];
pub(super) const PORTS: &[Flag] =
    &[flag("tcp", Takes::List), flag("clusterip", Takes::Text), flag("node-port", Takes::Number), flag("external-name", Takes::Text)];
pub(super) const DEPLOYMENT: &[Flag] = &[flag("image", Takes::List), short('r', "replicas", Takes::Number), flag("port", Takes::Number)];
pub(super) const BUDGET: &[Flag] =
    &[flag("selector", Takes::Text), flag("min-available", Takes::Text), flag("max-unavailable", Takes::Text)];
