package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.CertificateThumbprint;
import io.claviger.domain.accounts.TokenBinding;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose word counts about where a caller is and which certificate they have. */
class CallerOriginsTest {
  private static final byte[] DER = {0x30, 3, 2, 1, 7};
  private static final String HEADER = ":" + Base64.getEncoder().encodeToString(DER) + ":";
  private static final CertificateThumbprint NAMED = CertificateThumbprint.of(DER);
  private static final CertificateThumbprint SHOWN = CertificateThumbprint.of(new byte[] {9});
  private static final String PROXY = "10.1.0.9";
  private static final String CALLER = "203.0.113.7";

  private final CallerOrigins origins = origins(Optional.of("Client-Cert"));

  private static CallerOrigins origins(Optional<String> header) {
    return new CallerOrigins(
        new AddressNets(List.of(AddressNet.parse(PROXY).orElseThrow())), header);
  }

  private static Optional<CallerOrigin> of(
      CallerOrigins origins, String peer, boolean shows, Map<String, List<String>> headers) {
    return origins.of(
        new CallerOrigin(peer, shows ? Optional.of(SHOWN) : Optional.empty()),
        name -> headers.getOrDefault(name, List.of()));
  }

  @Test
  void a_trusted_proxy_names_the_certificate_of_its_caller() {
    assertThat(
            of(
                origins,
                PROXY,
                true,
                Map.of("X-Forwarded-For", List.of(CALLER), "Client-Cert", List.of(HEADER))))
        .contains(new CallerOrigin(CALLER, Optional.of(NAMED)));
  }

  /**
   * If the proxy's address counted, a stolen token that is bound to the proxy's network would work
   * from everywhere.
   */
  @Test
  void an_address_that_two_headers_contradict_is_in_no_network() {
    TokenBinding internal =
        new TokenBinding(List.of(AddressNet.parse("10.1.0.0/16").orElseThrow()), Optional.empty());
    Map<String, List<String>> headers =
        Map.of("X-Forwarded-For", List.of(CALLER), "Forwarded", List.of("for=198.51.100.1"));

    CallerOrigin unclear = of(origins, PROXY, false, headers).orElseThrow();
    assertThat(unclear.address()).isEqualTo(PROXY);
    assertThat(internal.accepts(unclear)).isFalse();
    assertThat(TokenBinding.NONE.accepts(unclear)).isTrue();

    CallerOrigin inside =
        of(origins, PROXY, false, Map.of("X-Forwarded-For", List.of("10.1.2.3"))).orElseThrow();
    assertThat(internal.accepts(inside)).isTrue();
    assertThat(internal.accepts(of(origins, "10.1.2.3", false, headers).orElseThrow())).isTrue();
  }

  /** The caller can make a list unclear, for example by opening a quotation in it. */
  @ParameterizedTest
  @CsvSource({
    "Forwarded, 'for=1.1.1.1;a=\", for=203.0.113.7'",
    "Forwarded, for=unknown",
    "X-Forwarded-For, unknown"
  })
  void an_address_that_a_proxy_does_not_state_clearly_is_in_no_network(
      String header, String value) {
    TokenBinding internal =
        new TokenBinding(List.of(AddressNet.parse("10.1.0.0/16").orElseThrow()), Optional.empty());

    CallerOrigin unclear = of(origins, PROXY, false, Map.of(header, List.of(value))).orElseThrow();

    assertThat(unclear.address()).isEqualTo(PROXY);
    assertThat(internal.accepts(unclear)).isFalse();
  }

  @Test
  void the_certificate_of_a_proxy_is_not_that_of_its_callers() {
    assertThat(of(origins, PROXY, true, Map.of("X-Forwarded-For", List.of(CALLER))))
        .contains(new CallerOrigin(CALLER));
    assertThat(of(origins(Optional.empty()), PROXY, true, Map.of("Client-Cert", List.of(HEADER))))
        .contains(new CallerOrigin(PROXY));
  }

  @Test
  void two_headers_and_one_from_elsewhere_are_refused() {
    assertThat(of(origins, PROXY, false, Map.of("Client-Cert", List.of(HEADER, HEADER)))).isEmpty();
    assertThat(of(origins, CALLER, false, Map.of("Client-Cert", List.of(HEADER)))).isEmpty();
    assertThat(of(origins, CALLER, true, Map.of("Client-Cert", List.of("")))).isEmpty();
  }

  @Test
  void a_caller_without_a_proxy_has_the_certificate_that_they_have_shown() {
    assertThat(of(origins, CALLER, true, Map.of("X-Forwarded-For", List.of("10.0.0.1"))))
        .contains(new CallerOrigin(CALLER, Optional.of(SHOWN)));
    assertThat(of(origins(Optional.empty()), CALLER, true, Map.of("Client-Cert", List.of(HEADER))))
        .contains(new CallerOrigin(CALLER, Optional.of(SHOWN)));
  }
}
