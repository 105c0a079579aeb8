/**
 * Test calls: calls to this node's own gateway, made over its listener as any program makes them.
 */
@NullMarked
package io.claviger.gateway.testcalls;

import org.jspecify.annotations.NullMarked;
