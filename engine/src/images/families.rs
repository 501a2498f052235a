//! The table of image families. A row says what a lab can rely on in such an image, as its publisher builds it; pull times
//! and sizes are of the order of the real ones. It must not know tags.

use super::{Family, Lookup, ShellKind};

/// The page of a fresh nginx: our own words, since nginx's page is nginx's.
const NGINX_PAGE: &str = "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n<p>This page comes with the image. Write your own to /usr/share/nginx/html/index.html.</p>\n</body>\n</html>\n";
/// The page of the teaching image `ikubernetes/myapp`, without its version.
const MYAPP_PAGE: &str = "Hello MyApp | Version: VERSION | <a href=\"hostname.html\">Pod Name</a>\n";

/// The log of the official image, whose entry point says what it does before nginx starts.
const NGINX_ENTRY_LOG: &str = "\
/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration
/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/
/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh
10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf
10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf
/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh
/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh
/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh
/docker-entrypoint.sh: Configuration complete; ready for start up
{slash} [notice] 1#1: using the \"epoll\" event method
{slash} [notice] 1#1: nginx/{v}
{slash} [notice] 1#1: OS: Linux {kernel}
{slash} [notice] 1#1: getrlimit(RLIMIT_NOFILE): 1048576:1048576
{slash} [notice] 1#1: start worker processes
{slash} [notice] 1#1: start worker process 29
";
const NGINX_LOG: &str = "\
{slash} [notice] 1#1: using the \"epoll\" event method
{slash} [notice] 1#1: nginx/{v}
{slash} [notice] 1#1: OS: Linux {kernel}
{slash} [notice] 1#1: getrlimit(RLIMIT_NOFILE): 1048576:1048576
{slash} [notice] 1#1: start worker processes
{slash} [notice] 1#1: start worker process 29
";

const DEBIAN: &str = "Debian GNU/Linux 12 (bookworm)";
const ALPINE: &str = "Alpine Linux v3.20";

const BASE: Family = Family {
    name: "unknown",
    also: &[],
    size_bytes: 50_000_000,
    pull_ms: 2_000,
    shell: ShellKind::Bash,
    lookup: Lookup::Missing,
    programs: &[],
    system: DEBIAN,
    ports: &[],
    web_root: "",
    index: "",
    version: "",
    log: "",
};

/// An image of which the table knows nothing: it pulls, runs, and has a shell.
pub const UNKNOWN: Family = BASE;

/// Every family that the table knows.
pub const FAMILIES: &[Family] = &[
    Family {
        name: "nginx",
        also: &["nginx-unprivileged", "openresty"],
        size_bytes: 72_292_111,
        pull_ms: 2_400,
        programs: &["curl", "nginx"],
        ports: &[80],
        web_root: "/usr/share/nginx/html",
        index: NGINX_PAGE,
        version: "1.29.4",
        log: NGINX_ENTRY_LOG,
        ..BASE
    },
    Family {
        name: "nginx-slim",
        size_bytes: 42_100_000,
        pull_ms: 1_800,
        programs: &["curl", "nginx"],
        ports: &[80],
        web_root: "/usr/share/nginx/html",
        index: NGINX_PAGE,
        version: "1.25.5",
        log: NGINX_LOG,
        ..BASE
    },
    Family {
        name: "busybox",
        size_bytes: 2_223_685,
        pull_ms: 900,
        shell: ShellKind::Ash,
        lookup: Lookup::Busybox,
        programs: &[
            "busybox",
            "ping",
            "wget",
            "nc",
            "ps",
            "vi",
            "httpd",
            "ip",
            "route",
            "telnet",
            "top",
            "free",
            "traceroute",
            "less",
            "clear",
        ],
        system: "BusyBox",
        ..BASE
    },
    Family {
        name: "alpine",
        size_bytes: 3_800_000,
        pull_ms: 1_000,
        shell: ShellKind::Ash,
        lookup: Lookup::Busybox,
        programs: &["busybox", "ping", "wget", "nc", "ps", "vi", "ip", "route", "top", "free", "traceroute", "less", "clear"],
        system: ALPINE,
        ..BASE
    },
    Family {
        name: "netshoot",
        also: &["dnsutils", "jessie-dnsutils", "network-multitool", "toolbox", "bind-utils"],
        size_bytes: 206_000_000,
        pull_ms: 4_000,
        shell: ShellKind::Ash,
        lookup: Lookup::Bind,
        programs: &["bash", "curl", "dig", "host", "ip", "nc", "ping", "ps", "traceroute", "wget", "clear", "jq", "vi", "less"],
        system: ALPINE,
        ..BASE
    },
    Family {
        name: "curl",
        size_bytes: 8_600_000,
        pull_ms: 1_200,
        shell: ShellKind::Ash,
        lookup: Lookup::Busybox,
        programs: &["curl", "ping", "wget", "nc", "ps", "vi", "clear"],
        system: ALPINE,
        ..BASE
    },
    Family {
        name: "myapp",
        size_bytes: 6_600_000,
        pull_ms: 1_200,
        shell: ShellKind::Ash,
        lookup: Lookup::Busybox,
        programs: &["busybox", "nginx", "ping", "wget", "nc", "ps", "vi", "clear"],
        system: ALPINE,
        ports: &[80],
        web_root: "/usr/share/nginx/html",
        index: MYAPP_PAGE,
        version: "1.12.2",
        ..BASE
    },
    Family {
        name: "httpd",
        size_bytes: 58_000_000,
        pull_ms: 2_200,
        programs: &["httpd"],
        ports: &[80],
        web_root: "/usr/local/apache2/htdocs",
        index: "<html><body><h1>It works!</h1></body></html>\n",
        version: "2.4.66",
        log: "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using {ip}. Set the 'ServerName' directive globally to suppress this message\n[{apache}] [mpm_event:notice] [pid 1:tid 1] AH00489: Apache/{v} (Unix) configured -- resuming normal operations\n[{apache}] [core:notice] [pid 1:tid 1] AH00094: Command line: 'httpd -D FOREGROUND'",
        ..BASE
    },
    Family {
        name: "etcd",
        size_bytes: 59_000_000,
        pull_ms: 2_200,
        shell: ShellKind::Ash,
        lookup: Lookup::Busybox,
        programs: &["etcd", "etcdctl", "ping", "wget", "nc", "ps", "vi"],
        system: ALPINE,
        ports: &[2379, 2380],
        version: "3.5.0",
        ..BASE
    },
    Family {
        name: "zookeeper",
        also: &["kubernetes-zookeeper"],
        size_bytes: 178_000_000,
        pull_ms: 4_200,
        programs: &["java", "zkCli.sh", "zkServer.sh", "zookeeper-ready", "nc", "ps"],
        ports: &[2181, 2888, 3888],
        version: "3.9.4",
        ..BASE
    },
    Family {
        name: "mysql",
        also: &["mariadb", "percona"],
        size_bytes: 166_000_000,
        pull_ms: 4_000,
        programs: &["mysql", "mysqld", "mysqladmin", "mysqldump"],
        ports: &[3306],
        version: "8.4.7",
        log: "{iso}.000000Z 0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld {v}) starting as process 1\n{iso}.000000Z 1 [System] [MY-013576] [InnoDB] InnoDB initialization has started.\n{iso}.000000Z 1 [System] [MY-013577] [InnoDB] InnoDB initialization has ended.\n{iso}.000000Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '{v}'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.",
        ..BASE
    },
    Family {
        name: "xtrabackup",
        size_bytes: 105_000_000,
        pull_ms: 3_000,
        programs: &["xtrabackup", "mysql", "ncat", "nc"],
        ports: &[3307],
        version: "1.0",
        ..BASE
    },
    Family {
        name: "redis",
        also: &["valkey"],
        size_bytes: 45_000_000,
        pull_ms: 1_900,
        programs: &["redis-cli", "redis-server"],
        ports: &[6379],
        version: "8.4.0",
        log: "1:C {redis} * oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo\n1:C {redis} * Redis version={v}, bits=64, commit=00000000, modified=0, pid=1, just started\n1:M {redis} * Running mode=standalone, port=6379.\n1:M {redis} * Server initialized\n1:M {redis} * Ready to accept connections tcp",
        ..BASE
    },
    Family {
        name: "postgres",
        also: &["postgresql"],
        size_bytes: 160_000_000,
        pull_ms: 3_900,
        programs: &["psql", "postgres", "pg_isready"],
        ports: &[5432],
        version: "18.1",
        log: "{dash}.000 UTC [1] LOG:  starting PostgreSQL {v} on x86_64-pc-linux-gnu, 64-bit\n{dash}.000 UTC [1] LOG:  listening on IPv4 address \"0.0.0.0\", port 5432\n{dash}.000 UTC [1] LOG:  listening on IPv6 address \"::\", port 5432\n{dash}.000 UTC [1] LOG:  listening on Unix socket \"/var/run/postgresql/.s.PGSQL.5432\"\n{dash}.000 UTC [1] LOG:  database system is ready to accept connections",
        ..BASE
    },
    Family {
        name: "mongo",
        also: &["mongodb"],
        size_bytes: 274_000_000,
        pull_ms: 5_500,
        programs: &["mongo", "mongod", "mongosh"],
        ports: &[27017],
        version: "8.2.2",
        ..BASE
    },
    Family {
        name: "cassandra",
        size_bytes: 146_000_000,
        pull_ms: 3_700,
        programs: &["cassandra", "cqlsh", "nodetool", "java"],
        ports: &[9042, 7000],
        version: "5.0.6",
        ..BASE
    },
    Family { name: "debian", size_bytes: 49_000_000, pull_ms: 1_900, ..BASE },
    Family { name: "ubuntu", size_bytes: 29_700_000, pull_ms: 1_500, system: "Ubuntu 24.04.3 LTS", ..BASE },
    Family { name: "pause", size_bytes: 318_000, pull_ms: 600, shell: ShellKind::Missing, system: "", ..BASE },
    Family {
        name: "coredns",
        size_bytes: 23_600_000,
        pull_ms: 1_300,
        shell: ShellKind::Missing,
        system: "",
        ports: &[53, 9153],
        version: "1.13.1",
        log: ".:53\nCoreDNS-{v}\nlinux/amd64",
        ..BASE
    },
];
