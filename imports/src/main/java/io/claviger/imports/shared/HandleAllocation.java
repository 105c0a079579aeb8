package io.claviger.imports.shared;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.HandleNormalizer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** If several rows claim the same handle, decides which of them gets it. */
public final class HandleAllocation {
  private static final Comparator<Claim> PRECEDENCE =
      Comparator.comparingInt(Claim::rank).thenComparing(c -> c.since().orElse(Instant.MAX));

  private HandleAllocation() {}

  /**
   * @param old the thing's handle in the source
   * @param renamed the handle that the operator chose for the row; empty if there is none
   */
  public record Claim(String old, Optional<Handle> renamed, Optional<Instant> since) {
    public Optional<Handle> wanted() {
      return old.length() > HandleNormalizer.LONGEST
          ? Optional.empty()
          : renamed.or(() -> HandleNormalizer.fold(old));
    }

    /**
     * Returns 0 if the operator chose the handle, 1 if it needs no normalization, and otherwise 2.
     */
    private int rank() {
      return renamed.isPresent() ? 0 : isFolded() ? 2 : 1;
    }

    private boolean isFolded() {
      return !wanted().map(Handle::value).equals(Optional.of(old));
    }
  }

  /** The decision about a claim to a handle. */
  public sealed interface Allocation {
    /**
     * @param how a reason why the handle differs from the source's handle; empty if it does not
     *     differ
     */
    record Gets(Handle handle, Optional<ReportReason> how) implements Allocation {}

    record LeftOut(ReportReason reason) implements Allocation {}
  }

  /**
   * Decides the handle for each claim. The precedence is: handles that the operator chose, handles
   * that need no normalization, older rows. Of otherwise equal claims, the first one in the list
   * gets the handle.
   *
   * @param taken whether another thing in Claviger already has a handle
   * @return a decision for each claim, in the order of the claims
   */
  public static List<Allocation> decide(List<Claim> claims, Predicate<Handle> taken) {
    List<Allocation> verdicts = new ArrayList<>();
    claims.forEach(claim -> verdicts.add(new Allocation.LeftOut(ReportReason.INVALID_HANDLE)));
    Set<Handle> given = new HashSet<>();
    IntStream.range(0, claims.size())
        .boxed()
        .sorted(Comparator.comparing(claims::get, PRECEDENCE))
        .forEach(i -> verdicts.set(i, decideOne(claims.get(i), taken, given)));
    return List.copyOf(verdicts);
  }

  private static Allocation decideOne(Claim claim, Predicate<Handle> taken, Set<Handle> given) {
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
