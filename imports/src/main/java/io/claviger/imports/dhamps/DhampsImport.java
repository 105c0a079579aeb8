package io.claviger.imports.dhamps;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.imports.dhamps.port.ImportStore;
import io.claviger.imports.dhamps.port.SourceDatabase;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.shared.ImportReport;
import java.util.List;
import java.util.Map;

/**
 * Imports users, services with their keys, shares and projects from a database of dhamps-vdb. One
 * transaction does everything or nothing. A row that was imported once is not imported again, even
 * if it was changed or deleted on either side since. Operators run the import; users can't.
 */
public interface DhampsImport {
  static DhampsImport of(
      SourceDatabase source,
      SourceDecryption decryption,
      ImportStore store,
      ApiStandardStore standards,
      KeyringAdmission admission,
      Sealer sealer,
      AuditedChanges changes) {
    return new ImportRun(source, decryption, store, standards, admission, sealer, changes);
  }

  Outcome moveIn(Command command);

  /**
   * @param renames new handles by old names: {@code Dr.No} names a user, {@code alice/cohere}
   *     something that a user owns
   * @param dryRun whether to roll everything back at the end
   */
  record Command(Map<String, Handle> renames, boolean dryRun) {
    public Command {
      renames = Map.copyOf(renames);
    }
  }

  /** The result of an import. Something was changed only if it is {@link Moved}. */
  sealed interface Outcome {
    record Moved(ImportReport report) implements Outcome {}

    /** The source database is this Claviger's own database. */
    record SameDatabase() implements Outcome {}

    /** The given legacy key opens none of the encrypted keys. */
    record WrongLegacyKey(int encrypted) implements Outcome {}

    /** The source has nothing with these names, for which new handles were given. */
    record UnknownNames(List<String> names) implements Outcome {}

    /** This node's encryption keys do not match those of the database. */
    record NotAdmitted(KeyringAdmission.AdmissionOutcome why) implements Outcome {}

    /**
     * Concurrent changes kept conflicting with the import, such as new handles or deleted users.
     */
    record InTheWay() implements Outcome {}
  }
}
