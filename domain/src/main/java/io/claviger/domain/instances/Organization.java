package io.claviger.domain.instances;

import io.claviger.domain.InvalidValue;
import java.util.regex.Pattern;

/** The value of the header {@code OpenAI-Organization}: 1 to 256 visible ASCII characters. */
public record Organization(String value) {
  private static final Pattern SHAPE = Pattern.compile("[!-~]{1,256}");

  public Organization {
    if (!SHAPE.matcher(value).matches()) {
      throw new InvalidValue("organization", "1 to 256 visible ASCII characters, or null for none");
    }
  }
}
