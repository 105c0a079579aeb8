package io.claviger.dhampsimport.rules;

import io.claviger.domain.accounts.Handle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Who gets which handle, where several may want one. */
public final class HandleAllocation {
  private static final Comparator<Claim> PRECEDENCE =
      Comparator.comparingInt(Claim::rank).thenComparing(c -> c.since().orElse(Instant.MAX));

  private HandleAllocation() {}

  /**
   * @param old the handle that it had
   * @param renamed what the operator says that it shall be called
   */
  public record Claim(String old, Optional<Handle> renamed, Optional<Instant> since) {
    public Optional<Handle> wanted() {
      return old.length() > HandleNormalizer.LONGEST
          ? Optional.empty()
          : renamed.or(() -> HandleNormalizer.fold(old));
    }

    /** 0 where the operator said so, 1 where no folding was needed, 2 else. */
    private int rank() {
      return renamed.isPresent() ? 0 : isFolded() ? 2 : 1;
    }

    private boolean isFolded() {
      return !wanted().map(Handle::value).equals(Optional.of(old));
    }
  }

  /** What becomes of a claim. */
  public sealed interface Allocation {
    /**
     * @param how empty where the handle stays as it was
     */
    record Gets(Handle handle, Optional<ReportReason> how) implements Allocation {}

    record LeftOut(ReportReason reason) implements Allocation {}
  }

  /**
   * The operator's word comes first, then who needs no folding, then the elder; of equals, the one
   * named first.
   *
   * @param taken handles that are somebody else's here
   * @return a verdict for each claim, in their order
   */
  public static List<Allocation> decide(List<Claim> claims, Predicate<Handle> taken) {
    List<Allocation> verdicts = new ArrayList<>();
    claims.forEach(claim -> verdicts.add(new Allocation.LeftOut(ReportReason.INVALID_HANDLE)));
    Set<Handle> given = new HashSet<>();
    IntStream.range(0, claims.size())
        .boxed()
        .sorted(Comparator.comparing(claims::get, PRECEDENCE))
        .forEach(i -> verdicts.set(i, verdict(claims.get(i), taken, given)));
    return List.copyOf(verdicts);
  }

  private static Allocation verdict(Claim claim, Predicate<Handle> taken, Set<Handle> given) {
    Optional<Handle> wanted = claim.wanted().filter(handle -> !handle.isSystem());
    if (wanted.isEmpty()) {
      return new Allocation.LeftOut(ReportReason.INVALID_HANDLE);
    }
    if (taken.test(wanted.get()) || !given.add(wanted.get())) {
      return new Allocation.LeftOut(ReportReason.HANDLE_TAKEN);
    }
    return new Allocation.Gets(
        wanted.get(),
        claim.renamed().isPresent()
            ? Optional.of(ReportReason.HANDLE_RENAMED)
            : claim.isFolded() ? Optional.of(ReportReason.HANDLE_FOLDED) : Optional.empty());
  }
}
