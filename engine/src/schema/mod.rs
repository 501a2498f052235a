//! The Kubernetes OpenAPI structure: validate, explain, complete. It must not know YAML or the cluster.
