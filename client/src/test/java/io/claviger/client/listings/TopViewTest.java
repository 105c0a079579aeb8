package io.claviger.client.listings;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.json.JsonTrees;
import io.claviger.client.terminal.Screen;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class TopViewTest {
  private final TopView view = new TopView(false);
  private final ObjectNode activity = JsonTrees.object().put("complete", true).put("left_out", 0);
  private final ArrayNode items = activity.putArray("items");

  private void uses(String service, String user, int running, int calls, int tokens, String cost) {
    ObjectNode item =
        items
            .addObject()
            .put("service", service)
            .put("user", user)
            .put("running", running)
            .put("calls", calls)
            .put("refused", 0)
            .put("input_tokens", tokens)
            .put("output_tokens", tokens)
            .put("cost", cost);
    JsonNode unused = item.putNull("project");
  }

  private void fill() {
    uses("alice/chat", "bob", 1, 10, 5_000, "0.25");
    uses("alice/chat", "carol", 3, 2, 100, "0.5");
    uses("dave/zoo", "bob", 0, 70, 900, "0.125");
  }

  private List<String> shown() {
    return view.lines(activity, OptionalInt.empty(), Integer.MAX_VALUE);
  }

  /** The first words of the rows. */
  private List<String> order() {
    return shown().stream().skip(3).map(line -> line.replaceAll(" {2,}.*", "")).toList();
  }

  @Test
  void keys_that_send_several_characters_act_as_no_letter() {
    assertThat(keys("\u001bOQb", "\u001b[C", "\u001b", "q", "\u001b[A\u0003"))
        .containsExactly(-1, -1, -1, (int) 'q', 3);
  }

  @Test
  void a_key_that_is_held_down_lets_the_screen_be_drawn_and_acts_as_no_letter() {
    assertThat(keys("\u001b[A".repeat(40))).containsExactly(-1, -1, -1);
  }

  /** Returns the keys that a command receives if the terminal sends these characters together. */
  private static List<Integer> keys(String... sent) {
    Deque<Integer> characters = new ArrayDeque<>();
    for (String together : sent) {
      together.chars().forEach(characters::add);
      characters.add(-1);
    }
    Screen screen =
        (Screen)
            Proxy.newProxyInstance(
                Screen.class.getClassLoader(),
                new Class<?>[] {Screen.class},
                (proxy, method, arguments) -> characters.remove());
    List<Integer> keys = new ArrayList<>();
    while (!characters.isEmpty()) {
      int key = TopCommand.key(screen);
      keys.add(key);
      if (key >= 0) {
        characters.remove();
      }
    }
    return keys;
  }

  @Test
  void the_busiest_come_first_below_a_line_that_sums_up() {
    fill();

    assertThat(shown())
        .containsExactly(
            "4 running. Within the last minute: 82 calls, 0 refused, 12,000 tokens, 0.875 USD",
            "",
            "SERVICE     PERSON  RUNNING \u25bc  CALLS  REFUSED  TOKENS IN  TOKENS OUT    USD",
            "alice/chat  carol           3      2        0        100         100    0.5",
            "alice/chat  bob             1     10        0      5,000       5,000   0.25",
            "dave/zoo    bob             0     70        0        900         900  0.125");
  }

  @Test
  void one_call_is_no_plural() {
    uses("alice/chat", "bob", 0, 1, 1, "0.5");

    assertThat(shown().getFirst()).contains("last minute: 1 call, 0 refused");
  }

  @Test
  void keys_choose_the_order() {
    fill();

    assertThat(view.type('c')).isTrue();
    assertThat(order()).containsExactly("dave/zoo", "alice/chat", "alice/chat");
    assertThat(view.type('p')).isTrue();
    assertThat(shown().get(3)).startsWith("alice/chat  bob");
    assertThat(shown().get(5)).startsWith("alice/chat  carol");
    assertThat(view.type('S')).isTrue();
    assertThat(shown().get(3)).startsWith("alice/chat  carol");
    assertThat(view.type('t')).isTrue();
    assertThat(shown().get(3)).startsWith("alice/chat  bob");
    assertThat(view.type('d')).isTrue();
    assertThat(shown().get(3)).startsWith("alice/chat  carol");
    assertThat(view.type('x')).isFalse();
  }

  @Test
  void rows_are_summed_up_by_service_or_by_person() {
    fill();

    assertThat(view.type('b')).isTrue();
    assertThat(order()).containsExactly("alice/chat", "dave/zoo");
    assertThat(shown().get(3)).contains("4", "12", "0.75");
    assertThat(view.type('b')).isTrue();
    assertThat(order()).containsExactly("carol", "bob");
    assertThat(shown().get(2)).doesNotContain("SERVICE");
    assertThat(view.type('b')).isTrue();
    assertThat(order()).hasSize(3);
  }

  @Test
  void a_screen_has_exactly_its_rows_and_ends_with_the_keys() {
    for (int n = 0; n < 100; n++) {
      uses("alice/service-" + n, "bob", n, n, n, "1");
    }
    List<String> lines = view.screen("here \u00b7 alice", Optional.of(activity), "", 80, 24);

    assertThat(lines).hasSize(24);
    assertThat(lines.get(0)).isEqualTo("here \u00b7 alice");
    assertThat(lines.get(22)).isEqualTo("and 82 more");
    assertThat(lines.get(23)).startsWith("sort: s service");
    assertThat(lines).allMatch(line -> line.length() <= 80);
    assertThat(view.screen("here", Optional.of(activity), "", 80, 3)).hasSize(3);
  }

  @Test
  void what_was_said_last_stays_while_the_server_is_away() {
    fill();

    assertThat(view.screen("here", Optional.of(activity), "claviger: away", 100, 24))
        .startsWith("here", "claviger: away")
        .anyMatch(line -> line.startsWith("alice/chat"));
    assertThat(view.screen("here", Optional.empty(), "", 100, 24))
        .contains("Waiting for the nodes' answers.");
  }

  @Test
  void a_server_can_not_control_the_terminal() {
    uses("alice/\u001b[2J\nchat", "b\u202eob", 1, 1, 1, "\u001b[31m");

    assertThat(view.screen("h\u001b]0;x\u0007", Optional.of(activity), "\u001b[2J", 100, 24))
        .noneMatch(line -> line.contains("\u001b") || line.contains("\u202e"));
  }

  @Test
  void nothing_to_show_is_a_sentence() {
    assertThat(shown())
        .containsExactly("No call is running, and none ended within the last minute.");
  }
}
