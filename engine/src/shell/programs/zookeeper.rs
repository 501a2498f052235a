//! `zkServer.sh`, `zkCli.sh` and `zookeeper-ready`: the ZooKeeper ensemble to which a pod belongs. Words follow ZooKeeper 3.9.
//! It must not know how an ensemble is held together.

use crate::ensemble::{self, Data, Ensemble};
use crate::process::Context;
use crate::shell::state::Shell;

use super::Call;

/// Runs one of them; the exit code.
pub(super) fn run(call: &Call, shell: &Shell, context: &mut Context<'_>) -> i32 {
    let ensemble = shell.pod().and_then(|pod| ensemble::of(context.world, &pod.key));
    let words: Vec<&str> = call.arguments().iter().map(String::as_str).collect();
    match (call.name(), words.as_slice()) {
        // It asks `ruok`, which a server answers that runs, with or without a majority.
        ("zookeeper-ready", _) => 0,
        ("zkServer.sh", ["status"]) => {
            let of_tutorial = shell.pod().is_some_and(|pod| pod.image.contains("kubernetes-zookeeper"));
            status(ensemble.as_ref(), of_tutorial, context)
        }
        ("zkServer.sh", _) => {
            context.streams.error("sandbox: of zkServer.sh it models `status`");
            1
        }
        _ => client(ensemble.as_ref(), &words, context),
    }
}

/// `of_tutorial`: the image of Kubernetes' own tutorial, which has ZooKeeper 3.4 in another place.
fn status(ensemble: Option<&Ensemble>, of_tutorial: bool, context: &mut Context<'_>) -> i32 {
    context.streams.line("ZooKeeper JMX enabled by default");
    context.streams.line(if of_tutorial {
        "Using config: /usr/bin/../etc/zookeeper/zoo.cfg"
    } else {
        "Using config: /conf/zoo.cfg\nClient port found: 2181. Client address: localhost. Client SSL: false."
    });
    let Some(leader) = ensemble.and_then(Ensemble::leader) else {
        context.streams.line("Error contacting service. It is probably not running.");
        return 1;
    };
    let leads = ensemble.is_some_and(|ensemble| ensemble.own() == leader);
    context.streams.line(if leads { "Mode: leader" } else { "Mode: follower" });
    0
}

fn client(ensemble: Option<&Ensemble>, words: &[&str], context: &mut Context<'_>) -> i32 {
    let words = match words {
        ["-server", _, rest @ ..] => rest,
        words => words,
    };
    let words: Vec<&str> = words.iter().copied().filter(|word| !["-s", "-w"].contains(word)).collect();
    let path = words.get(1).copied().unwrap_or("/");
    context.streams.line("Connecting to localhost:2181");
    let Some(ensemble) = ensemble.filter(|ensemble| ensemble.quorum()) else {
        context.streams.error(&format!("KeeperErrorCode = ConnectionLoss for {path}"));
        return 1;
    };
    context.streams.line("\nWATCHER::\n\nWatchedEvent state:SyncConnected type:None path:null");
    let data = ensemble.data(context.world);
    let answer = match words.as_slice() {
        ["ls", path] => list(&data, path),
        ["get", path] => known(&data, path).map(str::to_owned),
        ["create", path, rest @ ..] => match data.get(path) {
            Some(_) => Err(format!("Node already exists: {path}")),
            None if !parent_is_there(&data, path) => Err(format!("Node does not exist: {path}")),
            None => {
                ensemble.write(context.world, |data| data.set(path, &rest.join(" ")));
                Ok(format!("Created {path}"))
            }
        },
        ["set", path, rest @ ..] => known(&data, path).map(|_| {
            ensemble.write(context.world, |data| data.set(path, &rest.join(" ")));
            String::new()
        }),
        ["delete", path] => known(&data, path).map(|_| {
            ensemble.write(context.world, |data| {
                data.remove(path);
            });
            String::new()
        }),
        _ => Err("sandbox: of zkCli.sh it models create, get, ls, set and delete, as arguments".to_owned()),
    };
    match answer {
        Ok(text) => {
            if !text.is_empty() {
                context.streams.line(&text);
            }
            0
        }
        Err(text) => {
            context.streams.error(&text);
            1
        }
    }
}

fn known<'a>(data: &'a Data, path: &str) -> Result<&'a str, String> {
    data.get(path).ok_or_else(|| format!("Node does not exist: {path}"))
}

fn parent_is_there(data: &Data, path: &str) -> bool {
    match path.rsplit_once('/') {
        Some(("", _)) => true,
        Some((parent, _)) => data.get(parent).is_some(),
        None => false,
    }
}

fn list(data: &Data, path: &str) -> Result<String, String> {
    let root = path == "/";
    if !root {
        known(data, path)?;
    }
    let below = |key: &str| {
        let rest = key.strip_prefix(if root { "" } else { path })?.strip_prefix('/')?;
        (!rest.contains('/') && !rest.is_empty()).then(|| rest.to_owned())
    };
    let mut names: Vec<String> = data.entries.iter().filter_map(|(key, _)| below(key)).collect();
    if root {
        names.push("zookeeper".to_owned());
    }
    Ok(format!("[{}]", names.join(", ")))
}
