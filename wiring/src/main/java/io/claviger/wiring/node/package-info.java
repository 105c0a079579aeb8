/**
 * The parts of every node, with or without listeners: the checks before its start, its heartbeat,
 * and the features' tasks.
 */
package io.claviger.wiring.node;
