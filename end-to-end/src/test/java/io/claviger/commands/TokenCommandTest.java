package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.commands.Machine.Result;
import io.claviger.journeys.Api;
import io.claviger.journeys.Eventually;
import io.claviger.testkit.http.TestResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access tokens for other programs. */
@SharedMachines
class TokenCommandTest {
  @AutoClose private final SignedInMachines machines = SignedInMachines.shared();
  private Api alice = machines.journey.user(machines.node, "alice");

  @TempDir private Path directory = Path.of("");
  private Machine machine = new Machine(directory);

  @BeforeAll
  void register() {
    machines.journey.service(alice, "alice/mine");
    machines.journey.service(alice, "alice/other");
  }

  @BeforeEach
  void signIn() {
    machine = new Machine(directory.resolve("home"));
    machine.signedIn(machines.byDevice("alice", Duration.ofHours(12)));
  }

  private TestResponse me(String token) {
    return alice.holding(machines.journey.token(token)).get("/v1/me");
  }

  @Test
  void a_token_and_nothing_else_is_printed() {
    Result printed = machine.run("token").done();
    assertThat(printed.out()).matches("clv_\\w{40,60}\\R");
    assertThat(printed.err()).isEmpty();
    assertThat(me(printed.out().strip()).isStatus(200).text("/token/scope")).isEqualTo("use");
  }

  @Test
  void a_token_is_for_one_service_as_long_and_as_much_as_asked_for() {
    String token =
        machine.run("token", "--service", "mine", "--for", "2h", "--budget", "3usd").out().strip();
    TestResponse me = me(token).isStatus(200);
    assertThat(me.text("/token/service")).isEqualTo("alice/mine");
    assertThat(Instant.parse(me.text("/token/expires_at")))
        .isBetween(
            Instant.now().plus(Duration.ofMinutes(110)),
            Instant.now().plus(Duration.ofMinutes(130)));
    assertThat(me.text("/budgets/0/amount")).isEqualTo("3");
    assertThat(me.text("/budgets/0/window")).isEqualTo("total");
  }

  @Test
  void the_list_says_from_where_a_token_is_accepted() {
    Machine own = new Machine(directory.resolve("managing"));
    own.runReading(alice.token(), "login", machines.node.api().toString(), "--token-stdin").done();
    own.run("token", "--network", "127.0.0.0/8", "--network", "10.1.2.3").done();
    own.run("token", "--service", "mine", "--network", "127.0.0.0/8").done();

    assertThat(own.run("token", "list").done().lines())
        .anySatisfy(
            line -> assertThat(line).endsWith("callers in 127.0.0.0/8, callers in 10.1.2.3/32"))
        .anySatisfy(line -> assertThat(line).endsWith("alice/mine, callers in 127.0.0.0/8"));
  }

  @Test
  void the_same_token_is_printed_as_long_as_it_is_good() {
    String first = machine.run("token").done().out();
    assertThat(machine.run("token").done().out()).isEqualTo(first);
    assertThat(machine.run("token", "--service", "mine").done().out()).isNotEqualTo(first);
    alice.holding(first.strip()).delete("/v1/me/token").isStatus(204);
    assertThat(machine.run("token").done().out()).isNotEqualTo(first);
  }

  @Test
  void a_token_for_other_networks_is_printed_again_and_is_not_reported_as_leaked() {
    String first = machine.run("token", "--network", "192.0.2.0/24").done().out();

    assertThat(machine.run("token", "--network", "192.0.2.0/24").done().out()).isEqualTo(first);

    // The first attempt with each token is reported with the next flush, so the token that is tried
    // from here afterwards is reported after all attempts before it.
    String tried = machine.run("token", "--network", "198.51.100.0/24").done().out().strip();
    alice.holding(tried).get("/v1/me").isStatus(401);
    Eventually.holds(Duration.ofSeconds(30), () -> presentedElsewhere("198.51.100.0/24") == 1);
    assertThat(presentedElsewhere("192.0.2.0/24")).isZero();
  }

  /** Counts the tokens for this network that somebody presented from another one. */
  private long presentedElsewhere(String network) {
    return alice
        .get("/v1/users/alice/tokens")
        .isStatus(200)
        .at("/items")
        .valueStream()
        .filter(token -> token.at("/bound_to/networks/0").asString("").equals(network))
        .filter(token -> !token.at("/presented_elsewhere").isNull())
        .count();
  }

  @Test
  void with_a_time_a_new_token_is_printed() {
    String first = machine.run("token", "--for", "1h").done().out();
    assertThat(machine.run("token", "--for", "1h").done().out()).isNotEqualTo(first);
  }

  @Test
  void a_time_beyond_the_sign_in_is_refused_in_words() {
    assertThat(machine.run("token", "--for", "10w").failed().err())
        .contains("no token of this sign-in lasts longer");
  }

  @Test
  void a_time_or_a_budget_that_makes_no_sense_is_wrong_usage() {
    assertThat(machine.run("token", "--for", "soon").exitCode()).isEqualTo(2);
    assertThat(machine.run("token", "--budget", "much").exitCode()).isEqualTo(2);
  }

  @Test
  void a_service_that_one_can_not_see_is_named_by_the_api() {
    assertThat(machine.run("token", "--service", "nobody/nothing").failed().err())
        .contains("422", "service: There is no such service");
  }
}
