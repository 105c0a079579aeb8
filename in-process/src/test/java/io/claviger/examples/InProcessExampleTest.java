package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class InProcessExampleTest {
  private static final String KEY = "an-encryption-key-for-examples-0123456789";
  private static final Path ROOT = Path.of("..");
  private static final Path DOCUMENT = ROOT.resolve(Path.of("docs", "in-process.md"));

  @Test
  void the_example_lends_a_service_without_http() {
    try (TestDatabase database = PostgresForTests.empty()) {
      byte[] providerKey = "sk-example-0001".getBytes(StandardCharsets.US_ASCII);

      List<String> usable = InProcessExample.lend(database.dataSource(), KEY, providerKey);

      assertThat(usable).containsExactly("alice/my-openai");
      assertThat(providerKey).containsOnly(0);
    }
  }

  @Test
  void the_document_shows_the_example_as_it_is_run_with_all_its_imports() throws IOException {
    Path source = Path.of("src/test/java/io/claviger/examples/InProcessExample.java");

    assertThat(Files.readString(DOCUMENT)).contains("```java\n" + Files.readString(source) + "```");
  }

  @Test
  void the_document_names_the_coordinates_of_this_module() throws IOException {
    String module = Files.readString(Path.of("pom.xml"));
    Matcher inherited =
        Pattern.compile("<parent>\\s*(<groupId>.*</groupId>)\\s*.*\\s*(<version>.*</version>)")
            .matcher(module);
    Matcher own = Pattern.compile("</parent>\\s*(<artifactId>.*</artifactId>)").matcher(module);
    assertThat(inherited.find() && own.find()).isTrue();

    assertThat(Files.readString(DOCUMENT))
        .contains(
            "  %s\n  %s\n  %s\n".formatted(inherited.group(1), own.group(1), inherited.group(2)));
  }
}
