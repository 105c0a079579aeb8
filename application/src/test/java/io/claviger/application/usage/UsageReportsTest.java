package io.claviger.application.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryAccessHistory;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Usage of Alice's service. Bob calls it, and Carol calls it through Bob's project. */
class UsageReportsTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final User carol = w.user("carol");
  private final User dan = w.user("dan");
  private final Instance service = w.stored(AnInstance.of(alice, "s").build());
  private final Project project = AProject.of(bob, "p").using(service).build();
  private final UsageRow bobs = AUsage.of(bob, service).build();
  private final UsageRow carols = AUsage.of(carol, service).through(project).build();

  @BeforeEach
  void use() {
    for (User user : List.of(bob, carol)) {
      Share unused = w.stored(service, AShare.with(user).build());
    }
    w.claviger.usage().add(UsageStore.UsageBatch.alone(List.of(bobs, carols)));
  }

  @Test
  void callers_see_their_own_and_owners_what_is_used_of_theirs() {
    assertThat(seenBy(w.as(carol))).containsExactly(told(carols, carol));
    assertThat(seenBy(w.as(bob))).containsExactlyInAnyOrder(told(bobs, bob), told(carols, bob));
    assertThat(seenBy(w.as(alice)))
        .containsExactlyInAnyOrder(told(bobs, alice), told(carols, alice));
    assertThat(seenBy(w.as(dan))).isEmpty();
  }

  @Test
  void what_takes_the_database_too_long_is_refused_with_a_hint() {
    UsageReports slow =
        UsageReports.of(
            new UsageStoreOfOneMethod() {
              @Override
              public void add(UsageStore.UsageBatch batch) {}

              @Override
              public List<UsageRow> find(
                  Optional<User.Id> viewer,
                  UsageFilter filter,
                  Optional<UsagePosition> after,
                  int limit) {
                throw new QueryTimeout(new SQLException("canceled"));
              }
            },
            new InMemoryAccessHistory());

    Outcome<Page<ReportedUsage, UsagePosition>> outcome =
        slow.list(w.as(alice), UsageFilter.NONE, new PageRequest<>(Optional.empty(), 5));

    assertThat(Outcomes.because(outcome)).isEqualTo("/from report_too_large");
  }

  @Tag("thorough")
  @Test
  void a_day_with_very_many_lines_is_read_page_by_page_and_no_page_reads_many_rows() {
    List<UsageRow> rows = new ArrayList<>();
    for (int n = 0; n < 300; n++) {
      AUsage one =
          AUsage.of(n % 50 == 0 ? carol : bob, service)
              .source(KeySource.values()[n % 4])
              .model(n % 7 == 0 ? UsageModel.UNKNOWN : new UsageModel("m" + n % 40));
      UsageRow row = (n % 11 == 0 ? one.through(project) : one).build();
      PriceVersions prices = n % 5 == 0 ? PriceVersions.NONE : new PriceVersions(1 + n % 90, 1);
      rows.add(
          new UsageRow(row.day(), row.account(), row.source(), row.model(), prices, AUsage.ONE));
    }
    w.claviger.usage().add(UsageStore.UsageBatch.alone(rows));
    List<UsageRow> stored =
        w.claviger.usage().find(Optional.empty(), UsageFilter.NONE, Optional.empty(), 10_000);
    List<ReportedUsage> all = ReportedUsage.of(stored, alice.id());
    assertThat(all).hasSizeGreaterThan(100);

    for (int limit : new int[] {1, 2, 7, 100}) {
      List<Integer> asked = new ArrayList<>();
      UsageReports reports =
          UsageReports.of(
              new UsageStoreOfOneMethod() {
                @Override
                public void add(UsageStore.UsageBatch batch) {}

                @Override
                public List<UsageRow> find(
                    Optional<User.Id> viewer,
                    UsageFilter filter,
                    Optional<UsagePosition> after,
                    int most) {
                  asked.add(most);
                  return w.claviger.usage().find(viewer, filter, after, most);
                }

                @Override
                public List<UsageRow> findFrom(
                    Optional<User.Id> viewer, UsageFilter filter, UsagePosition first, int most) {
                  asked.add(most);
                  return w.claviger.usage().findFrom(viewer, filter, first, most);
                }
              },
              new InMemoryAccessHistory());
      List<ReportedUsage> seen = new ArrayList<>();
      Optional<UsagePosition> after = Optional.empty();
      do {
        Page<ReportedUsage, UsagePosition> page =
            page(reports.list(w.as(alice), UsageFilter.NONE, new PageRequest<>(after, limit)));
        seen.addAll(page.items());
        after = page.next();
      } while (after.isPresent());

      assertThat(seen).isEqualTo(all);
      assertThat(asked).allMatch(most -> most <= limit + 2);
    }
  }

  @Test
  void administrators_see_everything() {
    assertThat(seenBy(w.as(root))).containsExactlyInAnyOrder(told(bobs, root), told(carols, root));
  }

  @Test
  void a_token_that_only_uses_sees_nothing() {
    assertThat(Outcomes.because(find(w.using(alice), UsageFilter.NONE, first(10))))
        .isEqualTo("forbidden");
  }

  @Test
  void what_one_may_not_see_is_not_there_whatever_is_asked_for() {
    UsageFilter ofAlices =
        new UsageFilter(
            Optional.of(service.ref()),
            Optional.of(bob.handle()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    assertThat(page(find(w.as(alice), ofAlices, first(10))).items())
        .containsExactly(told(bobs, alice));
    assertThat(page(find(w.as(carol), ofAlices, first(10))).items()).isEmpty();
  }

  @Test
  void pages_follow_one_another() {
    List<UsageRow> more = new ArrayList<>(List.of(bobs, carols));
    for (int day = 1; day <= 9; day++) {
      more.add(AUsage.of(bob, service).on(AUsage.DAY.plusDays(day)).build());
    }
    w.claviger.usage().add(UsageStore.UsageBatch.alone(more.subList(2, more.size())));

    List<ReportedUsage> seen = new ArrayList<>();
    Optional<UsagePosition> after = Optional.empty();
    int pages = 0;
    do {
      Page<ReportedUsage, UsagePosition> page =
          page(find(w.as(alice), UsageFilter.NONE, new PageRequest<>(after, 4)));
      seen.addAll(page.items());
      after = page.next();
      pages++;
    } while (after.isPresent());

    assertThat(pages).isEqualTo(3);
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(more.stream().map(row -> told(row, alice)).toList());
  }

  @Test
  void pages_follow_one_another_on_a_day_on_which_the_caller_was_renamed() {
    UsageAccount renamed =
        new UsageAccount(
            bob.id(),
            new Handle("robert"),
            service.id(),
            service.ref(),
            service.owner(),
            Optional.empty());
    UsageRow before =
        AUsage.of(bob, service).source(KeySource.CENTRAL).model(new UsageModel("z")).build();
    UsageRow after =
        new UsageRow(
            before.day(),
            renamed,
            KeySource.USER,
            CountedModel.of(new UsageModel("a")),
            before.prices(),
            AUsage.ONE);
    w.claviger.usage().add(UsageStore.UsageBatch.alone(List.of(before, after)));
    List<String> seen = new ArrayList<>();
    Optional<UsagePosition> at = Optional.empty();
    do {
      Page<ReportedUsage, UsagePosition> page =
          page(find(w.as(alice), UsageFilter.NONE, new PageRequest<>(at, 1)));
      page.items().stream()
          .filter(item -> item.account().project().isEmpty())
          .forEach(item -> seen.add(item.model().called().name()));
      at = page.next();
    } while (at.isPresent());

    assertThat(seen).containsExactly("", "a", "z");
  }

  @Test
  void to_look_is_not_on_record() {
    List<ReportedUsage> unused = seenBy(w.as(root));

    assertThat(w.recorded()).isEmpty();
  }

  private List<ReportedUsage> seenBy(Actor actor) {
    return page(find(actor, UsageFilter.NONE, first(10))).items();
  }

  private static ReportedUsage told(UsageRow row, User reader) {
    return ReportedUsage.of(List.of(row), reader.id()).getFirst();
  }

  private Outcome<Page<ReportedUsage, UsagePosition>> find(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page) {
    return w.usage.list(actor, filter, page);
  }

  private static PageRequest<UsagePosition> first(int limit) {
    return new PageRequest<>(Optional.empty(), limit);
  }

  private static Page<ReportedUsage, UsagePosition> page(
      Outcome<Page<ReportedUsage, UsagePosition>> outcome) {
    return outcome.orThrow();
  }
}
