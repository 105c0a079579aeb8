package io.claviger.gateway.out;

import io.claviger.application.credentials.port.TokenAddresses;
import io.claviger.application.trusts.port.OutboundAddresses;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.gateway.egress.AddressPolicy;
import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AddressScope;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Resolves names and permits the addresses that calls to users' services may reach, by the same
 * policy.
 */
public final class PermittedAddresses implements OutboundAddresses, TokenAddresses {
  private static final AddressScope SCOPE = new AddressScope(false, false);

  private final AddressResolver resolver;
  private final AddressPolicy policy;

  private PermittedAddresses(AddressResolver resolver, AddressPolicy policy) {
    this.resolver = resolver;
    this.policy = policy;
  }

  public static PermittedAddresses of(OutboundSettings settings) {
    return new PermittedAddresses(settings.resolver(), OutboundTransport.policy(settings));
  }

  @Override
  public List<InetAddress> permitted(String host, int port) throws UnknownHostException {
    List<InetAddress> permitted = permitted(host, port, SCOPE);
    if (permitted.isEmpty()) {
      throw new UnknownHostException("no address of the host may be connected to");
    }
    return permitted;
  }

  /**
   * Resolves a host that the operator named, and permits the addresses that calls to system-level
   * services may reach.
   *
   * @return empty if none may be reached
   */
  public List<InetAddress> permittedForOperator(String host, int port) throws UnknownHostException {
    return permitted(host, port, new AddressScope(true, false));
  }

  /** Whoever asks for a token sends a secret. */
  @Override
  public List<InetAddress> permitted(TokenUrl url, boolean systemLevel)
      throws UnknownHostException {
    return permitted(url.host(), url.port(), new AddressScope(systemLevel, !url.isTls()));
  }

  private List<InetAddress> permitted(String host, int port, AddressScope scope)
      throws UnknownHostException {
    return resolver.resolve(host).stream()
        .filter(address -> policy.permits(host, address, port, scope))
        .toList();
  }
}
