package io.claviger.bootstrap.node;

import io.claviger.application.health.Readiness;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.wiring.NodeContext;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Asks the database each time: what was well a moment ago may not be now. */
record NodeReadiness(NodeContext context) implements Readiness {
  @Override
  public List<Check> checks() {
    Answer schema = ask(() -> context.persistence().isSchemaCurrent());
    Answer keys =
        schema == Answer.UNREACHABLE
            ? schema
            : ask(() -> context.keys().admitKeyring().stillAdmitted());
    return List.of(
        new Check("database", schema != Answer.UNREACHABLE),
        new Check("schema", schema == Answer.YES),
        new Check("encryption_keys", keys == Answer.YES));
  }

  private static Answer ask(BooleanSupplier question) {
    try {
      return question.getAsBoolean() ? Answer.YES : Answer.NO;
    } catch (StoreUnavailable e) {
      return Answer.UNREACHABLE;
    }
  }

  private enum Answer {
    YES,
    NO,
    UNREACHABLE
  }
}
