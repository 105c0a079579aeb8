package io.claviger.bootstrap.wiring;

/** What an operator knows this node by. */
record NodeLabel(String name) {}
