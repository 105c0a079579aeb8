package io.claviger.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Refusal;
import io.claviger.domain.Fault;
import io.claviger.web.problems.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageProblemTest {
  /** If the text of a refusal changed only in the code, pages would show the words of the API. */
  @Test
  void each_text_that_pages_replace_is_a_text_of_the_code() throws IOException {
    String code = code();

    for (int i = 0; i < PageProblem.WORDS.size(); i += 2) {
      assertThat(code).contains(PageProblem.WORDS.get(i));
    }
  }

  @Test
  void the_label_of_a_field_is_written_before_all_faults_but_those_that_say_what_is_meant() {
    assertThat(words(Fault.unknownReference("user", "group")))
        .isEqualTo("There is no such group that you can see.");
    assertThat(words(new Fault("/user", "not_shareable", "They can't get a share.")))
        .isEqualTo("They can't get a share.");
    assertThat(words(new Fault("/user", "report_too_large", "It takes too long.")))
        .isEqualTo("It takes too long.");
    assertThat(words(Fault.required("user", "Name one."))).isEqualTo("User: Name one.");
    assertThat(words(Fault.unknownReference("definition", "definition")))
        .isEqualTo("Definition: There is no such definition that you can see.");
    assertThat(words(new Fault("/limits/max_objects", "invalid_value", "1 to 9")))
        .isEqualTo("Max objects: 1 to 9.");
    assertThat(words(Fault.required("", "Send a body."))).isEqualTo("Send a body.");
  }

  private static String words(Fault fault) {
    return PageProblem.words(Problems.refusal(new Refusal.Invalid(fault)).problem());
  }

  /** Returns all texts of the main code, with their parts joined, except those of this class. */
  private static String code() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(".."))) {
      return files
          .filter(file -> file.toString().matches(".*/src/main/java/.*\\.java"))
          .filter(file -> !file.endsWith("PageProblem.java"))
          .map(PageProblemTest::texts)
          .collect(Collectors.joining("\n"));
    }
  }

  private static String texts(Path file) {
    try {
      return Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
