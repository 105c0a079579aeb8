package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class InProcessExampleTest {
  private static final String KEY = "an-encryption-key-for-examples-0123456789";

  @Test
  void the_example_lends_a_service_without_http() {
    TestDatabase database = PostgresForTests.empty();
    HikariConfig config = new HikariConfig();
    config.setDataSource(database.dataSource());
    try (HikariDataSource pool = new HikariDataSource(config)) {
      byte[] providerKey = "sk-example-0001".getBytes(StandardCharsets.US_ASCII);

      List<String> usable = InProcessExample.lend(pool, KEY, providerKey);

      assertThat(usable).containsExactly("alice/my-openai");
      assertThat(providerKey).containsOnly(0);
    }
  }

  @Test
  void the_documentation_shows_the_example_as_it_is_run() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    String source =
        Files.readString(
            root.resolve("end-to-end/src/test/java/io/claviger/examples/InProcessExample.java"));
    String snippet =
        source.substring(source.indexOf("// begin\n") + 9, source.indexOf("    // end"));
    String indented =
        Arrays.stream(snippet.split("\n"))
            .map(l -> l.replaceFirst("^ {4}", ""))
            .reduce("", (a, b) -> a + b + "\n");

    assertThat(Files.readString(root.resolve("docs/in-process.md"))).contains(indented);
  }
}
