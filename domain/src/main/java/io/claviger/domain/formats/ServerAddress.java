package io.claviger.domain.formats;

import io.claviger.domain.accounts.AddressClass;
import io.claviger.domain.accounts.AddressLiteral;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the address of a server that a provider calls on behalf of a request. At some addresses, a
 * provider reaches things of the account, such as servers in its network, and the API key is the
 * only authorization for that. A proxy reaches everything in its own network.
 */
final class ServerAddress {
  /** An address whose host every parser understands in the same way. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?i)https?://(?:[a-z0-9._~%!$&'()*+,;=:-]*@)?"
              + "([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]*)?(?:[/?#].*)?",
          Pattern.DOTALL);

  /** A name whose last label begins with a letter, so that no parser reads it as an IP address. */
  private static final Pattern NAME = Pattern.compile(".+\\.[a-z][a-z0-9-]*");

  /** The top-level domains of names that are valid in one network only. */
  private static final Pattern OF_A_NETWORK =
      Pattern.compile(".*\\.(?:local|localhost|localdomain|internal|intranet|lan|svc|arpa)");

  private static final Optional<AddressClass> GLOBAL = Optional.of(AddressClass.GLOBAL);

  private ServerAddress() {}

  /**
   * Whether an address is certainly that of a server on the public Internet. Its host is a name
   * below a top-level domain of the Internet, or an IP address that is globally reachable. Names
   * are never looked up.
   *
   * @param ownDomains the provider's domains in which accounts may have servers or data
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

  /** Whether a text is a globally reachable IP address. */
  private static boolean isGlobal(String literal) {
    return AddressLiteral.parse(literal).map(AddressClass::of).equals(GLOBAL);
  }
}
