package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.application.usage.port.UsageStore.CountedRefusals;
import io.claviger.application.usage.port.UsageStore.RefusalFilter;
import io.claviger.application.usage.port.UsageStore.UsageBatch;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.StoredUsage;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.testkit.Race;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link UsageStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class UsageStoreContract extends TwoUsersContract {
  private static final UsageModel GPT = UsageModel.called("gpt");

  private User carol;
  private Instance service;
  private Project project;

  @BeforeEach
  void fill() {
    carol = user("carol");
    service = stored(AnInstance.of(alice, "s").build());
    shared(service, AShare.with(bob).build(), alice);
    shared(service, AShare.with(carol).build(), alice);
    project = AProject.of(bob, "p").using(service).build();
  }

  @Test
  void refused_calls_of_several_batches_are_added_up() {
    UsageAccount account = AUsage.of(bob, service).account();
    for (long calls : new long[] {2, 4}) {
      CountedRefusals refused = new CountedRefusals(AUsage.DAY, account, "rate_limited", calls);
      ports
          .usage()
          .add(new UsageBatch(UUID.randomUUID(), 1, List.of(), List.of(), List.of(refused)));
    }

    assertThat(
            ports
                .usage()
                .refusalSums(
                    new RefusalFilter(Optional.empty(), UsageFilter.NONE, Optional.empty()),
                    Set.of(RefusalSum.Dimension.CODE),
                    Optional.empty(),
                    9))
        .extracting(RefusalSum::calls)
        .containsExactly(6L);
  }

  @Test
  void a_row_stands_as_written() {
    UsageRow plain = AUsage.of(bob, service).build();
    UsageRow viaProject =
        AUsage.of(carol, service)
            .through(project)
            .on(AUsage.DAY.plusDays(1))
            .source(KeySource.USER)
            .model(GPT)
            .counts(
                new UsageCounts(
                    7,
                    6,
                    5,
                    4,
                    3,
                    2,
                    1,
                    new TokenParts(11, 12, 13, 14, 15, 16, 17, 0, 18, 0),
                    new EstimatedUsage(5, 2, 1),
                    UsageCost.NONE,
                    new DisputedUsage(3, 21, 22),
                    new StoredUsage(23, 24),
                    ChargedFees.NONE))
            .build();

    ports.usage().add(UsageStore.UsageBatch.alone(List.of(viaProject, plain)));

    assertThat(all()).containsExactly(plain, viaProject);
  }

  @Test
  void refused_calls_stand_with_the_others_or_alone() {
    UsageRow refused = AUsage.of(bob, service).counts(UsageCounts.REFUSED).build();

    ports.usage().add(UsageStore.UsageBatch.alone(List.of(refused)));
    assertThat(all()).containsExactly(refused);
    UsageCounts used = new UsageCounts(1, 0, 0, 0, 0, 0);
    ports
        .usage()
        .add(
            UsageStore.UsageBatch.alone(
                List.of(AUsage.of(bob, service).counts(used).build(), refused)));
    assertThat(all()).containsExactly(refused.plus(used).plus(UsageCounts.REFUSED));
  }

  @Test
  void nothing_to_write_is_nothing() {
    ports.usage().add(UsageStore.UsageBatch.alone(List.of()));

    assertThat(all()).isEmpty();
  }

  @Test
  void a_batch_that_is_given_again_adds_nothing() {
    UsageRow row = AUsage.of(bob, service).build();
    UUID writer = UUID.randomUUID();
    UsageStore.UsageBatch first = new UsageStore.UsageBatch(writer, 1, List.of(row));
    UsageStore.UsageBatch second = new UsageStore.UsageBatch(writer, 2, List.of(row));

    for (UsageStore.UsageBatch each : List.of(first, first, second, second, first)) {
      ports.usage().add(each);
    }
    ports.usage().add(new UsageStore.UsageBatch(UUID.randomUUID(), 1, List.of(row)));

    assertThat(all()).containsExactly(row.plus(row.counts()).plus(row.counts()));
  }

  @Test
  void what_is_added_sums_up_line_by_line() {
    UsageRow one = AUsage.of(bob, service).build();
    UsageRow other = AUsage.of(bob, service).source(KeySource.USER).build();
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(one)));

    ports
        .usage()
        .add(
            UsageStore.UsageBatch.alone(
                List.of(
                    AUsage.of(bob, service).counts(new UsageCounts(2, 1, 3, 4, 5, 6)).build(),
                    other)));

    assertThat(all())
        .containsExactly(
            AUsage.of(bob, service).counts(new UsageCounts(3, 1, 13, 204, 8, 46)).build(), other);
  }

  @Test
  void rows_of_one_line_in_one_batch_sum_up_whatever_their_names_were() {
    UsageRow row = AUsage.of(bob, service).build();
    UsageAccount account = row.account();
    UsageRow underAnotherName =
        new UsageRow(
            row.day(),
            new UsageAccount(
                account.user(),
                account.handle(),
                account.instance(),
                Instance.Ref.of("alice/other-name"),
                account.owner(),
                none()),
            row.source(),
            row.model(),
            row.prices(),
            row.counts());

    ports.usage().add(UsageStore.UsageBatch.alone(List.of(row, underAnotherName, row)));

    assertThat(all())
        .singleElement()
        .satisfies(r -> assertThat(r.counts().requests()).isEqualTo(3));
  }

  @Test
  void usage_at_different_prices_stays_apart_and_is_summed_up_together() {
    UsageRow plain = AUsage.of(bob, service).model(GPT).build();
    List<UsageRow> rows =
        List.of(plain, at(plain, 3, 3), at(plain, 3, 9), at(plain, 11, 9), at(plain, 3, 3));
    ports.usage().add(UsageStore.UsageBatch.alone(rows));

    assertThat(all())
        .containsExactly(
            plain, at(plain, 3, 3).plus(plain.counts()), at(plain, 3, 9), at(plain, 11, 9));
    Optional<UsagePosition> second = Optional.of(UsagePosition.of(at(plain, 3, 3)));
    assertThat(ports.usage().find(Optional.of(bob.id()), UsageFilter.NONE, second, 9))
        .containsExactly(at(plain, 3, 9), at(plain, 11, 9));
    assertThat(
            ports.usage().sums(none(), UsageFilter.NONE, Set.of(UsageDimension.MODEL), none(), 9))
        .singleElement()
        .satisfies(sum -> assertThat(sum.counts().requests()).isEqualTo(5));
  }

  private static UsageRow at(UsageRow row, long price, long callersPrice) {
    return new UsageRow(
        row.day(),
        row.account(),
        row.source(),
        row.model(),
        new PriceVersions(price, callersPrice),
        row.counts());
  }

  @Test
  void rows_come_by_day_user_service_project_source_and_model() {
    List<UsageRow> rows = grid();

    assertThat(all())
        .containsExactlyInAnyOrderElementsOf(rows)
        .isSortedAccordingTo(
            (a, b) -> {
              List<String> one = key(a);
              List<String> other = key(b);
              for (int i = 0; i < one.size(); i++) {
                int order = one.get(i).compareTo(other.get(i));
                if (order != 0) {
                  return order;
                }
              }
              return 0;
            });
  }

  @Test
  void pages_from_any_position_are_parts_of_the_whole() {
    List<UsageRow> unused = grid();
    for (Optional<User.Id> viewer :
        List.of(UsageStoreContract.<User.Id>none(), Optional.of(bob.id()))) {
      List<UsageRow> whole = find(viewer, UsageFilter.NONE);
      List<UsageRow> paged = new ArrayList<>();
      Optional<UsagePosition> after = none();
      List<UsageRow> page = ports.usage().find(viewer, UsageFilter.NONE, after, 5);
      while (!page.isEmpty()) {
        paged.addAll(page);
        after = Optional.of(UsagePosition.of(page.get(page.size() - 1)));
        page = ports.usage().find(viewer, UsageFilter.NONE, after, 5);
      }

      assertThat(paged).hasSizeGreaterThan(5).isEqualTo(whole);
    }
  }

  @Test
  void one_sees_ones_own_calls_and_all_on_ones_services_and_through_ones_projects_each_once() {
    Instance bobs = AnInstance.of(bob, "b").build();
    UsageRow carolOnAlices = AUsage.of(carol, service).build();
    UsageRow carolThroughBobs = AUsage.of(carol, service).through(project).build();
    UsageRow bobThroughHisOwn = AUsage.of(bob, bobs).through(project).build();
    UsageRow aliceOnBobs = AUsage.of(alice, bobs).build();
    ports
        .usage()
        .add(
            UsageStore.UsageBatch.alone(
                List.of(carolOnAlices, carolThroughBobs, bobThroughHisOwn, aliceOnBobs)));

    assertThat(seenBy(carol)).containsExactlyInAnyOrder(carolOnAlices, carolThroughBobs);
    assertThat(seenBy(alice))
        .containsExactlyInAnyOrder(carolOnAlices, carolThroughBobs, aliceOnBobs);
    assertThat(seenBy(bob))
        .containsExactlyInAnyOrder(carolThroughBobs, bobThroughHisOwn, aliceOnBobs);
    assertThat(seenBy(user("dan"))).isEmpty();
    assertThat(all()).hasSize(4);
  }

  @Test
  void who_reaches_a_service_through_a_project_alone_reads_the_projects_name() {
    User dan = user("dan");
    User erin = user("erin");
    shared(service, AShare.with(erin).expiresAt(NOW).build(), alice);
    UsageRow dans = AUsage.of(dan, service).through(project).build();
    UsageRow erins = AUsage.of(erin, service).through(project).build();
    UsageRow direct = AUsage.of(erin, service).build();
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(dans, erins, direct)));
    UsageFilter byService =
        new UsageFilter(Optional.of(service.ref()), none(), none(), none(), none());
    UsageFilter byProject =
        new UsageFilter(
            Optional.of(Instance.Ref.of(project.ref().toString())), none(), none(), none(), none());

    assertThat(names(find(Optional.of(dan.id()), UsageFilter.NONE))).containsExactly("bob/p");
    assertThat(find(Optional.of(dan.id()), byService)).isEmpty();
    assertThat(names(find(Optional.of(dan.id()), byProject))).containsExactly("bob/p");
    assertThat(names(find(Optional.of(erin.id()), UsageFilter.NONE)))
        .containsExactlyInAnyOrder("bob/p", "alice/s");
    assertThat(find(Optional.of(erin.id()), byService)).containsExactly(direct);
    assertThat(seenBy(alice)).containsExactlyInAnyOrder(dans, erins, direct);
    assertThat(seenBy(bob)).containsExactlyInAnyOrder(dans, erins);
    assertThat(all()).containsExactlyInAnyOrder(dans, erins, direct);
  }

  private static List<String> names(List<UsageRow> rows) {
    return rows.stream().map(row -> row.account().ref().toString()).toList();
  }

  @Test
  void it_outlives_what_it_speaks_of() {
    UsageRow row = AUsage.of(bob, service).build();
    ports.usage().add(UsageStore.UsageBatch.alone(List.of(row)));

    ports.instances().delete(service.id());
    ports.users().delete(bob.id());

    assertThat(seenBy(alice)).containsExactly(row);
  }

  @Test
  void each_filter_takes_what_it_says_and_all_together_what_all_say() {
    List<UsageRow> rows = grid();
    Instance.Ref ref = Instance.Ref.of("alice/s");
    Project.Ref project = Project.Ref.of("bob/p");
    LocalDate second = AUsage.DAY.plusDays(1);

    for (Optional<User.Id> viewer :
        List.of(UsageStoreContract.<User.Id>none(), Optional.of(bob.id()))) {
      List<UsageRow> whole = find(viewer, UsageFilter.NONE);
      assertThat(whole).isSubsetOf(rows);
      assertThat(find(viewer, new UsageFilter(Optional.of(ref), none(), none(), none(), none())))
          .isNotEmpty()
          .isEqualTo(whole.stream().filter(r -> r.account().ref().equals(ref)).toList());
      assertThat(
              find(
                  viewer,
                  new UsageFilter(none(), Optional.of(carol.handle()), none(), none(), none())))
          .isNotEmpty()
          .isEqualTo(
              whole.stream().filter(r -> r.account().handle().equals(carol.handle())).toList());
      assertThat(
              find(viewer, new UsageFilter(none(), none(), Optional.of(project), none(), none())))
          .isNotEmpty()
          .isEqualTo(whole.stream().filter(r -> r.account().project().isPresent()).toList());
      assertThat(find(viewer, new UsageFilter(none(), none(), none(), Optional.of(second), none())))
          .isNotEmpty()
          .isEqualTo(whole.stream().filter(r -> !r.day().isBefore(second)).toList());
      assertThat(find(viewer, new UsageFilter(none(), none(), none(), none(), Optional.of(second))))
          .isNotEmpty()
          .isEqualTo(whole.stream().filter(r -> !r.day().isAfter(second)).toList());
      assertThat(
              find(
                  viewer,
                  new UsageFilter(
                      Optional.of(ref),
                      Optional.of(carol.handle()),
                      Optional.of(project),
                      Optional.of(second),
                      Optional.of(second))))
          .hasSize(2);
    }
    assertThat(
            find(
                none(),
                new UsageFilter(
                    Optional.of(Instance.Ref.of("alice/none")), none(), none(), none(), none())))
        .isEmpty();
  }

  @Test
  void two_nodes_that_write_the_same_lines_in_other_orders_wait_for_each_other() {
    List<UsageRow> lines = new ArrayList<>();
    for (int day = 0; day < 60; day++) {
      lines.add(AUsage.of(bob, service).on(AUsage.DAY.plusDays(day)).build());
    }

    List<Boolean> written =
        Race.of(
            16,
            n -> {
              List<UsageRow> shuffled = new ArrayList<>(lines);
              Collections.shuffle(shuffled, new Random(n));
              ports.usage().add(UsageStore.UsageBatch.alone(shuffled));
              return true;
            },
            5);

    assertThat(written).hasSize(80);
    assertThat(ports.usage().find(none(), UsageFilter.NONE, none(), 100))
        .hasSize(60)
        .allSatisfy(r -> assertThat(r.counts().requests()).isEqualTo(80));
  }

  /** Three days, two users, two services, with and without a project, two sources. */
  private List<UsageRow> grid() {
    Instance other = stored(AnInstance.of(alice, "t").id(otherId()).build());
    shared(other, AShare.with(bob).build(), alice);
    shared(other, AShare.with(carol).build(), alice);
    List<UsageRow> rows = new ArrayList<>();
    for (int day = 0; day < 3; day++) {
      for (User user : List.of(bob, carol)) {
        for (Instance instance : List.of(service, other)) {
          for (KeySource source : List.of(KeySource.CENTRAL, KeySource.USER)) {
            LocalDate on = AUsage.DAY.plusDays(day);
            rows.add(AUsage.of(user, instance).on(on).source(source).build());
            rows.add(AUsage.of(user, instance).on(on).source(source).model(GPT).build());
            rows.add(AUsage.of(user, instance).on(on).source(source).through(project).build());
          }
        }
      }
    }
    Collections.shuffle(rows, new Random(3));
    ports.usage().add(UsageStore.UsageBatch.alone(rows));
    return rows;
  }

  @Test
  void a_list_can_begin_with_any_of_its_rows() {
    for (int n = 0; n < 4; n++) {
      KeySource source = KeySource.values()[n];
      ports
          .usage()
          .add(
              UsageStore.UsageBatch.alone(
                  List.of(
                      AUsage.of(bob, service).source(source).build(),
                      AUsage.of(bob, service).source(source).model(new UsageModel("m")).build())));
    }
    for (Optional<User.Id> viewer : List.of(Optional.<User.Id>empty(), Optional.of(bob.id()))) {
      List<UsageRow> rows = find(viewer, UsageFilter.NONE);
      assertThat(rows).hasSizeGreaterThan(7);
      for (int n = 0; n < rows.size(); n++) {
        UsagePosition at = UsagePosition.of(rows.get(n));

        assertThat(ports.usage().findFrom(viewer, UsageFilter.NONE, at, 1_000))
            .isEqualTo(rows.subList(n, rows.size()));
      }
    }
  }

  private static Instance.Id otherId() {
    return new Instance.Id(new UUID(1, 2));
  }

  private static List<String> key(UsageRow row) {
    UsagePosition at = UsagePosition.of(row);
    return List.of(
        at.day().toString(),
        at.user().toString(),
        at.service().toString(),
        at.project().toString(),
        at.source().name(),
        at.model().key());
  }

  private List<UsageRow> all() {
    return find(none(), UsageFilter.NONE);
  }

  private List<UsageRow> seenBy(User user) {
    return find(Optional.of(user.id()), UsageFilter.NONE);
  }

  private List<UsageRow> find(Optional<User.Id> viewer, UsageFilter filter) {
    return ports.usage().find(viewer, filter, none(), 1_000);
  }
}
