//! The actors of the control plane and of the nodes. They must not know kubectl or the shell.
