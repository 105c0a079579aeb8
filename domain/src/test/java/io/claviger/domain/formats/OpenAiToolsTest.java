package io.claviger.domain.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The types of tools that requests in OpenAI's format may have. */
class OpenAiToolsTest {
  private static final String VERSION = "(?:_\\d{4}_\\d{2}_\\d{2})?";

  /** Every known type of tool, and each type that may contain a version also with one. */
  static List<String> types() {
    String pattern = OpenAiObjects.TOOL.pattern();
    String versioned = pattern.substring(pattern.indexOf("(?:") + 3, pattern.indexOf(")"));
    return Stream.concat(
            Stream.of(
                pattern.replace(VERSION, "").replace("(?:", "").replace(")", "").split("\\|")),
            Stream.of(versioned.split("\\|")).map(type -> type + "_2025_08_26"))
        .toList();
  }

  /** The fee of each kind of tool is demanded and reserved for a tool without an answer. */
  @ParameterizedTest
  @MethodSource("types")
  void a_known_tool_is_one_of_the_callers_or_has_known_fees(String type) {
    assertThat(type).matches(OpenAiObjects.TOOL);
    OpenAiApi api = new OpenAiApi();

    assertThat(api.isCallersTool(type) || api.feesOfTool(type).isPresent()).isTrue();
  }
}
