/**
 * The parts of every node, with or without listeners: the checks before its start, its heartbeat,
 * and the tasks that the features declare.
 */
@NullMarked
package io.claviger.wiring.node;

import org.jspecify.annotations.NullMarked;
