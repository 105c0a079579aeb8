package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OperationDecisionTest {
  private static final ObjectKind KIND = ObjectKind.FILES;
  private static final Optional<Isolation> LENT = Optional.of(new Isolation(Set.of(KIND)));
  private static final Limits ONE_MODEL =
      new Limits(
          Optional.empty(), Optional.of(Set.of(new ModelPattern("small"))), Optional.empty());

  private static CallLimits limits(Limits ofService) {
    return CallLimits.of(
        Optional.empty(),
        new CallLimits.Of(new UUID(0, 1), ofService),
        new CallLimits.ShareHolder(new UUID(0, 2), Limits.NONE, Optional.empty()),
        Optional.empty());
  }

  private static OperationDecision decide(
      Optional<Isolation> isolation, boolean mayRunModels, Limits limits, String method) {
    return OperationDecision.decide(
        KIND, isolation, mayRunModels, limits(limits), method, "things/t");
  }

  /** Calls that an object in the caller's own account starts are not counted. */
  @Test
  void whose_models_are_limited_changes_nothing_in_their_own_account_that_runs_models() {
    for (Optional<Isolation> isolation : List.of(LENT, Optional.<Isolation>empty())) {
      for (boolean mayRunModels : new boolean[] {false, true}) {
        for (Limits limits : List.of(Limits.NONE, ONE_MODEL)) {
          for (String method : List.of("GET", "POST", "DELETE")) {
            boolean runsUncounted =
                isolation.isEmpty()
                    && mayRunModels
                    && limits.equals(ONE_MODEL)
                    && method.equals("POST");

            assertThat(decide(isolation, mayRunModels, limits, method))
                .as("%s %s %s %s", isolation, mayRunModels, limits, method)
                .isEqualTo(
                    runsUncounted ? OperationDecision.BEYOND_LIMITS : OperationDecision.ALLOWED);
          }
        }
      }
    }
  }

  @Test
  void objects_of_a_kind_that_is_not_lent_are_used_only_in_the_own_account() {
    Optional<Isolation> nothing = Optional.of(Isolation.STORING_NOTHING);

    assertThat(decide(nothing, false, Limits.NONE, "GET"))
        .isEqualTo(OperationDecision.STORAGE_NOT_LENT);
    assertThat(decide(Optional.empty(), false, Limits.NONE, "GET"))
        .isEqualTo(OperationDecision.ALLOWED);
  }
}
