//! The table of kubectl's commands: names, flags, and what runs. It must not know what any of them does.

use crate::process::{Context, Process};

use super::failure::Outcome;
use super::flags::{Flag, Parsed, Takes, flag, short};
use super::{apply, create, delete, describe, get, patch, rollout, scale, set};

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
];
