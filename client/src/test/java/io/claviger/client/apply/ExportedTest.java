package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a server has is exported and applied again. */
class ExportedTest {
  private final ServerInMemory server = new ServerInMemory();

  @RepeatedTest(200)
  void what_is_exported_is_applied_without_a_change(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    plan(Files.read(RandomFile.of(random))).steps().forEach(server::run);
    String exported = Yaml.write(exported().document("team"));

    WishedState wished = Files.read(exported);
    Plan plan = plan(wished);

    assertThat(plan.steps()).as(exported).isEmpty();
    assertThat(plan.kept()).isEmpty();
    assertThat(wished.entries().keySet()).as(exported).containsAll(server.namesAppliedBy("team"));
  }

  private Plan plan(WishedState wished) {
    FileFaults faults = new FileFaults("team.yaml");
    Plan plan = Plan.of(wished, server.state(), true, faults);
    faults.demandNone();
    return plan;
  }

  private Exported exported() {
    Map<Key, JsonNode> things = new TreeMap<>(Order.OF_KEYS);
    Map<Key, List<JsonNode>> parts = new HashMap<>();
    Map<Key, JsonNode> limits = new TreeMap<>(Order.OF_KEYS);
    server
        .state()
        .things()
        .forEach(
            (key, thing) -> {
              if (key.kind().isLimits()) {
                limits.put(key, thing);
              } else if (key.kind().parent().isPresent()) {
                parts.computeIfAbsent(key.whole(), k -> new ArrayList<>()).add(named(key, thing));
              } else {
                things.put(key, named(key, thing));
              }
            });
    return new Exported(things, parts, limits);
  }

  /** With its name, as the API shows it. */
  private static JsonNode named(Key key, ObjectNode thing) {
    ObjectNode shown = JsonTrees.object();
    if (key.kind() == Kind.PRICE) {
      shown.put("provider", key.name().split(" ", 3)[0]).put("model", key.name().split(" ", 3)[2]);
    } else {
      shown.put(key.kind().nameField(), key.name());
    }
    shown.setAll(thing.deepCopy());
    return shown;
  }
}
