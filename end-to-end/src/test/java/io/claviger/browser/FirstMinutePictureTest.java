package io.claviger.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.claviger.bootstrap.Main;
import io.claviger.journeys.Api;
import io.claviger.journeys.ClientScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the picture at the beginning of the README, which moves: commands that are really run, with
 * what they print, and a page of the console. It goes where {@link PicturesTest} puts its pictures.
 * If {@code distribution/target} has a tarball, that is unpacked and started, else these classes.
 */
@BrowserTest
@EnabledIfSystemProperty(named = "claviger.pictures", matches = ".+")
class FirstMinutePictureTest {
  private static final Path DIRECTORY =
      Path.of(System.getProperty("claviger.pictures", "target/pictures"));
  private static final long LARGEST = 200 * 1024;
  private static final String LAST_LINE_OF_DEMO = "Paste this into another terminal";

  @TempDir private Path directory = Path.of("");

  @Test
  void the_first_minute_is_pictured(Lab lab) throws Exception {
    Api alice = lab.user("alice");
    Api bob = lab.user("bob");
    lab.definition(lab.root(), "_system/parrot");
    Files.writeString(directory.resolve("key"), lab.journey.key("picture"));
    Files.writeString(
        directory.resolve("hello"),
        """
        #!/bin/sh
        curl -s "$OPENAI_BASE_URL/chat/completions" -H "Authorization: Bearer $OPENAI_API_KEY" \\
          -H 'Content-Type: application/json' \\
          -d '{"model": "parrot-large", "messages": [{"role": "user", "content": "Hello"}]}' |
          sed -n 's/.*"\\(content\\|message\\)": *"\\([^"]*\\)".*/\\2/p' | head -n 1
        """);
    assertThat(directory.resolve("hello").toFile().setExecutable(true)).isTrue();
    signIn(lab, "alice", alice, " --manage");
    signIn(lab, "bob", bob, "");

    Recording recording = new Recording();
    start(recording);
    String run = "claviger run --service alice/course -- ./hello";
    run(
        recording,
        "alice",
        "claviger register course --from _system/parrot --key-file key --send-to "
            + lab.journey.endpoint());
    run(recording, "alice", "claviger lend course --to bob --budget 100000tokens/day --for 30d");
    run(recording, "bob", run);
    run(recording, "alice", "claviger top --once");
    recording.show(page(lab, alice));
    run(recording, "alice", "claviger revoke course --from bob");
    run(recording, "bob", run);

    assertThat(recording.text())
        .contains("Hello", "RUNNING", "bob", "demo")
        .doesNotContain("canary", directory.toString());
    Path unused = Files.createDirectories(DIRECTORY);
    Path picture = Files.writeString(DIRECTORY.resolve("first-minute.svg"), recording.svg());
    assertThat(Files.size(picture)).isBetween(20_000L, LARGEST);
  }

  /** Unpacks and starts the demo, and keeps the first lines of its output. */
  private void start(Recording recording) throws Exception {
    Optional<Path> tarball = tarball();
    String program = "claviger";
    if (tarball.isPresent()) {
      String name = tarball.get().getFileName().toString();
      Files.createSymbolicLink(directory.resolve(name), tarball.get().toAbsolutePath());
      run(recording, "", "tar -xzf " + name);
      try (Stream<Path> unpacked = Files.list(directory)) {
        program =
            unpacked
                    .map(path -> path.getFileName().toString())
                    .filter(path -> path.matches("claviger-[0-9.]+"))
                    .findFirst()
                    .orElseThrow()
                + "/bin/claviger";
      }
    }
    recording.type("", program + " demo");
    Process demo =
        shell("", tarball.isPresent() ? program + " demo" : demoOfTheseClasses()).start();
    try (BufferedReader reader = demo.inputReader(StandardCharsets.UTF_8)) {
      StringBuilder said = new StringBuilder();
      String line = "";
      while (line != null && !line.contains(LAST_LINE_OF_DEMO)) {
        line = reader.readLine();
        said.append(line).append('\n');
      }
      recording.print(said.toString());
    } finally {
      demo.destroy();
      assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }
    recording.clear();
  }

  private static String demoOfTheseClasses() {
    return "exec '%s/bin/java' --enable-native-access=ALL-UNNAMED -cp '%s' %s demo"
        .formatted(
            System.getProperty("java.home"),
            System.getProperty("java.class.path"),
            Main.class.getName());
  }

  private static Optional<Path> tarball() throws IOException {
    Path made = Path.of("../distribution/target");
    if (!Files.isDirectory(made)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(made)) {
      return files
          .filter(file -> file.getFileName().toString().matches("claviger-.*-linux-x64\\.tar\\.gz"))
          .findFirst();
    }
  }

  private void signIn(Lab lab, String who, Api user, String option) throws Exception {
    Path unusedToo = Files.createDirectories(homeOf(who));
    Path token = Files.writeString(directory.resolve("token"), user.token());
    String unused =
        executed(
            who, "claviger login " + lab.node.api() + " --token-stdin" + option + " < " + token);
    Files.delete(token);
  }

  private void run(Recording recording, String who, String command) throws Exception {
    recording.type(who, command);
    recording.print(executed(who, command));
  }

  /** Runs a command like a user, and returns its output. */
  private String executed(String who, String command) throws Exception {
    Process process = shell(who, command).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  private Path homeOf(String who) {
    return directory.resolve("homes").resolve(who.isEmpty() ? "somebody" : who);
  }

  private ProcessBuilder shell(String who, String command) throws IOException {
    Path script = ClientScript.in(directory);
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command)
            .directory(directory.toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", script.getParent() + ":" + System.getenv("PATH"));
    environment.put("HOME", Files.createDirectories(homeOf(who)).toString());
    environment.put("LC_ALL", "C.UTF-8");
    // On a slow machine, the demo would write lines of its log before the text.
    environment.put("CLAVIGER_LOG_LEVEL", "warn");
    return builder;
  }

  /** A page of the console that shows the same service. */
  private static byte[] page(Lab lab, Api alice) {
    Browser.NewContextOptions window =
        new Browser.NewContextOptions()
            .setViewportSize(Recording.WIDTH, Recording.HEIGHT)
            .setColorScheme(ColorScheme.DARK);
    try (Visitor visitor = lab.visitor(alice, window)) {
      Page page = visitor.page();
      visitor.open("/console/services/alice/course");
      JsonObject how = new JsonObject();
      how.addProperty("format", "webp");
      how.addProperty("quality", 60);
      CDPSession session = visitor.context().newCDPSession(page);
      return Base64.getDecoder()
          .decode(session.send("Page.captureScreenshot", how).get("data").getAsString());
    }
  }

  /** A terminal in which somebody types, as an SVG that moves by its style sheet alone. */
  private static final class Recording {
    static final int WIDTH = 900;
    static final int HEIGHT = 506;
    private static final int LINE = 19;
    private static final double LETTER = 8.1;
    private static final int COLUMNS = 106;
    private static final int TYPED_AT_ONCE = 3;
    private static final double TYPING = 0.09;
    private static final double READING = 1.4;
    private static final double LOOKING = 4.5;

    private final StringBuilder shapes = new StringBuilder();
    private final StringBuilder styles = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private final List<double[]> times = new ArrayList<>();
    private double now = 0.4;
    private int row = 1;
    private int screen;

    /** Begins again at the top of an empty terminal. */
    void clear() {
      for (double[] time : times) {
        time[1] = Math.min(time[1], now);
      }
      row = 1;
      screen++;
      now += 0.3;
    }

    /**
     * Types a command.
     *
     * @param who the name before the prompt; may be empty
     */
    void type(String who, String command) {
      String prompt = who.isEmpty() ? "$ " : who + " $ ";
      line(prompt, 0, "p");
      now += 0.4;
      for (int at = 0; at < command.length(); at += TYPED_AT_ONCE) {
        String part = command.substring(at, Math.min(command.length(), at + TYPED_AT_ONCE));
        line(part, prompt.length() + at, "c");
        now += TYPING;
      }
      text.append(prompt).append(command).append('\n');
      row++;
      now += 0.5;
    }

    void print(String said) {
      said.lines()
          .filter(line -> !line.isBlank())
          .forEach(
              line -> {
                line(line.length() > COLUMNS ? line.substring(0, COLUMNS - 1) + "…" : line, 0, "o");
                text.append(line).append('\n');
                row++;
              });
      now += READING;
    }

    /** Shows a picture over the terminal for some seconds. */
    void show(byte[] webp) {
      shapes.append(
          "<image class=\"n%d w\" width=\"%d\" height=\"%d\" href=\"data:image/webp;base64,%s\"/>%n"
              .formatted(times.size(), WIDTH, HEIGHT, Base64.getEncoder().encodeToString(webp)));
      times.add(new double[] {now, now + LOOKING});
      now += LOOKING + 0.3;
    }

    private void line(String shown, int column, String kind) {
      if (shown.isBlank()) {
        return;
      }
      shapes.append(
          String.format(
              Locale.ROOT,
              "<text class=\"n%d %s v%d\" x=\"%.1f\" y=\"%d\">%s</text>%n",
              times.size(),
              kind,
              screen,
              16 + column * LETTER,
              26 + row * LINE,
              shown
                  .replace("&", "&amp;")
                  .replace("<", "&lt;")
                  .replace(">", "&gt;")
                  .replace(" ", "\u00a0")));
      times.add(new double[] {now, Double.MAX_VALUE});
    }

    String text() {
      return text.toString();
    }

    String svg() {
      double whole = now + 4;
      int n = 0;
      for (double[] time : times) {
        double end = Math.min(time[1], whole - 0.2);
        styles.append(
            String.format(
                Locale.ROOT,
                "@keyframes"
                    + " k%d{0%%{opacity:0}%.2f%%{opacity:1}%.2f%%{opacity:0}}.n%d{animation-name:k%d}%n",
                n,
                time[0] / whole * 100,
                end / whole * 100,
                n,
                n));
        n++;
      }
      return String.format(
          Locale.ROOT,
          """
          <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
          <title>Claviger is started. Alice registers a service and lends it to Bob, who calls it until she revokes it</title>
          <style>
          text{font:13.5px ui-monospace,"SF Mono","Cascadia Mono","Liberation Mono",Menlo,monospace;fill:#e5eaf0;white-space:pre}
          text,image{opacity:0;animation:%3$.1fs step-end infinite}
          .p{fill:#7ed0a0}.c{fill:#fff}.o{fill:#a4afbc}
          %4$s@media (prefers-reduced-motion:reduce){text,image{animation:none}.v%6$d{opacity:1}}
          </style>
          <rect width="%1$d" height="%2$d" rx="10" fill="#0f141a"/>
          <circle cx="18" cy="16" r="5" fill="#a3262a"/><circle cx="36" cy="16" r="5" fill="#f0b866"/><circle cx="54" cy="16" r="5" fill="#7ed0a0"/>
          %5$s</svg>
          """,
          WIDTH,
          HEIGHT,
          whole,
          styles,
          shapes,
          screen);
    }
  }
}
