package io.claviger.domain.definitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # given                                      | normal form
          https://api.openai.com/v1                    | https://api.openai.com/v1
          http://localhost:11434/v1                    | http://localhost:11434/v1

          # upper case
          HTTPS://API.OpenAI.COM/v1                    | https://api.openai.com/v1
          https://api.openai.com/V1/Models             | https://api.openai.com/V1/Models

          # default and odd ports
          https://api.openai.com:443/v1                | https://api.openai.com/v1
          http://api.openai.com:80/v1                  | http://api.openai.com/v1
          https://api.openai.com:00443/v1              | https://api.openai.com/v1
          https://api.openai.com:80/v1                 | https://api.openai.com:80/v1
          http://api.openai.com:443                    | http://api.openai.com:443
          https://api.openai.com:1                     | https://api.openai.com:1
          https://api.openai.com:65535                 | https://api.openai.com:65535

          # trailing slash and trailing dot
          https://api.openai.com/                      | https://api.openai.com
          https://api.openai.com/v1/                   | https://api.openai.com/v1
          https://api.openai.com./v1                   | https://api.openai.com/v1
          https://api.openai.com.:443/                 | https://api.openai.com

          # punycode
          https://bücher.example/v1                    | https://xn--bcher-kva.example/v1
          https://BÜCHER.example/v1                    | https://xn--bcher-kva.example/v1
          https://XN--BCHER-KVA.example/v1             | https://xn--bcher-kva.example/v1
          https://例え.テスト                            | https://xn--r8jz45g.xn--zckzah
          https://api。openai。com/v1                    | https://api.openai.com/v1
          https://ａｐｉ.openai.com/v1                   | https://api.openai.com/v1

          # hosts of a private network
          http://ollama:11434                          | http://ollama:11434
          http://my_service.internal                   | http://my_service.internal
          http://a--b.example                          | http://a--b.example

          # IPv4
          http://127.0.0.1:8080/v1                     | http://127.0.0.1:8080/v1
          http://255.249.199.99                        | http://255.249.199.99
          http://10.1.0.0./x                           | http://10.1.0.0/x
          http://1.2.3.4.example                       | http://1.2.3.4.example

          # IPv6, as RFC 5952 writes it
          http://[::1]:8080/v1                         | http://[::1]:8080/v1
          http://[0:0:0:0:0:0:0:1]                     | http://[::1]
          http://[0000:0000::0001]                     | http://[::1]
          http://[::]                                  | http://[::]
          http://[2001:DB8::A]:80                      | http://[2001:db8::a]
          http://[2001:db8:0:0:1:0:0:1]                | http://[2001:db8::1:0:0:1]
          http://[2001:db8:0:1:1:1:1:1]                | http://[2001:db8:0:1:1:1:1:1]
          http://[2001:0:0:1:0:0:0:1]                  | http://[2001:0:0:1::1]
          http://[1:2:3:4:5:6:0:0]                     | http://[1:2:3:4:5:6::]
          http://[1:2:3:4:5:6:7:8]                     | http://[1:2:3:4:5:6:7:8]
          http://[::ffff:7f00:1]                       | http://[::ffff:127.0.0.1]
          http://[::FFFF:127.0.0.1]                    | http://[::ffff:127.0.0.1]
          http://[64:ff9b::192.0.2.1]                  | http://[64:ff9b::c000:201]

          # paths
          https://h/openai/deployments/gpt-4o          | https://h/openai/deployments/gpt-4o
          https://h/~x/a_b/c.d/...                     | https://h/~x/a_b/c.d/...
          https://h/v1.0/.hidden                       | https://h/v1.0/.hidden
          https://h/a%20b                              | https://h/a%20b
          https://h/a:b@c;d=e,f                        | https://h/a:b@c;d=e,f
          """)
  void a_base_url_is_kept_in_its_normal_form(String given, String normal) {
    assertThat(Endpoint.of(given).url()).isEqualTo(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // not an absolute http or https URL
        "",
        " ",
        "/v1",
        "//api.openai.com/v1",
        "api.openai.com",
        "api.openai.com/v1",
        "localhost:11434",
        "ftp://h",
        "file:///etc/passwd",
        "ws://h",
        "javascript:alert(1)",
        "http:",
        "http:/",
        "http://",
        "http:///v1",
        "https:h/v1",
        "https:/h/v1",
        "https:\\\\h",
        "http+unix://h",
        "jar:https://h",
        // user info
        "https://user@h",
        "https://user:password@h/v1",
        "https://@h",
        "https://:@h",
        "https://api.openai.com@evil.example",
        "https://api.openai.com:443@evil.example/v1",
        "https://evil.example\\@api.openai.com",
        // query and fragment
        "https://h?",
        "https://h?x=1",
        "https://h/v1?api-version=1",
        "https://h/v1?",
        "https://h#",
        "https://h/v1#x",
        "https://evil.example#@api.openai.com",
        "https://evil.example?@api.openai.com",
        // dot segments, plain and encoded
        "https://h/.",
        "https://h/..",
        "https://h/./v1",
        "https://h/v1/..",
        "https://h/v1/../",
        "https://h/v1/../v2",
        "https://h/v1/./v2",
        "https://h/v1/%2e%2e/v2",
        "https://h/v1/%2E./v2",
        "https://h/v1/.%2e",
        // encoded and doubled slashes
        "https://h/a%2fb",
        "https://h/a%2Fb",
        "https://h//v1",
        "https://h/v1//v2",
        // backslash
        "https://h\\v1",
        "https://h/v1\\v2",
        "https://h/v1%5cv2",
        "https://h/v1%5Cv2",
        // broken escapes, and characters that must be escaped
        "https://h/%",
        "https://h/%4",
        "https://h/%zz",
        "https://h/a%%41",
        "https://h/a b",
        "https://h/a\"b",
        "https://h/<x>",
        "https://h/{id}",
        "https://h/a|b",
        "https://h/a^b",
        "https://h/[a]",
        "https://h/ü",
        // control characters, white space, lone surrogates
        "https://h\n",
        "\nhttps://h",
        " https://h",
        "https://h ",
        "https:// h",
        "https://h/\n",
        "https://h/v1\r\nHost: evil.example",
        "https://h/v1\tx",
        "https://h\0",
        "https://h/\0",
        "https://h/%00",
        "https://h\u0000.evil.example",
        "https://h\u007f",
        "https://h/\u0085",
        "https://\ud83d",
        "https://h/\ud83d",
        "https://h\u2028",
        // ports
        "https://h:",
        "https://h:/v1",
        "https://h:0",
        "https://h:65536",
        "https://h:99999",
        "https://h:100000",
        "https://h:000443",
        "https://h:-1",
        "https://h:+1",
        "https://h:1e1",
        "https://h:0x50",
        "https://h:80:80",
        "https://h:\u0661",
        // hosts
        "https://.",
        "https://..",
        "https://.h",
        "https://h..",
        "https://a..b",
        "https://-h",
        "https://h-",
        "https://a.-b",
        "https://a-.b",
        "https://a,b",
        "https://a;b",
        "https://a%41b",
        "https://h%2fx",
        "https://*.openai.com",
        "https://$HOST",
        "https://a'b",
        "https://a\uff0fb",
        "https://a\uff20b",
        "https://a\uff1a80",
        "https://a\uff03b",
        // what only some resolvers take for an IPv4 address
        "http://127.1",
        "http://2130706433",
        "http://0x7f000001",
        "http://0x7f.1",
        "http://0177.0.0.1",
        "http://127.0.0.01",
        "http://127.0.0.256",
        "http://127.0.0.1.1",
        "http://127.0.0",
        "http://example.1",
        "http://example.0x1",
        "http://0x",
        // IPv6
        "http://::1",
        "http://[::1",
        "http://::1]",
        "http://[]",
        "http://[:]",
        "http://[:::]",
        "http://[.]",
        "http://[1]",
        "http://[127.0.0.1]",
        "http://[1:2:3:4:5:6:7]",
        "http://[1:2:3:4:5:6:7:8:9]",
        "http://[1::2::3]",
        "http://[::12345]",
        "http://[::g]",
        "http://[::1%25eth0]",
        "http://[::1%eth0]",
        "http://[v1.x]",
        "http://[::1]x",
        "http://[::1].example",
        "http://[::ffff:127.0.0.256]"
      })
  void anything_else_is_refused(String given) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> Endpoint.of(given));
  }

  @Test
  void two_thousand_and_forty_eight_characters_are_the_most() {
    String longest = "https://h/" + "a".repeat(2_038);
    assertThat(Endpoint.of(longest).url()).isEqualTo(longest).hasSize(2_048);
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> Endpoint.of(longest + "a"));
  }

  @Test
  void the_normal_form_is_no_longer_than_that_either() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Endpoint.of("https://bücher.example/" + "a".repeat(2_025)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "/a", "%41", "/%41", "a%41"})
  void the_longest_path_of_whatever_shape_is_read_with_little_stack(String part) throws Exception {
    String url = "https://h/a" + part.repeat(2_037 / part.length());
    Throwable[] thrown = new Throwable[1];
    Thread small = new Thread(null, () -> Endpoint.of(url), "small stack", 256 * 1024);
    small.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
    small.start();
    small.join();
    assertThat(thrown).containsOnlyNulls();
  }

  @Test
  void a_host_has_at_most_two_hundred_and_fifty_three_characters() {
    String host = ("a".repeat(62) + ".").repeat(4);
    assertThat(Endpoint.of("https://" + host + "b").host()).hasSize(253);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Endpoint.of("https://" + host + "bc"));
  }

  @Test
  void a_label_of_a_host_has_at_most_sixty_three_characters() {
    assertThat(Endpoint.of("https://" + "a".repeat(63)).host()).hasSize(63);
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Endpoint.of("https://" + "a".repeat(64)));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("io.claviger.domain.Seeds#fresh")
  void whatever_is_given_it_is_refused_or_has_a_normal_form_that_is_its_own(long seed) {
    Random random = new Random(seed);
    String pieces = "ahttps://[:].%2e@?#\\ü0x127-_ß\u200d\ud83d\0\u3002V";
    for (int i = 0; i < 500; i++) {
      StringBuilder url = new StringBuilder(random.nextBoolean() ? "https://" : "HTTP://h");
      for (int length = random.nextInt(20); length > 0; length--) {
        url.append(pieces.charAt(random.nextInt(pieces.length())));
      }
      try {
        Endpoint endpoint = Endpoint.of(url.toString());
        assertThat(Endpoint.of(endpoint.url())).as(url.toString()).isEqualTo(endpoint);
      } catch (InvalidValue refused) {
        assertThat(refused.field()).isEqualTo("endpoint");
      }
    }
  }

  @Test
  void an_endpoint_is_taken_apart() {
    assertThat(Endpoint.of("https://h:8443/a/b"))
        .isEqualTo(new Endpoint("https", "h", 8443, "/a/b"));
  }

  @Test
  void the_port_is_the_schemes_default_where_none_was_given() {
    assertThat(Endpoint.of("https://h").port()).isEqualTo(443);
    assertThat(Endpoint.of("http://h").port()).isEqualTo(80);
  }

  @Test
  void the_path_of_a_bare_host_is_empty() {
    assertThat(Endpoint.of("https://h/").path()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/v1, h",
    "https://h:80, h:80",
    "http://h:443, h:443",
    "http://[::1]:8080, [::1]:8080"
  })
  void the_authority_has_the_port_unless_it_is_the_schemes_default(String url, String authority) {
    assertThat(Endpoint.of(url).authority()).isEqualTo(authority);
  }

  @Test
  void only_https_is_tls() {
    assertThat(Endpoint.of("https://h:80").isTls()).isTrue();
    assertThat(Endpoint.of("http://h:443").isTls()).isFalse();
  }

  @Test
  void an_endpoint_prints_as_its_url() {
    assertThat(Endpoint.of("HTTPS://H/")).hasToString("https://h");
  }

  @Test
  void a_refusal_does_not_repeat_what_was_given() {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> Endpoint.of("https://user:sk-secret@h"))
        .satisfies(e -> assertThat(e.toString() + e.fault()).doesNotContain("sk-secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://h/", "https://", "https://h:", "https://a.", "https://[::"})
  void a_very_long_url_is_refused_and_nothing_worse(String beginning) {
    assertThatCode(() -> Endpoint.of(beginning + "a/".repeat(500_000)))
        .isInstanceOf(InvalidValue.class);
  }
}
