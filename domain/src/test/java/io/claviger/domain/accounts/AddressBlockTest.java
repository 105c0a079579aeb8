package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

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

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "", "in-process", "localhost", "1:2", "no:address", ":"})
  void everything_else_is_a_block_of_its_own(String address) {
    assertThat(AddressBlock.of(address)).hasToString(address);
  }
}
