package io.claviger.imports.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One thing that an import creates in Claviger. The rules of the import have already decided how
 * the thing is created. Only decisions that depend on what exists in Claviger are made later, when
 * the thing is created.
 */
public interface Incoming {
  ImportedKind kind();

  /**
   * Returns the id of the thing in the source. A thing whose id was imported once is not imported
   * again.
   */
  String id();

  /** Returns the name of the thing in the source, for the report. */
  default String label() {
    return id();
  }

  /**
   * Returns how many rows the thing has. A transaction creates either one thing, or several things
   * that together have at most a thousand rows.
   */
  default int weight() {
    return 1;
  }

  /**
   * Returns those things that have to be imported before this thing, by this import or an earlier
   * one.
   */
  default List<Needed> needed() {
    return List.of();
  }

  /**
   * Creates the thing, in the transaction of its batch. The method is called only if everything
   * that the thing needs exists in Claviger. If others change the same rows at the same time, the
   * batch is repeated.
   *
   * @throws io.claviger.domain.InvalidValue if a value is not valid in Claviger; thrown before
   *     anything is written; the thing is then not imported
   */
  Made make(Arrivals here);

  /** A thing that has an owner, and a handle that no other thing of that kind and owner has. */
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
     * @param owning the owner that the thing will have in Claviger
     */
    Made make(Arrivals arrivals, IncomingOwner.Here owning);
  }

  /**
   * A thing on which another thing depends.
   *
   * @param otherwise why the dependent thing is not imported if the needed thing does not exist.
   *     Empty if the needed thing is a part of the dependent one; the report then mentions only the
   *     dependent thing
   */
  record Needed(ImportedKind kind, String id, Optional<ReportReason> otherwise) {
    public Needed(ImportedKind kind, String id, ReportReason otherwise) {
      this(kind, id, Optional.of(otherwise));
    }

    /** Returns the need that a part has for the thing to which it belongs. */
    public static Needed whole(ImportedKind kind, String id) {
      return new Needed(kind, id, Optional.empty());
    }
  }

  /** The result of creating a thing. */
  sealed interface Made {
    /**
     * The thing was created, and can be removed again.
     *
     * @param id the id that the thing has in Claviger
     * @param with the second id of the thing, if it has two ids; otherwise empty
     */
    record New(
        UUID id, Optional<UUID> with, AuditAction action, AuditTarget target, List<String> fields)
        implements Made {}

    /** The thing already exists in Claviger, and this import did not create it. */
    record Existing(UUID id) implements Made {}

    record LeftOut(ReportReason reason, String detail) implements Made {}
  }
}
