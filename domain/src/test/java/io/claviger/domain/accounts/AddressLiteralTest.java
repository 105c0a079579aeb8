package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressLiteralTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "::, 0:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "1::, 1:0:0:0:0:0:0:0",
    "2001:db8::7, 2001:db8:0:0:0:0:0:7",
    "2001:0DB8:0:0:0:0:0:7, 2001:db8:0:0:0:0:0:7",
    "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "64:ff9b::1.2.3.4, 64:ff9b:0:0:0:0:102:304",
    "::ffff:192.0.2.1, 192.0.2.1"
  })
  void an_address_is_read_as_it_is_written(String text, String address) {
    assertThat(AddressLiteral.parse(text).map(InetAddress::getHostAddress)).contains(address);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "LocalHost, true",
    "127.0.0.1, true",
    "127.8.0.1, true",
    "::1, true",
    "[::1], true",
    "::ffff:127.0.0.1, true",
    "192.0.2.1, false",
    "[2001:db8::7], false",
    "[::1, false",
    "::1], false",
    "localhost.example.org, false",
    "127.0.0.1.example.org, false",
    "0.0.0.0, false"
  })
  void this_machine_is_localhost_or_a_loopback_address(String host, boolean expected) {
    assertThat(AddressLiteral.isThisMachine(host)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "999.1.1.1",
        "256.0.0.1",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.",
        ".1.2.3",
        "01.2.3.4",
        "0x7f.0.0.1",
        "2130706433",
        "1.2.3.4 ",
        "+1.2.3.4",
        "١.٢.٣.٤",
        "localhost",
        "example.org",
        "a.b.c.d",
        ":",
        ":::",
        "1:2",
        "1::2::3",
        "::1::",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "1:2:3:4:5:6:7",
        "12345::",
        "g::",
        "::1.2.3",
        "::999.1.1.1",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "[::1]",
        "::1%eth0",
        "fe80::1%1",
        "::1/64"
      })
  void anything_else_is_none_and_is_not_looked_up(String text) {
    assertThat(AddressLiteral.parse(text)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void every_address_is_read_as_the_jdk_writes_it(long seed) throws UnknownHostException {
    Random random = new Random(seed);
    byte[] address = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(address);
    InetAddress expected = InetAddress.getByAddress(address);

    assertThat(AddressLiteral.parse(expected.getHostAddress())).contains(expected);
  }
}
