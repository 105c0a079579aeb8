package io.claviger.domain.instances;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.standards.GovernedHeaders;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A custom header's name, as somebody gave it. The name is an HTTP token (RFC 9110, section 5.6.2).
 * Names that differ only in case are equal.
 */
public record HeaderName(String value) {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");

  public HeaderName {
    if (!TOKEN.matcher(value).matches() || GovernedHeaders.governs(value)) {
      throw new InvalidValue(
          "custom_headers",
          "names that are HTTP tokens and that neither HTTP nor the gateway controls");
    }
  }

  public String lowerCase() {
    return value.toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeaderName that && lowerCase().equals(that.lowerCase());
  }

  @Override
  public int hashCode() {
    return lowerCase().hashCode();
  }
}
