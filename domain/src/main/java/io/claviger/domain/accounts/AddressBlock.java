package io.claviger.domain.accounts;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The addresses that one caller can be assumed to control: one IPv4 address, or one IPv6 network of
 * 64 bits. Within such a network, a caller can use a different address for each attempt. A text
 * that is not an address forms a block that contains only this text.
 *
 * @param text the block as text, such as {@code 192.0.2.1} or {@code 2001:db8:0:1::/64}
 */
public record AddressBlock(String text) {
  private static final int NETWORK_BYTES = 8;

  /** The number of blocks that {@link #around} returns. */
  private static final int LEVELS = 3;

  private static final int MOST_CLOSED = 32;

  /**
   * Returns the block that contains an address. No host name is ever looked up.
   *
   * @param address the address as text
   */
  public static AddressBlock of(String address) {
    if (address.indexOf(':') < 0) {
      return new AddressBlock(address);
    }
    int zone = address.indexOf('%');
    return AddressLiteral.parse(zone < 0 ? address : address.substring(0, zone))
        .map(AddressBlock::of)
        .orElseGet(() -> new AddressBlock(address));
  }

  /**
   * Returns the block that contains an address, and the networks of 56 and of 48 bits that contain
   * the block. Internet providers usually give a network of 56 bits to a household, and a network
   * of 48 bits to an organization. For an address that is not IPv6, all three results are the block
   * itself.
   */
  public static List<AddressBlock> around(String address) {
    AddressBlock block = of(address);
    int zone = address.indexOf('%');
    return AddressLiteral.parse(zone < 0 ? address : address.substring(0, zone))
        .map(InetAddress::getAddress)
        .filter(bytes -> bytes.length > NETWORK_BYTES)
        .map(bytes -> List.of(block, network(bytes, 56), network(bytes, 48)))
        .orElseGet(() -> List.of(block, block, block));
  }

  /**
   * Chooses connections to close, so that there is room for new ones. The connections come from the
   * most crowded block, which is found in three steps. The first step finds the network of 48 bits
   * with the most connections. The second step finds, within this network, the network of 56 bits
   * with the most connections. The third step finds, within the smaller network, the block with the
   * most connections. If several networks have equally many connections, the next step looks within
   * all of these networks, so connections of several blocks can be chosen. A quarter of the
   * connections is chosen, but at least one and at most {@value #MOST_CLOSED}. If this method chose
   * only one connection, it would run for each of many new connections, which would take too long.
   *
   * @param all the connections that may be closed, in the order in which they should be closed
   * @param around the function that returns the result of {@link #around} for a connection
   */
  public static <C> List<C> toClose(
      Collection<C> all, Function<? super C, List<AddressBlock>> around) {
    List<C> crowd = fromMostCrowded(all, around);
    return crowd.stream().limit(Math.clamp(crowd.size() / 4, 1, MOST_CLOSED)).toList();
  }

  private static <C> List<C> fromMostCrowded(
      Collection<C> all, Function<? super C, List<AddressBlock>> around) {
    List<C> left = List.copyOf(all);
    for (int level = LEVELS - 1; level >= 0; level--) {
      int here = level;
      Map<AddressBlock, Integer> counts = new HashMap<>();
      left.forEach(one -> counts.merge(around.apply(one).get(here), 1, Integer::sum));
      int most = counts.values().stream().mapToInt(n -> n).max().orElse(0);
      left =
          left.stream()
              .filter(one -> counts.getOrDefault(around.apply(one).get(here), 0) == most)
              .toList();
    }
    return left;
  }

  private static AddressBlock of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length > NETWORK_BYTES
        ? network(bytes, NETWORK_BYTES * 8)
        : new AddressBlock(address.getHostAddress());
  }

  private static AddressBlock network(byte[] address, int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NETWORK_BYTES; i += 2) {
      int group = i * 8 < bits ? (address[i] & 0xff) << 8 : 0;
      group |= (i + 1) * 8 < bits ? address[i + 1] & 0xff : 0;
      text.append(Integer.toHexString(group)).append(':');
    }
    return new AddressBlock(text.append(":/").append(bits).toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
