package io.claviger.gateway.out;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.AddressLiteral;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.egress.AddressScope;

/**
 * The destination of a connection, and the rule that permitted its address. Calls share a
 * connection only if the destination and the rule are equal.
 */
public record ProviderAddress(boolean tls, String host, int port, AddressScope reach) {

  /**
   * Returns the destination of an authorized call. The call's key and custom headers decide whether
   * the call sends a secret.
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
   * This method is written by hand for speed: deep in the stack of a call, the JVM would not inline
   * the generated method.
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof ProviderAddress address
        && port == address.port
        && tls == address.tls
        && host.equals(address.host)
        && reach.equals(address.reach);
  }

  /** Computes the hash from only two of the fields, because addresses seldom differ in the rest. */
  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  /** Returns the host for resolution and verification; an IPv6 address has no brackets here. */
  String bareHost() {
    return AddressLiteral.bare(host);
  }
}
