package io.claviger.application.moving;

/** Ends the transaction with nothing changed, and carries what is to be told. */
final class Undone extends RuntimeException {
  private final transient MoveIn.Outcome outcome;

  Undone(MoveIn.Outcome outcome) {
    super(null, null, false, false);
    this.outcome = outcome;
  }

  MoveIn.Outcome outcome() {
    return outcome;
  }
}
