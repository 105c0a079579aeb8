package io.claviger.domain.accounts;

import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
   * Finds the block from which the most attempts come, in three steps: first the network of 48 bits
   * with the most attempts, then the network of 56 bits with the most attempts within it, and then
   * the block with the most attempts within that. If several have equally many attempts, the one
   * that occurs first is taken.
   *
   * @param all the results of {@link #around} for all attempts
   * @return the block; empty if there are no attempts
   */
  public static Optional<AddressBlock> mostCrowded(Collection<List<AddressBlock>> all) {
    Collection<List<AddressBlock>> left = all;
    Optional<AddressBlock> most = Optional.empty();
    for (int level = LEVELS - 1; level >= 0; level--) {
      int here = level;
      Map<AddressBlock, Integer> counts = new LinkedHashMap<>();
      for (List<AddressBlock> one : left) {
        counts.merge(one.get(here), 1, Integer::sum);
      }
      most =
          counts.entrySet().stream()
              .reduce((first, next) -> next.getValue() > first.getValue() ? next : first)
              .map(Map.Entry::getKey);
      Optional<AddressBlock> chosen = most;
      left = left.stream().filter(one -> chosen.equals(Optional.of(one.get(here)))).toList();
    }
    return most;
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
