package io.claviger.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.policy.CallLimits.Meter;
import io.claviger.domain.policy.CallLimits.Pool;
import io.claviger.domain.policy.CallLimits.ShareHolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Limits of calls by the share of a group: for each member, and for all together. */
class PooledLimitsTest {
  private static final ModelPattern A = new ModelPattern("a");
  private static final ModelPattern B = new ModelPattern("b");
  private static final Operation EMBED = new Operation("POST embeddings");
  private static final Operation CHAT = new Operation("POST chat/completions");

  private static final UUID SERVICE = new UUID(0, 1);
  private static final UUID CALLER = new UUID(0, 2);
  private static final UUID OTHER = new UUID(0, 3);
  private static final UUID GIVER = new UUID(0, 4);
  private static final UUID GROUP = new UUID(0, 5);
  private static final UUID OTHER_GROUP = new UUID(0, 6);

  private static final List<Limits> ALL =
      Stream.of(Optional.<Integer>empty(), Optional.of(5))
          .flatMap(
              requests ->
                  Stream.of(
                          Optional.<Set<ModelPattern>>empty(),
                          Optional.of(Set.of(A)),
                          Optional.of(Set.of(A, B)))
                      .flatMap(
                          models ->
                              Stream.of(
                                      Optional.<Set<Operation>>empty(), Optional.of(Set.of(EMBED)))
                                  .map(operations -> new Limits(requests, models, operations))))
          .toList();

  /** Every combination of limits of the service, the share, its pool and its giver's share. */
  @Test
  void all_that_hold_have_to_allow_and_each_counts_on_its_own_account() {
    for (Limits service : ALL) {
      for (Limits share : ALL) {
        for (Limits pooled : ALL) {
          for (Limits givers : ALL) {
            check(service, share, pooled, givers);
          }
        }
      }
    }
  }

  private static void check(Limits service, Limits share, Limits pooled, Limits givers) {
    CallLimits limits = of(service, member(CALLER, share, pooled, givers), Optional.empty());
    List<Limits> hold = List.of(share.orElse(service), pooled, givers.orElse(service));

    for (Operation operation : List.of(EMBED, CHAT)) {
      assertThat(limits.allow(operation.method(), operation.path()))
          .isEqualTo(hold.stream().allMatch(l -> l.allow(operation.method(), operation.path())));
    }
    for (String model : List.of("a", "b", "c")) {
      assertThat(limits.allowModel(model))
          .isEqualTo(
              hold.stream()
                  .flatMap(l -> l.models().stream())
                  .allMatch(models -> ModelPattern.anyMatches(models, model)));
    }
    List<Meter> meters = new ArrayList<>();
    hold.get(0).requestsPerMinute().ifPresent(n -> meters.add(onUser(CALLER, n)));
    pooled.requestsPerMinute().ifPresent(n -> meters.add(onGroup(GROUP, n)));
    hold.get(2).requestsPerMinute().ifPresent(n -> meters.add(hidden(onUser(GIVER, n))));
    assertThat(limits.meters()).isEqualTo(meters);
  }

  @Test
  void members_count_each_on_an_account_of_their_own_and_together_on_that_of_the_group() {
    for (UUID member : List.of(CALLER, OTHER)) {
      assertThat(meters(member(member, requests(5), requests(50), Optional.empty())))
          .containsExactly(onUser(member, 5), onGroup(GROUP, 50));
    }
  }

  @Test
  void the_limits_of_the_service_are_not_those_of_a_whole_group() {
    CallLimits limits =
        of(requests(10), member(CALLER, Limits.NONE, Limits.NONE, Optional.empty()), none());

    assertThat(limits.meters()).containsExactly(onUser(CALLER, 10));
  }

  @Test
  void a_call_through_a_project_counts_once_where_the_same_group_lends_to_both() {
    ShareHolder caller = member(CALLER, requests(5), requests(50), Optional.empty());
    ShareHolder owner = member(OTHER, requests(5), requests(50), Optional.empty());

    assertThat(of(Limits.NONE, caller, Optional.of(owner)).meters())
        .containsExactly(onUser(CALLER, 5), onGroup(GROUP, 50), hidden(onUser(OTHER, 5)));
  }

  @Test
  void a_call_through_a_project_counts_on_both_groups_where_they_differ() {
    ShareHolder caller = member(CALLER, Limits.NONE, requests(50), Optional.empty());
    ShareHolder owner =
        new ShareHolder(
            OTHER, Limits.NONE, Optional.of(new Pool(OTHER_GROUP, requests(9))), none());

    assertThat(of(Limits.NONE, caller, Optional.of(owner)).meters())
        .containsExactly(onGroup(GROUP, 50), hidden(onGroup(OTHER_GROUP, 9)));
  }

  private static ShareHolder member(UUID user, Limits share, Limits pooled, Limits givers) {
    return member(user, share, pooled, Optional.of(new ShareHolder(GIVER, givers, none())));
  }

  private static ShareHolder member(
      UUID user, Limits share, Limits pooled, Optional<ShareHolder> giver) {
    return new ShareHolder(user, share, Optional.of(new Pool(GROUP, pooled)), giver);
  }

  private static List<Meter> meters(ShareHolder caller) {
    return of(Limits.NONE, caller, Optional.empty()).meters();
  }

  private static CallLimits of(
      Limits service, ShareHolder caller, Optional<ShareHolder> passedOnBy) {
    return CallLimits.of(Optional.empty(), new CallLimits.Of(SERVICE, service), caller, passedOnBy);
  }

  private static Meter onUser(UUID user, int perMinute) {
    return new Meter("service:" + SERVICE + ":" + user, perMinute);
  }

  private static Meter hidden(Meter meter) {
    return new Meter(meter.subject(), meter.perMinute(), false);
  }

  private static Meter onGroup(UUID group, int perMinute) {
    return new Meter("service:" + SERVICE + ":group:" + group, perMinute);
  }

  private static Limits requests(int perMinute) {
    return new Limits(Optional.of(perMinute), Optional.empty(), Optional.empty());
  }

  private static Optional<ShareHolder> none() {
    return Optional.empty();
  }
}
