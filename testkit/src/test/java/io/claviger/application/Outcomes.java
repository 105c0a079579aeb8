package io.claviger.application;

import io.claviger.application.defaults.ChooseDefault;
import io.claviger.application.defaults.FindDefault;
import io.claviger.application.defaults.ForgetDefault;
import io.claviger.application.definitions.DeleteDefinition;
import io.claviger.application.definitions.FindDefinitions;
import io.claviger.application.definitions.ShareDefinition;
import io.claviger.application.definitions.WriteDefinition;
import io.claviger.application.gateway.ConnectionChecks;
import io.claviger.application.models.DeleteModelConfig;
import io.claviger.application.models.FindModelConfigs;
import io.claviger.application.models.WriteModelConfig;
import io.claviger.application.projects.DeleteProject;
import io.claviger.application.projects.FindProjects;
import io.claviger.application.projects.ShareProject;
import io.claviger.application.projects.WriteProject;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.application.userkeys.DeleteUserKey;
import io.claviger.application.userkeys.FindUserKey;
import io.claviger.application.userkeys.StoreUserKey;
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
      case FindDefinitions.Outcome.Refused r -> r.why();
      case FindDefinitions.ListOutcome.Refused r -> r.why();
      case WriteDefinition.Outcome.Refused r -> r.why();
      case DeleteDefinition.Outcome.Refused r -> r.why();
      case ShareDefinition.Outcome.Refused r -> r.why();
      case ShareDefinition.EndOutcome.Refused r -> r.why();
      case ShareDefinition.ListOutcome.Refused r -> r.why();
      case FindProjects.Outcome.Refused r -> r.why();
      case FindProjects.ListOutcome.Refused r -> r.why();
      case WriteProject.Outcome.Refused r -> r.why();
      case DeleteProject.Outcome.Refused r -> r.why();
      case ShareProject.Outcome.Refused r -> r.why();
      case ShareProject.EndOutcome.Refused r -> r.why();
      case ShareProject.ListOutcome.Refused r -> r.why();
      case StoreUserKey.Outcome.Refused r -> r.why();
      case FindUserKey.Outcome.Refused r -> r.why();
      case DeleteUserKey.Outcome.Refused r -> r.why();
      case FindDefault.Outcome.Refused r -> r.why();
      case ChooseDefault.Outcome.Refused r -> r.why();
      case ForgetDefault.Outcome.Refused r -> r.why();
      case FindModelConfigs.Outcome.Refused r -> r.why();
      case FindModelConfigs.ListOutcome.Refused r -> r.why();
      case WriteModelConfig.Outcome.Refused r -> r.why();
      case DeleteModelConfig.Outcome.Refused r -> r.why();
      case ConnectionChecks.Outcome.Refused r -> r.why();
      case ConnectionChecks.ListOutcome.Refused r -> r.why();
      default -> throw new AssertionError("not refused: " + outcome);
    };
  }
}
