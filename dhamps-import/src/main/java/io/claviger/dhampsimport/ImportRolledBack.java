package io.claviger.dhampsimport;

/** Ends the transaction with nothing changed, and carries what is to be told. */
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
