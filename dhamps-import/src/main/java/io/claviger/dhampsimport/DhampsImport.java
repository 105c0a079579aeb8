package io.claviger.dhampsimport;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.domain.accounts.Handle;
import java.util.List;
import java.util.Map;

/**
 * Brings users, services with their keys, shares and projects over from a database of dhamps-vdb:
 * all of it or nothing. What came once is not looked at again, whatever became of it there or here.
 * It is called by who runs the program, not by users.
 */
public interface DhampsImport {
  Outcome moveIn(Command command);

  /**
   * @param renames new handles by the old names: {@code Dr.No} of a user, {@code alice/cohere} of
   *     what they own
   * @param dryRun do everything, and then nothing
   */
  record Command(Map<String, Handle> renames, boolean dryRun) {
    public Command {
      renames = Map.copyOf(renames);
    }
  }

  /** What came of it; but for {@link Moved}, nothing was changed. */
  sealed interface Outcome {
    record Moved(ImportReport report) implements Outcome {}

    /** The old database is this one. */
    record SameDatabase() implements Outcome {}

    /** None of so many encrypted keys opens with the key given. */
    record WrongLegacyKey(int encrypted) implements Outcome {}

    /** Nothing there is called what a new handle was given for. */
    record UnknownNames(List<String> names) implements Outcome {}

    /** The encryption keys of this node are not those of the database. */
    record NotAdmitted(KeyringAdmission.AdmissionOutcome why) implements Outcome {}

    /** Others kept taking handles or ending users meanwhile. */
    record InTheWay() implements Outcome {}
  }
}
