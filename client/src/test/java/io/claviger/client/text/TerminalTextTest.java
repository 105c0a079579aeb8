package io.claviger.client.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.client.faults.ClientFault;
import io.claviger.client.json.JsonTrees;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** No text from elsewhere controls the terminal on which it is shown. */
class TerminalTextTest {
  /** C0, DEL, C1, and what changes the direction or the lines of a text. */
  private static final String UNSAFE =
      IntStream.concat(
              IntStream.concat(IntStream.range(0, 0x20), IntStream.range(0x7f, 0xa0)),
              IntStream.of(
                  0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
                  0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xe0041))
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();

  @Test
  void a_line_has_no_character_that_controls_a_terminal() {
    assertThat(TerminalText.line("a" + UNSAFE + "\u00e4\ud83d\ude00b").codePoints())
        .noneMatch(TerminalText::isUnsafe)
        .contains(0xe4, 0x1f600);
    assertThat(TerminalText.visible("  a" + UNSAFE).codePoints()).noneMatch(TerminalText::isUnsafe);
    assertThat(TerminalText.line(" a \n\t b ")).isEqualTo("a b");
    assertThat(TerminalText.visible("  a  b")).isEqualTo("  a  b");
    assertThat(TerminalText.line("\u009b31m\u202e")).isEqualTo("\u00b731m\u00b7");
  }

  /** If this were shown, whoever chose the name could add terms to which nobody agreed. */
  @Test
  void a_name_can_not_be_read_as_a_part_of_the_text_around_it() {
    for (String plain :
        new String[] {"gpt-5", "text-*", "models/abc:latest", "org/m_1@2+~#", "ä"}) {
      assertThat(TerminalText.name(plain)).isEqualTo(plain);
    }
    assertThat(TerminalText.name("gpt-5, a budget of 5 usd"))
        .isEqualTo("“gpt-5, a budget of 5 usd”");
    assertThat(TerminalText.name("a”; until “b")).isEqualTo("“a\"; until \"b”");
    assertThat(TerminalText.name("a;b")).isEqualTo("“a;b”");
    assertThat(TerminalText.name("")).isEqualTo("“”");
    assertThat(TerminalText.quoted("gpt-5")).isEqualTo("“gpt-5”");
  }

  @Test
  void a_file_on_a_terminal_keeps_its_lines_and_is_written_in_any_pieces() throws IOException {
    StringWriter terminal = new StringWriter();
    try (Writer file = TerminalText.filtering(terminal)) {
      for (char each : "a,\u00e4\r\n\ud83d\ude00\u001b[31m\ude00\n".toCharArray()) {
        file.write(each);
      }
      file.write(UNSAFE);
    }
    assertThat(terminal.toString()).startsWith("a,\u00e4\n\ud83d\ude00\u00b7[31m\u00b7\n");
    assertThat(terminal.toString().codePoints())
        .noneMatch(character -> character != '\n' && TerminalText.isUnsafe(character));
  }

  @Test
  void json_has_such_characters_escaped_and_says_the_same() {
    ObjectNode object = JsonTrees.object().put("text" + UNSAFE, UNSAFE + "\u00e4");
    String json = JsonTrees.pretty(object);

    assertThat(json.codePoints().filter(character -> character != '\n'))
        .noneMatch(TerminalText::isUnsafe);
    assertThat(json).contains("\\u009b", "\\u202e", "\\u007f", "\u00e4");
    assertThat((JsonNode) object)
        .isEqualTo(JsonTrees.read(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void faults_are_lines_and_not_too_many() {
    String[] hints = IntStream.range(0, 1000).mapToObj(n -> n + UNSAFE).toArray(String[]::new);
    ClientFault fault = ClientFault.of("no" + UNSAFE, hints);

    assertThat(fault.lines()).hasSize(102).last().isEqualTo("  and 900 more");
    assertThat(String.join("", fault.lines()).codePoints()).noneMatch(TerminalText::isUnsafe);
  }
}
