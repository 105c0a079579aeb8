package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides for which models the gateway requests the reasoning in responses that are not stored. The
 * reasoning is not requested from a model that is known not to reason, or for some time after the
 * provider refused to include it for the same caller, service and model. Any thread may use an
 * object of this class.
 *
 * <p>A refusal counts only for the caller and the service of the refused call, because something
 * else in that request might have caused it. A fixed number of refusals is remembered. A new
 * refusal can replace any older refusal. A forgotten refusal costs one more refused request.
 */
public final class IncludedReasoning {
  /** The number of remembered refusals; a power of two. */
  static final int MOST = 4_096;

  static final Duration REMEMBERED = Duration.ofHours(1);

  /** A factor that spreads hashes evenly over the table of refusals. */
  private static final int SPREAD = 0x9E37_79B9;

  private static final int UNUSED_BITS = Integer.SIZE - Integer.numberOfTrailingZeros(MOST);

  /**
   * @param at the time at which the provider refused, in nanoseconds of the clock
   */
  private record Refusal(UsageAccount account, String model, long at) {
    boolean isOf(UsageAccount other, String called) {
      return model.equals(called)
          && account.user().equals(other.user())
          && account.instance().equals(other.instance());
    }
  }

  private final AtomicReferenceArray<@Nullable Refusal> refusals = new AtomicReferenceArray<>(MOST);
  private final BiPredicate<Endpoint, String> mayReason;
  private final LongSupplier nanoTime;

  /**
   * @param mayReason a function that says whether a model at an endpoint might reason before it
   *     answers; it returns false only if the model is known not to reason
   */
  public IncludedReasoning(BiPredicate<Endpoint, String> mayReason, LongSupplier nanoTime) {
    this.mayReason = mayReason;
    this.nanoTime = nanoTime;
  }

  /**
   * Whether the gateway requests the reasoning.
   *
   * @param model the provider's name for the model
   */
  boolean isRequested(AuthorizedCall call, String model) {
    return mayReason.test(call.endpoint(), model) && !isRefused(call.basis().account(), model);
  }

  private boolean isRefused(UsageAccount account, String model) {
    Refusal last = refusals.get(place(account, model));
    return last != null
        && last.isOf(account, model)
        && nanoTime.getAsLong() - last.at() < REMEMBERED.toNanos();
  }

  /** Remembers that the provider has refused to include the reasoning in the caller's response. */
  void refused(AuthorizedCall call, String model) {
    UsageAccount account = call.basis().account();
    refusals.set(place(account, model), new Refusal(account, model, nanoTime.getAsLong()));
  }

  private static int place(UsageAccount account, String model) {
    return ((31 * account.hashCode() + model.hashCode()) * SPREAD) >>> UNUSED_BITS;
  }
}
