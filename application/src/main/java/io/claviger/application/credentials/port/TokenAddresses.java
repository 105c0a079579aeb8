package io.claviger.application.credentials.port;

import io.claviger.domain.credentials.TokenUrl;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The addresses at which tokens may be asked for: those that a call of the service may reach. */
@FunctionalInterface
public interface TokenAddresses {
  /**
   * Resolves the host of a token URL and keeps the addresses that the policy permits. The caller
   * must connect to one of these without resolving the name again. May block while the name server
   * answers.
   *
   * @param systemLevel whether the service may reach private addresses
   * @return empty if the host has addresses, but none that is permitted
   * @throws UnknownHostException when the host has no address
   */
  List<InetAddress> permitted(TokenUrl url, boolean systemLevel) throws UnknownHostException;
}
