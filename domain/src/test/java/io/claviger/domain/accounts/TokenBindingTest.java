package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBindingTest {
  private static final CertificateThumbprint ONE = CertificateThumbprint.of(new byte[] {1});
  private static final CertificateThumbprint OTHER = CertificateThumbprint.of(new byte[] {2});
  private static final List<List<AddressNet>> NETWORKS =
      List.of(
          List.of(),
          nets("10.0.0.0/8"),
          nets("10.1.0.0/16"),
          nets("2001:db8::/32"),
          nets("10.1.0.0/16", "2001:db8::/32"));
  private static final List<Optional<CertificateThumbprint>> CERTIFICATES =
      List.of(Optional.empty(), Optional.of(ONE), Optional.of(OTHER));
  private static final List<String> ADDRESSES =
      List.of("10.0.0.1", "10.1.2.3", "192.0.2.1", "2001:db8::7", "2001:db9::7", "unknown", "");

  private static List<AddressNet> nets(String... texts) {
    return Stream.of(texts).map(text -> AddressNet.parse(text).orElseThrow()).toList();
  }

  private static Stream<TokenBinding> bindings() {
    return NETWORKS.stream()
        .flatMap(nets -> CERTIFICATES.stream().map(one -> new TokenBinding(nets, one)));
  }

  private static Stream<CallerOrigin> origins() {
    return ADDRESSES.stream()
        .flatMap(from -> CERTIFICATES.stream().map(one -> new CallerOrigin(from, one)));
  }

  @Test
  void a_token_is_accepted_from_its_networks_and_with_its_certificate_alone() {
    bindings()
        .forEach(
            binding ->
                origins()
                    .forEach(
                        from -> {
                          boolean near =
                              binding.networks().isEmpty()
                                  || AddressLiteral.parse(from.address()).stream()
                                      .anyMatch(
                                          a ->
                                              binding.networks().stream()
                                                  .anyMatch(net -> net.contains(a)));
                          boolean shown =
                              binding.certificate().isEmpty()
                                  || binding.certificate().equals(from.certificate());
                          assertThat(binding.accepts(from))
                              .as("%s from %s", binding, from)
                              .isEqualTo(near && shown);
                        }));
  }

  @Test
  void no_token_is_accepted_from_where_the_one_that_made_it_is_not() {
    bindings()
        .forEach(
            parent ->
                bindings()
                    .filter(wanted -> wanted.beyond(parent).isEmpty())
                    .map(wanted -> wanted.over(parent))
                    .forEach(
                        child ->
                            origins()
                                .filter(child::accepts)
                                .forEach(
                                    from ->
                                        assertThat(parent.accepts(from))
                                            .as("%s made with %s, from %s", child, parent, from)
                                            .isTrue())));
  }

  @Test
  void what_is_left_out_is_as_in_the_parent() {
    bindings()
        .forEach(
            parent -> {
              assertThat(TokenBinding.NONE.beyond(parent)).isEmpty();
              assertThat(TokenBinding.NONE.over(parent)).isEqualTo(parent);
            });
  }

  @Test
  void both_parts_that_are_wider_are_named() {
    TokenBinding parent = new TokenBinding(nets("10.1.0.0/16"), Optional.of(ONE));
    TokenBinding wider = new TokenBinding(nets("10.0.0.0/8"), Optional.of(OTHER));

    assertThat(wider.beyond(parent))
        .extracting(fault -> fault.pointer())
        .containsExactly("/bound_to/networks", "/bound_to/certificate_sha256");
  }

  @Test
  void the_number_of_networks_is_bounded() {
    List<AddressNet> most =
        Collections.nCopies(TokenBinding.MOST_NETWORKS, nets("10.0.0.0/8").getFirst());
    assertThat(TokenBinding.boundedNetworks(most)).hasSize(32);

    for (List<AddressNet> wrong :
        List.of(
            List.<AddressNet>of(),
            Collections.nCopies(TokenBinding.MOST_NETWORKS + 1, most.getFirst()))) {
      assertThatThrownBy(() -> TokenBinding.boundedNetworks(wrong))
          .isInstanceOf(InvalidValue.class);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8, true",
    "10.1.0.0/16, 10.0.0.0/8, true",
    "10.0.0.0/8, 10.1.0.0/16, false",
    "11.0.0.0/16, 10.0.0.0/8, false",
    "2001:db8::/32, 0.0.0.0/0, false",
    "10.0.0.1, 0.0.0.0/0, true"
  })
  void a_network_is_within_another_if_all_its_addresses_are(
      String one, String other, boolean within) {
    assertThat(nets(one).getFirst().isWithin(nets(other).getFirst())).isEqualTo(within);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "192.0.2.7/32", "2001:db8:0:0:0:0:0:0/32", "0.0.0.0/0"})
  void a_network_is_written_as_it_is_read(String text) {
    assertThat(nets(text).getFirst().text()).isEqualTo(text);
  }
}
