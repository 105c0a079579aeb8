package io.claviger.imports.dhamps;

import io.claviger.domain.accounts.Handle;
import io.claviger.imports.shared.HandleAllocation;
import io.claviger.imports.shared.HandleAllocation.Allocation;
import io.claviger.imports.shared.HandleAllocation.Claim;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.Incoming;
import io.claviger.imports.shared.IncomingOwner;
import io.claviger.imports.shared.NotImported;
import io.claviger.imports.shared.Remarked.Remark;
import io.claviger.imports.shared.ReportReason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses the Claviger handles of dhamps-vdb's users and of the things that they own.
 *
 * @param renames the new handles, keyed by old names
 */
record DhampsHandles(Map<String, Handle> renames) {
  DhampsHandles {
    renames = Map.copyOf(renames);
  }

  /**
   * Chooses the handle of each row. The result's keys are the names in dhamps-vdb. If several rows
   * have the same name, only the first row gets a handle.
   */
  <T> Map<String, Allocation> allocate(
      List<T> rows,
      Function<T, String> name,
      Function<T, String> handle,
      Function<T, Optional<Instant>> since) {
    Map<String, T> first = new HashMap<>();
    List<T> claiming =
        rows.stream().filter(row -> first.putIfAbsent(name.apply(row), row) == null).toList();
    List<Allocation> verdicts =
        HandleAllocation.decide(
            claiming.stream()
                .map(
                    row ->
                        new Claim(
                            handle.apply(row),
                            Optional.ofNullable(renames.get(name.apply(row))),
                            since.apply(row)))
                .toList(),
            handleHere -> false);
    Map<String, Allocation> allocated = new HashMap<>();
    for (int i = 0; i < claiming.size(); i++) {
      allocated.put(name.apply(claiming.get(i)), verdicts.get(i));
    }
    return allocated;
  }

  /** Chooses the handles of each owner's things. */
  <T> Map<String, Allocation> ofOwners(
      List<T> rows,
      Function<T, String> owner,
      Function<T, String> name,
      Function<T, String> handle,
      Function<T, Optional<Instant>> since) {
    Map<String, List<T>> byOwner = new HashMap<>();
    rows.forEach(row -> byOwner.computeIfAbsent(owner.apply(row), o -> new ArrayList<>()).add(row));
    Map<String, Allocation> allocated = new HashMap<>();
    byOwner.values().forEach(own -> allocated.putAll(allocate(own, name, handle, since)));
    return allocated;
  }

  static List<Remark> withHandle(Allocation.Gets gets, List<Remark> others) {
    List<Remark> remarks = new ArrayList<>();
    gets.how().ifPresent(how -> remarks.add(new Remark(how, gets.handle().value())));
    remarks.addAll(others);
    return remarks;
  }

  /** The handle of an imported thing, or the reason why it is not imported. */
  sealed interface Placed {
    record As(Handle handle, List<Remark> remarks) implements Placed {}

    record Nowhere(Incoming why) implements Placed {}
  }

  /**
   * @param ofSystemToo whether to import the thing even if it belongs to {@code _system}
   */
  static Placed place(
      ImportedKind kind, String owner, String name, Allocation allocation, boolean ofSystemToo) {
    IncomingOwner owning = ownerOf(owner);
    if (owning.user().isEmpty() && !ofSystemToo) {
      return new Placed.Nowhere(new NotImported(kind, name, ReportReason.BELONGS_TO_SYSTEM, ""));
    }
    return switch (allocation) {
      case Allocation.LeftOut out ->
          new Placed.Nowhere(new NotImported(kind, name, name, owning.needed(), out.reason(), ""));
      case Allocation.Gets gets -> new Placed.As(gets.handle(), withHandle(gets, List.of()));
    };
  }

  static IncomingOwner ownerOf(String user) {
    return new IncomingOwner(Optional.of(user).filter(u -> !u.equals(Handle.SYSTEM.value())));
  }
}
