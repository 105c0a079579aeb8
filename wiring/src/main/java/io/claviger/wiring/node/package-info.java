/**
 * The parts that every node has, with or without listeners: the checks before its start, its
 * heartbeat, and the tasks that the features declare.
 */
package io.claviger.wiring.node;
