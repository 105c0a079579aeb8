/**
 * What every node has, with or without listeners: the checks before its start and its periodic
 * tasks.
 */
@NullMarked
package io.claviger.wiring.node;

import org.jspecify.annotations.NullMarked;
