package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A request header that passes to the provider, in lower case; one that ends in {@code *} stands
 * for all that begin so.
 *
 * <p>Those that carry credentials or steer the connection can't be listed: the gateway sets them
 * itself.
 */
public record RequestHeader(String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z0-9!#$%&'+.^_`|~-]{1,100}\\*?");

  public RequestHeader {
    String bare = value.endsWith("*") ? value.substring(0, value.length() - 1) : value;
    boolean content = bare.equals("content-type") || bare.equals("content-length");
    if (!SHAPE.matcher(value).matches() || (!content && GovernedHeaders.governs(bare))) {
      throw new InvalidValue(
          "request_headers",
          "header names in lower case, none that HTTP or the gateway itself governs");
    }
  }

  public boolean matches(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return value.endsWith("*")
        ? lower.startsWith(value.substring(0, value.length() - 1))
        : lower.equals(value);
  }
}
