package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArrayElementsTest {
  private final List<String> found = new ArrayList<>();
  private final StringBuilder element = new StringBuilder();
  private final ArrayElements elements =
      new ArrayElements(
          List.of("a", "b"),
          new ArrayElements.Receiver() {
            @Override
            public void piece(byte[] bytes, int from, int to) {
              element.append(new String(bytes, from, to - from, UTF_8));
            }

            @Override
            public void end() {
              found.add(element.toString());
              element.setLength(0);
            }
          });

  private void read(String document, int step) {
    byte[] bytes = ("xx" + document).getBytes(UTF_8);
    for (int at = 2; at < bytes.length; at += step) {
      elements.read(bytes, at, Math.min(bytes.length, at + step));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 1_000})
  void an_array_is_parted_into_its_objects_however_it_arrives(int step) {
    read(
        "{\"b\": [{\"x\": 0}], \"a\": {\"c\": [{\"b\": [{}]}], \"b\": [{\"b\": [{}]}, 7, [{\"y\": 1}], \"t\","
            + " {\"x\": \"]}\"} ]}, \"d\": {\"b\": [{}]}}",
        step);

    assertThat(found).containsExactly("{\"b\": [{}]}", "{\"x\": \"]}\"}");
    assertThat(elements.isReadable()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[{}]", "{\"a\": [{}]}", "{\"a\": {\"b\": {}}}", "{\"a\": {\"B\": [{}]}}"})
  void what_stands_elsewhere_is_no_element(String document) {
    read(document, 5);

    assertThat(found).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000})
  void what_is_no_json_ends_the_reading(int step) {
    read("{\"a\": {\"b\": [{\"x\": 1}, {\"x\": oops}]}}", step);

    assertThat(found).containsExactly("{\"x\": 1}");
    assertThat(elements.isReadable()).isFalse();
  }
}
