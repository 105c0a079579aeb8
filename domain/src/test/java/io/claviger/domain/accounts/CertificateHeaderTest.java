package io.claviger.domain.accounts;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.CertificateHeader.Reading;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateHeaderTest {
  /** Has the outer form of a certificate: a DER sequence of 300 bytes. */
  private static final byte[] DER = der();

  private static final CertificateThumbprint THUMBPRINT = CertificateThumbprint.of(DER);
  private static final String RFC_9440 = ":" + Base64.getEncoder().encodeToString(DER) + ":";

  private static byte[] der() {
    byte[] der = new byte[304];
    for (int i = 4; i < der.length; i++) {
      der[i] = (byte) (251 * i);
    }
    der[0] = 0x30;
    der[1] = (byte) 0x82;
    der[2] = 1;
    der[3] = 44;
    return der;
  }

  private static String pem() {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(DER)
        + "\n-----END CERTIFICATE-----\n";
  }

  @Test
  void a_byte_sequence_of_rfc_9440_is_understood() {
    assertThat(CertificateHeader.read(List.of(RFC_9440), true))
        .isEqualTo(new Reading.One(THUMBPRINT));
  }

  @Test
  void an_escaped_pem_text_as_nginx_writes_it_is_understood() {
    // nginx escapes what is not unreserved, and Base64's plus sign may also stay as it is.
    String all = URLEncoder.encode(pem(), US_ASCII).replace("+", "%20");
    String some = pem().replace("\n", "%0A").replace(" ", "%20").replace("=", "%3D");

    assertThat(some).contains("+");
    assertThat(CertificateHeader.read(List.of(all), true)).isEqualTo(new Reading.One(THUMBPRINT));
    assertThat(CertificateHeader.read(List.of(some), true)).isEqualTo(new Reading.One(THUMBPRINT));
  }

  @Test
  void a_caller_without_a_certificate_has_none() {
    assertThat(CertificateHeader.read(List.of(), true)).isEqualTo(new Reading.None());
    assertThat(CertificateHeader.read(List.of(), false)).isEqualTo(new Reading.None());
    assertThat(CertificateHeader.read(List.of(""), true)).isEqualTo(new Reading.None());
  }

  @Test
  void two_headers_and_one_from_elsewhere_are_refused() {
    assertThat(CertificateHeader.read(List.of(RFC_9440, RFC_9440), true))
        .isEqualTo(new Reading.Refused());
    assertThat(CertificateHeader.read(List.of(RFC_9440), false)).isEqualTo(new Reading.Refused());
    assertThat(CertificateHeader.read(List.of(""), false)).isEqualTo(new Reading.Refused());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ":",
        "::",
        ":AAAA:",
        ":MAMCAQE=",
        ":MAMCAQE=:, :MAMCAQE=:",
        ":MAQCAQE=:",
        "MAMCAQE=",
        "-----BEGIN%20CERTIFICATE-----",
        "-----BEGIN%20CERTIFICATE-----%zz-----END%20CERTIFICATE-----",
        "-----BEGIN%20CERTIFICATE----------END%20CERTIFICATE-----",
        "(null)"
      })
  void what_is_not_one_certificate_is_refused(String value) {
    assertThat(CertificateHeader.read(List.of(value), true)).isEqualTo(new Reading.Refused());
  }

  @Test
  void a_value_that_is_too_long_is_refused() {
    String longest = ":" + "A".repeat(CertificateHeader.LONGEST) + ":";
    assertThat(CertificateHeader.read(List.of(longest), true)).isEqualTo(new Reading.Refused());
  }

  @Test
  void a_thumbprint_is_43_characters_of_base64url() {
    assertThat(new CertificateThumbprint("bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0").value())
        .hasSize(43);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg",
        "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0=",
        "bwcK0esc3ACC3DB2Y5/lESsXE8o9ltc05O89jdN+dg0",
        "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dgB"
      })
  void other_texts_are_no_thumbprints(String text) {
    assertThatThrownBy(() -> new CertificateThumbprint(text)).isInstanceOf(InvalidValue.class);
  }
}
