package io.claviger.domain.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The rate of an access token. Calls with the tokens that it created count against it too, so that
 * creating more tokens gives nobody more calls. It is copied when a token is created and outlives
 * the token it is the rate of.
 *
 * @param token whose rate it is
 * @param perMinute requests in any 60 seconds
 */
public record TokenRate(UUID token, int perMinute) {
  /** How many of them a token may inherit, each stricter than the one before. */
  public static final int MOST = 8;

  /**
   * What a token passes on to those that it creates.
   *
   * @param inherited what it inherited itself, the strictest last
   * @param own its own rate
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
   * Whether inherited rates see to a token's own: all its calls count against each of them, so one
   * that is as strict leaves nothing to count. Replacing a token by one of the same rate again and
   * again thus makes no longer list.
   */
  static boolean isImplied(List<TokenRate> inherited, Optional<Integer> own) {
    return own.isPresent() && inherited.stream().anyMatch(rate -> rate.perMinute() <= own.get());
  }

  Limits limits() {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }
}
