package io.claviger.domain.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A limit on the rate of calls with an access token. Calls with tokens that were created with this
 * token count against the rate too. So creating more tokens does not allow more calls. The rate is
 * copied to each new token and outlives the token for which it was set.
 *
 * @param token the token for which the rate was set
 * @param perMinute the maximum number of requests in any 60 seconds
 */
public record TokenRate(UUID token, int perMinute) {
  /**
   * The greatest number of rates that a token can inherit. Each inherited rate is stricter than the
   * rate before it.
   */
  public static final int MOST = 8;

  /**
   * Returns the rates that tokens inherit when they are created with a certain token.
   *
   * @param inherited the rates that the token itself inherited, the strictest last
   * @param own the rate that is set for the token itself
   */
  public static List<TokenRate> passedOn(
      List<TokenRate> inherited, UUID token, Optional<Integer> own) {
    if (own.isEmpty() || isImplied(inherited, own)) {
      return List.copyOf(inherited);
    }
    List<TokenRate> all = new ArrayList<>(inherited);
    all.add(new TokenRate(token, own.get()));
    return List.copyOf(all);
  }

  /**
   * Whether an inherited rate already enforces a token's own rate. All calls of the token count
   * against each inherited rate. So the token's own rate has no effect if an inherited rate is at
   * least as strict. For this reason, the list of inherited rates stays short if somebody replaces
   * a token again and again by a token with the same rate.
   */
  static boolean isImplied(List<TokenRate> inherited, Optional<Integer> own) {
    return own.isPresent() && inherited.stream().anyMatch(rate -> rate.perMinute() <= own.get());
  }

  Limits limits() {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }
}
