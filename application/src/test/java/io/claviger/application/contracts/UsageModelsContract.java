package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.routing.ModelList;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.testkit.Race;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link UsageStore} promises of sums, of the models of calls, and of the parts of tokens. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class UsageModelsContract extends PortContract {
  private static final UsageModel GPT = UsageModel.called("gpt");

  private User alice;
  private User bob;
  private User carol;
  private Instance service;

  @BeforeEach
  void fill() {
    bob = user("bob");
    carol = user("carol");
    alice = user("alice");
    service = stored(AnInstance.of(alice, "s").build());
  }

  @Test
  void parts_and_estimates_sum_up_model_by_model() {
    UsageCounts counts =
        new UsageCounts(
            1,
            0,
            0,
            0,
            100,
            50,
            0,
            new TokenParts(1, 2, 3, 4, 5, 6, 7, 0, 8, 0),
            new EstimatedUsage(1, 9, 10),
            UsageCost.NONE,
            DisputedUsage.NONE,
            StoredUsage.NONE,
            ChargedFees.NONE);
    UsageRow one = AUsage.of(bob, service).model(GPT).counts(counts).build();
    UsageRow other =
        AUsage.of(bob, service).model(UsageModel.called("a/b c")).counts(counts).build();
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(one, other)));
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(one)));

    assertThat(all()).containsExactly(other, one.plus(counts));
  }

  @Test
  void answering_models_and_tiers_have_rows_of_their_own_and_fees_sum_up() {
    UsageCounts fees =
        AUsage.ONE.using(
            new ChargedFees(
                Map.of(
                    FeeKind.WEB_SEARCH,
                    new ChargedFees.Fee(Long.MAX_VALUE - 1, 10),
                    FeeKind.SEARCH,
                    new ChargedFees.Fee(3, 4))));
    UsageModel newer = UsageModel.called("gpt-2");
    List<UsageRow> rows =
        List.of(
            AUsage.of(bob, service).model(GPT).build(),
            AUsage.of(bob, service)
                .model(new CountedModel(GPT, UsageModel.UNKNOWN, ServiceTier.FLEX))
                .counts(fees)
                .build(),
            AUsage.of(bob, service)
                .model(new CountedModel(GPT, newer, ServiceTier.STANDARD))
                .build(),
            AUsage.of(bob, service)
                .model(new CountedModel(GPT, newer, ServiceTier.PRIORITY))
                .build());
    ports.usage().add(UsageStore.UsageBatch.alone(rows));
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(rows.get(1))));
    ports
        .usage()
        .add(
            UsageStore.UsageBatch.alone(
                List.of(AUsage.of(bob, service).model(rows.get(1).model()).build())));

    assertThat(all())
        .containsExactly(
            rows.get(0), rows.get(1).plus(fees).plus(AUsage.ONE), rows.get(2), rows.get(3));
    assertThat(all().get(1).counts().fees().of())
        .containsEntry(FeeKind.WEB_SEARCH, new ChargedFees.Fee(Long.MAX_VALUE, 20))
        .containsEntry(FeeKind.SEARCH, new ChargedFees.Fee(6, 8));
    for (int n = 0; n < rows.size(); n++) {
      assertThat(
              ports
                  .usage()
                  .find(
                      Optional.of(bob.id()),
                      UsageFilter.NONE,
                      Optional.of(UsagePosition.of(rows.get(n))),
                      9))
          .hasSize(3 - n);
    }
  }

  @Test
  void the_models_of_a_service_beyond_the_most_of_a_day_are_others() {
    List<User> callers = borrowers(7);
    List<UsageRow> rows = new ArrayList<>();
    for (int n = 0; n < CountedModel.MOST + 50; n++) {
      User caller = callers.get(n % callers.size());
      rows.add(AUsage.of(caller, service).model(UsageModel.called("m" + n)).build());
    }
    UsageRow nextDay = AUsage.of(bob, service).on(AUsage.DAY.plusDays(1)).build();
    ports.usage().add(UsageStore.UsageBatch.alone(rows));
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(rows.get(0), nextDay)));
    ports
        .usage()
        .add(
            UsageStore.UsageBatch.alone(
                List.of(AUsage.of(bob, service).model(UsageModel.called("late")).build())));

    List<UsageRow> today = all().stream().filter(r -> !r.equals(nextDay)).toList();
    assertThat(all()).contains(nextDay);
    assertThat(today.stream().map(UsageRow::model).distinct())
        .hasSize(CountedModel.MOST + 1)
        .contains(CountedModel.OTHER)
        .doesNotContain(CountedModel.of(UsageModel.called("late")));
    assertThat(today.stream().mapToLong(r -> r.counts().requests()).sum())
        .isEqualTo(CountedModel.MOST + 52);
  }

  @Test
  void one_borrower_names_a_part_of_the_models_and_the_owner_as_many_as_there_may_be() {
    name(bob, "bobs", 2 * CountedModel.MOST_OF_ONE);
    name(bob, "late", 1);
    name(carol, "bobs", 2);
    name(carol, "carols", 5);
    name(alice, "owners", 2 * CountedModel.MOST_OF_ONE);

    assertThat(named("bobs")).isEqualTo(CountedModel.MOST_OF_ONE);
    assertThat(named("late")).isZero();
    assertThat(named("carols")).isEqualTo(5);
    assertThat(named("owners")).isEqualTo(2 * CountedModel.MOST_OF_ONE);
  }

  @Test
  void made_up_names_leave_places_to_the_models_that_the_provider_lists() {
    boolean unused =
        ports
            .modelLists()
            .save(
                new ListOf(service.id(), none()),
                service.endpoint(),
                none(),
                ModelList.of(List.of("listed-1", "listed-2", "listed-3")),
                NOW);
    name(bob, "listed", 2);
    borrowers(4).forEach(each -> name(each, each.handle().value(), 35));
    name(carol, "listed", 4);

    assertThat(named("borrower")).isEqualTo(CountedModel.MOST_UNLISTED);
    assertThat(named("listed")).isEqualTo(3);
  }

  private List<User> borrowers(int count) {
    return IntStream.range(0, count).mapToObj(n -> user("borrower-" + n)).toList();
  }

  /** Calls models with these names, which end in numbers from 1. */
  private void name(User caller, String model, int count) {
    List<UsageRow> rows =
        IntStream.rangeClosed(1, count)
            .mapToObj(
                n -> AUsage.of(caller, service).model(UsageModel.called(model + "-" + n)).build())
            .toList();
    ports.usage().add(UsageStore.UsageBatch.alone(rows));
  }

  /** How many models are counted whose names begin so. */
  private long named(String model) {
    return all().stream()
        .map(row -> row.model().called().name())
        .filter(name -> name.startsWith(model))
        .distinct()
        .count();
  }

  @Test
  void nodes_that_find_new_models_at_once_keep_the_bound() {
    List<Boolean> written =
        Race.of(
            16,
            n -> {
              List<UsageRow> rows = new ArrayList<>();
              for (int m = 0; m < 60; m++) {
                rows.add(AUsage.of(bob, service).model(UsageModel.called(n % 5 + "-" + m)).build());
              }
              Collections.shuffle(rows, new Random(n));
              ports.usage().add(UsageStore.UsageBatch.alone(rows));
              return true;
            },
            2);

    assertThat(written).hasSize(32);
    assertThat(all().stream().map(UsageRow::model).distinct())
        .hasSizeBetween(2, CountedModel.MOST + 1);
    assertThat(all().stream().mapToLong(r -> r.counts().requests()).sum()).isEqualTo(32 * 60);
  }

  @Test
  void sums_stop_at_the_largest_number() {
    UsageCounts most =
        new UsageCounts(
            Long.MAX_VALUE, 5, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);
    UsageRow row = AUsage.of(bob, service).counts(most).build();
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(row)));

    ports
        .usage()
        .add(
            UsageStore.UsageBatch.alone(
                List.of(
                    AUsage.of(bob, service).counts(new UsageCounts(1, 0, 1, 1, 1, 1)).build())));

    assertThat(all()).containsExactly(row);
  }

  private List<UsageRow> all() {
    return ports
        .usage()
        .find(none(), new UsageFilter(none(), none(), none(), none(), none()), none(), 1_000);
  }
}
