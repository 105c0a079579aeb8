package io.claviger.wiring;

/** The name by which operators know this node. */
record NodeLabel(String name) {}
