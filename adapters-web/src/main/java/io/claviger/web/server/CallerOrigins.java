package io.claviger.web.server;

import io.claviger.domain.accounts.AddressLiteral;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateHeader;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out where requests come from, even behind proxies. An origin is the caller's address, and
 * the certificate that the caller presented to a trusted proxy or to this server.
 */
public final class CallerOrigins {
  private final AddressNets trusted;
  private final CallerAddress addresses;
  private final Optional<String> certificateHeader;

  /**
   * @param trusted the proxies whose forwarding headers are trusted
   * @param certificateHeader the header in which trusted proxies forward the certificates of their
   *     callers; empty if they forward no certificates
   */
  public CallerOrigins(AddressNets trusted, Optional<String> certificateHeader) {
    this.trusted = trusted;
    this.addresses = new CallerAddress(trusted);
    this.certificateHeader = certificateHeader;
  }

  /**
   * Returns where a request comes from.
   *
   * @param peer the address and the certificate of the other end of the connection
   * @param headers a function that returns the values of the header with a given name
   * @return the origin; empty if the certificate's header occurs more than once, can't be read, or
   *     does not come from a trusted proxy
   */
  public Optional<CallerOrigin> of(CallerOrigin peer, Function<String, List<String>> headers) {
    boolean believed = AddressLiteral.parse(peer.address()).filter(trusted::contains).isPresent();
    CallerAddress.Located caller =
        addresses.of(peer.address(), headers.apply("X-Forwarded-For"), headers.apply("Forwarded"));
    CertificateHeader.Reading passedOn =
        certificateHeader
            .map(name -> CertificateHeader.read(headers.apply(name), believed))
            .orElseGet(CertificateHeader.Reading.None::new);
    return switch (passedOn) {
      case CertificateHeader.Reading.Refused refused -> Optional.empty();
      case CertificateHeader.Reading.One one ->
          Optional.of(
              new CallerOrigin(
                  caller.address(), Optional.of(one.thumbprint()), caller.isCertain()));
      // The certificate of a proxy is not the certificate of any of the proxy's callers.
      case CertificateHeader.Reading.None none ->
          Optional.of(
              new CallerOrigin(
                  caller.address(),
                  believed ? Optional.empty() : peer.certificate(),
                  caller.isCertain()));
    };
  }

  /**
   * Finds the address of a caller behind proxies. Uses only those parts of forwarding headers that
   * trusted proxies wrote. Never resolves the host names in these headers.
   */
  static final class CallerAddress {
    /**
     * One pair of a {@code Forwarded} header, such as {@code for=192.0.2.7}, and the character
     * after the pair. A quoted text may contain everything except backslashes. RFC 7239 allows a
     * backslash as an escape, but Claviger does not read escapes.
     */
    private static final Pattern PAIR =
        Pattern.compile(
            "\\s*+(?:([^=;,\"\\\\\\s]++)\\s*+=\\s*+(\"[^\"\\\\]*+\"|[^;,\"\\\\\\s]*+))?+\\s*+"
                + "([;,]|\\z)");

    private final AddressNets trusted;

    public CallerAddress(AddressNets trusted) {
      this.trusted = trusted;
    }

    /**
     * The address of a caller.
     *
     * @param isCertain false if the headers of a trusted proxy do not clearly state an address; the
     *     address is then that of the proxy
     */
    record Located(String address, boolean isCertain) {}

    /**
     * Returns the address of the original caller. If the headers {@code X-Forwarded-For} and {@code
     * Forwarded} of a trusted proxy name different callers, the address is not certain: a proxy
     * writes only one of the two headers, so the other one came from the caller and might be false.
     * A trusted proxy that sends neither header counts as the caller itself.
     *
     * @param peer the address of the other end of the connection
     * @param forwardedFor the values of {@code X-Forwarded-For}
     * @param forwarded the values of {@code Forwarded} (RFC 7239)
     */
    Located of(String peer, List<String> forwardedFor, List<String> forwarded) {
      Optional<InetAddress> connected = literal(peer);
      if (connected.isEmpty() || !trusted.contains(connected.get())) {
        return new Located(connected.map(InetAddress::getHostAddress).orElse(peer), true);
      }
      InetAddress proxy = connected.get();
      Located first = nearestUntrusted(proxy, entries(forwardedFor));
      Located second = nearestUntrusted(proxy, nodes(forwarded));
      if (!forwardedFor.isEmpty() && !forwarded.isEmpty() && !first.equals(second)) {
        return new Located(proxy.getHostAddress(), false);
      }
      return forwarded.isEmpty() ? first : second;
    }

    private Located nearestUntrusted(InetAddress peer, List<String> addresses) {
      InetAddress nearest = peer;
      for (int i = addresses.size() - 1; i >= 0 && trusted.contains(nearest); i--) {
        Optional<InetAddress> next = literal(addresses.get(i));
        if (next.isEmpty()) {
          return new Located(nearest.getHostAddress(), false);
        }
        nearest = next.get();
      }
      return new Located(nearest.getHostAddress(), true);
    }

    private static List<String> entries(List<String> values) {
      List<String> entries = new ArrayList<>();
      for (String value : values) {
        for (String entry : value.split(",", -1)) {
          entries.add(entry.strip());
        }
      }
      return entries;
    }

    private static List<String> nodes(List<String> values) {
      return values.stream().flatMap(value -> nodes(value).stream()).toList();
    }

    /**
     * Returns the parameter {@code for} of each element of a list; an empty text if an element has
     * none. The list is read from the left, because a comma in a quoted text does not end an
     * element, and callers choose some of these texts: proxies repeat the header {@code Host}. If
     * the list is malformed, the result is a single empty text. A caller could otherwise open a
     * quotation that the proxy continues unknowingly.
     */
    private static List<String> nodes(String list) {
      List<String> nodes = new ArrayList<>();
      Optional<String> node = Optional.empty();
      Matcher pair = PAIR.matcher(list);
      while (pair.lookingAt()) {
        if ("for".equalsIgnoreCase(pair.group(1))) {
          if (node.isPresent()) {
            return List.of("");
          }
          node = Optional.of(pair.group(2).replace("\"", ""));
        }
        String end = pair.group(3);
        if (!end.equals(";")) {
          nodes.add(node.orElse(""));
          node = Optional.empty();
        }
        if (end.isEmpty()) {
          return nodes;
        }
        pair.region(pair.end(), list.length());
      }
      return List.of("");
    }

    private static Optional<InetAddress> literal(String text) {
      return AddressLiteral.parse(withoutPort(text));
    }

    private static String withoutPort(String text) {
      if (text.startsWith("[")) {
        int end = text.indexOf(']');
        return end < 0 ? "" : text.substring(1, end);
      }
      int colon = text.indexOf(':');
      return colon >= 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }
  }
}
