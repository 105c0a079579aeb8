package io.claviger.client.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.apply.ApplyCommand.ApplyProgress;
import io.claviger.client.apply.PlanStep.Action;
import io.claviger.client.json.JsonTrees;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ApplyProgressTest {
  private final StringWriter written = new StringWriter();
  private final PrintWriter out = new PrintWriter(written);

  private static PlanStep creating(String service) {
    return new PlanStep(
        Action.CREATE,
        ResourceKey.of(ResourceKind.SERVICE, service),
        List.of(),
        JsonTrees.object(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void a_terminal_shows_each_step_and_how_many_are_done_until_the_end() {
    ApplyProgress progress = ApplyProgress.onTerminal(out, 1_200);
    progress.report(creating("alice/a"));
    assertThat(written.toString()).endsWith("1 of 1,200");
    progress.report(creating("alice/b"));
    progress.end();

    assertThat(progress.count()).isEqualTo(2);
    assertThat(written.toString())
        .isEqualToNormalizingNewlines(
            """
            \r\033[K+ service alice/a
            1 of 1,200\r\033[K+ service alice/b
            2 of 1,200\r\033[K\
            """);
  }

  @Test
  void a_file_gets_one_line_for_each_step() {
    ApplyProgress progress = ApplyProgress.lines(out);
    progress.report(creating("alice/a"));
    progress.report(creating("alice/b"));
    progress.end();

    assertThat(written.toString().lines())
        .containsExactly("+ service alice/a", "+ service alice/b");
  }

  @Test
  void where_json_is_wanted_steps_are_counted_and_not_told() {
    ApplyProgress progress = ApplyProgress.silent();
    progress.report(creating("alice/a"));
    progress.end();

    assertThat(progress.count()).isOne();
    assertThat(written.toString()).isEmpty();
  }
}
