package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a response header that is returned to the caller, in lower case. An asterisk stands
 * for any number of characters, also for none: {@code x-ratelimit-*}, {@code x-*-call-limit}.
 *
 * <p>The headers of {@link WithheldHeaders} can't be listed, and an asterisk never covers them.
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
