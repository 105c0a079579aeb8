package io.claviger.gateway.in;

import io.claviger.domain.accounts.AddressNets;
import java.time.Duration;

/**
 * Limits on the connections of callers.
 *
 * @param most open at once
 * @param mostPerAddress open at once of one IPv4 address or one IPv6 /64 network; a /56 network may
 *     have half as many again, and a /48 network twice as many
 * @param proxies the proxies whose connections are exempt from the limit for one address, because
 *     each serves many callers
 * @param headTime how long a request's head may take from its first byte to its last
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
