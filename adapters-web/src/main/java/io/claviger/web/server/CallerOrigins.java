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
    List<String> forwardedFor = headers.apply("X-Forwarded-For");
    List<String> forwarded = headers.apply("Forwarded");
    String address = addresses.of(peer.address(), forwardedFor, forwarded);
    boolean isCertain = !believed || !addresses.contradict(peer.address(), forwardedFor, forwarded);
    CertificateHeader.Reading passedOn =
        certificateHeader
            .map(name -> CertificateHeader.read(headers.apply(name), believed))
            .orElseGet(CertificateHeader.Reading.None::new);
    return switch (passedOn) {
      case CertificateHeader.Reading.Refused refused -> Optional.empty();
      case CertificateHeader.Reading.One one ->
          Optional.of(new CallerOrigin(address, Optional.of(one.thumbprint()), isCertain));
      // The certificate of a proxy is not the certificate of any of the proxy's callers.
      case CertificateHeader.Reading.None none ->
          Optional.of(
              new CallerOrigin(
                  address, believed ? Optional.empty() : peer.certificate(), isCertain));
    };
  }

  /**
   * Finds the address of a caller behind proxies. Uses only those parts of forwarding headers that
   * trusted proxies wrote. Never resolves the host names in these headers.
   */
  static final class CallerAddress {
    private static final Pattern FOR =
        Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*(\"[^\"]*\"|[^;,\"\\s]+)\\s*(?=;|$)");

    private final AddressNets trusted;

    public CallerAddress(AddressNets trusted) {
      this.trusted = trusted;
    }

    /**
     * Returns the address of the original caller.
     *
     * @param peer the address of the other end of the connection
     * @param forwardedFor the values of {@code X-Forwarded-For}
     * @param forwarded the values of {@code Forwarded} (RFC 7239)
     */
    public String of(String peer, List<String> forwardedFor, List<String> forwarded) {
      Optional<InetAddress> connected = literal(peer);
      if (connected.isEmpty() || !trusted.contains(connected.get())) {
        return connected.map(InetAddress::getHostAddress).orElse(peer);
      }
      if (contradict(peer, forwardedFor, forwarded)) {
        return connected.get().getHostAddress();
      }
      return nearestUntrusted(
              connected.get(), forwarded.isEmpty() ? entries(forwardedFor) : nodes(forwarded))
          .getHostAddress();
    }

    /**
     * Whether the headers {@code X-Forwarded-For} and {@code Forwarded} of a trusted proxy name
     * different callers. A proxy writes only one of the two headers; the other one came from the
     * caller and might be false.
     */
    boolean contradict(String peer, List<String> forwardedFor, List<String> forwarded) {
      if (forwardedFor.isEmpty() || forwarded.isEmpty()) {
        return false;
      }
      InetAddress proxy = literal(peer).orElseThrow();
      return !nearestUntrusted(proxy, entries(forwardedFor))
          .equals(nearestUntrusted(proxy, nodes(forwarded)));
    }

    private InetAddress nearestUntrusted(InetAddress peer, List<String> addresses) {
      InetAddress nearest = peer;
      for (int i = addresses.size() - 1; i >= 0 && trusted.contains(nearest); i--) {
        Optional<InetAddress> next = literal(addresses.get(i));
        if (next.isEmpty()) {
          return nearest;
        }
        nearest = next.get();
      }
      return nearest;
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
      return entries(values).stream()
          .map(FOR::matcher)
          .map(element -> element.find() ? node(element) : "")
          .toList();
    }

    private static String node(Matcher element) {
      return element.group(1).replace("\"", "");
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
