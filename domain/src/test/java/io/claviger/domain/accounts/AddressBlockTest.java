package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
  @ParameterizedTest
  @CsvSource({
    "2001:db8::1, 2001:db8:0:0::/64",
    "2001:db8:0:0:ffff:ffff:ffff:ffff, 2001:db8:0:0::/64",
    "2001:0db8:0:0:1::, 2001:db8:0:0::/64",
    "2001:db8:0:1::1, 2001:db8:0:1::/64",
    "::1, 0:0:0:0::/64",
    "fe80::1%eth0, fe80:0:0:0::/64",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void an_ipv6_address_is_one_of_its_network_of_64_bits(String address, String block) {
    assertThat(AddressBlock.of(address)).hasToString(block);
  }

  @Test
  void the_networks_around_an_address_have_56_and_48_bits() {
    assertThat(AddressBlock.around("2001:db8:1:abcd::1").toString())
        .isEqualTo("[2001:db8:1:abcd::/64, 2001:db8:1:ab00::/56, 2001:db8:1:0::/48]");
    assertThat(AddressBlock.around("192.0.2.1").toString())
        .isEqualTo("[192.0.2.1, 192.0.2.1, 192.0.2.1]");
  }

  @Test
  void the_most_crowded_block_is_in_the_most_crowded_networks() {
    assertThat(
            closed(
                "192.0.2.1",
                "192.0.2.1",
                "192.0.2.1",
                "2001:db8:1:1::1",
                "2001:db8:1:2::1",
                "2001:db8:1:2::2",
                "2001:db8:1:300::1"))
        .containsExactly(4);
  }

  @Test
  void connections_of_the_most_crowded_block_are_closed_first() {
    assertThat(closed("192.0.2.1", "192.0.2.2", "192.0.2.2")).containsExactly(1);
    assertThat(closed(repeated(9, "192.0.2.1", "192.0.2.2", "192.0.2.2")))
        .containsExactly(1, 2, 4, 5);
    assertThat(closed(repeated(100, "192.0.2.1", "192.0.2.2", "192.0.2.2"))).hasSize(32);
    assertThat(closed(repeated(2, "2001:db8:1:1::1", "2001:db8:1:2::1", "192.0.2.1")))
        .containsExactly(0);
    assertThat(closed()).isEmpty();
  }

  /**
   * If only one connection were closed, each of many new connections would search all open
   * connections in order to close a single one.
   */
  @Test
  void connections_of_equally_crowded_blocks_are_closed_together() {
    assertThat(closed(IntStream.range(0, 100).mapToObj(i -> "192.0.2." + i).toArray(String[]::new)))
        .containsExactlyElementsOf(IntStream.range(0, 25).boxed().toList());
  }

  private static String[] repeated(int times, String... addresses) {
    return Collections.nCopies(times, List.of(addresses)).stream()
        .flatMap(List::stream)
        .toArray(String[]::new);
  }

  /** Returns the positions of the addresses whose connections are closed. */
  private static List<Integer> closed(String... addresses) {
    return AddressBlock.toClose(
        IntStream.range(0, addresses.length).boxed().toList(),
        place -> AddressBlock.around(addresses[place]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "", "in-process", "localhost", "1:2", "no:address", ":"})
  void everything_else_is_a_block_of_its_own(String address) {
    assertThat(AddressBlock.of(address)).hasToString(address);
  }
}
