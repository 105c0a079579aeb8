package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressNetTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.128.0/17, 10.1.128.0, true",
    "10.1.128.0/17, 10.1.127.255, false",
    "192.0.2.4/31, 192.0.2.5, true",
    "192.0.2.4/31, 192.0.2.6, false",
    "192.0.2.4/32, 192.0.2.4, true",
    "192.0.2.4, 192.0.2.4, true",
    "192.0.2.4, 192.0.2.5, false",
    "0.0.0.0/0, 255.1.2.3, true",
    "::/0, 2001:db8::1, true",
    "::/0, 10.1.2.3, false",
    "128.0.0.0/1, 255.1.2.3, true",
    "128.0.0.0/1, 127.0.0.1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "fd00::/8, fdff::1, true",
    "::1, ::1, true",
    "::1, ::2, false",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "10.0.0.0/8, a00::, false",
    "::/128, 0.0.0.0, false",
    "::ffff:10.0.0.0/104, 10.255.255.255, true",
    "::ffff:10.0.0.0/104, 11.0.0.0, false",
    "::ffff:a00:0/104, 10.1.2.3, true",
    "0:0:0:0:0:ffff:192.0.2.4/127, 192.0.2.5, true",
    "::ffff:192.0.2.4/127, 192.0.2.6, false",
    "::ffff:192.0.2.4/128, 192.0.2.4, true",
    "::ffff:192.0.2.4, 192.0.2.4, true",
    "::ffff:0:0/96, 255.1.2.3, true",
    "::ffff:0:0/96, 2001:db8::1, false",
    "::fffe:0:0/95, ::fffe:1:2, true"
  })
  void a_net_has_the_addresses_with_its_first_bits(String net, String address, boolean inside) {
    assertThat(AddressNet.parse(net).orElseThrow().contains(literal(address))).isEqualTo(inside);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, true",
    "::/0, true",
    "::ffff:0:0/96, true",
    "128.0.0.0/1, false",
    "8000::/1, false",
    "::, false"
  })
  void a_net_without_a_prefix_is_everything(String net, boolean everything) {
    assertThat(AddressNet.parse(net).orElseThrow().isEverything()).isEqualTo(everything);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.1/0",
        "10.0.0.0/00",
        "10.0.0.0/33",
        "2001:db8::/129",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "10.0.0.1/8",
        "2001:db8::1/32",
        "localhost",
        "localhost/8",
        "10.0/16",
        "::ffff:10.0.0.0/8",
        "::ffff:10.0.0.0/32",
        "::ffff:0:0/95",
        "::ffff:0:0/0",
        "::ffff:10.0.0.0/129",
        "::ffff:10.1.2.3/104",
        "[::1]"
      })
  void any_other_text_is_none(String text) {
    assertThat(AddressNet.parse(text)).isEmpty();
  }

  @Test
  void bits_beyond_the_prefix_are_explained() {
    assertThat(AddressNet.otherBits("10.1.2.3/8"))
        .contains(
            "10.1.2.3/8 has bits beyond its prefix: write 10.0.0.0/8 for the net, or 10.1.2.3 for"
                + " the address");
    assertThat(AddressNet.otherBits("fd00::1/8").orElseThrow())
        .contains("fd00:0:0:0:0:0:0:0/8", "fd00::1 for");
    assertThat(AddressNet.otherBits("::ffff:10.1.2.3/104"))
        .contains(
            "::ffff:10.1.2.3/104 has bits beyond its prefix: write 10.0.0.0/8 for the net, or"
                + " ::ffff:10.1.2.3 for the address");
    assertThat(AddressNet.otherBits("10.0.0.0/8")).isEmpty();
    assertThat(AddressNet.otherBits("::ffff:10.0.0.0/104")).isEmpty();
    assertThat(AddressNet.otherBits("10.0.0.1/33")).isEmpty();
    assertThat(AddressNet.otherBits("host/8")).isEmpty();
  }

  /** The first 96 bits only say that the address is an IPv4 address. */
  @ParameterizedTest
  @CsvSource({
    "::ffff:10.0.0.0/8, 10.0.0.0/8 or ::ffff:10.0.0.0/104",
    "::ffff:10.1.2.3/8, 10.0.0.0/8 or ::ffff:10.0.0.0/104",
    "::ffff:a00:0/32, 10.0.0.0/32 or ::ffff:10.0.0.0/128",
    "::ffff:0:0/95, 0.0.0.0/0 or ::ffff:0.0.0.0/96",
    "::ffff:192.0.2.0/64, 0.0.0.0/0 or ::ffff:0.0.0.0/96"
  })
  void a_short_prefix_of_an_ipv4_address_in_ipv6_is_explained(String text, String instead) {
    assertThat(AddressNet.otherBits(text))
        .contains(
            text
                + " has a prefix of fewer than 96 bits, so it is no network of IPv4 addresses:"
                + " write "
                + instead
                + " for the net");
  }

  @Test
  void a_set_of_nets_has_the_addresses_of_each() {
    AddressNets nets =
        new AddressNets(
            List.of(AddressNet.parse("10.0.0.0/8").orElseThrow(), AddressNet.of(literal("::1"))));
    assertThat(nets.contains(literal("10.9.9.9"))).isTrue();
    assertThat(nets.contains(literal("::1"))).isTrue();
    assertThat(nets.contains(literal("::2"))).isFalse();
    assertThat(AddressNets.NONE.contains(literal("::1"))).isFalse();
  }

  private static InetAddress literal(String text) {
    return AddressLiteral.parse(text).orElseThrow();
  }

  /** A wider network with the same first address is not within the narrower one. */
  @Test
  void a_network_is_within_another_only_if_all_its_addresses_are() {
    AddressNet wide = AddressNet.parse("10.0.0.0/8").orElseThrow();
    AddressNet narrow = AddressNet.parse("10.0.0.0/16").orElseThrow();

    assertThat(narrow.isWithin(wide)).isTrue();
    assertThat(wide.isWithin(narrow)).isFalse();
    assertThat(wide.isWithin(wide)).isTrue();
    assertThat(narrow.isWithin(AddressNet.parse("11.0.0.0/8").orElseThrow())).isFalse();
  }
}
