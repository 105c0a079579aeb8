package io.claviger.gateway.out;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.gateway.egress.AllowedPrivateHosts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class PermittedAddressesTest {
  private static final InetAddress PRIVATE = address(10, 1, 2, 3);
  private static final InetAddress METADATA = address(169, 254, 169, 254);
  private static final InetAddress GLOBAL = address(93, 184, 216, 34);

  @Test
  void a_private_address_is_left_out() throws UnknownHostException {
    assertThat(with(PRIVATE, GLOBAL, METADATA).permitted("issuer.example", 443))
        .containsExactly(GLOBAL);
  }

  @Test
  void a_host_with_private_addresses_alone_is_not_found() {
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> with(PRIVATE, METADATA).permitted("issuer.example", 443));
  }

  @Test
  void the_operator_may_permit_a_private_address_but_never_cloud_metadata()
      throws UnknownHostException {
    PermittedAddresses addresses =
        PermittedAddresses.of(
            settings(PRIVATE, METADATA)
                .withAllowedPrivateHosts(AllowedPrivateHosts.of("issuer.example:443")));

    assertThat(addresses.permitted("issuer.example", 443)).containsExactly(PRIVATE);
    assertThatExceptionOfType(UnknownHostException.class)
        .isThrownBy(() -> addresses.permitted("issuer.example", 8443));
  }

  private static PermittedAddresses with(InetAddress... addresses) {
    return PermittedAddresses.of(settings(addresses));
  }

  private static OutboundSettings settings(InetAddress... addresses) {
    return OutboundSettings.strict().withResolver(host -> List.of(addresses));
  }

  private static InetAddress address(int... parts) {
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) parts[i];
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
