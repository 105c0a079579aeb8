package io.claviger.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.node.Node;
import io.claviger.domain.definitions.Provider;
import io.claviger.journeys.Api;
import io.claviger.journeys.Journey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/**
 * The first call on each page of {@code docs/providers}, run as it is written. The service has the
 * provider and model of the page's first file, at the address of the simulated provider.
 */
class ProviderPagesTest {
  private static final Path PAGES = Path.of("..", "docs", "providers");
  private static final Pattern REF = Pattern.compile("- ref: (\\S+)");
  private static final Pattern PROVIDER = Pattern.compile("provider: (\\S+)");
  private static final Pattern MODEL = Pattern.compile("model: (\\S+)");

  @AutoClose private final Journey journey = new Journey();
  private final Node node = journey.startNode();
  private final Api alice = journey.user(node, "alice");

  private static List<Path> pages() throws IOException {
    try (Stream<Path> all = Files.list(PAGES)) {
      return all.filter(page -> !page.endsWith("README.md")).sorted().toList();
    }
  }

  @Test
  void there_is_a_page_for_each_provider_that_the_program_knows() throws IOException {
    assertThat(pages())
        .extracting(page -> page.getFileName().toString().replace(".md", ""))
        .containsExactlyInAnyOrderElementsOf(
            Provider.known().stream().map(Provider::wireName).toList());
  }

  @Test
  void the_first_call_of_each_page_is_answered() throws IOException, InterruptedException {
    for (Path page : pages()) {
      String text = Files.readString(page);
      String provider = first(PROVIDER, text);
      String service = "alice/" + first(REF, text);
      alice
          .put(
              "/v1/llm-services/" + service,
              Map.of(
                  "provider",
                  provider,
                  "endpoint",
                  journey.provider().baseUrl() + path(provider),
                  "model",
                  first(MODEL, text),
                  "credential",
                  credential(provider)))
          .isStatus(201);
      journey.provider().clear();
      DocumentedCommands commands =
          DocumentedCommands.of(List.of("providers/" + page.getFileName()), Map.of());

      String answer =
          commands.runNext(
              Map.of("GATEWAY_URL", alice.gateway().toString(), "TOKEN", alice.token()));

      assertThat(answer).as(page.toString()).startsWith("{").doesNotContain("\"__type\"");
      assertThat(journey.provider().requests()).as(page.toString()).hasSize(1);
      commands.assertAllWereRun();
    }
  }

  private static String first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    assertThat(found.find()).as("%s in %s", pattern, text).isTrue();
    return found.group(1);
  }

  private Map<String, Object> credential(String provider) {
    return Provider.of(provider).defaultPlacement().isNone()
        ? Map.of("kind", "none")
        : Map.of("kind", "api_key", "api_key", journey.key(provider));
  }

  /** Where the simulated provider has the API that the provider speaks. */
  private static String path(String provider) {
    return switch (provider) {
      case "anthropic", "azure", "bedrock", "cohere", "google" -> "";
      case "vertex" -> "/v1/projects/my-project/locations/europe-west4";
      default -> "/v1";
    };
  }
}
