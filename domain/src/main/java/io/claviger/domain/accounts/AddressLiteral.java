package io.claviger.domain.accounts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses literal IP addresses. No other text is accepted. This class does not use {@link
 * InetAddress#getByName}, which looks up any text that it does not recognize as an address, such as
 * {@code 999.1.1.1}: a lookup takes time, and sends a text of an unknown caller to a name server.
 */
public final class AddressLiteral {
  private static final int LONGEST = 45;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  private AddressLiteral() {}

  /**
   * @param text four decimal numbers without leading zeros, or an IPv6 address (RFC 4291, 2.2)
   *     without brackets and zone
   * @return the address; empty if the text is no such address. If the text is an IPv4 address that
   *     is mapped into IPv6, the IPv4 address is returned
   */
  public static Optional<InetAddress> parse(String text) {
    return bytes(text).map(AddressLiteral::address);
  }

  /** Returns the host of a URL; an IPv6 address is returned without its brackets. */
  public static String bare(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  /**
   * Whether a host is {@code localhost} or a loopback address, with or without brackets. Does not
   * resolve other names.
   */
  public static boolean isThisMachine(String host) {
    String bare = bare(host);
    return bare.equalsIgnoreCase("localhost")
        || parse(bare).map(InetAddress::isLoopbackAddress).orElse(false);
  }

  /**
   * Parses the same texts as {@link #parse}, and returns the address as 4 or 16 bytes. For an IPv4
   * address that is mapped into IPv6, all 16 bytes are returned.
   */
  static Optional<byte[]> bytes(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    return Optional.ofNullable(text.indexOf(':') < 0 ? parseIpv4(text) : parseIpv6(text));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the JDK does not accept 4 or 16 bytes as an address", e);
    }
  }

  private static byte @Nullable [] parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != IPV4_BYTES) {
      return null;
    }
    byte[] address = new byte[IPV4_BYTES];
    for (int i = 0; i < IPV4_BYTES; i++) {
      int value = parseNumber(parts[i], 10, 3);
      boolean padded = parts[i].length() > 1 && parts[i].charAt(0) == '0';
      if (value < 0 || value > 255 || padded) {
        return null;
      }
      address[i] = (byte) value;
    }
    return address;
  }

  private static byte @Nullable [] parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = parseGroups(text);
      return all != null && all.length == IPV6_BYTES ? all : null;
    }
    byte[] before = parseGroups(text.substring(0, gap));
    byte[] after = parseGroups(text.substring(gap + 2));
    // The gap, which is written as two colons, stands for at least one group. A text with a second
    // gap is refused, because the second gap makes one of the parsed groups empty.
    if (before == null
        || after == null
        || before.length + after.length > IPV6_BYTES - 2
        || text.substring(0, gap).indexOf('.') >= 0) {
      return null;
    }
    byte[] address = new byte[IPV6_BYTES];
    System.arraycopy(before, 0, address, 0, before.length);
    System.arraycopy(after, 0, address, IPV6_BYTES - after.length, after.length);
    return address;
  }

  /** Parses groups of up to four hexadecimal digits. The last group may be an IPv4 address. */
  private static byte @Nullable [] parseGroups(String text) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] parts = text.split(":", -1);
    String last = parts[parts.length - 1];
    byte[] tail = last.indexOf('.') < 0 ? new byte[0] : parseIpv4(last);
    int groups = tail == null || tail.length == 0 ? parts.length : parts.length - 1;
    if (tail == null || groups > IPV6_BYTES / 2) {
      return null;
    }
    byte[] address = new byte[groups * 2 + tail.length];
    for (int i = 0; i < groups; i++) {
      int value = parseNumber(parts[i], 16, 4);
      if (value < 0) {
        return null;
      }
      address[2 * i] = (byte) (value >> 8);
      address[2 * i + 1] = (byte) value;
    }
    System.arraycopy(tail, 0, address, groups * 2, tail.length);
    return address;
  }

  /** Parses a number of 1 to {@code mostDigits} ASCII digits. Returns -1 for any other text. */
  private static int parseNumber(String digits, int radix, int mostDigits) {
    if (digits.isEmpty() || digits.length() > mostDigits) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      int digit = c < 128 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * radix + digit;
    }
    return value;
  }
}
