package io.claviger.domain.standards;

import io.claviger.domain.InvalidValue;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The method of sending a key, and the field that contains the key. Header names are in lower case,
 * so that two placements with the same header are equal.
 *
 * @param field {@code authorization} for a bearer token; the name of the header, parameter or form
 *     field for other methods; empty if no key is sent
 */
public record KeyPlacement(KeyMethod method, String field) {
  private static final Pattern HEADER = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,100}");

  public static final KeyPlacement BEARER =
      new KeyPlacement(KeyMethod.AUTH_BEARER, "authorization");
  public static final KeyPlacement NONE = new KeyPlacement(KeyMethod.NONE, "");

  public KeyPlacement {
    field =
        method == KeyMethod.CUSTOM_HEADER || method == KeyMethod.AUTH_BEARER
            ? field.toLowerCase(Locale.ROOT)
            : field;
    boolean fits =
        switch (method) {
          case AUTH_BEARER -> field.equals("authorization");
          case CUSTOM_HEADER -> HEADER.matcher(field).matches() && !GovernedHeaders.governs(field);
          case QUERY_PARAM, BODY_FORM -> PARAMETER.matcher(field).matches();
          case NONE -> field.isEmpty();
        };
    if (!fits) {
      throw new InvalidValue(
          "key_field",
          "for auth_bearer Authorization or nothing; for custom_header a header that neither HTTP"
              + " nor the gateway controls; for query_param and body_form a name of letters, digits"
              + " and . _ ~ -; for none nothing");
    }
  }

  public static KeyPlacement header(String name) {
    return new KeyPlacement(KeyMethod.CUSTOM_HEADER, name);
  }

  /**
   * Returns the field's name in the usual spelling, {@code Authorization} for a bearer token; empty
   * if no key is sent.
   */
  public Optional<String> shownField() {
    return switch (method) {
      case AUTH_BEARER -> Optional.of("Authorization");
      case NONE -> Optional.empty();
      case CUSTOM_HEADER, QUERY_PARAM, BODY_FORM -> Optional.of(field);
    };
  }

  public boolean isNone() {
    return method == KeyMethod.NONE;
  }
}
