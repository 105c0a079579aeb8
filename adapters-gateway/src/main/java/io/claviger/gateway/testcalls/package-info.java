/**
 * Test calls: calls to this node's own gateway that go through its listener, like the calls of any
 * program.
 */
package io.claviger.gateway.testcalls;
