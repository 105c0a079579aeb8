package io.claviger.domain.accounts;

import java.util.Optional;

/**
 * The trustworthy facts about where a request comes from.
 *
 * @param address the caller's address as text
 * @param certificate the caller's certificate, whose ownership was proved to this server or to a
 *     trusted proxy; empty if the caller has shown no certificate
 * @param isAddressCertain false if two headers of a trusted proxy contradict each other, which
 *     means that one of them came from the caller, or if the header of a trusted proxy does not
 *     clearly state an address. In this case, the address is the address of the proxy. If a trusted
 *     proxy sends no such header, the proxy itself counts as the caller, and its address is
 *     certain: programs on the proxy's machine call in this way, too
 */
public record CallerOrigin(
    String address, Optional<CertificateThumbprint> certificate, boolean isAddressCertain) {
  /** Creates the origin of a caller whose address is certain. */
  public CallerOrigin(String address, Optional<CertificateThumbprint> certificate) {
    this(address, certificate, true);
  }

  /** Creates the origin of a caller who has shown no certificate, and whose address is certain. */
  public CallerOrigin(String address) {
    this(address, Optional.empty());
  }
}
