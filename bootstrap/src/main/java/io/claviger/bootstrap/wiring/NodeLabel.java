package io.claviger.bootstrap.wiring;

/** The name by which operators know this node. */
record NodeLabel(String name) {}
