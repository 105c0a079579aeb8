package io.claviger.application.credentials.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.TokenUrl;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Finds the addresses from which tokens may be requested. These are the addresses that calls to the
 * service may reach.
 */
@FunctionalInterface
public interface TokenAddresses {
  /**
   * Resolves the host of a token URL and returns the permitted addresses. The caller must connect
   * to one of these addresses without resolving the name again. The caller can be a virtual thread,
   * because the wait does not block a platform thread.
   *
   * @param owner the service's owner; slow look-ups for an owner do not delay look-ups for other
   *     owners
   * @param systemLevel whether the service may reach private addresses
   * @param patience the maximum time to wait for the name server
   * @return the permitted addresses; empty if none of the host's addresses is permitted
   * @throws UnknownHostException when the host has no address
   * @throws SocketTimeoutException when the name server does not answer in time
   */
  List<InetAddress> permitted(TokenUrl url, User.Id owner, boolean systemLevel, Duration patience)
      throws UnknownHostException, SocketTimeoutException;
}
