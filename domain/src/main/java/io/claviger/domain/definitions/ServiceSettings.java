package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The values that a service fills into its provider's endpoint or sends with its calls, keyed by
 * name. These values are not secret.
 */
public record ServiceSettings(Map<String, String> values) {
  public static final ServiceSettings NONE = new ServiceSettings(Map.of());

  static final int MOST = 32;
  static final int LONGEST_VALUE = 256;
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final Pattern VALUE = Pattern.compile("[!-~](?:[ -~]{0,254}[!-~])?");

  /**
   * @throws InvalidValue when there are too many values, or when a value can't be valid in any kind
   *     of setting
   */
  public ServiceSettings {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
    boolean fits =
        values.size() <= MOST
            && values.entrySet().stream()
                .allMatch(
                    value -> isName(value.getKey()) && VALUE.matcher(value.getValue()).matches());
    if (!fits) {
      throw new InvalidValue(
          "settings",
          "at most 32 values of 1 to 256 printable ASCII characters, without spaces at their ends, by"
              + " names of 1 to 32 of a-z 0-9 _");
    }
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }
}
