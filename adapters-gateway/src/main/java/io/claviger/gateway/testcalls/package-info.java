/**
 * Test calls: a node calls its own gateway through the gateway's listener, like any other program.
 */
package io.claviger.gateway.testcalls;
