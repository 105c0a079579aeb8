/**
 * A running node: how it starts, what it refuses to start with, how it stops, and the demo that
 * runs on one.
 */
@NullMarked
package io.claviger.bootstrap.node;

import org.jspecify.annotations.NullMarked;
