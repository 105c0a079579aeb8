package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A header of a provider's answer that comes back to the caller, in lower case. An asterisk in it
 * stands for any characters, also for none: {@code x-ratelimit-*}, {@code x-*-call-limit}.
 *
 * <p>What {@link WithheldHeaders} names can't be listed, and an asterisk never stands for it.
 */
public record ResponseHeader(String value) {
  private static final Pattern SHAPE =
      Pattern.compile("(?=.{1,101}$)[a-z0-9!#$%&'+.^_`|~-]+\\*?[a-z0-9!#$%&'+.^_`|~-]*");

  public ResponseHeader {
    if (!SHAPE.matcher(value).matches() || WithheldHeaders.withholds(value)) {
      throw new InvalidValue(
          "response_headers",
          "header names in lower case with at most one asterisk, none of cookies, redirects, connections, cross-origin"
              + " rules, forwarding, accounts or the gateway itself");
    }
  }

  /**
   * @param name in any case
   */
  public boolean matches(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return !WithheldHeaders.withholds(lower) && isLike(lower);
  }

  private boolean isLike(String lower) {
    int star = value.indexOf('*');
    return star < 0
        ? lower.equals(value)
        : lower.length() >= value.length() - 1
            && lower.startsWith(value.substring(0, star))
            && lower.endsWith(value.substring(star + 1));
  }
}
