package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Values that spreadsheets could misread. */
class CsvTest {
  @Test
  void values_with_separators_quotes_and_line_breaks_are_quoted() {
    assertThat(lines("a,b", "say \"x\"", "two\r\nlines", "plain"))
        .isEqualTo("\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\",plain\r\n");
  }

  @Test
  void a_text_that_looks_like_a_formula_is_none() {
    assertThat(lines("=1+1", "+x", "-x", "@x", "\tx", "1-1", ""))
        .isEqualTo("'=1+1,'+x,'-x,'@x,'\tx,1-1,\r\n");
  }

  private static String lines(String... values) {
    return new String(new Csv().add(List.of(values)).bytes(), StandardCharsets.UTF_8);
  }
}
