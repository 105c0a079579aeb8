package io.claviger.domain.accounts;

import io.claviger.domain.Fault;
import io.claviger.domain.InvalidValue;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The networks from which, and the certificate with which, an access token is accepted. A binding
 * prevents a thief from using the token elsewhere. If the binding has networks and a certificate,
 * both conditions must be met.
 *
 * @param networks the networks, at most {@link #MOST_NETWORKS}; the caller's address must be in one
 *     of them. The list is empty if every address is accepted
 * @param certificate the certificate that the caller must show; empty if no certificate is needed
 */
public record TokenBinding(List<AddressNet> networks, Optional<CertificateThumbprint> certificate) {
  /** The greatest number of networks to which one token can be bound. */
  public static final int MOST_NETWORKS = 32;

  /** The binding of a token that is accepted from every address. */
  public static final TokenBinding NONE = new TokenBinding(List.of(), Optional.empty());

  public TokenBinding {
    networks = List.copyOf(networks);
    if (networks.size() > MOST_NETWORKS) {
      throw new IllegalArgumentException("a token can be bound to at most 32 networks");
    }
  }

  /**
   * Checks the networks to which somebody wants to bind a token.
   *
   * @throws InvalidValue when there are no networks, or too many
   */
  public static List<AddressNet> boundedNetworks(List<AddressNet> networks) {
    if (networks.isEmpty() || networks.size() > MOST_NETWORKS) {
      throw new InvalidValue("networks", "1 to " + MOST_NETWORKS + " networks, or null for all");
    }
    return List.copyOf(networks);
  }

  public boolean isNone() {
    return networks.isEmpty() && certificate.isEmpty();
  }

  /**
   * Whether a token with this binding is accepted from this origin. If the address of the origin is
   * not certain or not an IP address, the token is accepted only if the binding has no networks.
   */
  public boolean accepts(CallerOrigin from) {
    return (networks.isEmpty() || from.isAddressCertain())
        && acceptsAddress(from.address())
        && (certificate.isEmpty() || certificate.equals(from.certificate()));
  }

  /** Whether the given address is in one of the networks. The certificate is not checked. */
  private boolean acceptsAddress(String text) {
    if (networks.isEmpty()) {
      return true;
    }
    Optional<InetAddress> address = AddressLiteral.parse(text);
    if (address.isEmpty()) {
      return false;
    }
    for (AddressNet network : networks) {
      if (network.contains(address.get())) {
        return true;
      }
    }
    return false;
  }

  /**
   * Adds the parent's restrictions that this binding lacks. If this binding has no networks, the
   * result has the parent's networks. If this binding has no certificate, the result has the
   * parent's certificate.
   */
  public TokenBinding over(TokenBinding parent) {
    return new TokenBinding(
        networks.isEmpty() ? parent.networks : networks, certificate.or(parent::certificate));
  }

  /**
   * Returns one fault for each way in which this binding would accept more callers than the
   * parent's binding.
   */
  public List<Fault> beyond(TokenBinding parent) {
    List<Fault> faults = new ArrayList<>();
    if (!parent.networks.isEmpty()
        && !networks.stream().allMatch(n -> parent.networks.stream().anyMatch(n::isWithin))) {
      faults.add(
          Fault.notAllowed(
              "bound_to/networks",
              "The networks must be within those to which the access token that you present is"
                  + " bound."));
    }
    if (parent.certificate.isPresent()
        && certificate.isPresent()
        && !certificate.equals(parent.certificate)) {
      faults.add(
          Fault.notAllowed(
              "bound_to/certificate_sha256",
              "This must be the certificate to which the access token that you present is bound."));
    }
    return faults;
  }
}
