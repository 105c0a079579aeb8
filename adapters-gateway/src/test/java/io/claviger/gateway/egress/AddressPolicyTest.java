package io.claviger.gateway.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private static final AddressScope USER = new AddressScope(false, false);
  private static final AddressScope USER_IN_CLEAR = new AddressScope(false, true);
  private static final AddressScope SYSTEM = new AddressScope(true, false);
  private static final AddressScope SYSTEM_IN_CLEAR = new AddressScope(true, true);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.0.9",
        "192.0.0.10",
        "192.0.1.0",
        "192.0.3.0",
        "192.31.196.1",
        "192.52.193.1",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "192.175.48.1",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "2001:1::1",
        "2001:1::2",
        "2001:1::3",
        "2001:3::1",
        "2001:4:112::1",
        "2001:20::1",
        "2001:30::1",
        "2001:200::1",
        "2620:4f:8000::1",
        "64:ff9b::8.8.8.8",
        "::ffff:8.8.8.8"
      })
  void a_users_service_reaches_what_is_globally_reachable(String address) {
    assertThat(permits(address, USER)).isTrue();
    assertThat(permits(address, SYSTEM)).isTrue();
    assertThat(permits(address, USER_IN_CLEAR)).as("with a secret in clear text").isFalse();
    assertThat(permits(address, SYSTEM_IN_CLEAR)).as("with a secret in clear text").isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.0",
        "192.0.0.8",
        "192.0.0.11",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "192.88.99.2",
        "192.168.0.1",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "100::1",
        "100:0:0:1::1",
        "2001:2::1",
        "2001:10::1",
        "2001:5::1",
        "2001:db8::1",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
        "1234::1",
        "4000::1"
      })
  void the_rest_is_for_system_level_services_only(String address) {
    assertThat(permits(address, USER)).isFalse();
    assertThat(permits(address, SYSTEM)).isTrue();
    assertThat(permits(address, SYSTEM_IN_CLEAR)).as("clear text may go there").isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "100.100.100.200",
        "168.63.129.16",
        "fe80::1",
        "febf::1",
        "192.0.0.192",
        "fd00:ec2::23",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fd00:c1::a9fe:a9fe",
        "fd00:42::42",
        "fd00:a9fe:a9fe::1",
        "fd00:100::100:200",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "::ffff:0:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b::168.63.129.16",
        "64:ff9b:1:a9fe:a9:fe00::",
        "64:ff9b:1:ffa9:fe:a9fe::",
        "64:ff9b:1:0:a9:fea9:fe00:0",
        "64:ff9b:1::169.254.169.254",
        "2002:a9fe:a9fe::1",
        "2002:6464:64c8::1",
        "2001:0:a9fe:a9fe::1",
        "2001:0:808:808::5601:5601",
        "2606:4700::5efe:169.254.169.254",
        "2606:4700::200:5efe:a9fe:a9fe"
      })
  void nobody_reaches_link_local_addresses_and_metadata(String address) {
    AddressPolicy lenient = policy("169.254.0.0/16, fe80::/10, fd00::/8, 0.0.0.0/0, ::/0");

    for (AddressScope reach : List.of(USER, USER_IN_CLEAR, SYSTEM, SYSTEM_IN_CLEAR)) {
      assertThat(lenient.permits("host", address(address), 443, reach)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:0:10.0.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8", "2002:7f00:1::1",
        "2002:a00:1::1", "2002:808:808::1", "2001:0:808:808::f5ff:fffe", "2001:0:a00:1::f7f7:f7f7",
        "2606:4700::5efe:10.0.0.1"
      })
  void what_embeds_a_private_address_is_as_private(String address) {
    assertThat(permits(address, USER)).isFalse();
    assertThat(permits(address, SYSTEM)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:11434, 127.0.0.1, 11434, true",
    "127.0.0.1:11434, 127.0.0.1, 11435, false",
    "127.0.0.1:11434, 127.0.0.2, 11434, false",
    "127.0.0.1, 127.0.0.1, 9, true",
    "10.1.0.0/16, 10.1.255.255, 80, true",
    "10.1.0.0/16, 10.2.0.0, 80, false",
    "10.0.0.0/9, 10.127.0.1, 80, true",
    "10.0.0.0/9, 10.128.0.1, 80, false",
    "[::1]:8080, ::1, 8080, true",
    "[::1]:8080, ::1, 8081, false",
    "[fd00::1], fd00::1, 1, true",
    "::1, ::1, 9, true",
    "fd00::/8, fd12::1, 80, true",
    "fd00::/8, fc12::1, 80, false",
    "ollama:11434, 10.9.9.9, 11434, true",
    "OLLAMA, 10.9.9.9, 80, true",
    "other:11434, 10.9.9.9, 11434, false",
    "ollama:11434, 10.9.9.9, 80, false"
  })
  void the_operators_exceptions_are_exact(
      String exception, String address, int port, boolean permitted) {
    AddressPolicy policy = policy(exception);

    assertThat(policy.permits("ollama", address(address), port, USER)).isEqualTo(permitted);
    assertThat(policy.permits("ollama", address(address), port, USER_IN_CLEAR))
        .isEqualTo(permitted);
  }

  @Test
  void several_exceptions_hold_side_by_side() {
    AddressPolicy policy = policy(" 127.0.0.1:11434 ,10.1.0.0/16,, ollama:1 ");

    assertThat(policy.permits("x", address("127.0.0.1"), 11434, USER)).isTrue();
    assertThat(policy.permits("x", address("10.1.2.3"), 5, USER)).isTrue();
    assertThat(policy.permits("ollama", address("10.9.2.3"), 1, USER)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/33",
        "10.0.0/8",
        "::/129",
        "127.1",
        "0x7f.1",
        "2130706433",
        "host:0",
        "host:65536",
        "host:x",
        "[::1",
        "[host]:1",
        "a b",
        "http://host",
        "10.0.0.0/8:80",
        "-host"
      })
  void what_is_no_exception_is_refused(String text) {
    assertThatThrownBy(() -> AllowedPrivateHosts.of(text))
        .isInstanceOf(InvalidValue.class)
        .hasMessageContaining("127.0.0.1:11434");
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3/8", "fd00::1/8"})
  void a_range_with_bits_beyond_its_prefix_is_refused(String text) {
    assertThatThrownBy(() -> AllowedPrivateHosts.of("127.0.0.1, " + text))
        .isInstanceOfSatisfying(
            InvalidValue.class,
            e -> assertThat(e.allowed()).contains(text + " has bits beyond its prefix"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "0.0.0.0",
        "::",
        "10.7.7.7",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1"
      })
  void nobody_reaches_clavigers_own_listeners(String address) {
    AddressPolicy policy = policy("0.0.0.0/0, ::/0");

    assertThat(policy.permits("host", address(address), 8081, SYSTEM)).isFalse();
    assertThat(policy.permits("host", address(address), 8081, USER)).isFalse();
    assertThat(policy.permits("host", address(address), 8082, SYSTEM)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.1", "2130706433", "127.0.1"})
  void a_historic_notation_is_judged_by_the_address_it_stands_for(String notation)
      throws UnknownHostException {
    assertThat(AddressResolver.system().resolve(notation))
        .isNotEmpty()
        .noneMatch(address -> policy("").permits(notation, address, 443, USER));
  }

  @Test
  void a_listeners_port_on_another_machine_is_free_to_use() {
    assertThat(policy("").permits("host", address("10.0.0.9"), 8081, SYSTEM)).isTrue();
    assertThat(policy("").permits("host", address("8.8.8.8"), 8081, USER)).isTrue();
  }

  @Test
  void a_machines_own_public_address_leads_to_its_listeners_too() {
    AddressPolicy policy =
        new AddressPolicy(
            AllowedPrivateHosts.none(),
            () -> List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8081)),
            address("8.8.8.8")::equals);

    assertThat(policy.permits("host", address("8.8.8.8"), 8081, USER)).isFalse();
  }

  private static boolean permits(String address, AddressScope reach) {
    return policy("").permits("host", address(address), 443, reach);
  }

  private static AddressPolicy policy(String exceptions) {
    return new AddressPolicy(
        AllowedPrivateHosts.of(exceptions),
        () -> List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8081)),
        address("10.7.7.7")::equals);
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getAllByName(literal)[0];
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }
}
