package io.claviger.application.credentials.port;

import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.TokenUrl;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Finds the addresses from which tokens may be requested: the same addresses that calls of the
 * service may reach.
 */
@FunctionalInterface
public interface TokenAddresses {
  /**
   * Resolves the host of a token URL and keeps the addresses that the policy permits. The caller
   * must connect to one of these addresses without resolving the name again. The caller may be a
   * virtual thread: waiting does not block a platform thread.
   *
   * @param owner the owner of the service; slow look-ups for one owner do not delay the look-ups
   *     for other owners
   * @param systemLevel whether the service may reach private addresses
   * @param patience how long to wait for the name server
   * @return the permitted addresses; empty if the host has addresses but none of them is permitted
   * @throws UnknownHostException when the host has no address
   * @throws SocketTimeoutException when the name server does not answer in time
   */
  List<InetAddress> permitted(TokenUrl url, User.Id owner, boolean systemLevel, Duration patience)
      throws UnknownHostException, SocketTimeoutException;
}
