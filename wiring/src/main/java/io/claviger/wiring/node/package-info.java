/**
 * The parts of every node, with or without listeners: the checks before its start, its heartbeat,
 * and the tasks that the features declare.
 */
package io.claviger.wiring.node;
