package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
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
    List<List<AddressBlock>> all =
        Stream.of(
                "192.0.2.1",
                "192.0.2.1",
                "192.0.2.1",
                "2001:db8:1:1::1",
                "2001:db8:1:2::1",
                "2001:db8:1:2::2",
                "2001:db8:1:300::1")
            .map(AddressBlock::around)
            .toList();

    assertThat(AddressBlock.mostCrowded(all)).contains(AddressBlock.of("2001:db8:1:2::9"));
    assertThat(AddressBlock.mostCrowded(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "", "in-process", "localhost", "1:2", "no:address", ":"})
  void everything_else_is_a_block_of_its_own(String address) {
    assertThat(AddressBlock.of(address)).hasToString(address);
  }
}
