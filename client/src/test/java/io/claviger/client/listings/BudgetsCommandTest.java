package io.claviger.client.listings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class BudgetsCommandTest {
  @ParameterizedTest
  @CsvSource({
    "alice/lab, , , bob, , 'alice/lab, bob'",
    "alice/lab, research, , , , 'alice/lab, @research'",
    "alice/lab, , , , , alice/lab",
    ", , alice/corpus, bob, , 'project alice/corpus, bob'",
    ", research, , bob, , '@research, bob'",
    ", , , bob, , bob",
    ", , , , ci, token ci"
  })
  void whose_use_a_budget_counts_is_named_with_the_project_through_which_the_calls_go(
      String service, String group, String project, String user, String token, String shown) {
    ObjectNode holder = JsonTrees.object();
    holder.put("service", service).put("group", group).put("project", project);
    holder.put("user", user).put("token", token);

    assertThat(
            BudgetsCommand.COLUMNS
                .getFirst()
                .text()
                .apply(JsonTrees.object().set("holder", holder)))
        .isEqualTo(shown);
  }
}
