//! The table of kubectl's commands: names, flags, and what runs. It must not know what any of them does.

use crate::process::{Context, Process};

use super::failure::Outcome;
use super::flags::{Flag, Parsed, Takes, flag, short};
use super::{
    apply, config, create, delete, describe, diff, edit, events, explain, expose, get, info, label, nodes, patch, pods, replace, rollout,
    scale, set, wait,
};

/// What a command does.
#[derive(Clone, Copy)]
pub enum Run {
    /// It is done at once.
    Now(fn(&Parsed, &mut Context<'_>) -> Outcome),
    /// It may wait.
    Later(fn(Parsed) -> Box<dyn Process>),
    /// It generates an object to create.
    Create,
    /// It is a group of commands.
    Group,
}

/// A command of kubectl.
pub struct Command {
    /// Its words, without `kubectl`: `rollout status`.
    pub name: &'static str,
    /// Other words for the last of them.
    pub aliases: &'static [&'static str],
    /// Its flags, besides the global ones.
    pub flags: &'static [&'static [Flag]],
    /// What it does.
    pub run: Run,
    /// What `--help` says first.
    pub about: &'static str,
    /// The line under `Usage:`, without `kubectl`.
    pub usage: &'static str,
}

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

const OUTPUT: &[Flag] = &[
    short('o', "output", Takes::Text),
    flag("template", Takes::Text),
    flag("allow-missing-template-keys", Takes::Switch),
    flag("show-managed-fields", Takes::Switch),
];
const FILES: &[Flag] = &[short('f', "filename", Takes::List), short('k', "kustomize", Takes::Text), short('R', "recursive", Takes::Switch)];
const SELECT: &[Flag] = &[short('l', "selector", Takes::Text)];
const FIELDS: &[Flag] = &[flag("field-selector", Takes::Text)];
const ALL: &[Flag] = &[flag("all", Takes::Switch)];
const EVERYWHERE: &[Flag] = &[short('A', "all-namespaces", Takes::Switch)];
const DRY_RUN: &[Flag] = &[flag("dry-run", Takes::Optional("unchanged"))];
const WRITER: &[Flag] = &[flag("field-manager", Takes::Text)];
const VALIDATE: &[Flag] = &[flag("validate", Takes::Optional("strict"))];
const SAVE: &[Flag] = &[flag("save-config", Takes::Switch)];
const TIMEOUT: &[Flag] = &[flag("timeout", Takes::Duration)];
const DELETING: &[Flag] = &[
    flag("cascade", Takes::Optional("background")),
    flag("force", Takes::Switch),
    flag("grace-period", Takes::Number),
    flag("wait", Takes::Switch),
];

const GET: &[Flag] = &[
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
const APPLY: &[Flag] = &[
    flag("server-side", Takes::Switch),
    flag("force-conflicts", Takes::Switch),
    flag("overwrite", Takes::Switch),
    flag("prune", Takes::Switch),
    flag("prune-allowlist", Takes::List),
    flag("openapi-patch", Takes::Switch),
];
const DELETE: &[Flag] = &[
    flag("now", Takes::Switch),
    flag("ignore-not-found", Takes::Switch),
    short('i', "interactive", Takes::Switch),
    flag("raw", Takes::Text),
];
const SCALE: &[Flag] = &[flag("replicas", Takes::Number), flag("current-replicas", Takes::Number), flag("resource-version", Takes::Text)];
const LABEL: &[Flag] = &[flag("overwrite", Takes::Switch), flag("list", Takes::Switch), flag("resource-version", Takes::Text)];
const WAIT: &[Flag] = &[flag("for", Takes::Text)];
const EXEC: &[Flag] = &[
    short('c', "container", Takes::Text),
    short('i', "stdin", Takes::Switch),
    short('t', "tty", Takes::Switch),
    short('q', "quiet", Takes::Switch),
    flag("pod-running-timeout", Takes::Duration),
];
const LOGS: &[Flag] = &[
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
const RUN: &[Flag] = &[
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
const CONTEXTS: &[Flag] = &[
    flag("current", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("minify", Takes::Switch),
    flag("raw", Takes::Switch),
    flag("flatten", Takes::Switch),
    flag("merge", Takes::Switch),
];
const DRAIN: &[Flag] = &[
    flag("ignore-daemonsets", Takes::Switch),
    flag("delete-emptydir-data", Takes::Switch),
    flag("disable-eviction", Takes::Switch),
    flag("force", Takes::Switch),
    flag("grace-period", Takes::Number),
    flag("pod-selector", Takes::Text),
    flag("chunk-size", Takes::Number),
    flag("skip-wait-for-delete-timeout", Takes::Number),
];
const TAINT: &[Flag] = &[flag("overwrite", Takes::Switch)];
const EVENTS: &[Flag] = &[
    flag("for", Takes::Text),
    flag("types", Takes::List),
    short('w', "watch", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("chunk-size", Takes::Number),
];
const EXPOSE: &[Flag] = &[
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
const AUTOSCALE: &[Flag] = &[
    flag("min", Takes::Number),
    flag("max", Takes::Number),
    flag("cpu-percent", Takes::Number),
    flag("cpu", Takes::Text),
    flag("memory", Takes::Text),
    flag("name", Takes::Text),
];
const EXPLAIN: &[Flag] = &[flag("recursive", Takes::Switch), flag("api-version", Takes::Text)];
const RESOURCES: &[Flag] = &[
    flag("api-group", Takes::Text),
    flag("namespaced", Takes::Switch),
    flag("no-headers", Takes::Switch),
    flag("cached", Takes::Switch),
    flag("categories", Takes::List),
    flag("sort-by", Takes::Text),
    flag("verbs", Takes::List),
];
const VERSION: &[Flag] = &[flag("client", Takes::Switch)];
const CAN_I: &[Flag] =
    &[flag("list", Takes::Switch), short('q', "quiet", Takes::Switch), flag("no-headers", Takes::Switch), flag("subresource", Takes::Text)];
const ANY: &[Flag] = &[
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
const DESCRIBE: &[Flag] = &[flag("show-events", Takes::Switch), flag("chunk-size", Takes::Number)];
const REVISION: &[Flag] = &[flag("revision", Takes::Number)];
const ROLLOUT_STATUS: &[Flag] = &[short('w', "watch", Takes::Switch)];
const UNDO: &[Flag] = &[flag("to-revision", Takes::Number)];
const PATCH: &[Flag] =
    &[short('p', "patch", Takes::Text), flag("patch-file", Takes::Text), flag("type", Takes::Text), flag("subresource", Takes::Text)];
const SET: &[Flag] = &[flag("local", Takes::Switch)];
const SET_CONTAINERS: &[Flag] = &[short('c', "containers", Takes::Text)];
const SET_ENV: &[Flag] = &[
    short('e', "env", Takes::Text),
    flag("list", Takes::Switch),
    flag("from", Takes::Text),
    flag("keys", Takes::List),
    flag("overwrite", Takes::Switch),
    flag("prefix", Takes::Text),
    flag("resolve", Takes::Switch),
];
const SET_RESOURCES: &[Flag] = &[flag("limits", Takes::Text), flag("requests", Takes::Text)];
const DATA: &[Flag] = &[
    flag("from-literal", Takes::Text),
    flag("from-file", Takes::Text),
    flag("from-env-file", Takes::Text),
    flag("append-hash", Takes::Switch),
    flag("type", Takes::Text),
];
const PORTS: &[Flag] =
    &[flag("tcp", Takes::List), flag("clusterip", Takes::Text), flag("node-port", Takes::Number), flag("external-name", Takes::Text)];
const DEPLOYMENT: &[Flag] = &[flag("image", Takes::List), short('r', "replicas", Takes::Number), flag("port", Takes::Number)];
const BUDGET: &[Flag] = &[flag("selector", Takes::Text), flag("min-available", Takes::Text), flag("max-unavailable", Takes::Text)];

macro_rules! create {
    ($name:literal, $aliases:expr, $flags:expr, $about:literal, $usage:literal) => {
        Command {
            name: $name,
            aliases: $aliases,
            flags: &[OUTPUT, DRY_RUN, WRITER, VALIDATE, SAVE, $flags],
            run: Run::Create,
            about: $about,
            usage: $usage,
        }
    };
}

/// Every command, in the order in which kubectl's help lists them.
pub const COMMANDS: &[Command] = &[
    Command {
        name: "create",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, DRY_RUN, WRITER, VALIDATE, SAVE],
        run: Run::Now(create::run),
        about: "Create a resource from a file or from stdin.",
        usage: "create -f FILENAME [options]",
    },
    create!(
        "create namespace",
        &["ns"],
        &[],
        "Create a namespace with the specified name.",
        "create namespace NAME [--dry-run=server|client|none] [options]"
    ),
    create!(
        "create configmap",
        &["cm"],
        DATA,
        "Create a config map based on a file, directory, or specified literal value.",
        "create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]"
    ),
    Command {
        name: "create secret",
        aliases: &[],
        flags: &[],
        run: Run::Group,
        about: "Create a secret with specified type.",
        usage: "create secret (generic) [options]",
    },
    create!(
        "create secret generic",
        &[],
        DATA,
        "Create a secret based on a file, directory, or specified literal value.",
        "create secret generic NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none] [options]"
    ),
    Command {
        name: "create service",
        aliases: &["svc"],
        flags: &[],
        run: Run::Group,
        about: "Create a service using a specified subcommand.",
        usage: "create service [options]",
    },
    create!(
        "create service clusterip",
        &[],
        PORTS,
        "Create a ClusterIP service with the specified name.",
        "create service clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none] [options]"
    ),
    create!(
        "create service nodeport",
        &[],
        PORTS,
        "Create a NodePort service with the specified name.",
        "create service nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none] [options]"
    ),
    create!(
        "create service loadbalancer",
        &[],
        PORTS,
        "Create a LoadBalancer service with the specified name.",
        "create service loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none] [options]"
    ),
    create!(
        "create service externalname",
        &[],
        PORTS,
        "Create an ExternalName service with the specified name.",
        "create service externalname NAME --external-name external.name [--dry-run=server|client|none] [options]"
    ),
    create!(
        "create deployment",
        &["deploy"],
        DEPLOYMENT,
        "Create a deployment with the specified name.",
        "create deployment NAME --image=image -- [COMMAND] [args...] [options]"
    ),
    create!(
        "create poddisruptionbudget",
        &["pdb"],
        BUDGET,
        "Create a pod disruption budget with the specified name, selector, and desired minimum available pods.",
        "create poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none] [options]"
    ),
    create!(
        "create serviceaccount",
        &["sa"],
        &[],
        "Create a service account with the specified name.",
        "create serviceaccount NAME [--dry-run=server|client|none] [options]"
    ),
    Command {
        name: "set",
        aliases: &[],
        flags: &[],
        run: Run::Group,
        about: "Configure application resources.",
        usage: "set SUBCOMMAND [options]",
    },
    Command {
        name: "set env",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, ALL, DRY_RUN, WRITER, SET, SET_CONTAINERS, SET_ENV],
        run: Run::Now(set::env::run),
        about: "Update environment variables on a pod template.",
        usage: "set env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N [options]",
    },
    Command {
        name: "set image",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, ALL, DRY_RUN, WRITER, SET],
        run: Run::Now(set::image::run),
        about: "Update existing container image(s) of resources.",
        usage: "set image (-f FILENAME | TYPE NAME) CONTAINER_NAME_1=CONTAINER_IMAGE_1 ... CONTAINER_NAME_N=CONTAINER_IMAGE_N [options]",
    },
    Command {
        name: "set resources",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, ALL, DRY_RUN, WRITER, SET, SET_CONTAINERS, SET_RESOURCES],
        run: Run::Now(set::resources::run),
        about: "Specify compute resource requirements (CPU, memory) for any resource that defines a pod template.",
        usage: "set resources (-f FILENAME | TYPE NAME) ([--limits=LIMITS & --requests=REQUESTS] [options]",
    },
    Command {
        name: "set serviceaccount",
        aliases: &["sa"],
        flags: &[OUTPUT, FILES, ALL, DRY_RUN, WRITER, SET],
        run: Run::Now(set::resources::service_account),
        about: "Update the service account of pod template resources.",
        usage: "set serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT [options]",
    },
    Command {
        name: "get",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, FIELDS, EVERYWHERE, GET],
        run: Run::Later(get::start),
        about: "Display one or many resources.",
        usage: "get [(-o|--output=)json|yaml|name|go-template|jsonpath|custom-columns|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags] [options]",
    },
    Command {
        name: "delete",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, FIELDS, EVERYWHERE, ALL, DRY_RUN, TIMEOUT, DELETING, DELETE],
        run: Run::Later(delete::start),
        about: "Delete resources by file names, stdin, resources and names, or by resources and label selector.",
        usage: "delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)]) [options]",
    },
    Command {
        name: "scale",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, ALL, DRY_RUN, TIMEOUT, SCALE],
        run: Run::Now(scale::run),
        about: "Set a new size for a deployment, replica set, replication controller, or stateful set.",
        usage: "scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME) [options]",
    },
    Command {
        name: "apply",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, ALL, DRY_RUN, WRITER, VALIDATE, TIMEOUT, DELETING, APPLY],
        run: Run::Now(apply::run),
        about: "Apply a configuration to a resource by file name or stdin.",
        usage: "apply (-f FILENAME | -k DIRECTORY) [options]",
    },
    Command {
        name: "patch",
        aliases: &[],
        flags: &[OUTPUT, FILES, DRY_RUN, WRITER, SET, PATCH],
        run: Run::Now(patch::run),
        about: "Update fields of a resource using strategic merge patch, a JSON merge patch, or a JSON patch.",
        usage: "patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE] [options]",
    },
    Command {
        name: "describe",
        aliases: &[],
        flags: &[FILES, SELECT, EVERYWHERE, DESCRIBE],
        run: Run::Now(describe::run),
        about: "Show details of a specific resource or group of resources.",
        usage: "describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME) [options]",
    },
    Command {
        name: "rollout",
        aliases: &[],
        flags: &[],
        run: Run::Group,
        about: "Manage the rollout of one or many resources.",
        usage: "rollout SUBCOMMAND [options]",
    },
    Command {
        name: "rollout history",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, REVISION],
        run: Run::Now(rollout::history::run),
        about: "View previous rollout revisions and configurations.",
        usage: "rollout history (TYPE NAME | TYPE/NAME) [flags] [options]",
    },
    Command {
        name: "rollout pause",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, WRITER],
        run: Run::Now(rollout::restart::pause),
        about: "Mark the provided resource as paused.",
        usage: "rollout pause RESOURCE [options]",
    },
    Command {
        name: "rollout restart",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, WRITER],
        run: Run::Now(rollout::restart::run),
        about: "Restart a resource.",
        usage: "rollout restart RESOURCE [options]",
    },
    Command {
        name: "rollout resume",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, WRITER],
        run: Run::Now(rollout::restart::resume),
        about: "Resume a paused resource.",
        usage: "rollout resume RESOURCE [options]",
    },
    Command {
        name: "rollout status",
        aliases: &[],
        flags: &[FILES, SELECT, TIMEOUT, REVISION, ROLLOUT_STATUS],
        run: Run::Later(rollout::status::start),
        about: "Show the status of the rollout.",
        usage: "rollout status (TYPE NAME | TYPE/NAME) [flags] [options]",
    },
    Command {
        name: "rollout undo",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, DRY_RUN, UNDO],
        run: Run::Now(rollout::undo::run),
        about: "Roll back to a previous rollout.",
        usage: "rollout undo (TYPE NAME | TYPE/NAME) [flags] [options]",
    },
    Command {
        name: "expose",
        aliases: &[],
        flags: &[OUTPUT, FILES, DRY_RUN, WRITER, SAVE, EXPOSE],
        run: Run::Now(expose::run),
        about: "Expose a resource as a new Kubernetes service.",
        usage: "expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--type=type] [options]",
    },
    Command {
        name: "run",
        aliases: &[],
        flags: &[OUTPUT, DRY_RUN, WRITER, SAVE, TIMEOUT, DELETING, RUN],
        run: Run::Later(pods::run::start),
        about: "Create and run a particular image in a pod.",
        usage: "run NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...] [options]",
    },
    Command {
        name: "explain",
        aliases: &[],
        flags: &[OUTPUT, EXPLAIN],
        run: Run::Now(explain::run),
        about: "Describe fields and structure of various resources.",
        usage: "explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [options]",
    },
    Command {
        name: "edit",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, WRITER, VALIDATE, SAVE],
        run: Run::Now(edit::run),
        about: "Edit a resource from the default editor.",
        usage: "edit (RESOURCE/NAME | -f FILENAME) [options]",
    },
    Command {
        name: "autoscale",
        aliases: &[],
        flags: &[OUTPUT, FILES, DRY_RUN, WRITER, SAVE, AUTOSCALE],
        run: Run::Now(expose::autoscale),
        about: "Creates an autoscaler that automatically chooses and sets the number of pods that run in a Kubernetes cluster.",
        usage: "autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [options]",
    },
    Command {
        name: "cluster-info",
        aliases: &[],
        flags: &[],
        run: Run::Now(info::cluster_info),
        about: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true.",
        usage: "cluster-info [flags] [options]",
    },
    Command {
        name: "top",
        aliases: &[],
        flags: &[],
        run: Run::Group,
        about: "Display resource (CPU/memory) usage.",
        usage: "top [flags] [options]",
    },
    Command {
        name: "top node",
        aliases: &["nodes", "no"],
        flags: &[SELECT, ANY],
        run: Run::Now(info::top),
        about: "Display resource (CPU/memory) usage of nodes.",
        usage: "top node [NAME | -l label] [options]",
    },
    Command {
        name: "top pod",
        aliases: &["pods", "po"],
        flags: &[SELECT, FIELDS, EVERYWHERE, ANY],
        run: Run::Now(info::top),
        about: "Display resource (CPU/memory) usage of pods.",
        usage: "top pod [NAME | -l label] [options]",
    },
    Command {
        name: "cordon",
        aliases: &[],
        flags: &[SELECT, DRY_RUN],
        run: Run::Now(nodes::cordon),
        about: "Mark node as unschedulable.",
        usage: "cordon NODE [options]",
    },
    Command {
        name: "uncordon",
        aliases: &[],
        flags: &[SELECT, DRY_RUN],
        run: Run::Now(nodes::uncordon),
        about: "Mark node as schedulable.",
        usage: "uncordon NODE [options]",
    },
    Command {
        name: "drain",
        aliases: &[],
        flags: &[SELECT, DRY_RUN, TIMEOUT, DRAIN],
        run: Run::Later(nodes::drain::start),
        about: "Drain node in preparation for maintenance.",
        usage: "drain NODE [options]",
    },
    Command {
        name: "taint",
        aliases: &[],
        flags: &[OUTPUT, SELECT, ALL, DRY_RUN, WRITER, VALIDATE, TAINT],
        run: Run::Now(nodes::taint::run),
        about: "Update the taints on one or more nodes.",
        usage: "taint NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N [options]",
    },
    Command {
        name: "logs",
        aliases: &[],
        flags: &[SELECT, LOGS],
        run: Run::Now(pods::logs::run),
        about: "Print the logs for a container in a pod or specified resource.",
        usage: "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER] [options]",
    },
    Command {
        name: "attach",
        aliases: &[],
        flags: &[ANY, TIMEOUT],
        run: Run::Now(info::refused),
        about: "Attach to a process that is already running inside an existing container.",
        usage: "attach (POD | TYPE/NAME) -c CONTAINER [options]",
    },
    Command {
        name: "exec",
        aliases: &[],
        flags: &[FILES, EXEC],
        run: Run::Later(pods::exec::start),
        about: "Execute a command in a container.",
        usage: "exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...] [options]",
    },
    Command {
        name: "port-forward",
        aliases: &[],
        flags: &[ANY, TIMEOUT],
        run: Run::Now(info::refused),
        about: "Forward one or more local ports to a pod.",
        usage: "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
    },
    Command {
        name: "proxy",
        aliases: &[],
        flags: &[ANY],
        run: Run::Now(info::refused),
        about: "Creates a proxy server or application-level gateway between localhost and the Kubernetes API server.",
        usage: "proxy [--port=PORT] [options]",
    },
    Command {
        name: "cp",
        aliases: &[],
        flags: &[ANY],
        run: Run::Now(info::refused),
        about: "Copy files and directories to and from containers.",
        usage: "cp <file-spec-src> <file-spec-dest> [options]",
    },
    Command { name: "auth", aliases: &[], flags: &[], run: Run::Group, about: "Inspect authorization.", usage: "auth [flags] [options]" },
    Command {
        name: "auth can-i",
        aliases: &[],
        flags: &[EVERYWHERE, CAN_I],
        run: Run::Now(info::can_i),
        about: "Check whether an action is allowed.",
        usage: "auth can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL] [options]",
    },
    Command {
        name: "auth whoami",
        aliases: &[],
        flags: &[OUTPUT],
        run: Run::Now(info::whoami),
        about: "Check self subject attributes.",
        usage: "auth whoami [options]",
    },
    Command {
        name: "debug",
        aliases: &[],
        flags: &[ANY],
        run: Run::Now(info::debug),
        about: "Debug cluster resources using interactive debugging containers.",
        usage: "debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ] [options]",
    },
    Command {
        name: "events",
        aliases: &[],
        flags: &[OUTPUT, EVERYWHERE, EVENTS],
        run: Run::Later(events::start),
        about: "Display events.",
        usage: "events [(-o|--output=)json|yaml|name|go-template|jsonpath] [--for TYPE/NAME] [--watch] [--types=Normal,Warning] [options]",
    },
    Command {
        name: "diff",
        aliases: &[],
        flags: &[FILES, SELECT, WRITER, APPLY],
        run: Run::Now(diff::run),
        about: "Diff configurations specified by file name or stdin between the current online configuration, and the configuration as it would be if applied.",
        usage: "diff -f FILENAME [options]",
    },
    Command {
        name: "replace",
        aliases: &[],
        flags: &[OUTPUT, FILES, DRY_RUN, WRITER, VALIDATE, SAVE, TIMEOUT, DELETING],
        run: Run::Later(replace::start),
        about: "Replace a resource by file name or stdin.",
        usage: "replace -f FILENAME [options]",
    },
    Command {
        name: "wait",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, FIELDS, EVERYWHERE, ALL, TIMEOUT, WAIT],
        run: Run::Later(wait::start),
        about: "Wait for a specific condition on one or many resources.",
        usage: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath=...] [options]",
    },
    Command {
        name: "label",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, FIELDS, EVERYWHERE, ALL, DRY_RUN, WRITER, LABEL],
        run: Run::Now(label::label),
        about: "Update the labels on a resource.",
        usage: "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]",
    },
    Command {
        name: "annotate",
        aliases: &[],
        flags: &[OUTPUT, FILES, SELECT, FIELDS, EVERYWHERE, ALL, DRY_RUN, WRITER, LABEL],
        run: Run::Now(label::annotate),
        about: "Update the annotations on one or more resources.",
        usage: "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version] [options]",
    },
    Command {
        name: "api-resources",
        aliases: &[],
        flags: &[OUTPUT, RESOURCES],
        run: Run::Now(info::api_resources),
        about: "Print the supported API resources on the server.",
        usage: "api-resources [flags] [options]",
    },
    Command {
        name: "api-versions",
        aliases: &[],
        flags: &[],
        run: Run::Now(info::api_versions),
        about: "Print the supported API versions on the server, in the form of \"group/version\".",
        usage: "api-versions",
    },
    Command {
        name: "config",
        aliases: &[],
        flags: &[],
        run: Run::Group,
        about: "Modify kubeconfig files using subcommands like \"kubectl config set current-context my-context\".",
        usage: "config SUBCOMMAND [options]",
    },
    Command {
        name: "config current-context",
        aliases: &[],
        flags: &[],
        run: Run::Now(config::current_context),
        about: "Display the current-context.",
        usage: "config current-context [flags] [options]",
    },
    Command {
        name: "config get-clusters",
        aliases: &[],
        flags: &[],
        run: Run::Now(config::get_clusters),
        about: "Display clusters defined in the kubeconfig.",
        usage: "config get-clusters [flags] [options]",
    },
    Command {
        name: "config get-contexts",
        aliases: &[],
        flags: &[OUTPUT, CONTEXTS],
        run: Run::Now(config::get_contexts),
        about: "Display one or many contexts from the kubeconfig file.",
        usage: "config get-contexts [(-o|--output=)name)] [options]",
    },
    Command {
        name: "config set-context",
        aliases: &[],
        flags: &[CONTEXTS],
        run: Run::Now(config::set_context),
        about: "Set a context entry in kubeconfig.",
        usage: "config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace] [options]",
    },
    Command {
        name: "config use-context",
        aliases: &["use"],
        flags: &[],
        run: Run::Now(config::use_context),
        about: "Set the current-context in a kubeconfig file.",
        usage: "config use-context CONTEXT_NAME [options]",
    },
    Command {
        name: "config view",
        aliases: &[],
        flags: &[OUTPUT, CONTEXTS],
        run: Run::Now(config::view),
        about: "Display merged kubeconfig settings or a specified kubeconfig file.",
        usage: "config view [flags] [options]",
    },
    Command {
        name: "version",
        aliases: &[],
        flags: &[OUTPUT, VERSION],
        run: Run::Now(info::version),
        about: "Print the client and server version information for the current context.",
        usage: "version [flags] [options]",
    },
    Command {
        name: "options",
        aliases: &[],
        flags: &[],
        run: Run::Now(info::options),
        about: "Print the list of flags inherited by all commands.",
        usage: "options",
    },
];
