package io.claviger.domain.policy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A pace limit on calls with an access token. The limit also counts calls with tokens that were
 * created with this token. So creating more tokens does not allow a faster pace. The limit is
 * copied to each new token and outlives the token for which it was set.
 *
 * @param token the token for which the limit was set
 * @param limit the greatest number of tokens per minute, or of concurrent calls, as {@code kind}
 *     says
 */
public record TokenPace(UUID token, PaceKind kind, int limit) {
  /** The greatest number of these limits that a token can inherit. */
  public static final int MOST = 16;

  /**
   * Returns the limits that tokens inherit when they are created with a certain token.
   *
   * @param inherited the limits that the token itself inherited; within each kind, the strictest
   *     last
   * @param own the limits that are set for the token itself
   */
  public static List<TokenPace> passedOn(List<TokenPace> inherited, UUID token, PaceTerms own) {
    List<TokenPace> all = new ArrayList<>(inherited);
    notImplied(inherited, own)
        .each()
        .forEach((kind, limit) -> all.add(new TokenPace(token, kind, limit)));
    return List.copyOf(all);
  }

  /**
   * Returns the token's own limits that no inherited limit enforces already. So the list of
   * inherited limits stays short if somebody replaces a token again and again by a token with the
   * same limits.
   */
  static PaceTerms notImplied(List<TokenPace> inherited, PaceTerms own) {
    if (own.isNone() || inherited.isEmpty()) {
      return own;
    }
    Map<PaceKind, Integer> left = new EnumMap<>(PaceKind.class);
    own.each()
        .forEach(
            (kind, limit) -> {
              if (inherited.stream().noneMatch(i -> i.kind() == kind && i.limit() <= limit)) {
                left.put(kind, limit);
              }
            });
    return new PaceTerms(left);
  }
}
