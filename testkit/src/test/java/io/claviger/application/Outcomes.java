package io.claviger.application;

import io.claviger.application.accounts.CreateUser;
import io.claviger.application.accounts.DeleteUser;
import io.claviger.application.accounts.FindTokens;
import io.claviger.application.accounts.FindUsers;
import io.claviger.application.accounts.IssueToken;
import io.claviger.application.accounts.RevokeToken;
import io.claviger.application.accounts.UpdateUser;
import io.claviger.application.gateway.CheckConnection;
import io.claviger.application.instances.DeleteInstance;
import io.claviger.application.instances.ExplainKey;
import io.claviger.application.instances.FindInstances;
import io.claviger.application.instances.WriteInstance;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.standards.DeleteStandard;
import io.claviger.application.standards.FindStandards;
import io.claviger.application.standards.SaveStandard;
import io.claviger.application.usage.FindUsage;
import java.util.List;

/** Why a use case refused, whichever it was. */
public final class Outcomes {
  private Outcomes() {}

  /** The code of the refusal; for what is invalid {@code /pointer code}, one by one. */
  public static String because(Object outcome) {
    Refusal why = refusal(outcome);
    return why instanceof Refusal.Invalid ? String.join(", ", codes(outcome)) : why.code();
  }

  /** What is invalid, as {@code /pointer code}. */
  public static List<String> codes(Object outcome) {
    Refusal why = refusal(outcome);
    if (why instanceof Refusal.Invalid invalid) {
      return invalid.faults().stream().map(f -> f.pointer() + " " + f.code()).toList();
    }
    throw new AssertionError("refused for another reason: " + why);
  }

  /** What a conflict says about it. */
  public static String detail(Object outcome) {
    if (refusal(outcome) instanceof Refusal.Conflict conflict) {
      return conflict.detail();
    }
    throw new AssertionError("not refused for a conflict: " + outcome);
  }

  private static Refusal refusal(Object outcome) {
    return switch (outcome) {
      case Outcome.Refused<?> r -> r.why();
      case CreateUser.Outcome.Refused r -> r.why();
      case FindUsers.Outcome.Refused r -> r.why();
      case FindUsers.ListOutcome.Refused r -> r.why();
      case UpdateUser.Outcome.Refused r -> r.why();
      case DeleteUser.Outcome.Refused r -> r.why();
      case IssueToken.Outcome.Refused r -> r.why();
      case FindTokens.Outcome.Refused r -> r.why();
      case RevokeToken.Outcome.Refused r -> r.why();
      case FindStandards.Outcome.Refused r -> r.why();
      case SaveStandard.Outcome.Refused r -> r.why();
      case DeleteStandard.Outcome.Refused r -> r.why();
      case FindInstances.Outcome.Refused r -> r.why();
      case FindInstances.ListOutcome.Refused r -> r.why();
      case WriteInstance.Outcome.Refused r -> r.why();
      case DeleteInstance.Outcome.Refused r -> r.why();
      case ExplainKey.Outcome.Refused r -> r.why();
      case CheckConnection.Outcome.Refused r -> r.why();
      case CheckConnection.ListOutcome.Refused r -> r.why();
      case FindUsage.Outcome.Refused r -> r.why();
      default -> throw new AssertionError("not refused: " + outcome);
    };
  }
}
