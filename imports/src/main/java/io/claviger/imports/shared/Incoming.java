package io.claviger.imports.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One thing that an import creates in Claviger. The rules of the import have decided how. Only
 * decisions that depend on the things in Claviger are made later, when the thing is made.
 */
public interface Incoming {
  ImportedKind kind();

  /** Returns its id in the source. A thing that was imported once is not imported again. */
  String id();

  /** Returns its name in the source, for the report. */
  default String label() {
    return id();
  }

  /**
   * Returns how many rows it has. A transaction makes one thing, or several things with a thousand
   * rows at most.
   */
  default int weight() {
    return 1;
  }

  /** Returns the things that have to be imported before, by this import or an earlier one. */
  default List<Needed> needed() {
    return List.of();
  }

  /**
   * Makes the thing, in the transaction of its batch. Called only if everything that the thing
   * needs exists in Claviger. The batch is repeated if others change the same rows at the same
   * time.
   *
   * @throws io.claviger.domain.InvalidValue before anything is written, if a value is not valid in
   *     Claviger; the thing is then left out
   */
  Made make(Arrivals here);

  /** Something that has an owner, and a handle that is unique among the things of that owner. */
  interface Owned extends Incoming {
    HereStores here();

    IncomingOwner owner();

    @Override
    default List<Needed> needed() {
      return owner().needed();
    }

    @Override
    default Made make(Arrivals arrivals) {
      return make(arrivals, owner().find(here(), arrivals));
    }

    /**
     * Makes the thing.
     *
     * @param owning the owner in Claviger
     */
    Made make(Arrivals arrivals, IncomingOwner.Here owning);
  }

  /**
   * Something that another thing depends on.
   *
   * @param otherwise why this thing is left out if the other one does not exist. Empty if the other
   *     thing is a part of this one; the report then mentions only this one
   */
  record Needed(ImportedKind kind, String id, Optional<ReportReason> otherwise) {
    public Needed(ImportedKind kind, String id, ReportReason otherwise) {
      this(kind, id, Optional.of(otherwise));
    }

    /** Returns the need of a part for the thing to which it belongs. */
    public static Needed whole(ImportedKind kind, String id) {
      return new Needed(kind, id, Optional.empty());
    }
  }

  /** The result of making a thing. */
  sealed interface Made {
    /**
     * The thing was made, and can be removed again.
     *
     * @param id the id of the thing in Claviger
     * @param with the second id of the thing, if it has two
     */
    record New(
        UUID id, Optional<UUID> with, AuditAction action, AuditTarget target, List<String> fields)
        implements Made {}

    /** The thing exists in Claviger already, and this import did not make it. */
    record Existing(UUID id) implements Made {}

    record LeftOut(ReportReason reason, String detail) implements Made {}
  }
}
