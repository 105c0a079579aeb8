package io.claviger.domain.formats;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a server that a provider calls for a request. Providers reach what an account has,
 * such as servers in its own network, at addresses of their own, with no other authorization than
 * the key.
 */
final class ServerAddress {
  /** An address whose host all readers understand alike. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?i)https?://(?:[a-z0-9._~%!$&'()*+,;=:-]*@)?"
              + "([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]*)?(?:[/?#].*)?",
          Pattern.DOTALL);

  private ServerAddress() {}

  /**
   * Whether an address is plainly that of a server on the Internet.
   *
   * @param ownDomains the domains of the provider in which something of accounts may be
   */
  static boolean isPublic(String address, Set<String> ownDomains) {
    Matcher plain = PLAIN.matcher(address);
    if (!plain.matches()) {
      return false;
    }
    String host = "." + plain.group(1).toLowerCase(Locale.ROOT);
    while (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    return !host.isEmpty() && ownDomains.stream().map(own -> "." + own).noneMatch(host::endsWith);
  }
}
