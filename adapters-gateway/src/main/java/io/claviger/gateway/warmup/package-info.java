/** Calls that a node sends to itself before it serves, so that their code is compiled by then. */
@NullMarked
package io.claviger.gateway.warmup;

import org.jspecify.annotations.NullMarked;
