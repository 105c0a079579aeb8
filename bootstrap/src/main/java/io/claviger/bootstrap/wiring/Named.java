package io.claviger.bootstrap.wiring;

/** What an operator knows this node by. */
record Named(String name) {}
