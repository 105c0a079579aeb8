package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarMembersTest {
  /** Reads a document in pieces of a few bytes. */
  private static Optional<Map<String, String>> members(String json) {
    ScalarMembers members = new ScalarMembers();
    byte[] bytes = json.getBytes(UTF_8);
    int piece = Math.max(7, bytes.length / 100);
    for (int i = 0; i < bytes.length; i += piece) {
      members.read(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)));
    }
    return members.end();
  }

  @Test
  void scalar_members_are_found_by_their_paths_and_what_is_in_arrays_is_not() {
    assertThat(
            members(
                """
                {"a": "x", "n": null, "t": true, "text": "null", "zero": 0, "part": 1.5,
                 "list": [{"a": 1}, [{"b": 2}], "c"],
                 "o": {"list": [{"a": {"b": 1}}], "p": {"q": {"r": 7, "s": {"u": 1}}, "v": 8}, "w": "9"},
                 "e": {}, "last": -1, "count": 12}
                """))
        .contains(
            Map.of(
                "a", "x",
                "t", "true",
                "text", "null",
                "zero", "0",
                "o.p.q.r", "7",
                "o.p.v", "8",
                "o.w", "9",
                "count", "12"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "7", "[]", "[{\"a\":1}]", "{\"a\":1", "{\"a\":1}}", "<html>"})
  void what_is_no_whole_object_has_no_members(String json) {
    assertThat(members(json)).isEmpty();
  }

  @Test
  void foundnames_and_texts_are_left_out() {
    String name = "n".repeat(100);

    assertThat(
            members(
                "{\"%s\":1,\"%sn\":2,\"%sn\":{\"a\":3},\"b\":\"%s\",\"c\":\"%sx\",\"d\":{\"e\":4}}"
                    .formatted(name, name, name, "x".repeat(1_000), "x".repeat(1_000))))
        .contains(Map.of(name, "1", "b", "x".repeat(1_000), "d.e", "4"));
  }

  @Test
  void foundnames_around_many_members_cost_no_more_than_their_bytes() {
    String members =
        IntStream.range(0, 80_000)
            .mapToObj(i -> "\"m" + i + "\":1")
            .collect(Collectors.joining(","));
    String open = ("{\"" + "n".repeat(50_000) + "\":").repeat(10);
    String json = open + "{" + members + "}" + "}".repeat(10);

    // The CPU time of this thread does not depend on what else the machine does.
    long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    assertThat(members(json)).contains(Map.of());
    long took = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began;

    assertThat(Duration.ofNanos(took)).isLessThan(Duration.ofSeconds(1));
    assertThat(members("{" + members + "}").orElseThrow()).hasSize(ScalarMembers.MOST);
  }
}
