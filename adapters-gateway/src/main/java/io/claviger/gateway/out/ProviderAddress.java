package io.claviger.gateway.out;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.egress.AddressScope;

/**
 * The destination of a connection, and the rule that permitted its address. Two calls use the same
 * connection only if both destination and rule are equal.
 */
public record ProviderAddress(boolean tls, String host, int port, AddressScope reach) {

  /**
   * Returns the address to which an authorized call connects. The key and the custom headers of the
   * call decide whether a secret is sent.
   */
  public static ProviderAddress of(AuthorizedCall call) {
    Endpoint endpoint = call.endpoint();
    boolean carriesSecret =
        call.key().isPresent() || call.token().isPresent() || !call.headers().isEmpty();
    boolean inClear = carriesSecret && !endpoint.isTls();
    return new ProviderAddress(
        endpoint.isTls(),
        endpoint.host(),
        endpoint.port(),
        new AddressScope(call.terms().systemLevel(), inClear));
  }

  /**
   * Returns the host in the form in which it is resolved and verified: without the brackets of an
   * IPv6 address.
   */
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
