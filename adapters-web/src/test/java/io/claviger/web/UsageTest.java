package io.claviger.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AUsage;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.Handle;
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
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import io.claviger.testkit.http.TestResponse;
import io.claviger.web.served.Client;
import io.claviger.web.served.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alice's service and project, Bob who calls it, and Carol who calls through the project. */
class UsageTest {
  private static final String USAGE = "/v1/usage";
  @AutoClose private final Served served = Served.start();
  private final Client alice = served.user("alice");
  private final Client bob = served.user("bob");
  private final Client carol = served.user("carol");
  private final Instance service = AnInstance.of(user("alice"), "x").build();

  @BeforeEach
  void start() {
    Project project = AProject.of(user("alice"), "p").using(service).build();
    served
        .ports()
        .usage()
        .add(
            AUsage.of(user("bob"), service)
                .counts(
                    new UsageCounts(
                        Long.MAX_VALUE,
                        2,
                        3,
                        4,
                        50,
                        60,
                        0,
                        new TokenParts(11, 12, 13, 14, 15, 16, 17, 0, 18, 0),
                        new EstimatedUsage(1, 8, 9),
                        UsageCost.NONE,
                        new DisputedUsage(1, 21, 0),
                        new StoredUsage(31, 32),
                        new ChargedFees(
                            Map.of(
                                FeeKind.WEB_SEARCH,
                                new ChargedFees.Fee(33, 0),
                                FeeKind.PAGE,
                                new ChargedFees.Fee(34, 0)))))
                .source(KeySource.USER)
                .model(
                    new CountedModel(
                        UsageModel.called("gpt"), UsageModel.called("gpt-2"), ServiceTier.FLEX))
                .build(),
            AUsage.of(user("carol"), service).through(project).on(AUsage.DAY.plusDays(1)).build());
  }

  @Test
  void an_item_says_who_used_what_with_whose_key_and_how_much() {
    TestResponse usage = bob.get(USAGE).isStatus(200);
    assertThat(usage.at("/items/0").propertyNames())
        .containsExactly(
            "day",
            "user",
            "service",
            "project",
            "key_source",
            "model",
            "answered_model",
            "service_tier",
            "price_version",
            "requests",
            "errors",
            "bytes_in",
            "bytes_out",
            "input_tokens",
            "output_tokens",
            "refused",
            "fresh_input",
            "cached_input",
            "cache_write_5m",
            "cache_write_1h",
            "reasoning",
            "audio",
            "image_tokens",
            "images",
            "cost",
            "unpriced_requests",
            "estimated",
            "disputed",
            "stored",
            "fees");
    assertThat(usage.at("/items/0").toString())
        .isEqualTo(
            """
            {"day":"2026-02-03","user":"bob","service":"alice/x","project":null,"key_source":"user",\
            "model":"gpt","answered_model":"gpt-2","service_tier":"flex","price_version":null,"requests":9223372036854775807,"errors":2,"bytes_in":3,\
            "bytes_out":4,"input_tokens":50,"output_tokens":60,"refused":0,"fresh_input":14,"cached_input":11,"cache_write_5m":12,\
            "cache_write_1h":13,"reasoning":14,"audio":31,"image_tokens":17,"images":18,\
            "cost":null,"unpriced_requests":9223372036854775807,\
            "estimated":{"requests":1,"input_tokens":8,"output_tokens":9,"cost":null},\
            "disputed":{"requests":1,"tokens":21,"cost":null},\
            "stored":{"objects":31,"bytes":32},\
            "fees":{"web_search":{"uses":33,"cost":null},"page":{"uses":34,"cost":null}}}\
            """);
    assertThat(usage.at("/items").size()).isEqualTo(1);
  }

  @Test
  void each_model_has_an_item_of_its_own() {
    served
        .ports()
        .usage()
        .add(
            AUsage.of(user("carol"), service).model(UsageModel.called("a b/c")).build(),
            AUsage.of(user("carol"), service).model(UsageModel.UNKNOWN).build());
    TestResponse first = carol.get(USAGE + "?to=2026-02-03&limit=1").isStatus(200);
    TestResponse second =
        carol.get(USAGE + "?to=2026-02-03&limit=1&cursor=" + first.text("/next_cursor"));

    assertThat(first.at("/items/0/model").isNull()).isTrue();
    assertThat(second.text("/items/0/model")).isEqualTo("a b/c");
    assertThat(second.at("/next_cursor").isNull()).isTrue();
  }

  @Test
  void everybody_sees_what_concerns_them() {
    assertThat(users(bob, "")).containsExactly("bob");
    assertThat(users(carol, "")).containsExactly("carol");
    assertThat(users(alice, "")).containsExactly("bob", "carol");
    assertThat(users(served.root(), "")).containsExactly("bob", "carol");
    assertThat(users(served.user("dan"), "")).isEmpty();
  }

  @Test
  void a_token_that_only_uses_sees_nothing() {
    served.holdingTokenToUse("alice", alice).get(USAGE).isProblem(403, "forbidden");
    served.nobody().get(USAGE).isStatus(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/usage", "/v1/refusals"})
  void days_that_end_before_they_begin_are_refused(String path) {
    alice.get(path + "?from=2026-02-05&to=2026-02-05").isStatus(200);
    TestResponse refused = alice.get(path + "?from=2026-02-05&to=2026-02-03").isStatus(422);
    assertThat(refused.body()).contains("/to", "invalid_value", "not before from");
    alice.get(path + "?by=user&from=2026-02-05&to=2026-02-03").isStatus(422);
  }

  @Test
  void it_is_filtered_by_all_that_is_asked_for() {
    assertThat(users(alice, "?service=alice/x")).containsExactly("bob", "carol");
    assertThat(users(alice, "?service=alice%2Fy")).isEmpty();
    assertThat(users(alice, "?user=bob")).containsExactly("bob");
    assertThat(users(alice, "?project=alice/p")).containsExactly("carol");
    assertThat(users(alice, "?from=2026-02-04")).containsExactly("carol");
    assertThat(users(alice, "?to=2026-02-03")).containsExactly("bob");
    assertThat(users(alice, "?from=2026-02-03&to=2026-02-04")).containsExactly("bob", "carol");
    assertThat(users(alice, "?user=bob&project=alice/p")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=today",
        "from=2026-2-3",
        "from=2026-02-30",
        "to=2026-02-03T00:00:00Z",
        "to=-999999999-01-01",
        "service=x",
        "user=Bob",
        "project=p",
        "cursor=x"
      })
  void what_can_not_be_is_refused_where_it_stands(String parameter) {
    String name = parameter.substring(0, parameter.indexOf('='));
    alice.offContract().get(USAGE + "?" + parameter).hasFaults("/" + name + " invalid_value");
  }

  @Test
  void only_the_caller_is_told_whose_key_was_used() {
    List<UsageRow> rows = new ArrayList<>();
    for (KeySource source : KeySource.values()) {
      for (String model : List.of("gpt", "b", "a")) {
        rows.add(
            AUsage.of(user("bob"), service)
                .on(AUsage.DAY.plusDays(3))
                .model(UsageModel.called(model))
                .source(source)
                .build());
      }
    }
    served.ports().usage().add(UsageStore.UsageBatch.alone(rows));

    String ofBob = USAGE + "?user=bob&from=" + AUsage.DAY.plusDays(3);
    assertThat(bob.get(ofBob).items("key_source"))
        .containsOnly("user", "central", "deployment", "keyless")
        .hasSize(12);
    for (Client other : List.of(alice, served.root())) {
      List<String> models = new ArrayList<>();
      String cursor = "";
      do {
        TestResponse page = other.get(ofBob + "&limit=1" + cursor).isStatus(200);
        assertThat(page.at("/items/0/key_source").isNull()).isTrue();
        assertThat(page.at("/items/0/requests").longValue()).isEqualTo(4);
        models.addAll(page.items("model"));
        cursor = page.at("/next_cursor").isNull() ? "" : "&cursor=" + page.text("/next_cursor");
      } while (!cursor.isEmpty() && models.size() < 9);
      assertThat(models).containsExactly("a", "b", "gpt");
      assertThat(other.get(USAGE + "?user=bob&by=source").at("/items/0/key_source").isNull())
          .isTrue();
      assertThat(other.get(USAGE + "?user=bob&by=source").at("/items").size()).isEqualTo(1);
    }
    assertThat(bob.get(ofBob + "&by=source").items("key_source"))
        .containsExactly("central", "deployment", "keyless", "user");
  }

  @Test
  void pages_follow_one_another() {
    List<UsageRow> rows = new ArrayList<>();
    for (int day = 2; day < 12; day++) {
      rows.add(AUsage.of(user("bob"), service).on(AUsage.DAY.plusDays(day)).build());
    }
    served.ports().usage().add(UsageStore.UsageBatch.alone(rows));
    Set<String> days = new TreeSet<>();
    String next = USAGE + "?service=alice/x&limit=5";
    int pages = 0;
    while (!next.isEmpty()) {
      TestResponse page = alice.get(next).isStatus(200);
      page.at("/items").forEach(item -> days.add(item.at("/day").stringValue()));
      next =
          page.at("/next_cursor").isNull()
              ? ""
              : USAGE + "?service=alice/x&limit=5&cursor=" + page.text("/next_cursor");
      pages++;
    }
    assertThat(pages).isEqualTo(3);
    assertThat(days).hasSize(12);
  }

  private static List<String> users(Client caller, String query) {
    List<String> users = new ArrayList<>();
    caller
        .get(USAGE + query)
        .isStatus(200)
        .at("/items")
        .forEach(item -> users.add(item.at("/user").stringValue()));
    return users;
  }

  private User user(String handle) {
    return served.ports().users().find(new Handle(handle)).orElseThrow();
  }
}
