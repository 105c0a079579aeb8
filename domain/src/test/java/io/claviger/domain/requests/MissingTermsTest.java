package io.claviger.domain.requests;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.sharing.Action;
import io.claviger.domain.sharing.Permissions;
import io.claviger.domain.sharing.Relationship;
import io.claviger.domain.sharing.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MissingTermsTest {
  private static final Instance.Id SERVICE = new Instance.Id(new UUID(0, 1));
  private static final User.Id BOB = new User.Id(new UUID(0, 2));
  private static final String OWN = "service:" + SERVICE.value() + ":" + BOB.value();
  private static final Operation CHAT = new Operation("POST chat/completions");

  @ParameterizedTest
  @CsvSource({
    "READER, DESCRIBE, WRITER",
    "READER, SWITCH, WRITER",
    "READER, SEE_SHARES, WRITER",
    "READER, CONFIGURE, OWNER",
    "READER, SET_KEY, OWNER",
    "WRITER, SHARE, OWNER"
  })
  void the_lowest_role_that_helps_is_missing(Role held, Action action, Role missing) {
    assertThat(MissingTerms.role(SERVICE, borrower(held), action))
        .contains(new MissingTerms(SERVICE, RequestedTerms.of(missing)));
  }

  @Test
  void an_administrator_without_a_share_lacks_a_role_to_call() {
    Relationship administrator = new Relationship(false, Optional.empty(), true, false);

    assertThat(MissingTerms.role(SERVICE, administrator, Action.USE))
        .contains(new MissingTerms(SERVICE, RequestedTerms.of(Role.READER)));
  }

  @Test
  void what_is_missing_is_never_what_the_user_may_do_nor_what_no_share_gives() {
    for (Role role : Role.values()) {
      for (Action action : Action.values()) {
        Relationship relationship = borrower(role);
        Optional<MissingTerms> missing = MissingTerms.role(SERVICE, relationship, action);
        if (Permissions.allows(relationship, action)) {
          assertThat(missing).isEmpty();
        }
      }
    }
    assertThat(MissingTerms.role(SERVICE, borrower(Role.READER), Action.DELETE)).isEmpty();
    assertThat(MissingTerms.role(SERVICE, borrower(Role.OWNER), Action.SHARE_OWNERSHIP)).isEmpty();
    Relationship stranger = new Relationship(false, Optional.empty(), false, false);
    assertThat(MissingTerms.role(SERVICE, stranger, Action.USE)).isEmpty();
    Relationship everybody = new Relationship(false, Optional.empty(), false, true);
    assertThat(MissingTerms.role(SERVICE, everybody, Action.DESCRIBE)).isEmpty();
  }

  private static Relationship borrower(Role role) {
    return new Relationship(false, Optional.of(role), false, false);
  }

  private static LendableUse use(CallLimits.Account... accounts) {
    return new LendableUse(SERVICE, BOB, new CallLimits(List.of(accounts)));
  }

  private static CallLimits.Account share(Limits limits) {
    return new CallLimits.Account(OWN, limits, CallLimits.Kind.SERVICE, true);
  }

  private static CallLimits.Account token(Limits limits) {
    return new CallLimits.Account("token:1", limits, CallLimits.Kind.TOKEN, true);
  }

  private static Limits models(String... names) {
    return new Limits(
        Optional.empty(),
        Optional.of(Set.copyOf(List.of(names).stream().map(ModelPattern::new).toList())),
        Optional.empty());
  }

  @Test
  void a_model_is_missing_where_only_the_share_refuses_it() {
    assertThat(use(share(models("small"))).missingModel("large"))
        .contains(new MissingTerms(SERVICE, RequestedTerms.of(new ModelPattern("large"))));
    assertThat(use(share(models("small")), token(models("small"))).missingModel("large")).isEmpty();
    assertThat(use(share(models("small")), token(models("l*"))).missingModel("large")).isPresent();
  }

  @Test
  void a_model_that_would_ask_for_others_too_is_not_asked_for() {
    assertThat(use(share(models("small"))).missingModel("*")).isEmpty();
    assertThat(use(share(models("small"))).missingModel("l*")).isEmpty();
    assertThat(use(share(models("small"))).missingModel("a\nb")).isEmpty();
    assertThat(use(share(models("small"))).missingModel("")).isEmpty();
  }

  @Test
  void an_operation_is_missing_where_only_the_share_refuses_it() {
    Operation other = new Operation("POST embeddings");
    Limits embeddings = new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(other)));

    assertThat(
            use(share(embeddings))
                .missingOperation(List.of(other, CHAT), "POST", "chat/completions"))
        .contains(new MissingTerms(SERVICE, RequestedTerms.of(CHAT)));
    assertThat(
            use(share(embeddings), token(embeddings))
                .missingOperation(List.of(CHAT), "POST", "chat/completions"))
        .isEmpty();
    assertThat(use(share(embeddings)).missingOperation(List.of(other), "POST", "chat/completions"))
        .isEmpty();
  }

  @Test
  void twice_the_budget_of_the_own_share_is_missing_and_no_other() {
    assertThat(use().missingBudget(new BudgetMeter(OWN, budget(5), true)))
        .contains(new MissingTerms(SERVICE, RequestedTerms.of(budget(10))));
    long most = BudgetUnit.REQUESTS.most();
    assertThat(use().missingBudget(new BudgetMeter(OWN, budget(most - 1), true)))
        .contains(new MissingTerms(SERVICE, RequestedTerms.of(budget(most))));
    for (String account : List.of("token:1", "service:" + SERVICE.value(), "user:" + BOB.value())) {
      assertThat(use().missingBudget(new BudgetMeter(account, budget(5), true))).isEmpty();
    }
  }

  private static Budget budget(long amount) {
    return new Budget(
        amount, BudgetUnit.REQUESTS, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.MEASURED, false);
  }
}
