package io.claviger.imports.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One thing that an import makes here. Its rules have decided how; only what depends on what exists
 * here is decided when it is made.
 */
public interface Incoming {
  ImportedKind kind();

  /** Its id in the source. A thing that came once does not come again. */
  String id();

  /** Its name there, for the report. */
  default String label() {
    return id();
  }

  /** How many rows it is: a transaction makes a thousand at most, or one thing. */
  default int weight() {
    return 1;
  }

  /** What has to exist here before, because of this import or an earlier one. */
  default List<Needed> needed() {
    return List.of();
  }

  /**
   * Makes it, in the transaction of its batch. It is called only if all that it needs exists here.
   * The batch is repeated if others change the same rows meanwhile.
   *
   * @throws io.claviger.domain.InvalidValue before anything was written, when a value is not valid
   *     here; the thing is then left out
   */
  Made make(Arrivals here);

  /** Something that has an owner, and a handle that only one thing of the owner has. */
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
   * @param otherwise why the other one is left out if this does not exist; empty if the other one
   *     is a part of this, and goes unmentioned without it
   */
  record Needed(ImportedKind kind, String id, Optional<ReportReason> otherwise) {
    public Needed(ImportedKind kind, String id, ReportReason otherwise) {
      this(kind, id, Optional.of(otherwise));
    }

    /** The thing of which the other one is a part. */
    public static Needed whole(ImportedKind kind, String id) {
      return new Needed(kind, id, Optional.empty());
    }
  }

  /** What became of it. */
  sealed interface Made {
    /**
     * It was made, and can be removed again.
     *
     * @param id its id here
     * @param with its second id, if it has two
     */
    record New(
        UUID id, Optional<UUID> with, AuditAction action, AuditTarget target, List<String> fields)
        implements Made {}

    /** It exists here, and this import did not make it. */
    record Existing(UUID id) implements Made {}

    record LeftOut(ReportReason reason, String detail) implements Made {}
  }
}
