package io.claviger.application.contracts;

import static io.claviger.domain.usage.UsageDimension.ANSWERED_MODEL;
import static io.claviger.domain.usage.UsageDimension.DAY;
import static io.claviger.domain.usage.UsageDimension.MODEL;
import static io.claviger.domain.usage.UsageDimension.PROJECT;
import static io.claviger.domain.usage.UsageDimension.SERVICE;
import static io.claviger.domain.usage.UsageDimension.SERVICE_TIER;
import static io.claviger.domain.usage.UsageDimension.SOURCE;
import static io.claviger.domain.usage.UsageDimension.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryUsage;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.Project;
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
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageMeasure;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link UsageStore} promises of sums: they equal the sums of the rows, no matter how they are
 * read.
 */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class UsageSumsContract extends PortContract {
  private static final LocalDate FIRST = LocalDate.of(2024, 11, 28);

  /** Adds rows, so that there is usage of a whole year. */
  private static final int DAYS = 430;

  private static final LocalDate LATE = FIRST.plusDays(420);

  private final List<UsageRow> rows = new ArrayList<>();
  private List<User> users;

  /** What the list shows to somebody, read once for all that is asked of it between two changes. */
  private final Map<Listed, List<UsageRow>> listed = new HashMap<>();

  private record Listed(Optional<User.Id> viewer, UsageFilter filter) {}

  private List<UsageRow> listed(Optional<User.Id> viewer, UsageFilter filter) {
    return listed.computeIfAbsent(
        new Listed(viewer, filter), key -> ports.usage().find(viewer, filter, none(), 100_000));
  }

  private int rollUp(int most) {
    listed.clear();
    return ports.usage().rollUp(most);
  }

  @BeforeEach
  void fill() {
    User alice = user("alice");
    User bob = user("bob");
    User carol = user("carol");
    users = List.of(alice, bob, carol);
    Instance service = stored(AnInstance.of(alice, "s").build());
    Instance other = stored(AnInstance.of(bob, "t").build());
    Project project = stored(AProject.of(bob, "p").build());
    Random random = new Random(20260203);
    for (int i = 0; i < 400; i++) {
      Instance called = random.nextBoolean() ? service : other;
      AUsage usage =
          AUsage.of(users.get(random.nextInt(3)), called)
              .on(FIRST.plusDays(random.nextInt(DAYS)))
              .model(model(random))
              .source(KeySource.values()[random.nextInt(4)])
              .counts(counts(random));
      rows.add((random.nextInt(4) == 0 ? usage.through(project) : usage).build());
    }
    ports.usage().add(UsageStore.UsageBatch.alone(rows.subList(0, 300)));
    ports.usage().rollUp(20);
    ports.usage().add(UsageStore.UsageBatch.alone(rows.subList(300, 400)));
  }

  /** In all rounds everybody asks with every filter, by half of the dimensions in each. */
  @Test
  void sums_are_those_of_the_rows_for_everybody_and_by_anything() {
    List<Set<UsageDimension>> questions =
        List.of(
            EnumSet.of(DAY),
            EnumSet.of(MODEL),
            EnumSet.of(USER),
            EnumSet.of(SERVICE, MODEL),
            EnumSet.of(DAY, MODEL),
            EnumSet.of(PROJECT, SOURCE),
            EnumSet.of(USER, SERVICE),
            EnumSet.of(ANSWERED_MODEL),
            EnumSet.of(DAY, SERVICE_TIER),
            EnumSet.allOf(UsageDimension.class));
    List<UsageFilter> filters = filters();
    for (int round = 0; round < filters.size(); round++) {
      int asked = round;
      for (Optional<User.Id> viewer : viewers()) {
        UsageFilter filter = filters.get(asked++ % filters.size());
        for (int n = asked % 2; n < questions.size(); n += 2) {
          Set<UsageDimension> dimensions = questions.get(n);
          assertThat(ports.usage().sums(viewer, filter, dimensions, none(), 1_000))
              .as("%s %s %s, round %s", viewer, dimensions, filter, round)
              .isEqualTo(expected(viewer, filter, dimensions));
        }
      }
      int unused = rollUp(round == 0 ? 25 : 1_000);
    }
    assertThat(rollUp(1)).isZero();
  }

  /**
   * Everybody asks with every filter for half of the dimensions, ranked by some measure. After two
   * rounds everything is rolled up.
   */
  @Test
  void overviews_are_those_of_the_rows_by_days_and_by_months() {
    UsageMeasure[] measures = UsageMeasure.values();
    List<UsageDimension> dimensions =
        List.of(USER, SERVICE, PROJECT, MODEL, ANSWERED_MODEL, SERVICE_TIER);
    int asked = 0;
    for (int round = 0; round < 3; round++) {
      int next = round;
      for (Optional<User.Id> viewer : viewers()) {
        for (UsageFilter filter : filters()) {
          UsageMeasure ranked = measures[asked++ % measures.length];
          UsageDimension dimension = dimensions.get(next++ % dimensions.size());
          UsageQuestion question =
              new UsageQuestion(filter, dimension, ranked, ranked != UsageMeasure.TOKENS, 2);
          assertThat(ports.usage().overview(viewer, question))
              .as("%s %s, round %s", viewer, question, round)
              .isEqualTo(expected(viewer, question));
        }
      }
      int unused = rollUp(round == 0 ? 25 : 1_000);
    }
  }

  /** The overview of what the list shows. */
  private UsageOverview expected(Optional<User.Id> viewer, UsageQuestion question) {
    return InMemoryUsage.overview(listed(viewer, question.filter()), viewer, question);
  }

  @Test
  void pages_follow_each_other_without_gaps() {
    Set<UsageDimension> dimensions = EnumSet.of(DAY, USER, PROJECT);
    List<UsageSum> all = ports.usage().sums(none(), UsageFilter.NONE, dimensions, none(), 1_000);
    List<UsageSum> paged = new ArrayList<>();
    Optional<List<String>> after = none();
    List<UsageSum> page;
    do {
      page = ports.usage().sums(none(), UsageFilter.NONE, dimensions, after, 17);
      paged.addAll(page);
      after = page.isEmpty() ? after : Optional.of(position(page.get(page.size() - 1)));
    } while (!page.isEmpty());

    assertThat(paged).isEqualTo(all);
  }

  private static List<String> position(UsageSum sum) {
    return List.copyOf(sum.of().values());
  }

  private List<Optional<User.Id>> viewers() {
    List<Optional<User.Id>> viewers = new ArrayList<>();
    viewers.add(none());
    users.forEach(user -> viewers.add(Optional.of(user.id())));
    return viewers;
  }

  private List<UsageFilter> filters() {
    return List.of(
        UsageFilter.NONE,
        new UsageFilter(
            none(),
            none(),
            none(),
            Optional.of(FIRST.plusDays(20)),
            Optional.of(FIRST.plusDays(50))),
        new UsageFilter(none(), none(), none(), Optional.of(FIRST.plusDays(30)), Optional.of(LATE)),
        new UsageFilter(
            none(),
            Optional.of(users.get(1).handle()),
            none(),
            none(),
            Optional.of(FIRST.plusDays(33))));
  }

  /** The sums of what the list shows. */
  private List<UsageSum> expected(
      Optional<User.Id> viewer, UsageFilter filter, Set<UsageDimension> dimensions) {
    return listed(viewer, filter).stream()
        .collect(Collectors.groupingBy(row -> InMemoryUsage.position(row, dimensions, viewer)))
        .entrySet()
        .stream()
        .map(
            e ->
                new UsageSum(
                    dimensions.stream()
                        .sorted()
                        .collect(
                            Collectors.toMap(
                                d -> d,
                                d ->
                                    e.getKey()
                                        .get(dimensions.stream().sorted().toList().indexOf(d)))),
                    e.getValue().stream()
                        .map(UsageRow::counts)
                        .reduce(UsageCounts.NONE, UsageCounts::plus)))
        .sorted((a, b) -> InMemoryUsage.compare(position(a), position(b)))
        .toList();
  }

  private static UsageCounts counts(Random random) {
    long[] n = random.longs(30, 0, 100).toArray();
    return new UsageCounts(
        100 + n[0],
        n[1],
        n[2],
        n[3],
        200 + n[4],
        200 + n[5],
        n[6],
        new TokenParts(n[7], n[8], n[9], n[10], n[11], n[12], n[13], n[14], n[15], 0),
        new EstimatedUsage(n[16], n[17], n[18]),
        new UsageCost(n[19], 100 + n[20], n[21], n[22]),
        new DisputedUsage(n[23], n[24], n[25]),
        new StoredUsage(n[26], n[27]),
        random.nextInt(4) > 0 ? ChargedFees.NONE : fees(n[28], n[29]));
  }

  private static CountedModel model(Random random) {
    UsageModel called = UsageModel.called("m" + random.nextInt(4));
    return random.nextBoolean()
        ? CountedModel.of(called)
        : new CountedModel(
            called,
            UsageModel.called("m" + random.nextInt(4)),
            random.nextBoolean() ? ServiceTier.FLEX : ServiceTier.STANDARD);
  }

  private static ChargedFees fees(long uses, long cost) {
    FeeKind[] kinds = FeeKind.values();
    return new ChargedFees(
        Map.of(
            kinds[Math.toIntExact(uses % (kinds.length - 1))],
            new ChargedFees.Fee(uses, cost),
            FeeKind.SEARCH,
            new ChargedFees.Fee(7, 0)));
  }
}
