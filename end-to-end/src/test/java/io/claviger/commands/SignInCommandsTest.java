package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.settings.SavedSignIn;
import io.claviger.commands.Machine.Result;
import io.claviger.journeys.Api;
import io.claviger.testkit.Race;
import io.claviger.testkit.http.FormBrowser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in and out, and what is kept of a sign-in. */
@SharedMachines
class SignInCommandsTest {
  private static final Duration ENDED = Duration.ofHours(-1);
  private static final Duration GOOD = Duration.ofHours(12);
  @AutoClose private final SignedInMachines machines = SignedInMachines.shared();
  private Api alice = machines.journey.user(machines.node, "alice");

  @TempDir private Path directory = Path.of("");
  private Machine machine = new Machine(directory);

  @BeforeAll
  void lend() {
    machines.journey.service(alice, "alice/mine");
  }

  @BeforeEach
  void unpack() {
    machine = new Machine(directory.resolve("home"));
  }

  private String url() {
    return machines.node.api().toString();
  }

  @Test
  void somebody_signs_in_in_the_browser_by_the_code_that_is_shown() throws Exception {
    CompletableFuture<Result> login =
        CompletableFuture.supplyAsync(
            () -> machine.run("login", url(), "--name", "work"), Thread::startVirtualThread);
    machines.approve(machines.browser("alice"), shownCode(login));
    assertThat(login.get().done().out()).contains("as alice, to use alone", "called work");
    assertThat(machine.run("status", "-q").done().lines()).containsExactly("alice");
    assertThat(everythingKept()).contains("clvr_");
  }

  /** Reads what is printed while the command waits. */
  private String shownCode(CompletableFuture<Result> login) {
    Pattern code = Pattern.compile("[A-Z]{4}-[A-Z]{4}");
    while (!login.isDone()) {
      Matcher shown = code.matcher(machine.printed());
      if (shown.find()) {
        return shown.group();
      }
      LockSupport.parkNanos(10_000_000);
    }
    throw new AssertionError("no code was shown: " + login.join());
  }

  @Test
  void somebody_signs_in_with_a_token_from_standard_input() {
    Result login = machine.runReading(alice.token() + "\n", "login", url(), "--token-stdin");
    assertThat(login.done().out()).contains("as alice, to use and to manage");
    assertThat(login.out() + login.err()).doesNotContain(alice.token());
  }

  @Test
  void a_token_that_the_server_does_not_know_is_not_kept() {
    Result login = machine.runReading("clv_wrong-but-long-enough", "login", url(), "--token-stdin");
    assertThat(login.failed().err())
        .contains("does not accept this access token")
        .doesNotContain("clv_wrong");
    assertThat(machine.signIns().names()).isEmpty();
  }

  @Test
  void what_is_kept_only_the_user_can_read() throws IOException {
    machine.runReading(alice.token(), "login", url(), "--token-stdin").done();
    machine.run("token").done();
    try (Stream<Path> files = Files.walk(machine.signIns().directory())) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as("%s", file)
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void a_sign_in_that_others_can_read_works_with_a_warning() throws IOException {
    machine.runReading(alice.token(), "login", url(), "--token-stdin", "--name", "work").done();
    assertThat(machine.run("services").done().err()).isEmpty();
    Path file = machine.signIns().directory().resolve("servers").resolve("work.json");
    for (String mode : List.of("rw-r--r--", "rw--w----")) {
      permit(file.getParent(), "rwx------");
      permit(file, mode);
      assertThat(machine.run("services").done().err()).as("in a closed directory").isEmpty();
      permit(file.getParent(), "rwxr-x---");

      Result services = machine.run("services", "--json").done();

      assertThat(services.err().lines())
          .containsExactly(
              "claviger: warning: other users of this machine may have access to your sign-in."
                  + " Run: chmod 600 "
                  + file);
      assertThat(services.out()).startsWith("[").doesNotContain("warning");
    }
  }

  private static void permit(Path path, String permissions) throws IOException {
    Path unused = Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }

  @Test
  void several_servers_are_told_apart_by_name_and_the_last_one_is_used() {
    Api bob = machines.journey.user(machines.node, "bob-of-two");
    machine.runReading(alice.token(), "login", url(), "--token-stdin", "--name", "one").done();
    machine.runReading(bob.token(), "login", url(), "--token-stdin", "--name", "two").done();
    assertThat(machine.run("status", "-q").done().lines()).containsExactly("bob-of-two");
    assertThat(machine.run("status", "-q", "--server", "one").done().lines())
        .containsExactly("alice");
    machine.run("logout").done();
    assertThat(machine.run("status").failed().err()).contains("--server one");
  }

  @Test
  void nobody_is_signed_in_at_first() {
    assertThat(machine.run("services").failed().err()).contains("claviger login URL");
  }

  @Test
  void an_access_token_that_has_ended_is_refreshed_before_it_is_used() {
    SavedSignIn before = machines.byDevice("alice", ENDED);
    machine.signedIn(before);
    machine.run("services").done();
    SavedSignIn after = machine.signIns().find(Machine.SERVER).orElseThrow();
    assertThat(after.accessToken()).isNotEqualTo(before.accessToken());
    assertThat(after.refreshToken()).isNotEqualTo(before.refreshToken());
  }

  @Test
  void of_16_commands_at_once_one_refreshes_and_all_go_on() {
    machine.signedIn(machines.byDevice("alice", ENDED));
    List<Result> results = Race.of(16, n -> machine.run("services", "-q"), 1);
    assertThat(results).allMatch(result -> result.exitCode() == 0, "done");
    machine.run("services").done();
  }

  @Test
  void tokens_of_other_programs_survive_a_refresh() {
    machine.signedIn(machines.byDevice("alice", GOOD));
    String token = machine.run("token").done().out().strip();
    SavedSignIn kept = machine.signIns().find(Machine.SERVER).orElseThrow();
    machine.signedIn(
        new SavedSignIn(
            kept.server(),
            kept.user(),
            kept.scope(),
            kept.accessToken(),
            kept.expiresAt().map(end -> end.minus(Duration.ofHours(13))),
            kept.refreshToken(),
            kept.narrower()));
    machine.run("services").done();
    alice.holding(token).get("/v1/me").isStatus(200);
  }

  @Test
  void a_sign_in_that_has_ended_elsewhere_is_said_to_have_ended() {
    SavedSignIn signIn = machines.byDevice("alice", GOOD);
    machine.signedIn(signIn);
    alice.holding(signIn.accessToken()).delete("/v1/me/token").isStatus(204);
    assertThat(machine.run("services").failed().err())
        .contains("has ended", "claviger login " + url() + " --name here");
  }

  @Test
  void whoever_signs_out_leaves_no_token_that_is_good() throws IOException {
    SavedSignIn signIn = machines.byDevice("alice", GOOD);
    machine.signedIn(signIn);
    String token = machine.run("token").done().out().strip();
    assertThat(machine.run("logout").done().out()).contains("signed out");
    alice.holding(signIn.accessToken()).get("/v1/me").isStatus(401);
    alice.holding(token).get("/v1/me").isStatus(401);
    assertThat(everythingKept()).doesNotContain("clv");
  }

  @Test
  void signing_out_ends_a_sign_in_whose_access_token_has_expired() {
    SavedSignIn signIn = machines.byDevice("alice", ENDED);
    machine.signedIn(withAccessToken(signIn, signIn.accessToken() + "-gone"));

    assertThat(machine.run("logout").done().out()).contains("signed out");

    alice.holding(signIn.accessToken()).get("/v1/me").isStatus(401);
    assertThat(refreshed(signIn.refreshToken().orElseThrow())).isEqualTo(400);
  }

  /**
   * Somebody who copied the sign-in has refreshed it, so the server does not know the stored access
   * token any more.
   */
  @Test
  void signing_out_ends_a_sign_in_that_somebody_has_copied() {
    SavedSignIn signIn = machines.byDevice("alice", GOOD);
    Machine thief = new Machine(directory.resolve("thief"));
    thief.signedIn(withEnd(signIn, ENDED));
    machine.signedIn(signIn);
    thief.run("services").done();

    assertThat(machine.run("logout").done().out()).contains("signed out");

    assertThat(thief.run("services").failed().err()).contains("has ended");
  }

  private static SavedSignIn withEnd(SavedSignIn signIn, Duration life) {
    return signIn.refreshed(
        signIn.accessToken(), Instant.now().plus(life), signIn.refreshToken().orElseThrow());
  }

  private static SavedSignIn withAccessToken(SavedSignIn signIn, String token) {
    return signIn.refreshed(
        token, signIn.expiresAt().orElseThrow(), signIn.refreshToken().orElseThrow());
  }

  /** Uses a refresh token, and returns the status of the answer. */
  private int refreshed(String refreshToken) {
    return FormBrowser.of(machines.node.api())
        .post(
            "/oauth/token",
            Map.of(
                "client_id",
                "claviger",
                "grant_type",
                "refresh_token",
                "refresh_token",
                refreshToken))
        .status();
  }

  @Test
  void a_token_that_is_refused_from_here_is_said_to_be_refused_and_not_to_have_ended() {
    String bound =
        alice
            .post(
                "/v1/users/alice/tokens",
                Map.of("name", "bound", "bound_to", Map.of("networks", List.of("192.0.2.0/24"))))
            .isStatus(201)
            .text("/token");
    machine.signedIn(machines.withToken(alice.holding(bound), "alice", "manage"));

    assertThat(machine.run("services").failed().err())
        .contains("401 token_bound")
        .doesNotContain("has ended");
    assertThat(machine.runReading(bound, "login", url(), "--token-stdin").failed().err())
        .contains("401 token_bound");
  }

  @Test
  void signing_out_ends_narrower_tokens_but_not_the_token_that_was_brought_along() {
    machine.signedIn(machines.withToken(alice, "alice", "manage"));
    String token = machine.run("token").done().out().strip();
    machine.run("logout").done();
    alice.get("/v1/me").isStatus(200);
    alice.holding(token).get("/v1/me").isStatus(401);
  }

  /** The sign-in stays valid for programs that run with tokens of it. */
  @Test
  void who_signs_in_again_is_told_that_the_former_sign_in_stays_valid() throws IOException {
    SavedSignIn former = machines.byDevice("alice", GOOD);
    machine.signedIn(former);
    String[] again = {"login", url(), "--name", "here", "--token-stdin"};

    assertThat(machine.runReading(alice.token(), again).done().err())
        .contains("the former sign-in as alice, to use alone, ", "stays valid on " + url())
        .doesNotContain(former.accessToken());

    alice.holding(former.accessToken()).get("/v1/me").isStatus(200);
    assertThat(machine.runReading(alice.token(), again).done().err()).isEmpty();
    Path file = machine.signIns().directory().resolve("servers").resolve("here.json");
    Path unused = Files.writeString(file, "{");
    assertThat(machine.runReading(alice.token(), again).done().err()).isEmpty();
  }

  @Test
  void a_damaged_file_is_named_and_nothing_of_it_shown() throws IOException {
    machine.signedIn(machines.withToken(alice, "alice", "manage"));
    Path file = machine.signIns().directory().resolve("servers").resolve("here.json");
    Files.writeString(file, Files.readString(file).replace("\"user\"", "user"));
    assertThat(machine.run("services").failed().err())
        .contains("here.json is damaged")
        .doesNotContain("clv");
  }

  @Test
  void over_plain_http_no_token_goes_over_a_network() {
    Result login =
        machine.runReading("any-token", "login", "http://claviger.example", "--token-stdin");
    assertThat(login.failed().err()).contains("--plain-http");
  }

  private String everythingKept() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(machine.signIns().directory())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }
}
