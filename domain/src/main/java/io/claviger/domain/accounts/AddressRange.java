package io.claviger.domain.accounts;

import java.util.Arrays;
import java.util.List;

/**
 * A range of addresses with the same prefix, or a single address, in the notation of IANA's
 * registries. This class compares bytes, so it treats IPv4-mapped addresses as IPv6. For networks
 * in settings, {@link AddressNet} is used instead.
 */
@FunctionalInterface
interface AddressRange {
  boolean contains(byte[] address);

  static AddressRange anyOf(String... ranges) {
    List<AddressRange> parsed = Arrays.stream(ranges).map(AddressRange::of).toList();
    return address -> parsed.stream().anyMatch(r -> r.contains(address));
  }

  private static AddressRange of(String text) {
    int slash = text.indexOf('/');
    byte[] base = AddressLiteral.bytes(slash < 0 ? text : text.substring(0, slash)).orElseThrow();
    int bits = slash < 0 ? base.length * 8 : Integer.parseInt(text.substring(slash + 1));
    return address -> address.length == base.length && sameBits(address, base, bits);
  }

  private static boolean sameBits(byte[] a, byte[] b, int bits) {
    int whole = bits / 8;
    if (!Arrays.equals(a, 0, whole, b, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((a[whole] ^ b[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
  }
}
