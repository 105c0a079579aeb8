package io.claviger.domain.accounts;

import java.net.InetAddress;

/**
 * The addresses that one caller can be assumed to control: one IPv4 address, or one IPv6 network of
 * 64 bits. Within such a network a caller can use another address for each attempt. Text that is
 * not an address is a block of its own.
 *
 * @param text {@code 192.0.2.1}, {@code 2001:db8:0:1::/64}
 */
public record AddressBlock(String text) {
  private static final int NETWORK_BYTES = 8;

  /**
   * The block that contains an address. This never looks up a name.
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

  private static AddressBlock of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return new AddressBlock(
        bytes.length > NETWORK_BYTES ? network(bytes) : address.getHostAddress());
  }

  private static String network(byte[] address) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < NETWORK_BYTES; i += 2) {
      int group = (address[i] & 0xff) << 8 | (address[i + 1] & 0xff);
      text.append(Integer.toHexString(group)).append(':');
    }
    return text.append(":/64").toString();
  }

  @Override
  public String toString() {
    return text;
  }
}
