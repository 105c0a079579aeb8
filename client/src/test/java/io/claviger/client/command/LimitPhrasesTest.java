package io.claviger.client.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.json.PackagedContract;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class LimitPhrasesTest {
  private static final Pattern LIMITS = Pattern.compile("(?m)^    Limits:\n(?:      .*\n)+");
  private static final Pattern MEMBER = Pattern.compile("(?m)^        (\\w+): [{]");
  private static final Set<String> SILENT = Set.of("objects");

  private static List<String> members() {
    Matcher schema = LIMITS.matcher(PackagedContract.text());
    assertThat(schema.find()).isTrue();
    return MEMBER.matcher(schema.group()).results().map(found -> found.group(1)).toList();
  }

  private static ObjectNode with(String member) {
    ObjectNode limits = JsonTrees.object();
    switch (member) {
      case "models", "operations", "storage" -> limits.putArray(member).add("x");
      case "budgets" -> limits.putArray(member).add(new BudgetOption("3", "usd", "day").json());
      case "objects" -> limits.put(member, "user");
      default -> limits.put(member, 7);
    }
    return limits;
  }

  @Test
  void each_limit_of_the_contract_has_words_or_is_silent() {
    assertThat(members())
        .contains("requests_per_minute", "budgets", "max_bytes")
        .allSatisfy(
            member ->
                assertThat(LimitPhrases.of(with(member)).isEmpty())
                    .as(member)
                    .isEqualTo(SILENT.contains(member)));
  }

  @Test
  void amounts_are_joined_and_lists_stand_by_themselves() {
    ObjectNode limits = with("models").put("requests_per_minute", 60).put("max_objects", 5);
    limits.putArray("operations");

    assertThat(LimitPhrases.bounds(limits))
        .containsExactly(
            "only the models x", "no operations", "at most 60 calls a minute and 5 objects stored");
    assertThat(LimitPhrases.bounds(JsonTrees.object())).isEmpty();
  }
}
