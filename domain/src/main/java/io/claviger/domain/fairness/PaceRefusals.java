package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides why a provider refused a call. If the reason is the account's pace, the same call can
 * succeed later. If the reason is the call itself or the account's state, the refusal has to be
 * forwarded to the caller.
 */
public final class PaceRefusals {
  /**
   * The shortest time for which a limit is treated as used up. This minimum prevents an immediate
   * repetition of the refused call.
   */
  public static final Duration LEAST_PAUSE = Duration.ofMillis(100);

  /**
   * The time for which a limit is treated as used up if the provider does not say when the limit
   * resets.
   */
  public static final Duration USUAL_PAUSE = Duration.ofSeconds(1);

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int UNAVAILABLE = 503;
  private static final int OVERLOADED = 529;

  private PaceRefusals() {}

  /**
   * A provider's refusal of which nothing has been forwarded to the caller yet.
   *
   * @param status the HTTP status of the refusal
   * @param stated the limits that the headers of the refusal state
   * @param retryAfter the time that callers should wait according to the provider; empty if the
   *     answer states no time
   * @param ofAccount whether the error code in the body means that the account has no credit or
   *     that the key is invalid
   * @param aboveLearned whether this call alone exceeds a limit that earlier answers stated
   */
  public record Refusal(
      int status,
      List<LimitStatement> stated,
      Optional<Duration> retryAfter,
      boolean ofAccount,
      boolean aboveLearned) {}

  /**
   * Whether an answer with the given status might be a refusal because of the pace, so that its
   * content has to be read.
   */
  public static boolean mayBeOfPace(int status) {
    return status == TOO_MANY_REQUESTS || status == UNAVAILABLE || status == OVERLOADED;
  }

  /**
   * Decides whether a refusal means that a limit is used up.
   *
   * <ul>
   *   <li>A 429 is due to the pace if its headers say that a limit is used up.
   *   <li>A 429 is not due to the pace if its headers say that something remains of each limit.
   *       Such a 429 has another reason, for example that the call needs more than remains.
   *   <li>A 429 without remaining amounts is due to the pace if it says when to try again and the
   *       call does not exceed a known limit. Providers that have no headers about limits refuse
   *       calls in this way, and {@code Retry-After} promises that the same request can succeed
   *       (RFC 9110, 10.2.3). If such a 429 does not say when to try again, it is forwarded to the
   *       caller, because Claviger might otherwise repeat the call without end.
   *   <li>A 503 or a 529 says that the provider is overloaded, and counts as due to the pace if it
   *       says when to try again.
   * </ul>
   *
   * @param left the time for which the call may still wait
   * @return empty if the refusal has to be forwarded to the caller. The result is always empty if
   *     the account has no credit, if the key is invalid, or if the pause is longer than the call
   *     may wait
   */
  public static Optional<PaceRefusal> decide(Refusal refusal, Duration left) {
    return ofPace(refusal).filter(each -> !outlasts(refusal, each, left));
  }

  /**
   * Whether a refusal is a 429 that is due to the account's pace, however long the call would have
   * to wait.
   */
  public static boolean isRateLimit(Refusal refusal) {
    return refusal.status == TOO_MANY_REQUESTS && ofPace(refusal).isPresent();
  }

  private static Optional<PaceRefusal> ofPace(Refusal refusal) {
    if (refusal.ofAccount) {
      return Optional.empty();
    }
    return switch (refusal.status) {
      case TOO_MANY_REQUESTS -> tooMany(refusal);
      case UNAVAILABLE, OVERLOADED -> refusal.retryAfter.map(PaceRefusals::anyLimit);
      default -> Optional.empty();
    };
  }

  private static boolean outlasts(Refusal refusal, PaceRefusal pace, Duration left) {
    return pace.pause().compareTo(left) > 0
        || refusal.retryAfter.filter(asked -> asked.compareTo(left) > 0).isPresent();
  }

  private static Optional<PaceRefusal> tooMany(Refusal refusal) {
    if (refusal.stated.stream().anyMatch(each -> each.left().isPresent())) {
      return usedUp(refusal);
    }
    return refusal.aboveLearned ? Optional.empty() : refusal.retryAfter.map(PaceRefusals::anyLimit);
  }

  private static PaceRefusal anyLimit(Duration asked) {
    return new PaceRefusal(Optional.empty(), bounded(asked));
  }

  /**
   * Returns the limit that is used up; if there are several, the one that resets last. If the
   * provider states when to try again, the result contains this time instead of the time of the
   * reset. The reset can be later, because it is the time when the limit is completely free again.
   */
  private static Optional<PaceRefusal> usedUp(Refusal refusal) {
    LimitStatement last = null;
    for (LimitStatement each : refusal.stated) {
      if (each.left().orElse(1) == 0 && (last == null || reset(each).compareTo(reset(last)) > 0)) {
        last = each;
      }
    }
    return last == null
        ? Optional.empty()
        : Optional.of(
            new PaceRefusal(
                Optional.of(last.limit()), bounded(refusal.retryAfter.orElse(reset(last)))));
  }

  private static Duration reset(LimitStatement of) {
    return of.resetsIn().orElse(USUAL_PAUSE);
  }

  private static Duration bounded(Duration pause) {
    Duration least = pause.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : pause;
    return least.compareTo(PaceRefusal.MOST_PAUSE) > 0 ? PaceRefusal.MOST_PAUSE : least;
  }
}
