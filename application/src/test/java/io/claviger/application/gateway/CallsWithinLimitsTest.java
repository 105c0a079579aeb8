package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.ABudget;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallAuthorization.AuthorizationOutcome;
import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.objects.Isolation;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.policy.StorageLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The limits that owners set on shares and tokens, from what is stored to the caller's refusal. */
class CallsWithinLimitsTest {
  private static final ModelPattern A = new ModelPattern("a");
  private static final ModelPattern B = new ModelPattern("b");

  private final Calls c = new Calls();

  @Test
  void an_operation_beyond_the_limits_of_token_share_or_service_is_refused() {
    Instance open = service("open", Limits.NONE);
    Instance narrow = service("narrow", operations("POST chat/completions"));
    c.w.stored(open, AShare.with(c.bob).limits(operations("GET models")).build());
    TokenText token = c.w.stored(AToken.of(c.alice).limits(operations("GET models")).build());

    assertThat(Calls.refusal(c.call(token, open))).isEqualTo(CallRefusal.OPERATION_BEYOND_LIMITS);
    assertThat(Calls.refusal(c.call(c.bobs, open))).isEqualTo(CallRefusal.OPERATION_BEYOND_LIMITS);
    assertThat(Calls.refusal(c.call(c.alices, narrow)))
        .isEqualTo(CallRefusal.OPERATION_BEYOND_LIMITS);
    Calls.authorized(c.call(c.alices, open)).close();
    Calls.authorized(c.call(token, open.ref().toString(), "GET models")).close();
    Calls.authorized(c.call(c.alices, "alice/narrow", "POST chat/completions")).close();
  }

  @Test
  void what_the_service_does_not_lend_is_told_before_what_limits_do_not_allow() {
    Instance narrow = service("narrow", operations("GET models"));

    assertThat(Calls.refusal(c.call(c.alices, narrow.ref().toString(), "DELETE assistants/all")))
        .isEqualTo(CallRefusal.OPERATION_NOT_ALLOWED);
  }

  @Test
  void further_requests_of_a_call_take_all_of_their_permits_or_none() {
    Instance limited =
        service(
            "limited",
            new Limits(
                Optional.of(20),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Budgets.NONE));
    CallAuthorization.CallRequest list =
        Calls.asked(c.alices, new CallTarget.Service(limited.ref()), "GET models");
    Calls.authorized(c.w.callAuthorization.authorize(list)).close();

    AuthorizationOutcome tooMany = c.w.callAuthorization.countFurther(list, 20).orElseThrow();
    assertThat(Calls.refusal(tooMany)).isEqualTo(CallRefusal.RATE_LIMITED);
    assertThat(((AuthorizationOutcome.Refused) tooMany).detail().orElseThrow())
        .contains("needs 21 requests", "smaller page");
    assertThat(c.w.callAuthorization.countFurther(list, 19)).isEmpty();
    assertThat(Calls.refusal(c.w.callAuthorization.authorize(list)))
        .isEqualTo(CallRefusal.RATE_LIMITED);
    assertThat(
            c.w
                .callAuthorization
                .countFurther(
                    Calls.asked(c.bobs, new CallTarget.Service(limited.ref()), "GET models"), 1)
                .map(Calls::refusal))
        .isPresent();
  }

  @Test
  void an_operation_on_stored_objects_is_refused_where_their_kind_is_not_lent() {
    Instance service = service("s", Limits.NONE);

    for (String call : List.of("POST files", "GET v1/files", "DELETE vector_stores/vs_1")) {
      assertThat(Calls.refusal(c.call(c.alices, service.ref().toString(), call)))
          .isEqualTo(CallRefusal.STORAGE_NOT_LENT);
    }
  }

  /** At some providers, creating a conversation can be a call of a model. */
  @Test
  void conversations_are_not_lent_at_providers_whose_ids_have_no_form() {
    Instance service =
        AnInstance.of(c.alice, "s")
            .provider(Provider.OLLAMA)
            .own(InstanceField.STORAGE, StorageKinds.of(List.of("files", "conversations")))
            .build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());

    Calls.authorized(c.call(c.alices, service.ref().toString(), "POST files")).close();
    AuthorizationOutcome refused = c.call(c.alices, service.ref().toString(), "POST conversations");
    assertThat(Calls.refusal(refused)).isEqualTo(CallRefusal.STORAGE_NOT_LENT);
    assertThat(((AuthorizationOutcome.Refused) refused).detail())
        .hasValueSatisfying(why -> assertThat(why).contains("at this provider can't be lent"));
    assertThat(
            ((AuthorizationOutcome.Refused)
                    c.call(c.alices, service.ref().toString(), "POST vector_stores"))
                .detail())
        .isEmpty();
  }

  @Test
  void whoever_is_limited_by_what_batches_do_not_count_may_make_none() {
    Limits output =
        new Limits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(9), Budgets.NONE);
    for (BudgetUnit unit : BudgetUnit.values()) {
      Budget budget =
          new Budget(9, unit, BudgetWindow.DAY, BudgetZone.UTC, BudgetBound.MEASURED, false);
      Limits budgeted = Limits.of(new Budgets(List.of(budget)));
      assertThat(
              makesBatch(storing("s-" + unit.name().toLowerCase(Locale.ROOT), budgeted), c.alices))
          .contains(CallRefusal.BATCH_NOT_BOUNDED);
    }
    Instance free = storing("free", Limits.NONE);
    c.w.stored(free, AShare.with(c.bob).limits(output).build());
    TokenText narrow = c.w.stored(AToken.of(c.alice).limits(output).build());
    TokenText models = c.w.stored(AToken.of(c.alice).limits(models(A)).build());

    assertThat(makesBatch(free, c.bobs)).contains(CallRefusal.BATCH_NOT_BOUNDED);
    assertThat(makesBatch(free, narrow)).contains(CallRefusal.BATCH_NOT_BOUNDED);
    assertThat(makesBatch(free, models)).isEmpty();
    assertThat(makesBatch(free, c.alices)).isEmpty();
    assertThat(makesBatch(service("none", Limits.NONE), c.alices))
        .contains(CallRefusal.STORAGE_NOT_LENT);
    Calls.authorized(c.call(narrow, free.ref().toString(), "GET batches")).close();
    Calls.authorized(c.call(narrow, free.ref().toString(), "POST files")).close();
  }

  private Optional<CallRefusal> makesBatch(Instance service, TokenText token) {
    CallAuthorization.AuthorizationOutcome outcome =
        c.call(token, service.ref().toString(), "POST batches");
    if (outcome instanceof CallAuthorization.AuthorizationOutcome.Refused refused) {
      return Optional.of(refused.why());
    }
    outcome.close();
    return Optional.empty();
  }

  private Instance storing(String handle, Limits limits) {
    Instance service =
        AnInstance.of(c.alice, handle)
            .provider(Provider.OLLAMA)
            .own(InstanceField.STORAGE, StorageKinds.of(List.of("files", "batches")))
            .limits(limits)
            .build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return service;
  }

  @Test
  void the_lines_of_a_batch_may_call_what_the_caller_may_call() {
    Instance service = storing("s", Limits.NONE);
    TokenText narrow =
        c.w.stored(
            AToken.of(c.alice)
                .limits(
                    new Limits(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(
                            Set.of(
                                new Operation("POST batches"), new Operation("POST embeddings")))))
                .build());

    assertThat(batched(c.alices, service)).contains("embeddings", "chat/completions");
    assertThat(batched(narrow, service)).containsExactly("embeddings");
  }

  private Set<String> batched(TokenText token, Instance service) {
    try (AuthorizedCall call =
        Calls.authorized(c.call(token, service.ref().toString(), "POST batches"))) {
      return call.isolation().orElseThrow().batched();
    }
  }

  /** Another token of the same caller may use containers. */
  @Test
  void a_call_knows_that_the_service_lends_containers_even_if_its_limits_leave_them_out() {
    StorageKinds some = new StorageKinds(Set.of(ObjectKind.FILES, ObjectKind.RESPONSES));
    StorageKinds all =
        new StorageKinds(Set.of(ObjectKind.FILES, ObjectKind.RESPONSES, ObjectKind.CONTAINERS));
    TokenText narrow =
        c.w.stored(AToken.of(c.alice).limits(Limits.NONE.with(StorageLimits.of(some))).build());
    for (StorageKinds lent : List.of(some, all)) {
      String handle = "s" + lent.kinds().size();
      c.w
          .claviger
          .instances()
          .insert(
              AnInstance.of(c.alice, handle)
                  .provider(Provider.OLLAMA)
                  .own(InstanceField.STORAGE, lent)
                  .build(),
              new SecretChange.Keep(),
              new SecretChange.Keep());
      try (AuthorizedCall call =
          Calls.authorized(c.call(narrow, "alice/" + handle, "POST responses"))) {
        Isolation isolation = call.isolation().orElseThrow();
        assertThat(isolation.storage()).isEqualTo(some.kinds());
        assertThat(isolation.containersLent()).isEqualTo(lent.equals(all));
        assertThat(isolation.shared()).containsExactly(ObjectKind.FILES);
      }
    }
  }

  @Test
  void a_service_that_lends_no_storage_can_share_objects_of_all_kinds_that_can_be_shared() {
    c.w
        .claviger
        .instances()
        .insert(
            AnInstance.of(c.alice, "s").provider(Provider.OLLAMA).build(),
            new SecretChange.Keep(),
            new SecretChange.Keep());
    try (AuthorizedCall call = Calls.authorized(c.call(c.alices, "alice/s", "POST responses"))) {
      Isolation isolation = call.isolation().orElseThrow();
      assertThat(isolation.storage()).isEmpty();
      assertThat(isolation.shared())
          .containsExactlyInAnyOrder(
              ObjectKind.FILES, ObjectKind.VECTOR_STORES, ObjectKind.CACHES, ObjectKind.PROMPTS);
    }
  }

  @Test
  void limits_that_list_operations_allow_those_on_storage_that_they_lend() {
    Instance service =
        AnInstance.of(c.alice, "s")
            .provider(Provider.OLLAMA)
            .own(
                InstanceField.STORAGE,
                new StorageKinds(Set.of(ObjectKind.FILES, ObjectKind.RESPONSES)))
            .build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    Limits chats = operations("POST chat/completions");
    StorageLimits files = StorageLimits.of(new StorageKinds(Set.of(ObjectKind.FILES)));
    TokenText narrow = c.w.stored(AToken.of(c.alice).limits(chats).build());
    TokenText lending = c.w.stored(AToken.of(c.alice).limits(chats.with(files)).build());

    Calls.authorized(c.call(c.alices, "alice/s", "GET files/file-1")).close();
    Calls.authorized(c.call(lending, "alice/s", "GET files/file-1")).close();
    assertThat(Calls.refusal(c.call(narrow, "alice/s", "GET files/file-1")))
        .isEqualTo(CallRefusal.OPERATION_BEYOND_LIMITS);
    assertThat(Calls.refusal(c.call(lending, "alice/s", "GET responses/resp_1")))
        .isEqualTo(CallRefusal.STORAGE_NOT_LENT);
    assertThat(Calls.refusal(c.call(c.alices, "alice/s", "GET vector_stores")))
        .isEqualTo(CallRefusal.STORAGE_NOT_LENT);
  }

  @Test
  void an_authorized_call_says_which_models_may_be_asked_for() {
    Instance service = service("s", models(A, B));
    TokenText token = c.w.stored(AToken.of(c.alice).limits(models(A)).build());
    c.w.stored(service, AShare.with(c.bob).limits(models(B)).build());

    assertThat(modelsOf(c.call(c.alices, service))).contains(Set.of(A, B));
    assertThat(modelsOf(c.call(token, service))).contains(Set.of(A));
    assertThat(modelsOf(c.call(c.bobs, service))).contains(Set.of(B));
    assertThat(modelsOf(c.call(c.alices, service("any", Limits.NONE)))).isEmpty();
  }

  @Test
  void all_requests_of_the_minute_may_be_made_and_no_more() {
    Instance service = service("s", requests(5));

    for (int n = 0; n < 5; n++) {
      Calls.authorized(c.call(c.alices, service)).close();
    }
    CallAuthorization.AuthorizationOutcome.Refused refused = limited(c.call(c.alices, service));

    assertThat(refused.service().orElseThrow().name()).isEqualTo("alice/s");
    assertThat(refused.retryAfter().orElseThrow())
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
    assertThat(refused.perMinute()).hasValue(5);
  }

  /** Of another target, it takes those permits that count only calls of this target. */
  @Test
  void a_call_that_is_authorized_again_takes_only_permits_that_it_has_not_taken() {
    TokenText token = c.w.stored(AToken.of(c.alice).limits(requests(1)).build());
    CallTarget first = new CallTarget.Service(service("first", requests(1)).ref());
    CallTarget other = new CallTarget.Service(service("other", requests(1)).ref());
    c.refresh();
    AuthorizedCall call = Calls.authorized(c.call(token, first, Calls.OPERATION));
    Set<String> counted = Set.copyOf(call.basis().charging().rates());
    call.close();
    CallAuthorization.CallRequest asked = Calls.asked(token, first, Calls.OPERATION);

    assertThat(counted).hasSize(2);
    Calls.authorized(c.w.callAuthorization.authorizeAgain(asked, counted)).close();
    Calls.authorized(c.w.callAuthorization.authorizeAgainAtOnce(asked, null, counted).orElseThrow())
        .close();
    assertThat(limited(c.call(token, first, Calls.OPERATION)).retryAfter()).isPresent();

    CallAuthorization.CallRequest elsewhere = Calls.asked(token, other, Calls.OPERATION);
    Calls.authorized(c.w.callAuthorization.authorizeAgain(elsewhere, counted)).close();
    assertThat(limited(c.w.callAuthorization.authorizeAgain(elsewhere, counted)).perMinute())
        .hasValue(1);
  }

  @Test
  void what_limits_refuse_is_in_the_usage() {
    Limits one =
        new Limits(Optional.of(1), Optional.empty(), operations("POST embeddings").operations());
    Instance service = service("s", one);

    Calls.authorized(c.call(c.alices, service)).close();
    Object unusedToo = limited(c.call(c.alices, service));
    for (String operation : List.of("GET models", "DELETE assistants/all")) {
      Object unused = Calls.refusal(c.call(c.alices, "alice/s", operation));
    }
    c.w.usageCounter.flush();

    List<UsageRow> rows =
        c.w.claviger.usage().find(Optional.empty(), UsageFilter.NONE, Optional.empty(), 9);
    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).counts())
        .isEqualTo(UsageCounts.REFUSED.plus(UsageCounts.REFUSED).plus(UsageCounts.REFUSED));
    assertThat(rows.get(0).account().handle()).isEqualTo(c.alice.handle());
  }

  @Test
  void a_services_limit_holds_for_each_caller_by_themselves() {
    Instance service = service("s", requests(1));
    c.w.stored(service, AShare.with(c.bob).build());

    Calls.authorized(c.call(c.alices, service)).close();
    Calls.authorized(c.call(c.bobs, service)).close();
    assertThat(limited(c.call(c.alices, service)).retryAfter()).isPresent();
    assertThat(limited(c.call(c.bobs, service)).retryAfter()).isPresent();
  }

  @Test
  void a_shares_limit_stands_in_the_place_of_the_services() {
    Instance service = service("s", requests(1));
    c.w.stored(service, AShare.with(c.bob).limits(requests(3)).build());

    for (int n = 0; n < 3; n++) {
      Calls.authorized(c.call(c.bobs, service)).close();
    }
    assertThat(limited(c.call(c.bobs, service)).retryAfter()).isPresent();
  }

  @Test
  void a_tokens_limit_holds_for_all_that_is_called_with_it_and_for_no_other_token() {
    TokenText token = c.w.stored(AToken.of(c.alice).limits(requests(2)).build());
    Instance one = service("one", Limits.NONE);
    Instance other = service("other", Limits.NONE);

    Calls.authorized(c.call(token, one)).close();
    Calls.authorized(c.call(token, other)).close();
    assertThat(limited(c.call(token, one)).retryAfter()).isPresent();
    Calls.authorized(c.call(c.alices, one)).close();
  }

  @Test
  void what_members_of_a_project_call_counts_against_its_owners_share() {
    Instance service = service("s", Limits.NONE);
    c.w.stored(service, AShare.with(c.bob).mayReshare().limits(requests(2)).build());
    Project project = c.w.stored(AProject.of(c.bob, "p").using(service).build());
    User carol = c.w.user("carol");
    TokenText carols = c.w.stored(AToken.of(carol).build());
    c.w.member(project, carol, Role.READER);

    Calls.authorized(c.call(carols, project)).close();
    Calls.authorized(c.call(c.bobs, service)).close();

    assertThat(limited(c.call(carols, project)).service().orElseThrow().name()).isEqualTo("bob/p");
    assertThat(limited(c.call(c.bobs, service)).retryAfter()).isPresent();
  }

  @Test
  void limits_of_a_project_hold_for_each_person_who_calls_through_it_and_the_tightest_wins() {
    Instance service = service("s", requests(3));
    c.w.stored(service, AShare.with(c.bob).toEverybody().limits(requests(50)).build());
    Project open =
        c.w.stored(
            AProject.of(c.bob, "p").using(service).openToEverybody().limits(requests(2)).build());
    User carol = c.w.user("carol");
    TokenText carols = c.w.stored(AToken.of(carol).build());
    User dan = c.w.user("dan");
    TokenText dans = c.w.stored(AToken.of(dan).build());
    c.w.member(open, dan, Role.READER);

    for (TokenText caller : List.of(carols, dans, c.bobs)) {
      Calls.authorized(c.call(caller, open)).close();
      Calls.authorized(c.call(caller, open)).close();
      assertThat(limited(c.call(caller, open)).perMinute()).isPresent();
    }
    Calls.authorized(c.call(c.bobs, service)).close();

    Project wide =
        c.w.stored(
            AProject.of(c.bob, "w").using(service).openToEverybody().limits(requests(9)).build());
    Calls.authorized(c.call(carols, wide)).close();
    assertThat(limited(c.call(carols, wide)).retryAfter()).isPresent();
  }

  @Test
  void a_project_narrows_models_operations_and_budgets_for_each_person() {
    Instance service = service("s", Limits.NONE);
    Limits narrow =
        new Limits(Optional.empty(), Optional.of(Set.of(A)), Optional.empty())
            .orElse(operations("POST embeddings"));
    Project open =
        c.w.stored(
            AProject.of(c.alice, "p").using(service).openToEverybody().limits(narrow).build());
    Budgets two = new Budgets(List.of(ABudget.requests(2).per(BudgetWindow.MONTH).build()));
    Project budgeted =
        c.w.stored(
            AProject.of(c.alice, "b")
                .using(service)
                .openToEverybody()
                .limits(Limits.of(two))
                .build());

    assertThat(
            Calls.refusal(
                c.call(c.bobs, new CallTarget.OfProject(open.ref()), "POST chat/completions")))
        .isEqualTo(CallRefusal.OPERATION_BEYOND_LIMITS);
    try (AuthorizedCall call =
        Calls.authorized(c.call(c.bobs, new CallTarget.OfProject(open.ref()), "POST embeddings"))) {
      assertThat(call.models()).contains(Set.of(A));
    }
    for (int n = 0; n < 2; n++) {
      try (AuthorizedCall call = Calls.authorized(c.call(c.bobs, budgeted))) {
        call.spending()
            .settle(
                CallUse.of(TokenUsage.stated(60, 40, TokenParts.NONE), CallUse.Evidence.STATED));
      }
    }
    CallAuthorization.AuthorizationOutcome refused = c.call(c.bobs, budgeted);
    assertThat(Calls.refusal(refused)).isEqualTo(CallRefusal.BUDGET_EXHAUSTED);
    assertThat(((CallAuthorization.AuthorizationOutcome.Refused) refused).detail().orElseThrow())
        .startsWith("Your budget through this project, 2 requests a month, is used up.");
    Calls.authorized(c.call(c.alices, budgeted)).close();
  }

  @Test
  void a_call_that_one_limit_refuses_counts_against_no_other() {
    Instance service = service("s", requests(1));
    TokenText token = c.w.stored(AToken.of(c.alice).limits(requests(3)).build());
    Calls.authorized(c.call(token, service)).close();
    for (int n = 0; n < 9; n++) {
      assertThat(limited(c.call(token, service)).retryAfter()).isPresent();
    }

    Instance other = service("other", Limits.NONE);
    Calls.authorized(c.call(token, other)).close();
    Calls.authorized(c.call(token, other)).close();
    assertThat(limited(c.call(token, other)).retryAfter()).isPresent();
  }

  @Test
  void what_is_refused_for_another_reason_counts_against_no_limit() {
    Instance service = service("s", requests(1));
    for (int n = 0; n < 3; n++) {
      assertThat(Calls.refusal(c.call(c.alices, service.ref().toString(), "DELETE assistants/all")))
          .isEqualTo(CallRefusal.OPERATION_NOT_ALLOWED);
    }

    Calls.authorized(c.call(c.alices, service)).close();
  }

  @Test
  void when_the_time_has_come_it_goes_on() {
    Instance service = service("s", requests(1));
    Calls.authorized(c.call(c.alices, service)).close();
    c.w.claviger.clock().advance(Duration.ofSeconds(62));

    Calls.authorized(c.call(c.alices, service)).close();
  }

  private Instance service(String handle, Limits limits) {
    Instance service =
        AnInstance.of(c.alice, handle).provider(Provider.OLLAMA).limits(limits).build();
    c.w.claviger.instances().insert(service, new SecretChange.Keep(), new SecretChange.Keep());
    return service;
  }

  private static Optional<Set<ModelPattern>> modelsOf(
      CallAuthorization.AuthorizationOutcome outcome) {
    try (AuthorizedCall authorized = Calls.authorized(outcome)) {
      return authorized.models();
    }
  }

  private static CallAuthorization.AuthorizationOutcome.Refused limited(
      CallAuthorization.AuthorizationOutcome outcome) {
    assertThat(Calls.refusal(outcome)).isEqualTo(CallRefusal.RATE_LIMITED);
    return (CallAuthorization.AuthorizationOutcome.Refused) outcome;
  }

  private static Limits requests(int perMinute) {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }

  private static Limits models(ModelPattern... models) {
    return new Limits(Optional.empty(), Optional.of(Set.of(models)), Optional.empty());
  }

  private static Limits operations(String operation) {
    return new Limits(
        Optional.empty(), Optional.empty(), Optional.of(Set.of(new Operation(operation))));
  }
}
