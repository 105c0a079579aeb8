/**
 * Test calls: calls to this node's own gateway, made over its listener as any program makes them.
 */
package io.claviger.gateway.testcalls;
