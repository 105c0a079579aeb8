package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.web.server.CallerOrigins.CallerAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallerAddressTest {
  private final CallerAddress addresses = trusting("10.0.0.1", "10.0.0.2", "fd00::1");

  @ParameterizedTest
  @CsvSource({
    "192.0.2.7, 203.0.113.9, 192.0.2.7, headers of whom nobody trusts count for nothing",
    "10.0.0.1, 203.0.113.9, 203.0.113.9, a trusted proxy says who called it",
    "10.0.0.1, '1.1.1.1, 203.0.113.9', 203.0.113.9, what stands further left is the caller's own"
        + " word",
    "10.0.0.1, '203.0.113.9, 10.0.0.2', 203.0.113.9, a chain of trusted proxies is followed",
    "10.0.0.1, '10.0.0.2', 10.0.0.2, a proxy that calls itself is the caller",
    "10.0.0.1, 'unknown', 10.0.0.1, what is no address is not believed",
    "10.0.0.1, 'example.org', 10.0.0.1, names are never looked up",
    "10.0.0.1, '1.2.3', 10.0.0.1, half an address is none",
    "10.0.0.1, '999.1.1.1', 10.0.0.1, nor is one out of bounds",
    "10.0.0.1, '', 10.0.0.1, nor is nothing",
    "10.0.0.1, '203.0.113.9:4711', 203.0.113.9, a port does not count",
    "10.0.0.1, '[2001:db8::7]:4711', 2001:db8:0:0:0:0:0:7, IPv6 comes in brackets",
    "fd00::1, '2001:db8::7', 2001:db8:0:0:0:0:0:7, or without"
  })
  void x_forwarded_for(String peer, String header, String caller, String why) {
    assertThat(address(peer, List.of(header), List.of())).as(why).isEqualTo(caller);
  }

  @ParameterizedTest
  @CsvSource({
    "for=203.0.113.9",
    "'For=\"203.0.113.9:4711\";proto=https;by=10.0.0.1'",
    "'for=1.1.1.1, proto=http;for=203.0.113.9'",
    "'for=203.0.113.9, for=10.0.0.2'"
  })
  void forwarded(String header) {
    assertThat(address("10.0.0.1", List.of(), List.of(header))).isEqualTo("203.0.113.9");
  }

  @ParameterizedTest
  @CsvSource({"for=_hidden", "for=unknown", "proto=https", "'xfor=203.0.113.9'"})
  void a_forwarded_header_that_hides_the_caller_names_nobody(String header) {
    assertThat(address("10.0.0.1", List.of(), List.of(header))).isEqualTo("10.0.0.1");
  }

  /** Some proxies repeat the header {@code Host} in a quoted text, which can contain anything. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "for=203.0.113.9;host=\",for=1.1.1.1;a=\"",
        "proto=http;host=\"x, for=1.1.1.1;a=\";for=203.0.113.9",
        "for=\"203.0.113.9\";host=\";for=1.1.1.1\"",
        "for=1.1.1.1;host=\"a,b\", for=203.0.113.9;host=\"a,for=1.1.1.1;b\""
      })
  void a_quoted_text_is_one_value_whatever_it_contains(String header) {
    assertThat(address("10.0.0.1", List.of(), List.of(header))).isEqualTo("203.0.113.9");
  }

  /** A caller could open a quotation that includes the text that the proxy appends. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "for=1.1.1.1;a=\", for=203.0.113.9",
        "for=1.1.1.1;a=\", for=\"203.0.113.9:4711\"",
        "for=1.1.1.1;a=\", for=203.0.113.9;host=\"x\\\"y\"",
        "for=1.1.1.1;for=203.0.113.9",
        "for=203.0.113.9;for=1.1.1.1"
      })
  void an_unclear_list_names_nobody(String header) {
    assertThat(address("10.0.0.1", List.of(), List.of(header))).isEqualTo("10.0.0.1");
  }

  @Test
  void several_lines_are_one_list() {
    assertThat(address("10.0.0.1", List.of("1.1.1.1", "203.0.113.9"), List.of()))
        .isEqualTo("203.0.113.9");
  }

  /** A caller can send a line that opens a quotation before the line of the proxy. */
  @Test
  void an_unclear_line_does_not_change_the_lines_after_it() {
    String unclear = "for=1.1.1.1;a=\"";
    assertThat(addresses.of("10.0.0.1", List.of(), List.of(unclear, "for=203.0.113.9")))
        .isEqualTo(new CallerAddress.Located("203.0.113.9", true));
    assertThat(addresses.of("10.0.0.1", List.of(), List.of(unclear, "for=10.0.0.2")))
        .isEqualTo(new CallerAddress.Located("10.0.0.2", false));
    assertThat(addresses.of("10.0.0.1", List.of(), List.of("for=203.0.113.9", unclear)))
        .isEqualTo(new CallerAddress.Located("10.0.0.1", false));
  }

  @Test
  void a_trusted_proxy_without_a_header_is_the_caller_itself() {
    assertThat(addresses.of("10.0.0.1", List.of(), List.of()))
        .isEqualTo(new CallerAddress.Located("10.0.0.1", true));
  }

  @Test
  void two_headers_that_disagree_are_both_not_believed() {
    assertThat(address("10.0.0.1", List.of("203.0.113.9"), List.of("for=1.1.1.1")))
        .isEqualTo("10.0.0.1");
    assertThat(address("10.0.0.1", List.of("203.0.113.9"), List.of("for=203.0.113.9")))
        .isEqualTo("203.0.113.9");
  }

  @Test
  void a_net_of_proxies_is_trusted_as_each_of_them_is() {
    CallerAddress behindNet = trusting("10.0.0.0/8");
    assertThat(behindNet.of("10.1.2.3", List.of("203.0.113.9, 10.9.9.9"), List.of()).address())
        .isEqualTo("203.0.113.9");
    assertThat(behindNet.of("11.0.0.1", List.of("203.0.113.9"), List.of()).address())
        .isEqualTo("11.0.0.1");
  }

  private String address(String peer, List<String> forwardedFor, List<String> forwarded) {
    return addresses.of(peer, forwardedFor, forwarded).address();
  }

  private static CallerAddress trusting(String... addresses) {
    return new CallerAddress(
        new AddressNets(
            Arrays.stream(addresses).map(text -> AddressNet.parse(text).orElseThrow()).toList()));
  }
}
