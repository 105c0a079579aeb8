package io.claviger.web.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
    assertThat(lines("\uff1d1+1", "\uff0bx", "\uff0dx", "\uff20x", "a;\uff1d1", "a\uff1d1"))
        .isEqualTo("'\uff1d1+1,'\uff0bx,'\uff0dx,'\uff20x,a;'\uff1d1,a\uff1d1\r\n");
  }

  /** Where a semicolon or a tab separates cells, quotation marks around the value do not help. */
  @Test
  void a_text_that_would_begin_a_cell_with_a_formula_in_other_settings_begins_none() {
    assertThat(lines("x;=1+1;y", "a;b-c;1-1", "a; =1;-1", "a\t+1\t@b"))
        .isEqualTo("x;'=1+1;y,a;b-c;1-1,a;' =1;'-1,a\t'+1\t'@b\r\n");
    assertThat(lines("a;\"=1+1;\"b", "a,b\n=1\r=2", "a;\t=1"))
        .isEqualTo("\"a;'\"\"=1+1;\"\"b\",\"a,b\n'=1\r'=2\",a;\t'=1\r\n");
  }

  @Test
  void a_list_is_read_page_by_page_up_to_its_maximum() {
    List<Integer> asked = new ArrayList<>();
    Csv.OfList<Integer, Integer> file =
        new Csv.OfList<>(
            List.of("n"),
            page -> {
              asked.add(page.limit());
              int first = page.after().orElse(0) + 1;
              int last = first + Math.min(page.limit(), 150) - 1;
              return Outcome.done(
                  new Page<>(
                      IntStream.rangeClosed(first, last).boxed().toList(),
                      List.of(),
                      Optional.of(last)));
            },
            n -> Optional.of(List.of("" + n)),
            500);
    assertThat(new String(file.next(), StandardCharsets.UTF_8)).startsWith("n\r\n1\r\n");
    assertThat(asked).hasSize(1);
    List<String> lines = new ArrayList<>();
    file.forEachRemaining(
        part -> new String(part, StandardCharsets.UTF_8).lines().forEach(lines::add));
    assertThat(lines).hasSize(350).last().isEqualTo("500");
    assertThat(asked).containsExactly(200, 200, 200, 50);
  }

  private static String lines(String... values) {
    return new String(new Csv().add(List.of(values)).bytes(), StandardCharsets.UTF_8);
  }
}
