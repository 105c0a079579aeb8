/** A running node: its start, the checks before it, its stop, its periodic tasks, and the demo. */
@NullMarked
package io.claviger.bootstrap.node;

import org.jspecify.annotations.NullMarked;
