/**
 * The data plane. It is a streaming reverse proxy, which adds the API key of a provider to calls;
 * the people who make these calls never see the key. The package itself only starts and stops the
 * gateway. Each stage of a call has a package below it: {@code in}, {@code authorize}, {@code
 * model}, {@code relay} with {@code redact}, and {@code out} with {@code egress}. None of these
 * packages depends on this package, {@code gateway}.
 */
package io.claviger.gateway;
