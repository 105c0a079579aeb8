package io.claviger.imports.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One thing that an import makes in Claviger. The rules of the source have decided what to make.
 * Only decisions that depend on the data of Claviger are left until the thing is made.
 */
public interface Incoming {
  ImportedKind kind();

  /** Its id in the source. A thing that was imported once is not imported again. */
  String id();

  /** Its name in the source, for the report. */
  default String label() {
    return id();
  }

  /** How many rows it is: a transaction makes a thousand at most, or one thing. */
  default int weight() {
    return 1;
  }

  /** The things that must exist before, made by this import or an earlier one. */
  default List<Needed> needed() {
    return List.of();
  }

  /**
   * Makes it, in the transaction of its batch. Called only if everything that it needs exists in
   * Claviger. The batch is repeated if others change the same rows meanwhile.
   *
   * @throws io.claviger.domain.InvalidValue before anything was written, when a value is not valid
   *     here; the thing is then left out
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
     * Makes it.
     *
     * @param owning the owner here
     */
    Made make(Arrivals arrivals, IncomingOwner.Here owning);
  }

  /**
   * Something that another thing depends on.
   *
   * @param otherwise why the other thing is left out if this one does not exist; empty if the other
   *     thing is a part of this one, and the report need not mention it
   */
  record Needed(ImportedKind kind, String id, Optional<ReportReason> otherwise) {
    public Needed(ImportedKind kind, String id, ReportReason otherwise) {
      this(kind, id, Optional.of(otherwise));
    }

    /** Names the thing of which the other thing is a part. */
    public static Needed whole(ImportedKind kind, String id) {
      return new Needed(kind, id, Optional.empty());
    }
  }

  /** The result of making a thing. */
  sealed interface Made {
    /**
     * It was made, and can be removed again.
     *
     * @param id its id in Claviger
     * @param with its second id, if it has two
     */
    record New(
        UUID id, Optional<UUID> with, AuditAction action, AuditTarget target, List<String> fields)
        implements Made {}

    /** It exists in Claviger, and this import did not make it. */
    record Existing(UUID id) implements Made {}

    record LeftOut(ReportReason reason, String detail) implements Made {}
  }
}
