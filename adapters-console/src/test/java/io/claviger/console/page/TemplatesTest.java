package io.claviger.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all templates, and for the style sheet. */
class TemplatesTest {
  private static final Pattern TABLE = Pattern.compile("<table[^>]*>\\s*(\\S+)");
  private static final Pattern PICTURE = Pattern.compile("<svg[^>]*>");
  private static final Pattern CHART =
      Pattern.compile("@template\\.chart\\([^\\n]*?next = \"(\\w[\\w-]*)\"\\)");
  private static final Pattern CALM =
      Pattern.compile("@media \\(prefers-reduced-motion: no-preference\\) \\{\\n(?: .*\\n|\\n)*}");
  private static final Pattern BOX =
      Pattern.compile("type=\"checkbox\"[^\\n]*\"> [^<\\n]*<(?:bdi|a )");
  private static final Pattern DELETES_BESIDE =
      Pattern.compile("(?s)<button type=\"submit\">(?:(?!</div>).)*<a href=[^>]*>Delete");
  private static final Pattern FORM = Pattern.compile("(?s)<form .*?</form>");
  private static final Pattern WRITTEN_OUT =
      Pattern.compile("<select|<textarea|<input (?!type=\"(?:hidden|search)\")");
  private static final Pattern TYPED =
      Pattern.compile("<(?:textarea |input (?!type=\"(?:hidden|checkbox)\"))[^\\n]*");
  private static final Pattern COPIES =
      Pattern.compile("data-copy=[^>]*>(?!Copy<span class=\"hidden\"> )");
  private static final Pattern DELETING =
      Pattern.compile("(?sm)^<form [^\\n]*/(?:delete|remove)\".*?</form>");

  /** The templates of fields of forms. */
  private static final Set<String> OF_FIELDS =
      Set.of("area.jte", "box.jte", "choice.jte", "field.jte", "secretFile.jte");

  static List<Path> templates() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/main/jte"))) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void every_table_has_a_caption(Path template) throws IOException {
    Matcher table = TABLE.matcher(Files.readString(template));
    while (table.find()) {
      assertThat(table.group(1)).startsWith("<caption");
    }
  }

  /**
   * A faulty field is marked, is described by its fault, and takes the focus, also without scripts.
   * Of several fields with this attribute, browsers focus the first.
   */
  @ParameterizedTest
  @MethodSource("templates")
  void faults_are_shown_by_the_templates_of_fields_which_tie_them_to_the_field(Path template)
      throws IOException {
    String text = Files.readString(template);
    if (OF_FIELDS.contains(template.getFileName().toString())) {
      assertThat(text)
          .contains(
              "name=\"${name}\"",
              "aria-invalid=\"${fault != null ? \"true\" : null}\"",
              "autofocus=\"${fault != null}\"",
              "aria-describedby=\"${name}-more\"",
              "<small id=\"${name}-more\">@if(fault != null)<span class=\"field-error\">${fault}<");
    } else {
      assertThat(text)
          .doesNotContain("aria-invalid", "autofocus")
          .doesNotContainPattern("<(p|small) class=\"field-error\">\\$\\{");
    }
  }

  /**
   * A field that is written out elsewhere could not say what is wrong with its value. A search has
   * no faults, and those of a test call's model are in the call's answer.
   */
  @ParameterizedTest
  @MethodSource("templates")
  void what_a_form_sends_is_typed_and_chosen_in_the_templates_of_fields(Path template)
      throws IOException {
    if (!OF_FIELDS.contains(template.getFileName().toString())) {
      String text = Files.readString(template);
      Matcher form =
          FORM.matcher(
              template.endsWith("connect.jte") ? text.replace("<input name=\"model\"", "") : text);
      while (form.find()) {
        assertThat(form.group()).doesNotContainPattern(WRITTEN_OUT);
      }
    }
  }

  /** Names, models and claims are not sentences. */
  @ParameterizedTest
  @MethodSource("templates")
  void phones_are_told_what_to_capitalize(Path template) throws IOException {
    assertThat(TYPED.matcher(Files.readString(template)).results())
        .allSatisfy(input -> assertThat(input.group()).contains("autocapitalize=\""));
  }

  /** A screen reader lists buttons without what stands beside them. */
  @ParameterizedTest
  @MethodSource("templates")
  void buttons_that_copy_say_what(Path template) throws IOException {
    assertThat(Files.readString(template)).doesNotContainPattern(COPIES);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void one_template_says_that_a_form_comes_from_a_page(Path template) throws IOException {
    assertThat(Files.readString(template).contains("proofField"))
        .isEqualTo(template.endsWith("proof.jte"));
  }

  /** In rows of tables there is no room for that. */
  @ParameterizedTest
  @MethodSource("templates")
  void what_deletes_is_red_and_apart(Path template) throws IOException {
    Matcher form = DELETING.matcher(Files.readString(template));
    while (form.find()) {
      assertThat(form.group()).containsPattern("class=\"(apart|danger)\"");
    }
  }

  /** The words of a label with a box are laid out as one, also where a name is among them. */
  @ParameterizedTest
  @MethodSource("templates")
  void a_name_in_the_label_of_a_box_stays_in_its_sentence(Path template) throws IOException {
    assertThat(Files.readString(template)).doesNotContainPattern(BOX);
  }

  /** What removes something is not beside what saves. */
  @ParameterizedTest
  @MethodSource("templates")
  void nothing_that_deletes_is_beside_the_main_action(Path template) throws IOException {
    assertThat(Files.readString(template)).doesNotContainPattern(DELETES_BESIDE);
  }

  /** The button of filters is not the main one of its page. */
  @ParameterizedTest
  @MethodSource("templates")
  void filters_have_a_quiet_button(Path template) throws IOException {
    assertThat(Files.readString(template))
        .doesNotContain(
            "<button type=\"submit\">Show</button>", "<button type=\"submit\">Search</button>");
  }

  /**
   * The isolating element keeps the text's direction of writing from changing the text beside it.
   */
  @ParameterizedTest
  @MethodSource("templates")
  void what_somebody_chose_stands_directly_in_its_isolating_element(Path template)
      throws IOException {
    assertThat(Files.readString(template)).doesNotContain("<bdi><");
  }

  /** What a picture shows is said in words, beside it or in its label. */
  @ParameterizedTest
  @MethodSource("templates")
  void every_picture_has_a_text(Path template) throws IOException {
    String text = Files.readString(template);
    Matcher picture = PICTURE.matcher(text);
    while (picture.find()) {
      assertThat(picture.group())
          .matches(".*role=\"img\" aria-label=\"[^\"]+\".*|.*aria-hidden=\"true\".*");
      if (picture.group().contains("aria-hidden")) {
        assertThat(text.substring(0, picture.start())).contains("<figcaption>${");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("templates")
  void every_chart_is_followed_by_a_table_of_its_values(Path template) throws IOException {
    String text = Files.readString(template);
    Matcher chart = CHART.matcher(text);
    while (chart.find()) {
      String rest = text.substring(chart.end());
      int next = rest.indexOf("id=\"" + chart.group(1) + "\"");
      assertThat(next).as("where %s leads", chart.group()).isPositive();
      assertThat(rest).containsPattern("<table|@template\\.\\w*[tT]able\\(");
    }
    assertThat(text.split("@template.chart\\(", -1).length - 1)
        .isEqualTo((int) CHART.matcher(text).results().count());
  }

  @Test
  void nothing_moves_but_for_those_who_do_not_mind() throws IOException {
    String css = Files.readString(Path.of("src/main/resources/console/console.css"));
    assertThat(CALM.matcher(css).results().count()).isPositive();
    assertThat(CALM.matcher(css).replaceAll(""))
        .doesNotContain("transition:", "transition-", "animation", "scroll-behavior: smooth");
    assertThat(css).contains(":focus-visible {", "@media (forced-colors: active)");
  }

  /** The tables of a page on paper would otherwise not say which days and people they are about. */
  @Test
  void filters_are_printed() throws IOException {
    String css = Files.readString(Path.of("src/main/resources/console/console.css"));
    assertThat(css.substring(css.indexOf("@media print"))).doesNotContain(".filters");
  }
}
