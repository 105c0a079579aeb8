package io.claviger.domain.accounts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URLDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The header in which a proxy forwards its caller's certificate. The value is a byte sequence as in
 * RFC 9440 ({@code Client-Cert}), or an escaped PEM text as nginx writes it.
 */
public final class CertificateHeader {
  /** The maximum length of a value that is read, in characters. */
  public static final int LONGEST = 16 << 10;

  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
  private static final String END = "-----END CERTIFICATE-----";

  private CertificateHeader() {}

  /** What a request states about its caller's certificate. */
  public sealed interface Reading {
    /** The request does not mention a certificate, or states that there is none. */
    record None() implements Reading {}

    record One(CertificateThumbprint thumbprint) implements Reading {}

    /**
     * The header has more than one value, its value can't be read, or the request did not come
     * through a trusted proxy.
     */
    record Refused() implements Reading {}
  }

  /**
   * Reads the header.
   *
   * @param values the values of the header
   * @param trusted whether the connection comes from a trusted proxy
   */
  public static Reading read(List<String> values, boolean trusted) {
    if (values.isEmpty()) {
      return new Reading.None();
    }
    if (!trusted || values.size() > 1) {
      return new Reading.Refused();
    }
    String value = values.getFirst().strip();
    if (value.isEmpty()) {
      return new Reading.None();
    }
    return der(value)
        .filter(CertificateHeader::isOneSequence)
        .<Reading>map(der -> new Reading.One(CertificateThumbprint.of(der)))
        .orElseGet(Reading.Refused::new);
  }

  private static Optional<byte[]> der(String value) {
    if (value.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      if (value.startsWith(":")) {
        return value.length() > 2 && value.endsWith(":")
            ? Optional.of(Base64.getDecoder().decode(value.substring(1, value.length() - 1)))
            : Optional.empty();
      }
      // In this header, a plus sign is an ordinary character. The decoder would read it as a space,
      // as in forms.
      String pem = URLDecoder.decode(value.replace("+", "%2B"), ISO_8859_1).strip();
      return pem.startsWith(BEGIN) && pem.endsWith(END)
          ? Optional.of(
              Base64.getDecoder()
                  .decode(
                      pem.substring(BEGIN.length(), pem.length() - END.length())
                          .replaceAll("[\\r\\n\\t ]", "")))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether the bytes are exactly one DER sequence. Every certificate is one such sequence. */
  private static boolean isOneSequence(byte[] der) {
    if (der.length < 4 || der[0] != 0x30) {
      return false;
    }
    int first = der[1] & 0xff;
    if (first < 0x80) {
      return der.length == 2 + first;
    }
    int bytes = first & 0x7f;
    if (bytes < 1 || bytes > 2) {
      return false;
    }
    int length = 0;
    for (int i = 0; i < bytes; i++) {
      length = (length << 8) | (der[2 + i] & 0xff);
    }
    return der.length == 2 + bytes + length;
  }
}
