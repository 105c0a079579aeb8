/**
 * A provider on a socket. It speaks the four API formats well enough for their official SDKs, and
 * misbehaves on request, for tests, load benches and the demonstration. It holds no model and no
 * rule of Claviger, and knows none of its other modules. {@link io.claviger.stub.StubProvider} is
 * the way in, {@link io.claviger.stub.Behaviour} lists what it can be asked to do.
 */
@NullMarked
package io.claviger.stub;

import org.jspecify.annotations.NullMarked;
