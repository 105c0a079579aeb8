/**
 * Test calls: calls that a node makes to its own gateway, through the gateway's listener, like the
 * calls of any other program.
 */
package io.claviger.gateway.testcalls;
