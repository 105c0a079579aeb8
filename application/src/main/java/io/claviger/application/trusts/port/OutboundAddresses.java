package io.claviger.application.trusts.port;

import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Finds the addresses to which Claviger may connect on behalf of a user. The policy for these
 * addresses is the same as for users' LLM services. Addresses that are not globally reachable need
 * the operator's permission.
 */
@FunctionalInterface
public interface OutboundAddresses {
  /**
   * Resolves a host, and returns the addresses that the policy permits. The caller must connect to
   * one of these addresses without resolving the host again. Until the name server answers, blocks
   * only the calling thread.
   *
   * @param host the host's name or address, without brackets
   * @param patience the maximum time to wait for the name server
   * @return the permitted addresses, at least one
   * @throws UnknownHostException if the host has no permitted address
   * @throws SocketTimeoutException if the name server does not answer in time
   */
  List<InetAddress> permitted(String host, int port, Duration patience)
      throws UnknownHostException, SocketTimeoutException;
}
