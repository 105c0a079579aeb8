package io.claviger.console.why;

import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Both questions of the page, and the answer to one.
 *
 * @param call asks whether a call to a service passes
 * @param name asks where the name of a model leads
 * @param formats the formats of the API that a name can be asked for in
 * @param answer null while nothing was asked, or what was asked can't be answered
 */
public record WhyModel(
    FormState call, FormState name, List<String> formats, @Nullable Explanation answer) {
  public WhyModel {
    formats = List.copyOf(formats);
  }

  /**
   * What the use case explained.
   *
   * @param passes whether the call would pass, or the name leads somewhere
   * @param verdict the answer in a sentence
   * @param facts more about it
   */
  public record Explanation(boolean passes, String verdict, List<Fact> facts, List<Step> steps) {
    public Explanation {
      facts = List.copyOf(facts);
      steps = List.copyOf(steps);
    }
  }

  /** Something that holds for the call. */
  public record Fact(String term, String value) {}

  /**
   * One rule that was asked.
   *
   * @param outcome {@code next} where the next rule was asked
   * @param tone the class of the style sheet that colours the outcome
   * @param remedy where the viewer can change what stopped the call; null if nowhere
   */
  public record Step(
      String rule, String outcome, String tone, String why, @Nullable Remedy remedy) {}

  /** A page on which the viewer can change something. */
  public record Remedy(String label, String path) {}
}
