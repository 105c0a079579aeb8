package io.claviger.client.apply;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a server has is exported and applied again. */
class ExportedStateTest {
  private final ServerInMemory server = new ServerInMemory();

  @RepeatedTest(200)
  void what_is_exported_is_applied_without_a_change(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    plan(Files.read(RandomFile.of(random))).steps().forEach(server::run);
    String exported = Yaml.write(exported().document("team"));

    DesiredState desired = Files.read(exported);
    Plan plan = plan(desired);

    assertThat(plan.steps()).as(exported).isEmpty();
    assertThat(plan.kept()).isEmpty();
    assertThat(desired.resources().keySet())
        .as(exported)
        .containsAll(server.namesAppliedBy("team"));
  }

  @ParameterizedTest
  @MethodSource("odd")
  void odd_texts_are_exported_as_they_are(String text) {
    ResourceKey mine = ResourceKey.of(ResourceKind.SERVICE, "alice/mine");
    server.put(mine, Map.of("model", "m", "applied_by", "team"));
    ObjectNode metadata = server.shown(mine).putObject("metadata");
    metadata.put(text, text).putArray("list").add(text).addNull();

    String exported = Yaml.write(exported().document("team"));

    DesiredState desired = Files.read(exported);
    assertThat(plan(desired).steps()).as(exported).isEmpty();
    assertThat(desired.resources().get(mine).fields().path("metadata")).isEqualTo(metadata);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5",
        "-0.10",
        "1e50",
        "2.5E-70",
        "1e-999",
        "12345678901234567890123456789012345678901",
        "0.12345678901234567890123456789012345678901",
        "1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
      })
  void numbers_of_metadata_are_exported_as_they_are(String number) {
    ResourceKey mine = ResourceKey.of(ResourceKind.SERVICE, "alice/mine");
    server.put(mine, Map.of("model", "m", "applied_by", "team"));
    server
        .shown(mine)
        .set("metadata", JsonTrees.read("{\"n\": [%s]}".formatted(number).getBytes(UTF_8)));

    String exported = Yaml.write(exported().document("team"));

    assertThat(plan(Files.read(exported)).steps()).as(exported).isEmpty();
  }

  static Stream<String> odd() {
    return Stream.concat(
        Stream.of("", "two\n\n  lines \n\n", "\nline", "line\n", "a\r\nb", "a\n--- \n", "a\n# b"),
        Stream.of(
                " a|b |\tc|d\te|- x|a: b|#x|a #b|null|~|true|no|1|1e3|0x1F|0o17|.inf|-|---|...|--- a",
                "<<|=|!x|&x|*x|%x|@x|`x|'|\"|\\|\\n|{a}|[a]|a, b|? a|> |2026-01-01|1:30|\0|\u0007|\u001b[31m",
                "\u007f|\u0085|\u00a0|\u2028|\u2029|\ufeff|\ufeffa|\u200b|\u202e|e\u0301|\u00e9|\ud83d\ude00")
            .flatMap(texts -> Stream.of(texts.split("\\|"))));
  }

  private Plan plan(DesiredState desired) {
    FileFaults faults = new FileFaults("team.yaml");
    Plan plan = Plan.of(desired, server.state(), true, (service, endpoint) -> false, faults);
    faults.demandNone();
    return plan;
  }

  private ExportedState exported() {
    Map<ResourceKey, JsonNode> resources = new TreeMap<>(WriteOrder.OF_KEYS);
    Map<ResourceKey, List<JsonNode>> parts = new HashMap<>();
    Map<ResourceKey, JsonNode> limits = new TreeMap<>(WriteOrder.OF_KEYS);
    server
        .state()
        .resources()
        .forEach(
            (key, resource) -> {
              if (key.kind().isLimits()) {
                limits.put(key, resource);
              } else if (key.kind().parent().isPresent()) {
                parts.computeIfAbsent(key.list(), k -> new ArrayList<>()).add(named(key, resource));
              } else {
                resources.put(key, named(key, resource));
              }
            });
    return new ExportedState(resources, parts, limits);
  }

  /** With its name, as the API shows it. */
  private static JsonNode named(ResourceKey key, ObjectNode resource) {
    ObjectNode shown = JsonTrees.object();
    if (key.kind() == ResourceKind.PRICE) {
      shown.put("provider", key.name().split(" ", 3)[0]).put("model", key.name().split(" ", 3)[2]);
    } else if (key.kind() == ResourceKind.SHARED_OBJECT) {
      shown.put("kind", key.name().split("/", 2)[0]).put("id", key.name().split("/", 2)[1]);
    } else {
      shown.put(key.kind().nameField(), key.name());
    }
    shown.setAll(resource.deepCopy());
    return shown;
  }
}
