package io.claviger.inprocess.wiring;

/** The name by which operators know this node. */
record NodeLabel(String name) {}
