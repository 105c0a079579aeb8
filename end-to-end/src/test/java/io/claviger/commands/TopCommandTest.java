package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.client.settings.SavedSignIn;
import io.claviger.journeys.Api;
import io.claviger.journeys.ClientScript;
import io.claviger.journeys.OpenStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code claviger top} and completion show of a node that is used. */
@SharedMachines
class TopCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @AutoClose private final SignedInMachines machines = SignedInMachines.shared();
  private final Api alice = machines.journey.user(machines.node, "alice");
  private final Api bob = machines.journey.user(machines.node, "bob");

  @TempDir private Path directory = Path.of("");
  private Machine ofAlice = new Machine(directory);
  private Machine ofBob = new Machine(directory);

  @BeforeAll
  void lend() {
    machines.journey.service(alice, "alice/chat");
    alice.share("alice/chat", "bob", "reader").isStatus(201);
  }

  @BeforeEach
  void unpack() throws IOException {
    ofAlice = new Machine(Files.createDirectory(directory.resolve("alice")));
    ofBob = new Machine(Files.createDirectory(directory.resolve("bob")));
    Machine unused = ofAlice.signedIn(machines.withToken(alice, "alice", "manage"));
    unused = ofBob.signedIn(machines.withToken(bob, "bob", "use"));
  }

  @Test
  void without_a_terminal_one_frame_is_printed_and_each_sees_what_they_may() {
    OpenStream stream = OpenStream.of(bob, "services/alice/chat", OpenStream.ENDLESS);
    try {
      alice.embed("alice/chat").isStatus(200);
      assertThat(ofAlice.run("top").done().out())
          .contains("1 running.", "SERVICE", "RUNNING")
          .containsPattern("alice/chat +bob +1 ")
          .containsPattern("alice/chat +alice +0 +1 ");
      assertThat(ofBob.run("top").done().out())
          .containsPattern("alice/chat +bob +1 ")
          .doesNotContain("alice  ");
      assertThat(ofAlice.run("top", "--json").done().out())
          .containsPattern("\"complete\" ?: true")
          .containsPattern("\"running\" ?: 1,");
    } finally {
      stream.close();
    }
  }

  @Test
  void on_a_terminal_it_is_drawn_until_somebody_types_q_and_the_terminal_is_as_before()
      throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no program makes a terminal");
    Path typescript = directory.resolve("typescript");
    ProcessBuilder builder =
        new ProcessBuilder(
                "/usr/bin/script",
                "-qfec",
                "stty rows 24 cols 100; '%s' top; echo code=$?; stty -a | grep -o -- '-*icanon'"
                    .formatted(ClientScript.in(directory)),
                typescript.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectErrorStream(true)
            .directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(ofAlice.environment());
    builder.environment().put("TERM", "xterm");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process terminal = builder.start();
    OpenStream stream = OpenStream.of(bob, "services/alice/chat", OpenStream.ENDLESS);
    try (OutputStream keys = terminal.getOutputStream()) {
      until(typescript, "bob");
      assertThat(text(typescript)).contains("\u001b[?1049h", "RUNNING \u25bc", "q quit");
      type(keys, 'b');
      type(keys, 'b');
      until(typescript, "\u001b[1mPERSON  RUNNING \u25bc");
      type(keys, 'c');
      until(typescript, "CALLS \u25bc");
      type(keys, 'q');
      assertThat(terminal.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      stream.close();
      Process unused = terminal.destroyForcibly();
    }
    String end = text(typescript);
    end = end.substring(end.indexOf("\u001b[?1049l"));
    assertThat(end.lines().map(String::strip))
        .containsSequence("\u001b[?1049lcode=0", "icanon"); // without a minus: as it was
  }

  private static void type(OutputStream keys, char key) throws IOException {
    keys.write(key);
    keys.flush();
  }

  private static String text(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
  }

  private static void until(Path file, String text) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!text(file).contains(text)) {
      assertThat(System.nanoTime()).as("%s in %s", text, text(file)).isLessThan(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Test
  void names_are_completed_as_far_as_somebody_may_know_them() {
    alice.put("/v1/projects/alice/corpus", Map.of("service", "alice/chat")).isStatus(201);
    bob.embed("alice/chat").isStatus(200);

    assertThat(ofBob.run("complete", "services").done().lines()).containsExactly("alice/chat");
    assertThat(ofAlice.run("complete", "services", "ch").done().lines()).containsExactly("chat");
    assertThat(ofAlice.run("complete", "services", "bob/").done().lines()).isEmpty();
    assertThat(ofAlice.run("complete", "projects").done().lines()).containsExactly("alice/corpus");
    assertThat(ofAlice.run("complete", "nothing").done().lines()).isEmpty();
    assertThat(ofAlice.run("complete", "people", "a").done().lines()).containsExactly("alice");
  }

  @Test
  void a_server_that_is_away_or_slow_does_not_hang_the_shell() throws IOException {
    try (ServerSocket silent = new ServerSocket(0)) {
      Machine nobody = new Machine(Files.createDirectory(directory.resolve("nobody")));
      assertThat(nobody.run("complete", "services").done().lines()).isEmpty();
      Machine waiting =
          nobody.signedIn(
              new SavedSignIn(
                  URI.create("http://127.0.0.1:" + silent.getLocalPort()),
                  "alice",
                  "use",
                  alice.token(),
                  Optional.empty(),
                  Optional.empty(),
                  Map.of()));
      long began = System.nanoTime();
      Machine.Result result = waiting.run("complete", "services").done();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
      assertThat(result.out() + result.err()).isEmpty();
    }
  }

  @Test
  void completion_never_refreshes_a_sign_in() {
    Machine late = ofAlice.signedIn(machines.byDevice("alice", Duration.ofHours(-1)));

    assertThat(late.run("complete", "services").done().lines()).isEmpty();
    late.run("services").done();
    assertThat(late.run("complete", "services").done().lines()).containsExactly("alice/chat");
  }
}
