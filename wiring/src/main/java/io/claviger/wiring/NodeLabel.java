package io.claviger.wiring;

/** The node's name for operators. */
record NodeLabel(String name) {}
