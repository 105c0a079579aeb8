package io.claviger.imports.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One thing, such as a user or a service, that an import creates in Claviger. The import's rules
 * have already decided how to create the thing. Only decisions that depend on Claviger's content
 * are made at its creation.
 */
public interface Incoming {
  ImportedKind kind();

  /** Returns the thing's id in the source. An id that was imported once is not imported again. */
  String id();

  /** Returns the thing's name in the source, for the report. */
  default String label() {
    return id();
  }

  /**
   * Returns the number of rows of which the thing consists. A transaction creates one thing, or
   * several things with at most a thousand rows together.
   */
  default int weight() {
    return 1;
  }

  /**
   * Returns the things that have to be imported before this thing, by the same import or by an
   * earlier one.
   */
  default List<Needed> needed() {
    return List.of();
  }

  /**
   * Creates the thing in the present transaction, which might create other things too. Called only
   * if everything that the thing needs exists in Claviger. If others change the same rows at the
   * same time, the transaction is repeated.
   *
   * @throws io.claviger.domain.InvalidValue if a value is invalid in Claviger; thrown before
   *     anything is written, and the thing is then not imported
   */
  Made make(Arrivals arrivals);

  /**
   * Compares a thing that an earlier run imported with the source. Adds a remark to the report if
   * the source has another key now, or replaces the key if the operator wants this.
   *
   * @param id the thing's id in Claviger
   * @return the change; empty if nothing was changed
   */
  default Optional<Changed> again(UUID id, Arrivals arrivals) {
    return Optional.empty();
  }

  /** A change of a thing that an earlier run imported. */
  record Changed(AuditAction action, AuditTarget target, List<String> fields) {}

  /**
   * A thing with an owner and a handle. The owner has no other thing of this kind with the same
   * handle.
   */
  interface Owned extends Incoming {
    TargetStores stores();

    IncomingOwner owner();

    @Override
    default List<Needed> needed() {
      return owner().needed();
    }

    @Override
    default Made make(Arrivals arrivals) {
      return make(arrivals, owner().find(stores(), arrivals));
    }

    /**
     * Makes the thing.
     *
     * @param owning the owner of the thing in Claviger
     */
    Made make(Arrivals arrivals, IncomingOwner.Here owning);
  }

  /**
   * A thing on which another thing depends.
   *
   * @param otherwise the reason why the dependent thing is not imported if the needed thing does
   *     not exist. Empty if the needed thing is a part of the dependent one; the report then
   *     mentions only the dependent thing
   */
  record Needed(ImportedKind kind, String id, Optional<ReportReason> otherwise) {
    public Needed(ImportedKind kind, String id, ReportReason otherwise) {
      this(kind, id, Optional.of(otherwise));
    }

    /** Returns the dependency of a part on the thing to which the part belongs. */
    public static Needed whole(ImportedKind kind, String id) {
      return new Needed(kind, id, Optional.empty());
    }
  }

  /** The result of creating a thing. */
  sealed interface Made {
    /**
     * The thing was created, and can be removed again.
     *
     * @param id the thing's id in Claviger
     * @param with the second id of the thing; empty if the thing has only one id
     */
    record New(
        UUID id, Optional<UUID> with, AuditAction action, AuditTarget target, List<String> fields)
        implements Made {}

    /** The thing already existed in Claviger, and this import did not create the thing. */
    record Existing(UUID id) implements Made {}

    record LeftOut(ReportReason reason, String detail) implements Made {}
  }
}
