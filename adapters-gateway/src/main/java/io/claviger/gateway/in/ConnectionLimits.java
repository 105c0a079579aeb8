package io.claviger.gateway.in;

import io.claviger.domain.accounts.AddressNets;
import java.time.Duration;

/**
 * Limits on the connections of callers.
 *
 * @param most the maximum number of connections that may be open at the same time
 * @param mostPerAddress the maximum number of concurrent connections from one IPv4 address or one
 *     /64 network of IPv6. For a /56 network, the limit is 1.5 times as high; for a /48 network, it
 *     is twice as high
 * @param proxies the proxies whose connections do not count against the limit for an address,
 *     because each proxy serves many callers
 * @param headTime the longest time that a request's head may take from its first byte to its last
 */
public record ConnectionLimits(
    int most, int mostPerAddress, AddressNets proxies, Duration headTime) {

  public static ConnectionLimits standard() {
    return new ConnectionLimits(4_096, 1_024, AddressNets.NONE, Duration.ofSeconds(10));
  }

  public ConnectionLimits withMost(int inAll, int perAddress) {
    return new ConnectionLimits(inAll, perAddress, proxies, headTime);
  }

  public ConnectionLimits withProxies(AddressNets exempt) {
    return new ConnectionLimits(most, mostPerAddress, exempt, headTime);
  }

  public ConnectionLimits withHeadTime(Duration time) {
    return new ConnectionLimits(most, mostPerAddress, proxies, time);
  }
}
