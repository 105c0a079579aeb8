package io.claviger.gateway.egress;

import io.claviger.domain.InvalidValue;
import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.List;

/** A range of addresses with the same prefix, written in CIDR notation, or a single address. */
@FunctionalInterface
interface AddressRange {
  boolean contains(byte[] address);

  static AddressRange anyOf(String... ranges) {
    List<AddressRange> parsed = Arrays.stream(ranges).map(AddressRange::of).toList();
    return address -> parsed.stream().anyMatch(r -> r.contains(address));
  }

  /** IPv4 and IPv6 differ by their length, so an IPv4-mapped address counts as IPv6. */
  static AddressRange of(String text) {
    int slash = text.indexOf('/');
    byte[] base = bytes(slash < 0 ? text : text.substring(0, slash));
    int bits = slash < 0 ? base.length * 8 : prefix(text.substring(slash + 1), base.length * 8);
    return address -> address.length == base.length && sameBits(address, base, bits);
  }

  private static byte[] bytes(String literal) {
    // Nothing is resolved: only literal addresses count, and historic notations do not.
    byte[] bytes =
        NetUtil.isValidIpV4Address(literal) || NetUtil.isValidIpV6Address(literal)
            ? NetUtil.createByteArrayFromIpAddressString(literal)
            : null;
    if (bytes == null) {
      throw invalid();
    }
    return bytes;
  }

  private static int prefix(String digits, int most) {
    if (!digits.matches("\\d{1,3}") || Integer.parseInt(digits) > most) {
      throw invalid();
    }
    return Integer.parseInt(digits);
  }

  private static boolean sameBits(byte[] a, byte[] b, int bits) {
    int whole = bits / 8;
    if (!Arrays.equals(a, 0, whole, b, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
  }

  static InvalidValue invalid() {
    return new InvalidValue(
        "allowed_private_hosts",
        "a comma-separated list of addresses, host names, either with or without a port, and ranges:"
            + " 127.0.0.1:11434, [::1]:8080, ollama:11434, 10.1.0.0/16");
  }
}
