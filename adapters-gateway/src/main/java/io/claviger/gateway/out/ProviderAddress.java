package io.claviger.gateway.out;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.egress.AddressScope;

/**
 * Where a connection goes, and under which rule it was judged. Connections are shared only between
 * calls for which both are equal.
 */
public record ProviderAddress(boolean tls, String host, int port, AddressScope reach) {

  /** Where a call goes, with the key and custom headers that go along. */
  public static ProviderAddress of(AuthorizedCall passage) {
    Endpoint endpoint = passage.endpoint();
    boolean carriesSecret = passage.key().isPresent() || !passage.headers().isEmpty();
    boolean inClear = carriesSecret && !endpoint.isTls();
    return new ProviderAddress(
        endpoint.isTls(),
        endpoint.host(),
        endpoint.port(),
        new AddressScope(passage.systemLevel(), inClear));
  }

  /** The host as names and addresses are looked up and verified: without an address's brackets. */
  String bareHost() {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}
