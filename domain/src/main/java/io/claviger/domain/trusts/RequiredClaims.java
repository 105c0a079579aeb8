package io.claviger.domain.trusts;

import io.claviger.domain.Characters;
import io.claviger.domain.InvalidValue;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Claims and their exact values that a JWT must have, in addition to issuer, subject and audience.
 * At most 20 claims, with names of 1 to 200 characters and values of up to 1,000 characters. A
 * claim whose value is not a text never matches.
 */
public record RequiredClaims(Map<String, String> values) {
  public static final RequiredClaims NONE = new RequiredClaims(Map.of());
  public static final int MOST = 20;

  /** Claims that a trust can't name as required claims, because the exchange always checks them. */
  private static final Set<String> GOVERNED =
      Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");

  public RequiredClaims {
    SortedMap<String, String> sorted = new TreeMap<>(values);
    values = Collections.unmodifiableSortedMap(sorted);
    if (values.size() > MOST || !values.entrySet().stream().allMatch(e -> isAllowed(e))) {
      throw new InvalidValue(
          "claims",
          "up to 20 texts of up to 1,000 characters by name, other than "
              + String.join(", ", new TreeSet<>(GOVERNED)));
    }
  }

  /**
   * Whether a JWT has all these claims.
   *
   * @param claims a map of those claims of the JWT whose values are texts
   */
  public boolean areIn(Map<String, String> claims) {
    return values.entrySet().stream().allMatch(e -> e.getValue().equals(claims.get(e.getKey())));
  }

  private static boolean isAllowed(Map.Entry<String, String> claim) {
    return !claim.getKey().isEmpty()
        && Characters.isAtMost(200, claim.getKey())
        && Characters.isAtMost(1_000, claim.getValue())
        && claim.getValue().indexOf('\0') < 0
        && claim.getKey().indexOf('\0') < 0
        && !GOVERNED.contains(claim.getKey());
  }
}
