package io.claviger.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The secrets of one exchange. Claviger does not show a server's explanation that repeats one of
 * these secrets. An explanation is left out if it contains eight successive characters of a secret,
 * whether plain, in Base64, in hexadecimal or percent-encoded. An explanation is also left out if
 * the characters are percent-encoded and then in Base64, as in the header with which a client
 * proves its identity (RFC 6749, 2.3.1).
 */
final class Undisclosed {
  private static final int LONGEST = 300;
  private static final int TELLING = 8;
  private static final Pattern LONE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

  private final List<String> secrets;

  private Undisclosed(List<String> secrets) {
    this.secrets = secrets;
  }

  static Undisclosed of(String... secrets) {
    return new Undisclosed(Arrays.stream(secrets).flatMap(Undisclosed::sent).toList());
  }

  Undisclosed and(String secret) {
    return new Undisclosed(Stream.concat(secrets.stream(), sent(secret)).toList());
  }

  private static Stream<String> sent(String secret) {
    return Stream.of(secret, URLEncoder.encode(secret, UTF_8))
        .distinct()
        .flatMap(Undisclosed::written);
  }

  /**
   * Returns all spellings of a text. Base64 has a spelling for each offset at which the secret
   * might begin.
   */
  private static Stream<String> written(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    String hex = HexFormat.of().formatHex(bytes);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return Stream.of(
        secret,
        hex,
        hex.toUpperCase(Locale.ROOT),
        base64.encodeToString(bytes),
        base64.encodeToString(("." + secret).getBytes(UTF_8)).substring(2),
        base64.encodeToString((".." + secret).getBytes(UTF_8)).substring(3));
  }

  /**
   * Returns a text as one line of printable characters, of at most {@link #LONGEST} characters; if
   * the text discloses a secret, returns a note instead.
   */
  String shown(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints().limit(LONGEST).forEach(c -> line.appendCodePoint(isPrintable(c) ? c : ' '));
    String shortened = line.toString();
    return discloses(shortened) || discloses(decoded(shortened))
        ? "(an explanation that is left out because it repeats the secret)"
        : shortened.strip();
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** Decodes the escapes in a text, even if another percent sign of the text begins no escape. */
  private static String decoded(String text) {
    return URLDecoder.decode(LONE_PERCENT.matcher(text).replaceAll("%25"), UTF_8);
  }

  private boolean discloses(String text) {
    for (int at = 0; at + TELLING <= text.length(); at++) {
      String window = text.substring(at, at + TELLING);
      if (secrets.stream().anyMatch(secret -> secret.contains(window))) {
        return true;
      }
    }
    return false;
  }
}
