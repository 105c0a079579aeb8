package io.claviger.dhampsimport;

/** Rolls the transaction back and carries the outcome to report. */
final class ImportRolledBack extends RuntimeException {
  private final transient DhampsImport.Outcome outcome;

  ImportRolledBack(DhampsImport.Outcome outcome) {
    super(null, null, false, false);
    this.outcome = outcome;
  }

  DhampsImport.Outcome outcome() {
    return outcome;
  }
}
