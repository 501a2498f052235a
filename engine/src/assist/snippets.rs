//! Whole pieces of a manifest, with blanks to fill in, written `${NUMBER:WORD}`, offered where they fit. Their names are what a person would type.
//! It must not know the document beyond the place.

use super::complete::Completion;
use super::context::{Context, Step};
use crate::api::kind::Kind;

const STATEFULSET: &str = "apiVersion: v1
kind: Service
metadata:
  name: ${1:web}
spec:
  clusterIP: None
  selector:
    app: ${1:web}
  ports:
  - port: 80
    name: web
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${1:web}
spec:
  serviceName: ${1:web}
  replicas: ${2:3}
  selector:
    matchLabels:
      app: ${1:web}
  template:
    metadata:
      labels:
        app: ${1:web}
    spec:
      containers:
      - name: nginx
        image: ${3:nginx:1.27}
        ports:
        - containerPort: 80
          name: web
        readinessProbe:
          tcpSocket:
            port: web
        volumeMounts:
        - name: data
          mountPath: ${4:/data}
  volumeClaimTemplates:
  - metadata:
      name: data
    spec:
      accessModes: [ReadWriteOnce]
      resources:
        requests:
          storage: ${5:1Gi}
";

/// Name, what it is, where it fits (the last key of the path, and the kind), the piece.
const SNIPPETS: &[(&str, &str, &str, &str)] = &[
    (
        "partition",
        "update from this ordinal on",
        "spec",
        "updateStrategy:\n  type: RollingUpdate\n  rollingUpdate:\n    partition: ${1:2}\n",
    ),
    (
        "retention",
        "what becomes of claims",
        "spec",
        "persistentVolumeClaimRetentionPolicy:\n  whenDeleted: ${1:Retain}\n  whenScaled: ${2:Delete}\n",
    ),
    (
        "probe",
        "ready when it answers",
        "containers",
        "readinessProbe:\n  httpGet:\n    path: ${1:/}\n    port: ${2:80}\n  periodSeconds: ${3:5}\n",
    ),
];

/// The pieces that fit a place.
pub(super) fn fitting(context: &Context<'_>) -> Vec<Completion> {
    let piece = |name: &str, detail: &str, text: &str| Completion {
        label: name.to_owned(),
        detail: detail.to_owned(),
        insert: text.trim_end().to_owned(),
        template: true,
        subject: String::new(),
        rank: 1,
    };
    if context.path.is_empty() && context.siblings().is_empty() {
        return vec![piece("statefulset", "StatefulSet with Service", STATEFULSET)];
    }
    let set = context.kind().is_some_and(|kind| kind == Kind::StatefulSet);
    let taken = context.siblings();
    let last = match context.path.as_slice() {
        [Step::Key("spec")] if set => "spec",
        [.., Step::Key("containers"), Step::Element] => "containers",
        _ => return Vec::new(),
    };
    let free = |text: &str| text.split(':').next().is_some_and(|key| !taken.contains(&key));
    SNIPPETS
        .iter()
        .filter(|(_, _, place, text)| *place == last && free(text))
        .map(|(name, detail, _, text)| piece(name, detail, text))
        .collect()
}
