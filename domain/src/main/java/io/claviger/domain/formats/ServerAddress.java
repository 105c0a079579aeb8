package io.claviger.domain.formats;

import io.claviger.domain.accounts.AddressClass;
import io.claviger.domain.accounts.AddressLiteral;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks the address of a server that a provider calls on behalf of a request. The check is needed
 * because some addresses lead a provider to servers in the account's own network. The provider
 * might call these servers with no other authorization than the call's API key. A provider that is
 * a proxy can reach every server in its own network.
 */
final class ServerAddress {
  /** Matches addresses whose host every parser understands in the same way. */
  private static final Pattern PLAIN =
      Pattern.compile(
          "(?i)https?://(?:[a-z0-9._~%!$&'()*+,;=:-]*@)?"
              + "([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::[0-9]*)?(?:[/?#].*)?",
          Pattern.DOTALL);

  /**
   * The Internet's top-level domains in lower case, as IANA lists them. Hosts in other domains
   * might be servers in a proxy's own network.
   */
  private static final Set<String> TOP_LEVEL_DOMAINS = topLevelDomains();

  /** The length of the longest name in the domain name system. */
  private static final int LONGEST_HOST = 253;

  private static final Optional<AddressClass> GLOBAL = Optional.of(AddressClass.GLOBAL);

  private ServerAddress() {}

  /**
   * Whether an address certainly belongs to a server on the public Internet. The address's host
   * must be a name in one of the Internet's top-level domains, or a globally reachable IP address.
   * Names are never looked up.
   *
   * @param ownDomains the provider's domains in which accounts can have servers or data
   */
  static boolean isPublic(String address, Set<String> ownDomains) {
    Matcher plain = PLAIN.matcher(address);
    if (!plain.matches() || plain.end(1) - plain.start(1) > LONGEST_HOST) {
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
        || (isBelowTopLevelDomain(host)
            && ownDomains.stream().map(own -> "." + own).noneMatch(name::endsWith));
  }

  private static boolean isBelowTopLevelDomain(String name) {
    int dot = name.lastIndexOf('.');
    return dot > 0 && TOP_LEVEL_DOMAINS.contains(name.substring(dot + 1));
  }

  private static Set<String> topLevelDomains() {
    try (InputStream names =
        Objects.requireNonNull(ServerAddress.class.getResourceAsStream("top-level-domains.txt"))) {
      return new String(names.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a text is a globally reachable IP address. */
  private static boolean isGlobal(String literal) {
    return AddressLiteral.parse(literal).map(AddressClass::of).equals(GLOBAL);
  }
}
