//! YAML text -> spanned tree -> documents, with every problem found and where it stands. It must not know the cluster.
