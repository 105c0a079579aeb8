/**
 * The data plane. The gateway is a streaming reverse proxy: it adds a provider's API key to calls,
 * and the callers never see the key. The package itself only starts and stops the gateway. Each
 * stage of a call has its own subpackage: {@code in}, {@code authorize}, {@code model}, {@code
 * relay} (which uses {@code redact} and {@code usage}) and {@code out} (which uses {@code egress}).
 * No subpackage depends on this package.
 */
package io.claviger.gateway;
