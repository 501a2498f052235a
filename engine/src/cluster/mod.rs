//! The world: object store, watch log, virtual clock, event queue, command log. It must not know kubectl.
