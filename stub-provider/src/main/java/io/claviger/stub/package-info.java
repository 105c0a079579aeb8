/**
 * A simulated provider on a socket, for tests, load benchmarks and the demo. It keeps the objects
 * that calls store, separately for each key. It speaks the five API formats well enough for the
 * official SDKs, and it misbehaves if a caller or a test requests this. It runs no model, and it
 * depends on no other module. Start with {@link io.claviger.stub.StubProvider}. {@link
 * io.claviger.stub.Behaviour} lists the misbehaviours.
 */
package io.claviger.stub;
