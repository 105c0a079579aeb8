/** Nodes, encryption keys and readiness, for administrators. */
@NullMarked
package io.claviger.console.operations;

import org.jspecify.annotations.NullMarked;
