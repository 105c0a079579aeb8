package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.web.pages.Site.TransportSafety;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteTest {
  @ParameterizedTest
  @CsvSource({
    "https://claviger.example.org, https://claviger.example.org, HTTPS",
    "HTTPS://Claviger.Example.org:443, https://claviger.example.org, HTTPS",
    "https://claviger.example.org:8443, https://claviger.example.org:8443, HTTPS",
    "http://localhost:8080, http://localhost:8080, LOOPBACK",
    "http://[::1]:8080, http://[::1]:8080, LOOPBACK",
    "http://claviger.example.org, http://claviger.example.org, EXPOSED",
    "http://127.0.0.1.example.org, http://127.0.0.1.example.org, EXPOSED"
  })
  void the_public_url_decides_whatever_the_request_says(
      String publicUrl, String origin, TransportSafety transport) {
    assertThat(Site.of(Optional.of(URI.create(publicUrl)), "evil.example", "203.0.113.9", false))
        .isEqualTo(new Site(origin, transport));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost:8080, 127.0.0.1, LOOPBACK",
    "LOCALHOST:8080, ::1, LOOPBACK",
    "127.0.0.1, 127.0.0.1, LOOPBACK",
    "[::1]:8080, ::1, LOOPBACK",
    "localhost:8080, 192.0.2.1, EXPOSED",
    "rebound.example:8080, 127.0.0.1, EXPOSED",
    "localhost.evil.example, 127.0.0.1, EXPOSED",
    "localhost@evil.example, 127.0.0.1, EXPOSED",
    "'', 127.0.0.1, EXPOSED"
  })
  void without_one_both_ends_must_be_this_machine(
      String host, String peer, TransportSafety transport) {
    assertThat(Site.of(Optional.empty(), host, peer, false).transport()).isEqualTo(transport);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "same-origin, null, true",
        "same-origin, -, true",
        "same-origin, https://x.example, true",
        "same-origin, https://evil.example, false",
        "same-site, https://x.example, false",
        "cross-site, https://x.example, false",
        "cross-site, null, false",
        "none, -, false",
        "-, https://x.example, true",
        "-, HTTPS://X.example, true",
        "-, http://x.example, false",
        "-, https://x.example:8443, false",
        "-, null, false",
        "-, -, false"
      })
  void a_form_comes_from_the_same_origin(String fetchSite, String origin, boolean same) {
    Site site = new Site("https://x.example", TransportSafety.HTTPS);
    assertThat(site.isOriginOf(fetchSite, origin)).isEqualTo(same);
  }
}
