/**
 * The data plane: a streaming reverse proxy that adds a provider's API key to the calls of people
 * who never see the key. This package only starts and stops the gateway. Each stage of a call has a
 * package below it: {@code in}, {@code authorize}, {@code model}, {@code relay} with {@code
 * redact}, and {@code out} with {@code egress}. None of these packages depends on this package,
 * {@code gateway}.
 */
package io.claviger.gateway;
