package io.claviger.journeys;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Secrets that are looked for in texts: in the clear, base64 at every alignment, hex, URL-encoded.
 * There are many texts, and the forms of the secrets take longer to make than to find.
 */
final class Canaries {
  private final Set<String> secrets = new HashSet<>();
  private final NeedleSearch written = new NeedleSearch();
  private final NeedleSearch hex = new NeedleSearch();

  synchronized void add(String secret) {
    if (secrets.add(secret)) {
      forms(secret).forEach(written::add);
      hex.add(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The forms of the secrets that a text holds. */
  synchronized List<String> in(String text) {
    List<String> found = new ArrayList<>(written.in(text));
    found.addAll(hex.in(text.toLowerCase(Locale.ROOT)));
    return found;
  }

  /** How a secret may be written; hex, of either case, apart. */
  static Set<String> forms(String secret) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    forms.add(secret.replace("/", "\\/"));
    for (int before = 0; before < 3; before++) {
      byte[] shifted = ("x".repeat(before) + secret).getBytes(StandardCharsets.UTF_8);
      // Only characters made of the secret's bits alone: not the first ones, not those of the end.
      int from = (before * 4 + 2) / 3;
      int to = shifted.length * 8 / 6;
      forms.add(Base64.getEncoder().encodeToString(shifted).substring(from, to));
      forms.add(Base64.getUrlEncoder().encodeToString(shifted).substring(from, to));
    }
    return forms;
  }
}
