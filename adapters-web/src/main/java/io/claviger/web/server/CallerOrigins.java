package io.claviger.web.server;

import io.claviger.domain.accounts.AddressLiteral;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateHeader;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds where requests come from behind proxies: the address, and the certificate that the caller
 * has shown to a trusted proxy or here.
 */
public final class CallerOrigins {
  private final AddressNets trusted;
  private final CallerAddress addresses;
  private final Optional<String> certificateHeader;

  /**
   * @param trusted the proxies that are believed
   * @param certificateHeader the header in which these pass on the certificates of their callers;
   *     empty if they pass on none
   */
  public CallerOrigins(AddressNets trusted, Optional<String> certificateHeader) {
    this.trusted = trusted;
    this.addresses = new CallerAddress(trusted);
    this.certificateHeader = certificateHeader;
  }

  /**
   * Returns where a request comes from.
   *
   * @param peer the other end of the connection
   * @param headers returns the values of a header
   * @return empty if the header with the certificate is there more than once, can't be read, or
   *     does not come from a trusted proxy
   */
  public Optional<CallerOrigin> of(CallerOrigin peer, Function<String, List<String>> headers) {
    boolean believed = AddressLiteral.parse(peer.address()).filter(trusted::contains).isPresent();
    String address =
        addresses.of(peer.address(), headers.apply("X-Forwarded-For"), headers.apply("Forwarded"));
    CertificateHeader.Reading passedOn =
        certificateHeader
            .map(name -> CertificateHeader.read(headers.apply(name), believed))
            .orElseGet(CertificateHeader.Reading.None::new);
    return switch (passedOn) {
      case CertificateHeader.Reading.Refused refused -> Optional.empty();
      case CertificateHeader.Reading.One one ->
          Optional.of(new CallerOrigin(address, Optional.of(one.thumbprint())));
      // The certificate of a proxy is not one of its callers.
      case CertificateHeader.Reading.None none ->
          Optional.of(
              believed ? new CallerOrigin(address) : new CallerOrigin(address, peer.certificate()));
    };
  }
}
