package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.persistence.Schema;
import io.claviger.stub.StubProvider;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README without changes, with a simulated provider. */
class ReadmeWalkTest {
  private static final String ROOT_TOKEN = "root-token-of-the-readme-walk-0123456789";
  private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory = Path.of("");

  @Test
  void the_first_service_is_lent_used_and_taken_back_as_the_readme_says() throws Exception {
    assumeTrue(isInstalled("curl"), "curl is not installed");
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/admin-token"), ROOT_TOKEN + "\n");
    try (TestDatabase database =
            PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
        StubProvider provider = StubProvider.start()) {
      Node node = Node.start(Settings.forServing(environment(database, provider)));
      try {
        List<String> said = shell(commands(node, provider)).lines().toList();

        assertThat(said).hasSize(4).allSatisfy(line -> assertThat(line).hasSizeLessThan(400));
        assertThat(said.get(0)).contains("alice");
        assertThat(said.get(1)).contains("bob");
        assertThat(said.get(2)).contains("\"embedding\"");
        assertThat(said.get(3)).contains("not_found");
      } finally {
        node.stop(Duration.ofSeconds(10));
      }
      assertThat(provider.requests().get(0).header("Authorization"))
          .isEqualTo("Bearer sk-put-your-own-key-here");
    }
  }

  private static Map<String, String> environment(TestDatabase database, StubProvider provider) {
    return Map.of(
        "DATABASE_URL",
        database.jdbcUrl(),
        "ENCRYPTION_KEY",
        "an-encryption-key-for-examples-0123456789",
        "CLAVIGER_ADMIN_TOKEN",
        ROOT_TOKEN,
        "CLAVIGER_PORT",
        "0",
        "CLAVIGER_GATEWAY_PORT",
        "0",
        "CLAVIGER_ALLOWED_PRIVATE_HOSTS",
        "127.0.0.1:" + provider.port());
  }

  /** The two blocks of commands. Only the ports and the provider's address are replaced. */
  private static String commands(Node node, StubProvider provider) throws IOException {
    String readme = Files.readString(Path.of("..", "README.md"));
    int begin = readme.indexOf("Register the first service");
    Matcher block = BLOCK.matcher(readme.substring(begin, readme.indexOf("\n## ", begin)));
    StringBuilder commands = new StringBuilder();
    while (block.find()) {
      commands.append(block.group(1));
    }
    return commands
        .toString()
        .replace("localhost:8080", "127.0.0.1:" + node.api().getPort())
        .replace("localhost:8081", "127.0.0.1:" + node.gateway().getPort())
        .replace(
            "\"definition\": \"_system/openai-large\"",
            "\"definition\": \"_system/openai-large\", \"endpoint\": \"%s/v1\""
                .formatted(provider.baseUrl()));
  }

  private String shell(String commands) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder("sh", "-eu", "-c", commands)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).isZero();
    return said;
  }

  private static boolean isInstalled(String program) throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v " + program).start().waitFor() == 0;
  }
}
