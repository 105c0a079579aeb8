package io.claviger.client.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** Changes of settings that keep what else stands there. */
class SettingsDocumentsTest {
  private static final Path FILE = Path.of("settings");
  private static final List<String> PROVIDER = List.of("model_providers", "claviger");

  private static JsonNode text(String value) {
    return StringNode.valueOf(value);
  }

  private static TomlSettings toml(String text) {
    return TomlSettings.read(FILE, text);
  }

  @Test
  void json_keeps_the_order_and_all_values_that_are_not_set() {
    JsonSettings settings =
        JsonSettings.read(
            FILE, "{\"z\": 1.50, \"env\": {\"A\": null}, \"big\": 12345678901234567890}");
    settings.set(List.of("env", "B"), text("b"));
    settings.set(List.of("a", "b", "c"), text("d"));
    assertThat(settings.text())
        .isEqualTo(
            """
            {
              "z": 1.50,
              "env": {
                "A": null,
                "B": "b"
              },
              "big": 12345678901234567890,
              "a": {
                "b": {
                  "c": "d"
                }
              }
            }
            """);
    settings.remove(List.of("a", "b", "c"));
    assertThat(settings.get(List.of("a"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]", "1", "{\"a\": 1,}", "{\"a\": 1, \"a\": 2}", "{} // no", "{}{}"})
  void what_is_no_json_object_is_refused(String text) {
    assertThatThrownBy(() -> JsonSettings.read(FILE, text))
        .isInstanceOf(ClientFault.class)
        .hasMessageContaining("left alone");
  }

  @Test
  void json_does_not_put_values_into_what_is_no_object() {
    JsonSettings settings = JsonSettings.read(FILE, "{\"env\": \"all\"}");
    assertThatThrownBy(() -> settings.set(List.of("env", "A"), text("a")))
        .hasMessageContaining("left alone");
  }

  @Test
  void toml_may_have_values_that_json_does_not_have() {
    TomlSettings settings =
        toml(
            "a = inf\nb = nan\nc = 1979-05-27T07:32:00Z\nd = 12:30:00\n"
                + "model = \"x\"\nodd = \"\\u0001\\u007f\"\n[t]\ne = -inf\n");
    assertThat(settings.get(List.of("model"))).contains(text("x"));
    assertThat(settings.get(List.of("odd"))).contains(text("\u0001\u007f"));
    assertThat(settings.get(List.of("model_provider"))).isEmpty();
    assertThat(settings.get(PROVIDER)).isEmpty();
    settings.set(List.of("model"), text("gpt-5"));
    assertThat(settings.text()).contains("a = inf\n", "model = \"gpt-5\"\n", "e = -inf\n");
  }

  private static void connect(TomlSettings settings) {
    settings.set(PROVIDER, JsonTrees.object().put("name", "Claviger"));
    settings.set(List.of("model_provider"), text("claviger"));
    settings.set(List.of("model"), text("small"));
  }

  @Test
  void toml_keeps_comments_and_order_and_comes_back_to_what_it_was() {
    String former =
        """
        # mine
        model = 'gpt-5' # the best
        [tui] # not a text = "at the top"
        model_provider = "of tui"
        """;
    TomlSettings settings = toml(former);
    connect(settings);
    assertThat(settings.text())
        .isEqualTo(
            """
            model_provider = "claviger"
            # mine
            model = "small" # the best
            [tui] # not a text = "at the top"
            model_provider = "of tui"

            # Begin: written by claviger connect
            [model_providers.claviger]
            name = "Claviger"
            # End: written by claviger connect
            """);
    settings.remove(PROVIDER);
    settings.remove(List.of("model_provider"));
    settings.set(List.of("model"), text("gpt-5"));
    assertThat(settings.text()).isEqualTo(former.replace('\'', '"'));
  }

  @Test
  void toml_keeps_the_line_ends_of_the_file() {
    String former = "# mine\r\nmodel = 'gpt-5' # the best\r\n[tui]\r\ntheme = \"dark\"\r\n";
    TomlSettings settings = toml(former);
    connect(settings);
    assertThat(settings.text())
        .isEqualTo(
            """
            model_provider = "claviger"
            # mine
            model = "small" # the best
            [tui]
            theme = "dark"

            # Begin: written by claviger connect
            [model_providers.claviger]
            name = "Claviger"
            # End: written by claviger connect
            """
                .replace("\n", "\r\n"));
    settings.set(PROVIDER, JsonTrees.object().put("name", "other"));
    settings.remove(PROVIDER);
    settings.remove(List.of("model_provider"));
    settings.set(List.of("model"), text("gpt-5"));
    assertThat(settings.text()).isEqualTo(former.replace('\'', '"'));
  }

  /** An editor may have written some of the lines. */
  @Test
  void toml_keeps_the_end_of_each_line_and_uses_the_first_for_its_own_lines() {
    TomlSettings settings = toml("a = 1\nb = \"2\"\r\nc = \"\"\"x\r\n\ny\"\"\"\r\nd = 3");
    settings.set(List.of("b"), text("4"));
    settings.set(PROVIDER, JsonTrees.object().put("name", "one"));
    assertThat(settings.text())
        .isEqualTo(
            "a = 1\nb = \"4\"\r\nc = \"\"\"x\r\n\ny\"\"\"\r\nd = 3\n\n"
                + "# Begin: written by claviger connect\n[model_providers.claviger]\n"
                + "name = \"one\"\n# End: written by claviger connect\n");
    settings.remove(PROVIDER);
    assertThat(settings.text())
        .isEqualTo("a = 1\nb = \"4\"\r\nc = \"\"\"x\r\n\ny\"\"\"\r\nd = 3\n");
  }

  @Test
  void toml_replaces_its_own_table_and_no_other() {
    TomlSettings settings = toml("a = 1\n");
    settings.set(PROVIDER, JsonTrees.object().put("name", "one"));
    settings.set(PROVIDER, JsonTrees.object().put("name", "two"));
    assertThat(settings.text()).containsOnlyOnce("[model_providers.claviger]").contains("two");
    TomlSettings others = toml("[model_providers.claviger]\nname = \"own\"\n");
    assertThatThrownBy(() -> others.set(PROVIDER, JsonTrees.object().put("name", "x")))
        .hasMessageContaining("already");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model = \"\"\"\nlong\"\"\"\n", "model = 1\n", "model = \"a\\\\b\"\n"})
  void toml_changes_only_plain_texts(String text) {
    TomlSettings settings = toml(text);
    assertThatThrownBy(() -> settings.set(List.of("model"), text("x")))
        .hasMessageContaining("left alone");
    assertThat(settings.text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a = = 1", "[a", "a = 1\na = 2", "{\"a\": 1}"})
  void what_is_no_toml_is_refused(String text) {
    assertThatThrownBy(() -> toml(text)).hasMessageContaining("left alone");
  }
}
