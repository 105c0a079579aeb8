package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.CallLimits.ShareHolder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CallLimitsTest {
  private static final ModelPattern A = new ModelPattern("a");
  private static final ModelPattern B = new ModelPattern("b");
  private static final Operation EMBED = new Operation("POST embeddings");
  private static final Operation CHAT = new Operation("POST chat/completions");

  private static final UUID TOKEN = new UUID(0, 1);
  private static final UUID SERVICE = new UUID(0, 2);
  private static final UUID CALLER = new UUID(0, 3);
  private static final UUID OWNER = new UUID(0, 4);

  /** Each limit open or narrow in two ways, alone and together with the others. */
  private static List<Limits> all() {
    List<Limits> all = new ArrayList<>();
    for (Optional<Integer> requests : List.of(Optional.<Integer>empty(), Optional.of(5))) {
      for (Optional<Set<ModelPattern>> models :
          List.of(
              Optional.<Set<ModelPattern>>empty(),
              Optional.of(Set.of(A)),
              Optional.of(Set.of(A, B)))) {
        for (Optional<Set<Operation>> operations :
            List.of(Optional.<Set<Operation>>empty(), Optional.of(Set.of(EMBED)))) {
          all.add(new Limits(requests, models, operations));
        }
      }
    }
    return all;
  }

  @Test
  void all_that_hold_have_to_allow_and_each_counts_on_its_own_account() {
    for (Limits token : all()) {
      for (Limits service : all()) {
        for (Limits caller : all()) {
          check(token, service, caller, Optional.empty());
          for (Limits owner : all()) {
            check(token, service, caller, Optional.of(owner));
          }
        }
      }
    }
  }

  private static void check(
      Limits token, Limits service, Limits caller, Optional<Limits> passedOnBy) {
    CallLimits limits = of(token, service, caller, passedOnBy);
    List<Limits> hold = new ArrayList<>(List.of(token, caller.orElse(service)));
    passedOnBy.ifPresent(owner -> hold.add(owner.orElse(service)));

    for (Operation operation : List.of(EMBED, CHAT)) {
      assertThat(limits.allow(operation.method(), operation.path()))
          .isEqualTo(hold.stream().allMatch(l -> l.allow(operation.method(), operation.path())));
    }
    for (ModelPattern model : List.of(A, B, new ModelPattern("c"))) {
      assertThat(limits.models().map(m -> ModelPattern.anyMatches(m, model.value())).orElse(true))
          .isEqualTo(
              hold.stream()
                  .allMatch(
                      l ->
                          l.models()
                              .map(m -> ModelPattern.anyMatches(m, model.value()))
                              .orElse(true)));
    }
    assertThat(limits.models().isEmpty())
        .isEqualTo(hold.stream().allMatch(l -> l.models().isEmpty()));
    assertThat(metersOf(limits)).isEqualTo(expected(token, service, caller, passedOnBy));
  }

  private static Map<String, Integer> expected(
      Limits token, Limits service, Limits caller, Optional<Limits> passedOnBy) {
    Map<String, Integer> meters = new HashMap<>();
    token.requestsPerMinute().ifPresent(n -> meters.put("token:" + TOKEN, n));
    caller
        .requestsPerMinute()
        .or(service::requestsPerMinute)
        .ifPresent(n -> meters.put("service:" + SERVICE + ":" + CALLER, n));
    passedOnBy
        .flatMap(owner -> owner.requestsPerMinute().or(service::requestsPerMinute))
        .ifPresent(n -> meters.put("service:" + SERVICE + ":" + OWNER, n));
    return meters;
  }

  @Test
  void where_nothing_is_limited_nothing_is_counted() {
    CallLimits none = of(Limits.NONE, Limits.NONE, Limits.NONE, Optional.of(Limits.NONE));

    assertThat(none.accounts()).isEmpty();
    assertThat(none.meters()).isEmpty();
    assertThat(none.models()).isEmpty();
    assertThat(none.allow("POST", "anything")).isTrue();
  }

  @Test
  void a_share_narrows_or_widens_what_the_service_allows_everybody() {
    assertThat(metersOf(of(Limits.NONE, requests(10), requests(99), Optional.empty())).values())
        .containsExactly(99);
    assertThat(metersOf(of(Limits.NONE, requests(10), requests(3), Optional.empty())).values())
        .containsExactly(3);
  }

  @Test
  void what_a_share_leaves_open_is_the_services_limit_by_limit() {
    CallLimits limits =
        of(
            Limits.NONE,
            new Limits(Optional.of(10), Optional.of(Set.of(A)), Optional.of(Set.of(EMBED))),
            requests(99),
            Optional.empty());

    assertThat(metersOf(limits).values()).containsExactly(99);
    assertThat(limits.models()).contains(Set.of(A));
    assertThat(limits.allow("POST", "chat/completions")).isFalse();
  }

  @Test
  void models_that_no_two_lenders_allow_are_none() {
    CallLimits limits = of(models(A), Limits.NONE, models(B), Optional.empty());

    assertThat(limits.models()).contains(Set.of());
  }

  @Test
  void what_all_allow_together_is_the_strictest_of_each() {
    Limits token = new Limits(Optional.of(9), Optional.of(Set.of(A, B)), Optional.empty());
    Limits share = new Limits(Optional.of(5), Optional.of(Set.of(A)), Optional.of(Set.of(EMBED)));

    assertThat(of(token, Limits.NONE, share, Optional.empty()).effective())
        .isEqualTo(
            new EffectiveLimits(
                Optional.of(5), Optional.of(Set.of(A)), Optional.of(Set.of(EMBED))));
    assertThat(of(Limits.NONE, Limits.NONE, Limits.NONE, Optional.empty()).effective())
        .isEqualTo(EffectiveLimits.NONE);
  }

  @Test
  void of_two_operations_the_narrower_one_is_common() {
    Operation any = new Operation("POST models/{model}");
    Operation deeper = new Operation("POST **/models/{model}");
    Operation one = new Operation("POST models/x");
    Limits token =
        new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(deeper, EMBED)));

    for (Operation narrower : List.of(any, one)) {
      Limits share =
          new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(narrower, CHAT)));
      assertThat(of(token, Limits.NONE, share, Optional.empty()).effective().operations())
          .contains(Set.of(narrower));
    }
    Limits other = new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(CHAT)));
    assertThat(of(token, Limits.NONE, other, Optional.empty()).effective().operations())
        .contains(Set.of());
  }

  /** An operation that starts with any version covers both forms of a narrower one. */
  @Test
  void operations_of_any_version_are_common_only_with_each_other() {
    Operation any = new Operation("POST **/models/{model}");
    Operation one = new Operation("POST **/models/x");

    assertThat(Operation.common(Set.of(any), Set.of(one))).isEmpty();
    assertThat(Operation.common(Set.of(any, one), Set.of(one))).containsExactly(one);
    assertThat(Operation.common(Set.of(new Operation("POST models/x")), Set.of(any)))
        .containsExactly(new Operation("POST models/x"));
    assertThat(
            Operation.common(Set.of(any), Set.of(new Operation("POST {version}/models/{model}"))))
        .isEmpty();
  }

  @Test
  void an_operation_on_stored_objects_is_allowed_by_its_name_or_with_its_kind() {
    Limits listed = operations(EMBED);
    Limits storing =
        operations(CHAT).with(StorageLimits.of(new StorageKinds(Set.of(ObjectKind.FILES))));

    assertThat(ofService(Limits.NONE).allowStored(ObjectKind.FILES, "POST", "files")).isTrue();
    assertThat(ofService(listed).allowStored(ObjectKind.FILES, "POST", "files")).isFalse();
    assertThat(ofService(listed).allowStored(ObjectKind.FILES, "POST", "embeddings")).isTrue();
    assertThat(ofService(storing).allowStored(ObjectKind.FILES, "POST", "files")).isTrue();
    assertThat(ofService(storing).allowStored(ObjectKind.BATCHES, "POST", "batches")).isFalse();
    assertThat(
            of(listed, storing, Limits.NONE, Optional.empty())
                .allowStored(ObjectKind.FILES, "POST", "files"))
        .isFalse();
  }

  /** In their own account, callers may create batches only if no limit binds the requests. */
  @Test
  void limits_on_what_requests_ask_for_forbid_batches_with_a_key_of_the_callers_own() {
    Limits output =
        new Limits(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(5), Budgets.NONE);
    Limits budget =
        Limits.of(
            new Budgets(
                List.of(
                    new Budget(
                        1,
                        BudgetUnit.TOKENS,
                        BudgetWindow.DAY,
                        BudgetZone.UTC,
                        BudgetBound.MEASURED,
                        false))));

    for (KeySource source : KeySource.values()) {
      boolean own = source == KeySource.USER;
      for (Limits binding : List.of(models(A), operations(EMBED), output, budget)) {
        assertThat(ofToken(binding).boundMoreThanBatches(source)).isEqualTo(own);
      }
      for (Limits free : List.of(Limits.NONE, requests(5))) {
        assertThat(ofToken(free).boundMoreThanBatches(source)).isFalse();
        assertThat(ofToken(free).boundModels(source)).isFalse();
      }
      for (Limits binding : List.of(models(A), output, budget)) {
        assertThat(ofToken(binding).boundModels(source)).isTrue();
      }
      assertThat(ofToken(operations(EMBED)).boundModels(source)).isFalse();
      assertThat(ofService(budget).boundModels(source)).isEqualTo(!own);
    }
  }

  private static CallLimits ofToken(Limits limits) {
    return of(limits, Limits.NONE, Limits.NONE, Optional.empty());
  }

  static CallLimits ofService(Limits limits) {
    return of(Limits.NONE, limits, Limits.NONE, Optional.empty());
  }

  private static Limits operations(Operation operation) {
    return new Limits(Optional.empty(), Optional.empty(), Optional.of(Set.of(operation)));
  }

  @Test
  void who_passes_on_to_themselves_is_counted_once() {
    ShareHolder self = grantee(CALLER, requests(5));

    CallLimits limits = of(self, Optional.of(self));

    assertThat(limits.meters())
        .containsExactly(new CallLimits.Meter("service:" + SERVICE + ":" + CALLER, 5));
  }

  @Test
  void all_members_of_a_project_count_against_its_owner() {
    List<CallLimits.Meter> meters = new ArrayList<>();
    for (UUID member : List.of(CALLER, new UUID(0, 9))) {
      meters.addAll(
          of(grantee(member, Limits.NONE), Optional.of(grantee(OWNER, requests(5)))).meters());
    }

    assertThat(meters).hasSize(2);
    assertThat(Set.copyOf(meters)).containsExactly(onService(OWNER, 5));
  }

  private static CallLimits of(
      Limits token, Limits service, Limits caller, Optional<Limits> passedOnBy) {
    return CallLimits.of(
        Optional.of(new CallLimits.Token(TOKEN, token, List.of())),
        new CallLimits.Of(SERVICE, service),
        grantee(CALLER, caller),
        passedOnBy.map(owner -> grantee(OWNER, owner)));
  }

  private static CallLimits of(ShareHolder caller, Optional<ShareHolder> passedOnBy) {
    return CallLimits.of(
        Optional.empty(), new CallLimits.Of(SERVICE, Limits.NONE), caller, passedOnBy);
  }

  private static ShareHolder grantee(UUID user, Limits limits) {
    return new ShareHolder(user, limits, Optional.empty());
  }

  private static List<CallLimits.Meter> ofToken(Limits own, TokenRate... inherited) {
    return CallLimits.of(
            Optional.of(new CallLimits.Token(TOKEN, own, List.of(inherited))),
            new CallLimits.Of(SERVICE, Limits.NONE),
            grantee(CALLER, Limits.NONE),
            Optional.empty())
        .meters();
  }

  private static CallLimits.Meter onToken(UUID token, int perMinute) {
    return new CallLimits.Meter("token:" + token, perMinute);
  }

  private static CallLimits.Meter onService(UUID user, int perMinute) {
    return new CallLimits.Meter("service:" + SERVICE + ":" + user, perMinute, user.equals(CALLER));
  }

  @Test
  void a_token_counts_against_the_rates_of_those_that_it_came_from() {
    UUID first = new UUID(1, 1);
    UUID second = new UUID(1, 2);
    TokenRate[] inherited = {new TokenRate(first, 60), new TokenRate(second, 20)};

    assertThat(ofToken(requests(5), inherited))
        .containsExactly(onToken(first, 60), onToken(second, 20), onToken(TOKEN, 5));
    assertThat(ofToken(Limits.NONE, inherited))
        .containsExactly(onToken(first, 60), onToken(second, 20));
  }

  @Test
  void a_rate_that_is_no_stricter_than_an_inherited_one_is_not_counted_again() {
    UUID first = new UUID(1, 1);

    for (int own : List.of(5, 6, 1_000_000)) {
      assertThat(ofToken(requests(own), new TokenRate(first, 5)))
          .containsExactly(onToken(first, 5));
    }
  }

  @Test
  void a_token_without_a_rate_of_its_own_still_narrows_models_and_operations() {
    Limits narrow = new Limits(Optional.of(5), Optional.of(Set.of(A)), Optional.of(Set.of(EMBED)));
    CallLimits limits =
        CallLimits.of(
            Optional.of(
                new CallLimits.Token(TOKEN, narrow, List.of(new TokenRate(new UUID(1, 1), 5)))),
            new CallLimits.Of(SERVICE, Limits.NONE),
            grantee(CALLER, Limits.NONE),
            Optional.empty());

    assertThat(limits.models()).contains(Set.of(A));
    assertThat(limits.allow("POST", "chat/completions")).isFalse();
  }

  @Test
  void who_presents_no_token_is_bound_by_share_and_service_alone() {
    assertThat(of(grantee(CALLER, requests(5)), Optional.empty()).meters())
        .containsExactly(onService(CALLER, 5));
  }

  /** Every combination of limits of a user's share, its giver's and the service's. */
  @Test
  void what_a_co_owner_gives_away_counts_on_their_account_too() {
    UUID giver = new UUID(2, 1);
    for (Limits service : all()) {
      for (Limits share : all()) {
        for (Limits givers : all()) {
          ShareHolder caller = new ShareHolder(CALLER, share, Optional.of(grantee(giver, givers)));
          CallLimits limits =
              CallLimits.of(
                  Optional.empty(), new CallLimits.Of(SERVICE, service), caller, Optional.empty());
          Limits own = share.orElse(service);
          Limits lent = givers.orElse(service);

          Map<String, Integer> meters = new HashMap<>();
          own.requestsPerMinute().ifPresent(n -> meters.put(onService(CALLER, n).subject(), n));
          lent.requestsPerMinute().ifPresent(n -> meters.put(onService(giver, n).subject(), n));
          assertThat(metersOf(limits)).isEqualTo(meters);
          for (Operation operation : List.of(EMBED, CHAT)) {
            assertThat(limits.allow(operation.method(), operation.path()))
                .isEqualTo(
                    own.allow(operation.method(), operation.path())
                        && lent.allow(operation.method(), operation.path()));
          }
        }
      }
    }
  }

  @Test
  void what_a_project_passes_on_counts_up_the_whole_chain() {
    UUID coOwner = new UUID(2, 1);
    ShareHolder passedOnBy =
        new ShareHolder(OWNER, requests(3), Optional.of(grantee(coOwner, requests(5))));

    assertThat(of(grantee(CALLER, requests(2)), Optional.of(passedOnBy)).meters())
        .containsExactly(onService(CALLER, 2), onService(OWNER, 3), onService(coOwner, 5));
  }

  @Test
  void a_co_owner_who_calls_through_what_they_gave_away_is_counted_once() {
    ShareHolder coOwner = grantee(CALLER, requests(5));
    ShareHolder passedOnBy = new ShareHolder(OWNER, requests(3), Optional.of(coOwner));

    assertThat(of(coOwner, Optional.of(passedOnBy)).meters())
        .containsExactly(onService(CALLER, 5), onService(OWNER, 3));
  }

  private static Map<String, Integer> metersOf(CallLimits limits) {
    return limits.meters().stream()
        .collect(Collectors.toMap(CallLimits.Meter::subject, CallLimits.Meter::perMinute));
  }

  private static Limits requests(int perMinute) {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }

  private static Limits models(ModelPattern model) {
    return new Limits(Optional.empty(), Optional.of(Set.of(model)), Optional.empty());
  }
}
