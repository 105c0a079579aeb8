package io.claviger.wiring;

/** The name under which operators know this node. */
record NodeLabel(String name) {}
