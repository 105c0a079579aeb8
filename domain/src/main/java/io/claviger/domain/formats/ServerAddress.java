package io.claviger.domain.formats;

import io.claviger.domain.accounts.AddressClass;
import io.claviger.domain.accounts.AddressLiteral;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a server that a provider calls for a request. Providers reach what an account has,
 * such as servers in its own network, at addresses of their own, with no other authorization than
 * the key. A proxy reaches whatever the network has in which it stands.
 */
final class ServerAddress {
  /** An address whose host all readers understand alike. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?i)https?://(?:[a-z0-9._~%!$&'()*+,;=:-]*@)?"
              + "([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]*)?(?:[/?#].*)?",
          Pattern.DOTALL);

  /** A name whose last label begins with a letter, so that no reader takes it for a number. */
  private static final Pattern NAME = Pattern.compile(".+\\.[a-z][a-z0-9-]*");

  /** The top-level domains of names that mean something in one network alone. */
  private static final Pattern OF_A_NETWORK =
      Pattern.compile(".*\\.(?:local|localhost|localdomain|internal|intranet|lan|svc|arpa)");

  private static final Optional<AddressClass> GLOBAL = Optional.of(AddressClass.GLOBAL);

  private ServerAddress() {}

  /**
   * Whether an address is plainly that of a server on the Internet. Its host is a name below a
   * top-level domain of the Internet, or an IP address that is globally reachable. Names are never
   * looked up.
   *
   * @param ownDomains the domains of the provider in which something of accounts may be
   */
  static boolean isPublic(String address, Set<String> ownDomains) {
    Matcher plain = PLAIN.matcher(address);
    if (!plain.matches()) {
      return false;
    }
    String host = plain.group(1).toLowerCase(Locale.ROOT);
    if (host.startsWith("[")) {
      return isGlobal(host.substring(1, host.length() - 1));
    }
    while (host.endsWith(".")) {
      host = host.substring(0, host.length() - 1);
    }
    String name = "." + host;
    return isGlobal(host)
        || (NAME.matcher(host).matches()
            && !OF_A_NETWORK.matcher(host).matches()
            && ownDomains.stream().map(own -> "." + own).noneMatch(name::endsWith));
  }

  /** Whether a text is an IP address that leads to the same machine from everywhere. */
  private static boolean isGlobal(String literal) {
    return AddressLiteral.parse(literal).map(AddressClass::of).equals(GLOBAL);
  }
}
