/**
 * A simulated provider that listens on a socket, for tests, load benchmarks and the demo. The
 * provider keeps the objects stored by calls separately for each key. The provider speaks all API
 * formats well enough for the official SDKs. The provider misbehaves if a caller or a test requests
 * misbehaviour. The provider runs no model, and the module depends on no other module of Claviger.
 * Start with {@link io.claviger.stub.StubProvider}. {@link io.claviger.stub.Behaviour} lists the
 * misbehaviours.
 */
package io.claviger.stub;
